//! Scheduled runs that `max_people` refused, told with both numbers.

use crate::app::scheduled::Refused;

use super::out::Notices;

/// Warns of each.
pub fn tell(notices: Notices, refused: &[Refused]) {
    for one in refused {
        notices.warning(&format!(
            "the run due at {} was refused: {}",
            one.at, one.why
        ));
    }
}
