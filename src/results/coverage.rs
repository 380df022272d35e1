//! What the tests of campaigns have seen of them, for `campaign test --coverage` and reports.

use serde::Serialize;

use super::TestRow;

/// All tests with what they have seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CoverageReport {
    /// A row a test.
    pub(crate) tests: Vec<TestRow>,
    /// A row a campaign.
    pub(crate) coverage: Vec<CampaignCoverage>,
    /// All of them together.
    pub(crate) total: CoverageTotal,
    /// Tests that would reach what is missing, where they were asked for.
    pub(crate) witnesses: Vec<Witness>,
    /// Whether they were asked for.
    #[serde(skip)]
    pub(crate) looked_for_tests: bool,
}

/// A test that reaches points which no test has reached; it was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Witness {
    /// The campaign whose points it reaches.
    pub(crate) campaign: String,
    /// The campaign whose test it is: one that executes the other, or the same.
    pub(crate) tests_of: String,
    /// The file of that campaign.
    pub(crate) file: String,
    /// The name of the test.
    pub(crate) test: String,
    /// The points that it reaches.
    pub(crate) points: Vec<String>,
    /// The test as an entry of `tests`.
    pub(crate) yaml: String,
}

/// What tests have seen of one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignCoverage {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// The file as people wrote its path.
    pub(crate) file: String,
    /// How many points tests can reach, as far as is known.
    pub(crate) points: u64,
    /// How many of them they reached.
    pub(crate) covered: u64,
    /// Those that they did not.
    pub(crate) missing: Vec<MissingPoint>,
    /// Those that no test can reach, which do not count.
    pub(crate) unreachable: Vec<UnreachablePoint>,
    /// For each line with a point that counts, in how many tests all its points were reached.
    #[serde(skip)]
    pub(crate) lines: Vec<CoveredLine>,
}

/// One line of a campaign file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CoveredLine {
    /// The line, from 1.
    pub(crate) line: usize,
    /// In how many tests the point was reached that was reached least; 0 where one is missing.
    pub(crate) tests: u64,
}

/// A point that no test has reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MissingPoint {
    /// What should be seen: `filter 2 false`, `step 3 choice 1`.
    pub(crate) point: String,
    /// Of what, as it is written.
    pub(crate) what: String,
    /// The line of the file.
    pub(crate) line: usize,
    /// The name of a test that would see it, where tests were looked for and one was found.
    pub(crate) witness: Option<String>,
}

/// A point that no test can reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct UnreachablePoint {
    /// What will never be seen.
    pub(crate) point: String,
    /// Of what, as it is written.
    pub(crate) what: String,
    /// The line of the file.
    pub(crate) line: usize,
    /// The reason for which nobody sees it.
    pub(crate) reason: String,
}

/// The points of all campaigns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct CoverageTotal {
    /// How many there are.
    pub(crate) points: u64,
    /// How many were reached.
    pub(crate) covered: u64,
}

impl CoverageTotal {
    /// Adds up campaigns.
    pub(crate) fn of(campaigns: &[CampaignCoverage]) -> Self {
        Self {
            points: campaigns.iter().map(|of| of.points).sum(),
            covered: campaigns.iter().map(|of| of.covered).sum(),
        }
    }

    /// Returns the share that was reached in hundredths of a per cent, rounded down; all of nothing is everything.
    pub(crate) fn share(self) -> u64 {
        (self.covered * 10_000)
            .checked_div(self.points)
            .unwrap_or(10_000)
    }
}
