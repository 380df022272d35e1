//! How many people are in a wait of a flow, and until when.

use serde::Serialize;

use crate::domain::Instant;

/// The people at one wait of a flow. The results that say more of them have these keys first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct WaitingPeople {
    /// The wait's step, from 1.
    pub(crate) step: u32,
    /// That step's `id`, where one is written.
    pub(crate) id: Option<String>,
    /// The wait in plain words.
    pub(crate) wait: String,
    /// How many people.
    pub(crate) people: u64,
    /// When the first of them wakes.
    pub(crate) first_until: Instant,
    /// When the last of them does.
    pub(crate) last_until: Instant,
}
