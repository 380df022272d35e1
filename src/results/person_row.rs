//! One person, as the view `v_person` has it.

use serde::Serialize;
use serde_json::{Map, Value};

/// One row of `person list`: `person_id`, `id`, `email`, then one key a field, in the catalogue's order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct PersonRow(pub Map<String, Value>);
