//! The program schedule view: the coming runs, occurrence by occurrence.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use crate::domain::{Instant, Mode, Zone};

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
    /// One for each campaign that has occurrences, in the same order.
    pub(crate) rules: Vec<RuleRow>,
}

/// The coming occurrences of one campaign as one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleRow {
    /// The first occurrence.
    pub(crate) first: OccurrenceRow,
    /// The rule in words: `daily 03:00`.
    pub(crate) words: String,
    /// How many occurrences there are.
    pub(crate) count: usize,
    /// The day of the last one, in the schedule's zone.
    pub(crate) last_day: NaiveDate,
    /// The schedule's zone.
    pub(crate) zone: Zone,
    /// The last occurrence.
    pub(crate) until: Instant,
    /// The occurrences for calendar programs, in order.
    pub(crate) events: Vec<RuleEvent>,
}

/// An event of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuleEvent {
    /// Occurrences that a rule gives.
    Repeated(Recurrence),
    /// One at a civil time that a change of the clock skips or repeats, so that programs read it differently.
    Apart(OccurrenceRow),
}

/// Occurrences in a row as calendar programs know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recurrence {
    /// The civil time of the first one.
    pub(crate) start: NaiveDateTime,
    /// The rule (RFC 5545), without `UNTIL`; none where there is one occurrence.
    pub(crate) rule: Option<String>,
    /// The last one.
    pub(crate) until: Instant,
    /// Names the event for calendars, the same at every export.
    pub(crate) uid: String,
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
    /// What it is; only batch campaigns have a schedule.
    pub(crate) mode: Mode,
    /// The program's name.
    pub(crate) program: Option<String>,
    /// The civil time of the schedule by which it is known: `2026-12-01T09:00:00`.
    pub(crate) local: String,
    /// The schedule's zone.
    pub(crate) time_zone: String,
    /// The rule that it follows, in words: `daily 03:00`.
    pub(crate) rule: String,
    /// Whether a step up to the first wait sends an email.
    pub(crate) sends_email: bool,
    /// The steps up to the first wait, in words.
    pub(crate) steps: Vec<String>,
    /// The load that brought the schedule.
    pub(crate) scheduled_from: Instant,
    /// Names this occurrence for calendars, the same at every export.
    pub(crate) uid: String,
}
