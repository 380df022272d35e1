//! What `person list` shows: one person a row, or how many there are.

use serde::Serialize;
use serde_json::{Map, Value};

/// One row of `person list`, as the view `v_person` has it: `person_id`, `id`, `email`, then one key a field, in the
/// catalogue's order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct PersonRow(pub Map<String, Value>);

/// The result of `person list --count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CountRow {
    /// The number of people.
    pub count: u64,
}
