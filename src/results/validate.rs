//! One campaign of the files, as `campaign validate` reports it.

use serde::Serialize;
use serde_json::Value;

use crate::domain::Mode;

/// One row of `campaign validate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValidateRow {
    /// The full name, `Program.Campaign`.
    pub campaign: String,
    /// The program's name.
    pub program: Option<String>,
    /// The file as people wrote its path.
    pub file: String,
    /// What it is; nothing where the smart list does not say.
    pub mode: Option<Mode>,
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

/// One campaign with its faults, as JSON has it; faults outside any campaign have a row of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValidateReport {
    /// The full name; nothing for a file's faults outside any campaign.
    pub campaign: Option<String>,
    /// The program's name.
    pub program: Option<String>,
    /// The file as people wrote its path.
    pub file: String,
    /// As in [`ValidateRow`].
    pub mode: Option<Mode>,
    /// As in [`ValidateRow`].
    pub triggers: usize,
    /// As in [`ValidateRow`].
    pub filters: usize,
    /// As in [`ValidateRow`].
    pub steps: usize,
    /// As in [`ValidateRow`].
    pub errors: usize,
    /// As in [`ValidateRow`].
    pub warnings: usize,
    /// Every fault: `{code, severity, message, file, line, column, help}`.
    pub diagnostics: Vec<Value>,
}
