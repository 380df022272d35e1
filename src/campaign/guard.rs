//! Guards: what the people whom a batch run would take in must be like, or it does not happen.

use crate::domain::PersonKey;
use crate::filter::Filter;

/// The guards of a campaign or a workspace, or of both together.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Guards {
    /// So many people at most.
    pub(crate) max_people: Option<u64>,
    /// So many people at least.
    pub(crate) min_people: Option<u64>,
    /// So much more or fewer people than in the last run.
    pub(crate) max_change: Option<Share>,
    /// Nobody for whom one of these holds.
    pub(crate) never: Vec<Filter>,
    /// All of these people.
    pub(crate) must_include: Vec<PersonKey>,
}

/// A share, in hundredths of a per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share(pub(crate) u64);

impl Guards {
    /// Returns whether there is any.
    pub(crate) fn are_set(&self) -> bool {
        *self != Self::default()
    }

    /// Adds those of the workspace, whose numbers count where these have none.
    #[must_use]
    pub(crate) fn within(mut self, shared: &Self) -> Self {
        self.max_people = self.max_people.or(shared.max_people);
        self.min_people = self.min_people.or(shared.min_people);
        self.max_change = self.max_change.or(shared.max_change);
        self.never.extend(shared.never.iter().cloned());
        self.must_include
            .extend(shared.must_include.iter().cloned());
        self
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}%", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}%"),
        }
    }
}
