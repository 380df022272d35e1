//! The program schedule view: what is coming, occurrence by occurrence.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::Instant;

/// The coming occurrences of scheduled batch campaigns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScheduleView {
    /// The first day shown, in the workspace's zone.
    pub(crate) from: NaiveDate,
    /// The last day shown, included.
    pub(crate) until: NaiveDate,
    /// Whether calendar weeks begin on Sunday.
    pub(crate) week: WeekBegins,
    /// By program, then in order of time, then by campaign.
    pub(crate) occurrences: Vec<OccurrenceRow>,
}

/// The first column of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WeekBegins {
    /// Sunday.
    Sunday,
    /// Monday.
    Monday,
}

/// One occurrence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OccurrenceRow {
    /// When it is.
    pub(crate) at: Instant,
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// Its program.
    pub(crate) program: Option<String>,
    /// The civil time of the schedule by which it is known: `2026-12-01T09:00:00`.
    pub(crate) local: String,
    /// The schedule's zone.
    pub(crate) time_zone: String,
    /// Whether a step up to the first wait sends an email.
    pub(crate) sends_email: bool,
    /// The steps up to the first wait, in words.
    pub(crate) steps: Vec<String>,
    /// The load that brought the schedule.
    pub(crate) scheduled_from: Instant,
    /// Names this occurrence for calendars, the same at every export.
    pub(crate) uid: String,
}
