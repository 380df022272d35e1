//! One test of a campaign, for `campaign test`.

use serde::Serialize;

use super::Explanation;

/// One test and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TestRow {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// The test's name.
    pub(crate) test: String,
    /// The file as people wrote its path.
    pub(crate) file: String,
    /// The line of the test's name.
    pub(crate) line: usize,
    /// Whether all was as expected.
    pub(crate) passed: bool,
    /// What was not.
    pub(crate) failures: Vec<TestFailure>,
}

/// One thing that was not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TestFailure {
    /// The line of the expectation.
    pub(crate) line: usize,
    /// What was looked at: `ann@example.com: activities`.
    pub(crate) what: String,
    /// What was expected.
    pub(crate) expected: String,
    /// What was found.
    pub(crate) got: String,
    /// Why, if one person is meant: at the instant of the entry or step in question.
    pub(crate) explain: Option<Explanation>,
}
