//! The standard activity types, one row each.
//!
//! Source: sections B, B.1, C and J.2 of the reference.

use super::activity_type::ActivityType;

/// Returns the rows; those of [`super::activity_type::Known`] come first, in its order.
pub fn standard() -> Vec<ActivityType> {
    Vec::new()
}
