//! What flows have sent: rows of the outbox, and what an export of it did.

use serde::Serialize;

use crate::domain::Instant;

/// One row of `outbox list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxRow {
    /// The activity that sent it: the person and the place in that person's log, as one number.
    pub activity_id: i64,
    /// The instant at which it happened.
    pub at: Instant,
    /// The person whose log proves it.
    pub person_id: i64,
    /// What sent it: `send_email`, `send_alert`.
    #[serde(rename = "type")]
    pub activity_type: String,
    /// The email's name.
    pub email: String,
    /// The full name of the campaign.
    pub campaign: Option<String>,
    /// To whom it went: one address, or those of an alert.
    pub recipient: String,
    /// Whom it came from.
    pub sender: Option<String>,
    /// The subject.
    pub subject: String,
    /// The person's id as it is now.
    pub id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub person: String,
}

/// What `outbox export` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportSummary {
    /// The folder or file.
    pub to: String,
    /// Messages that were asked for.
    pub messages: u64,
    /// Written now.
    pub written: u64,
    /// There already.
    pub already_there: u64,
    /// Left out, since their headers cannot hold what they say.
    pub set_aside: u64,
}
