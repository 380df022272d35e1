//! What the parts of a journal's writing share: the names behind its numbers, and the people it erases.

use std::collections::BTreeMap;

use crate::domain::{Instant, PersonId};
use crate::world::Names;

/// The names behind the numbers of a journal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JournalNames<'a> {
    /// Static lists.
    pub(crate) lists: &'a Names,
    /// Programs.
    pub(crate) programs: &'a Names,
}

/// People erased in this journal, and when.
pub(super) type ErasedPeople = BTreeMap<PersonId, Instant>;
