//! What the parts of a journal's writing share: the people it erases.

use std::collections::BTreeMap;

use crate::domain::{Instant, PersonId};

/// People erased in this journal, and when.
pub(super) type ErasedPeople = BTreeMap<PersonId, Instant>;
