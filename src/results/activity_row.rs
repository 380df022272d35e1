//! One row of a log, as the view `v_activity` has it.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::domain::{Instant, Outcome, Reason};

/// One row of `person log` and `campaign log`.
#[derive(Debug, Clone, Serialize)]
pub struct ActivityRow {
    /// The person and the place in that person's log, as one number.
    pub activity_id: i64,
    /// The instant at which it happened.
    pub at: Instant,
    /// The person whose log is read.
    pub person_id: i64,
    /// The person's address as it is now.
    pub email: Option<String>,
    /// The activity type's name, `click_email`.
    #[serde(rename = "type")]
    pub activity_type: String,
    /// The primary attribute.
    pub primary_value: Option<String>,
    /// The others: one JSON object.
    pub attributes: Option<Box<RawValue>>,
    /// The full name of the campaign that wrote it; none for events.
    pub campaign: Option<String>,
    /// The batch run that wrote it.
    pub run_id: Option<i64>,
    /// The step, from 1.
    pub step: Option<u32>,
    /// The choice, from 1; 0 the default; none without choices.
    pub choice: Option<u32>,
    /// How the step ended; none for events.
    pub outcome: Option<Outcome>,
    /// Why it was skipped or failed.
    pub reason: Option<Reason>,
    /// The event's id as its file wrote it.
    pub event_id: Option<String>,
    /// The `activity_id` of the first row of the same happening: of everything that one event, one line of a list, one
    /// wake-up or one entry of a batch run led to. None in rows of databases that older versions wrote.
    pub happening: Option<i64>,
    /// The id of the campaign in Marketo that caused the event, from an extract.
    pub marketo_campaign: Option<i64>,
    /// The person's id as it is now.
    pub id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub person: String,
}
