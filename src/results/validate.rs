//! One campaign of the files, as `campaign validate` reports it.

use serde::Serialize;
use serde_json::Value;

use crate::domain::Mode;

/// One row of `campaign validate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ValidateRow {
    /// The full name, `Program.Campaign`.
    pub(crate) campaign: String,
    /// The program's name.
    pub(crate) program: Option<String>,
    /// The file as people wrote its path.
    pub(crate) file: String,
    /// What it is; nothing where the smart list does not say.
    pub(crate) mode: Option<Mode>,
    /// How many triggers its smart list has.
    pub(crate) triggers: usize,
    /// How many filters stand in its smart list, each group counted as one.
    pub(crate) filters: usize,
    /// How many steps its flow has.
    pub(crate) steps: usize,
    /// How many errors lie in it.
    pub(crate) errors: usize,
    /// How many warnings.
    pub(crate) warnings: usize,
}

/// One campaign with its faults, as JSON has it; faults outside any campaign have a row of their own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ValidateReport {
    /// The full name; nothing for a file's faults outside any campaign.
    pub(crate) campaign: Option<String>,
    /// The program's name.
    pub(crate) program: Option<String>,
    /// The file as people wrote its path.
    pub(crate) file: String,
    /// As in [`ValidateRow`].
    pub(crate) mode: Option<Mode>,
    /// As in [`ValidateRow`].
    pub(crate) triggers: usize,
    /// As in [`ValidateRow`].
    pub(crate) filters: usize,
    /// As in [`ValidateRow`].
    pub(crate) steps: usize,
    /// As in [`ValidateRow`].
    pub(crate) errors: usize,
    /// As in [`ValidateRow`].
    pub(crate) warnings: usize,
    /// Every fault: `{code, severity, message, file, line, column, help}`.
    pub(crate) diagnostics: Vec<Value>,
}
