//! What a batch run made of one person, for `campaign run --people`.

use serde::Serialize;

/// One person that a run has judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictRow {
    /// Who.
    pub person_id: i64,
    /// The person's address.
    pub email: Option<String>,
    /// The person's id.
    pub id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub person: String,
    /// `qualified`, `excluded`, `not matched`.
    pub verdict: &'static str,
    /// Why not: the first filter that does not hold, or the qualification rule.
    pub reason: Option<String>,
    /// What each step did, in order: `succeeded`, or with choices `1: succeeded`, `default: skipped (no change)`;
    /// nothing where the person did not get there.
    pub steps: Vec<Option<String>>,
}
