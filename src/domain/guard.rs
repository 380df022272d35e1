//! The names of guards, which refuse a batch run as a whole.

use serde::{Deserialize, Serialize};

/// What a batch run is refused by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GuardName {
    /// So many people at most.
    MaxPeople,
    /// So many people at least.
    MinPeople,
    /// So much more or fewer people than in the last run.
    MaxChange,
    /// Nobody for whom a filter holds.
    Never,
    /// Certain people.
    MustInclude,
}

impl GuardName {
    /// Every guard.
    pub(crate) const ALL: [Self; 5] = [
        Self::MaxPeople,
        Self::MinPeople,
        Self::MaxChange,
        Self::Never,
        Self::MustInclude,
    ];

    /// Returns its key in campaign files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::MaxPeople => "max_people",
            Self::MinPeople => "min_people",
            Self::MaxChange => "max_change",
            Self::Never => "never",
            Self::MustInclude => "must_include",
        }
    }
}
