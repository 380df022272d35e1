//! Why a person qualifies for a campaign or does not, for `campaign explain` and failed tests.

use serde::Serialize;

use crate::domain::Instant;

/// One person and one campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The campaign's full name.
    pub campaign: String,
    /// Who: the email, else `#17`.
    pub person: String,
    /// The person's number.
    pub person_id: i64,
    /// The instant at which everything was asked.
    pub at: Instant,
    /// Whether a trigger fires, the filters hold and the qualification rule lets the person in.
    pub qualifies: bool,
    /// What stands in the way: `trigger`, `filters`, `qualification`, `inactive`, `email`. The last two are no part of
    /// the verdict.
    pub blocked_by: Vec<&'static str>,
    /// Everything that was asked, also after something has failed.
    pub rules: Vec<ExplainRule>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainRule {
    /// `trigger`, `filter`, `qualification`, `active`, `email`.
    pub part: &'static str,
    /// Its place in that part: `2`, or `2.1` beneath another; of an email, the step.
    pub number: String,
    /// What it is about.
    pub rule: String,
    /// What must be.
    pub wanted: String,
    /// What is; nothing where there is no value.
    pub actual: Option<String>,
    /// Whether it is so.
    pub holds: bool,
    /// The `activity_id` of the row in the log that proves or disproves it.
    pub activity: Option<i64>,
}
