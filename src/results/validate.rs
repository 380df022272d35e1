//! One campaign of the files, as `campaign validate` reports it.

use serde::Serialize;

/// One row of `campaign validate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidateRow {
    /// The bare name.
    pub campaign: String,
    /// The program's name.
    pub program: Option<String>,
    /// The file as people wrote its path.
    pub file: String,
    /// `batch`, `triggered`, `executable`; nothing where the smart list does not tell.
    pub mode: Option<String>,
    /// How many triggers its smart list has.
    pub triggers: usize,
    /// How many filters stand in its smart list, each group counted as one.
    pub filters: usize,
    /// How many steps its flow has.
    pub steps: usize,
    /// How many errors lie in it.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
}
