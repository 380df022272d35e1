//! What `person load` did with one list, or would do.

use serde::Serialize;

/// The rows of one list, counted; every row is in exactly one of the counts after `read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LoadPeopleSummary {
    /// The file as it was named; `-` is standard input.
    pub file: String,
    /// Rows read, without the header.
    pub read: u64,
    /// People who were not known.
    pub added: u64,
    /// Known people of whom something changed.
    pub updated: u64,
    /// Known people of whom nothing changed.
    pub unchanged: u64,
    /// Rows about someone whom an earlier row of the file was about; they were applied too.
    pub repeated: u64,
    /// Bad rows, set aside.
    pub rejected: u64,
    /// Entries into campaigns that followed; nothing where campaigns were not asked.
    pub entries: Option<u64>,
}

/// The same where campaigns were asked: its table tells the entries too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ImportPeopleSummary<'a>(pub &'a LoadPeopleSummary);
