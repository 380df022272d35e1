//! The fields, history, lists and memberships that a piece of work needs.

use std::collections::BTreeSet;

use crate::domain::{ActivityTypeId, FieldId};

/// What must be loaded of each person; everything else stays in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each table is needed or is not, whatever the others are"
)]
pub(crate) struct Needs {
    /// Person fields that are read or written.
    pub(crate) fields: BTreeSet<FieldId>,
    /// Activity types whose history is read, over the whole log.
    pub(crate) history: BTreeSet<ActivityTypeId>,
    /// Static list memberships.
    pub(crate) lists: bool,
    /// Program memberships.
    pub(crate) programs: bool,
    /// Waits not ended.
    pub(crate) waits: bool,
    /// The key by which the person was first given, from which random samples are drawn.
    pub(crate) first_key: bool,
}
