//! One test of a campaign, for `campaign test`.

use serde::Serialize;

use super::Explanation;

/// One test and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestRow {
    /// The campaign's full name.
    pub campaign: String,
    /// The test's name.
    pub test: String,
    /// The file as people wrote its path.
    pub file: String,
    /// The line of the test's name.
    pub line: usize,
    /// Whether all was as expected.
    pub passed: bool,
    /// What was not.
    pub failures: Vec<TestFailure>,
}

/// One thing that was not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TestFailure {
    /// The line of the expectation.
    pub line: usize,
    /// What was looked at: `ann@example.com: activities`.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub got: String,
    /// Why the person qualified or did not, where one person is meant: when the batch ran, else at the end.
    pub explain: Option<Explanation>,
}
