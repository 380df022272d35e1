//! What a diagnostic code means, for `bugle explain`.

use serde::Serialize;

/// One diagnostic code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CodeRow {
    /// The stable name, `unknown-field`.
    pub(crate) code: &'static str,
    /// `error` or `warning`.
    pub(crate) severity: &'static str,
    /// The meaning in one sentence.
    pub(crate) meaning: &'static str,
}

/// One diagnostic code with its page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CodePage {
    /// The stable name, `unknown-field`.
    pub(crate) code: &'static str,
    /// `error` or `warning`.
    pub(crate) severity: &'static str,
    /// The meaning in one sentence.
    pub(crate) meaning: &'static str,
    /// Why it matters, an example, and the same mended.
    pub(crate) page: String,
}
