//! The filters of a smart list by their numbers, and how `logic` joins them.

use super::Filter;

/// The numbered filters of a smart list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Numbered {
    /// The entries as written; the first one is number 1.
    pub(crate) entries: Vec<Filter>,
    /// How they are joined.
    pub(crate) logic: Logic,
}

/// How numbered filters are joined.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Logic {
    /// One of them, counted from 0.
    Entry(usize),
    /// All of these.
    All(Vec<Logic>),
    /// Any of these.
    Any(Vec<Logic>),
}

impl Logic {
    /// Joins so many entries by "and".
    pub(crate) fn all(entries: usize) -> Self {
        Self::All((0..entries).map(Self::Entry).collect())
    }

    /// Joins so many entries by "or".
    pub(crate) fn any(entries: usize) -> Self {
        Self::Any((0..entries).map(Self::Entry).collect())
    }

    /// Returns whether the whole holds, given the answers of the entries.
    pub(crate) fn holds(&self, entry: &impl Fn(usize) -> bool) -> bool {
        match self {
            Self::Entry(place) => entry(*place),
            Self::All(parts) => parts.iter().all(|part| part.holds(entry)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(entry)),
        }
    }
}

impl Numbered {
    /// Returns the filters of a list that everyone is in.
    pub(crate) fn everyone() -> Self {
        Self {
            entries: Vec::new(),
            logic: Logic::all(0),
        }
    }

    /// Returns them as one filter.
    pub(crate) fn filter(&self) -> Filter {
        self.joined(&self.logic)
    }

    fn joined(&self, logic: &Logic) -> Filter {
        let all = |parts: &[Logic]| parts.iter().map(|part| self.joined(part)).collect();
        match logic {
            Logic::Entry(place) => {
                let entry = self.entries.get(*place);
                entry.cloned().unwrap_or_else(Filter::everyone)
            }
            Logic::All(parts) => Filter::All(all(parts)),
            Logic::Any(parts) => Filter::Any(all(parts)),
        }
    }
}
