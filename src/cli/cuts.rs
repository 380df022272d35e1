//! Entries that the cascade limit cut, told with the circle of campaigns that made them.

use crate::app::Cutting;

use super::out::Notices;

/// Warns of the first few.
pub fn report(notices: Notices, cuts: &[Cutting]) {
    for cut in cuts {
        notices.warning(&format!(
            "the cascade limit cut an entry of person #{} at {}: {}",
            cut.person,
            cut.at,
            cut.cycle.join(" → ")
        ));
    }
}
