//! What flows have sent: rows of the outbox, and what an export of it did.

use serde::Serialize;

use crate::domain::Instant;

/// One row of `outbox list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OutboxRow {
    /// The activity that sent it: the person and the place in that person's log, as one number.
    pub(crate) activity_id: i64,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The person whose log proves it.
    pub(crate) person_id: i64,
    /// What sent it: `send_email`, `send_alert`.
    #[serde(rename = "type")]
    pub(crate) activity_type: String,
    /// The email's name.
    pub(crate) email: String,
    /// The full name of the campaign.
    pub(crate) campaign: Option<String>,
    /// To whom it went: one address, or those of an alert.
    pub(crate) recipient: String,
    /// Whom it came from.
    pub(crate) sender: Option<String>,
    /// The subject.
    pub(crate) subject: String,
    /// The person's id as it is now.
    pub(crate) id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
}

/// What `outbox export` did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ExportSummary {
    /// The folder or file.
    pub(crate) to: String,
    /// Messages that were asked for.
    pub(crate) messages: u64,
    /// Written now.
    pub(crate) written: u64,
    /// There already.
    pub(crate) already_there: u64,
    /// Left out, since their headers cannot hold what they say.
    pub(crate) set_aside: u64,
}
