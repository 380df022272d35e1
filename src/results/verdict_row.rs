//! The verdict of a batch run on one person, for `campaign run --people`.

use serde::Serialize;

/// One person that a run has judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct VerdictRow {
    /// The person's number.
    pub(crate) person_id: i64,
    /// The person's address.
    pub(crate) email: Option<String>,
    /// The person's id.
    pub(crate) id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
    /// `qualified`, `excluded`, `not matched`.
    pub(crate) verdict: &'static str,
    /// Why not: the first filter that does not hold, or the qualification rule.
    pub(crate) reason: Option<String>,
    /// What each step did, in order: `succeeded`, or with choices `1: succeeded`, `default: skipped (no change)`;
    /// nothing where the person did not get there.
    pub(crate) steps: Vec<Option<String>>,
}
