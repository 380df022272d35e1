//! What `person list` shows: one person a row, or how many there are.

use serde::Serialize;
use serde_json::{Map, Value};

/// One row of `person list`, as the view `v_person` has it: `person_id`, `id`, `email`, then one key a field, in the
/// catalogue's order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct PersonRow(pub(crate) Map<String, Value>);

/// The result of `person list --count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct CountRow {
    /// The number of people.
    pub(crate) count: u64,
}
