//! Entries that the cascade limit cut, told with the circle of campaigns that made them.

use crate::app::Cutting;

use super::context::Context;

/// Warns of the first few.
pub fn tell(context: &Context, cuts: &[Cutting]) {
    for cut in cuts {
        context.notices.warning(&format!(
            "the cascade limit cut an entry of person #{} at {}: {}",
            cut.person,
            cut.at,
            cut.cycle.join(" → ")
        ));
    }
}
