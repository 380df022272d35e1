//! One row of a log, as the view `v_activity` has it.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::domain::{Instant, Outcome, Reason};

/// One row of `person log` and `campaign log`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ActivityRow {
    /// The person and the place in that person's log, as one number.
    pub(crate) activity_id: i64,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The person whose log is read.
    pub(crate) person_id: i64,
    /// The person's address as it is now.
    pub(crate) email: Option<String>,
    /// The activity type's name, `click_email`.
    #[serde(rename = "type")]
    pub(crate) activity_type: String,
    /// The primary attribute.
    pub(crate) primary_value: Option<String>,
    /// The others: one JSON object.
    pub(crate) attributes: Option<Box<RawValue>>,
    /// The full name of the campaign that wrote it; none for events.
    pub(crate) campaign: Option<String>,
    /// The batch run that wrote it.
    pub(crate) run_id: Option<i64>,
    /// The step, from 1.
    pub(crate) step: Option<u32>,
    /// The choice, from 1; 0 the default; none without choices.
    pub(crate) choice: Option<u32>,
    /// How the step ended; none for events.
    pub(crate) outcome: Option<Outcome>,
    /// Why it was skipped or failed.
    pub(crate) reason: Option<Reason>,
    /// The event's id as its file wrote it.
    pub(crate) event_id: Option<String>,
    /// The `activity_id` of the first row of the same happening: of everything that one event, one line of a list, one
    /// wake-up or one entry of a batch run led to. None in rows of databases that older versions wrote.
    pub(crate) happening: Option<i64>,
    /// The id of the campaign in Marketo that caused the event, from an extract.
    pub(crate) marketo_campaign: Option<i64>,
    /// The person's id as it is now.
    pub(crate) id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
}
