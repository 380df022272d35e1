//! What `person load` did with one list, or would do.

use serde::Serialize;

/// The rows of one list, counted; every row is in exactly one of the counts after `read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct LoadPeopleSummary {
    /// The file as it was named; `-` is standard input.
    pub(crate) file: String,
    /// Rows read, without the header.
    pub(crate) read: u64,
    /// People who were not known.
    pub(crate) added: u64,
    /// Known people of whom something changed.
    pub(crate) updated: u64,
    /// Known people of whom nothing changed.
    pub(crate) unchanged: u64,
    /// Rows about someone whom an earlier row of the file was about; they were applied too.
    pub(crate) repeated: u64,
    /// Bad rows, set aside.
    pub(crate) rejected: u64,
    /// Entries into campaigns that followed; nothing where campaigns were not asked.
    pub(crate) entries: Option<u64>,
}

/// The same where campaigns were asked: its table counts the entries too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct ImportPeopleSummary<'a>(pub(crate) &'a LoadPeopleSummary);
