//! Scheduled campaigns that did not run: refused by `max_people`, or no longer to be compiled.

use crate::app::scheduled::RefusedOccurrence;

use super::out::Notices;

/// Warns of each.
pub fn report(notices: Notices, refused: &[RefusedOccurrence], broken: &[String]) {
    for campaign in broken {
        notices.warning(&format!(
            "the stored version of `{campaign}` no longer compiles, so its scheduled runs are left out"
        ));
    }
    for one in refused {
        notices.warning(&format!(
            "the run due at {} was refused: {}",
            one.at, one.why
        ));
    }
}
