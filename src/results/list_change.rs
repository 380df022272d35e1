//! Who came into a smart list and who left it, for `person list --changed-since`.

use serde::Serialize;

use crate::domain::Instant;

/// One person who came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ListChangeRow {
    /// The person's number.
    pub(crate) person_id: i64,
    /// The person's address as it is now.
    pub(crate) email: Option<String>,
    /// The person's id as it is now.
    pub(crate) id: Option<String>,
    /// Whether they came or went.
    pub(crate) change: ListChange,
    /// The instant at which they did.
    pub(crate) at: Instant,
    /// The activity, the load, or the passing of time.
    pub(crate) cause: String,
}

/// The way in or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListChange {
    /// In.
    Came,
    /// Out.
    Went,
}

impl ListChange {
    /// Returns the word people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Went => "went",
        }
    }
}
