//! What `campaign fmt` did with a file.

use serde::Serialize;

/// One file that changes, or that cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FmtRow {
    /// The file as people wrote its path.
    pub(crate) file: String,
    /// What was done.
    pub(crate) change: FmtChange,
    /// The lines that differ, as `diff -u` shows them.
    pub(crate) diff: Option<String>,
}

/// What was done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FmtChange {
    /// It is in canonical layout now.
    Formatted,
    /// It would be changed.
    NotFormatted,
    /// It has faults and is left as it is.
    Faulty,
}

impl FmtChange {
    /// Returns the word that people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Formatted => "formatted",
            Self::NotFormatted => "not formatted",
            Self::Faulty => "faulty",
        }
    }
}
