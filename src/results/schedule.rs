//! The program schedule view: what is coming, occurrence by occurrence.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::Instant;

/// The coming occurrences of scheduled batch campaigns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleView {
    /// The first day shown, in the workspace's zone.
    pub from: NaiveDate,
    /// The last day shown, included.
    pub until: NaiveDate,
    /// Whether calendar weeks begin on Sunday.
    pub week: WeekBegins,
    /// By program, then in order of time, then by campaign.
    pub occurrences: Vec<OccurrenceRow>,
}

/// The first column of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeekBegins {
    /// Sunday.
    Sunday,
    /// Monday.
    Monday,
}

/// One occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OccurrenceRow {
    /// When it is.
    pub at: Instant,
    /// The campaign's full name.
    pub campaign: String,
    /// Its program.
    pub program: Option<String>,
    /// The civil time of the schedule by which it is known: `2026-12-01T09:00:00`.
    pub local: String,
    /// The schedule's zone.
    pub time_zone: String,
    /// Whether a step up to the first wait sends an email.
    pub sends_email: bool,
    /// The steps up to the first wait, in words.
    pub steps: Vec<String>,
    /// The load that brought the schedule.
    pub scheduled_from: Instant,
    /// Names this occurrence for calendars, the same at every export.
    pub uid: String,
}
