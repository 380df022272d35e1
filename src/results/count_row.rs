//! A number alone, for `person list --count`.

use serde::Serialize;

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CountRow {
    /// How many.
    pub count: u64,
}
