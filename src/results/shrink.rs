//! The smallest test that shows something, for `campaign shrink`.

use serde::Serialize;

/// A test that shows what a person of the database has shown, and what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ShrunkTest {
    /// The campaign that has the test.
    pub(crate) campaign: String,
    /// The text of its workspace file; nothing where it needs none.
    pub(crate) workspace: Option<String>,
    /// The text of its campaign file, the campaign with the test first.
    pub(crate) campaigns: String,
}
