//! What did not happen on the way: entries that the cascade limit cut, scheduled runs that were refused.

use crate::app::Cutting;
use crate::app::scheduled::Refused;

use super::out::Notices;

/// Warns of the first entries that were cut, each with the circle of campaigns that made it.
pub fn cuts(notices: Notices, cuts: &[Cutting]) {
    for cut in cuts {
        notices.warning(&format!(
            "the cascade limit cut an entry of person #{} at {}: {}",
            cut.person,
            cut.at,
            cut.cycle.join(" → ")
        ));
    }
}

/// Warns of scheduled runs that a guard refused.
pub fn refusals(notices: Notices, refused: &[Refused]) {
    for one in refused {
        notices.warning(&format!(
            "`{}` did not run at {}: {}",
            one.campaign, one.at, one.why
        ));
    }
}
