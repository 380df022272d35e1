//! The fields, history, lists and memberships that a piece of work needs.

use std::collections::BTreeSet;

use crate::domain::{ActivityTypeId, FieldId};

/// What must be loaded of each person; everything else stays in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Person fields that are read or written.
    pub fields: BTreeSet<FieldId>,
    /// Activity types whose history is read, over the whole log.
    pub history: BTreeSet<ActivityTypeId>,
    /// Static list memberships.
    pub lists: bool,
    /// Program memberships.
    pub programs: bool,
    /// Waits not ended.
    pub waits: bool,
}

impl Needs {
    /// Adds everything another piece of work needs.
    pub fn merge(&mut self, other: &Self) {
        self.fields.extend(&other.fields);
        self.history.extend(&other.history);
        self.lists |= other.lists;
        self.programs |= other.programs;
        self.waits |= other.waits;
    }
}
