//! What a diagnostic code means, for `bugle explain`.

use serde::Serialize;

/// One diagnostic code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeRow {
    /// The stable name, `unknown-field`.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The meaning in one sentence.
    pub meaning: &'static str,
}

/// One diagnostic code with its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodePage {
    /// The stable name, `unknown-field`.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The meaning in one sentence.
    pub meaning: &'static str,
    /// Why it matters, an example, and the same mended.
    pub page: String,
}
