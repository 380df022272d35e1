//! The windows of date operators: relative to now, or named parts of the calendar.
//!
//! A datetime is held against instants, a date against whole days, so that `in_past` and `in_past_before`,
//! `in_future` and `in_future_after` of one length leave no day between them.

use std::cmp::Ordering;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::instant::DAY;
use crate::domain::{Duration, Instant, Unit};

use super::{EvaluationTime, TimeFrame, WeekStart};

/// A window that begins or ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    /// The time just past, which ends now.
    Past,
    /// Everything before it.
    PastBefore,
    /// The time to come, which begins now.
    Future,
    /// Everything after it.
    FutureAfter,
}

impl Window {
    /// Returns whether an instant lies in the window.
    pub(super) fn has_instant(
        self,
        length: Duration,
        at: Instant,
        when: &EvaluationTime<'_>,
    ) -> bool {
        match self {
            Self::Past => at <= when.now && against_past_edge(at, length, when).is_ge(),
            Self::PastBefore => against_past_edge(at, length, when).is_lt(),
            Self::Future => at >= when.now && against_future_edge(at, length, when).is_le(),
            Self::FutureAfter => against_future_edge(at, length, when).is_gt(),
        }
    }

    /// Returns whether a day lies in the window, today being the first or the last of its days.
    pub(super) fn has_day(
        self,
        length: Duration,
        day: NaiveDate,
        when: &EvaluationTime<'_>,
    ) -> bool {
        let today = when.zone.date(when.now);
        let length = whole_days(length);
        match self {
            Self::Past => day <= today && day > length.before_date(today),
            Self::PastBefore => day <= length.before_date(today),
            Self::Future => day >= today && day < length.after_date(today),
            Self::FutureAfter => day >= length.after_date(today),
        }
    }
}

/// Returns minutes and hours as the days of 24 hours they begin: `36 hours` are two days.
fn whole_days(length: Duration) -> Duration {
    if !length.is_exact() {
        return length;
    }
    let micros = length.elapsed_micros();
    let days = micros / DAY + i64::from(micros % DAY > 0);
    Duration {
        count: u32::try_from(days).unwrap_or(u32::MAX),
        unit: Unit::Day,
    }
}

/// Compares an instant with `now - length`. The calendar is asked only near the edge.
fn against_past_edge(at: Instant, length: Duration, when: &EvaluationTime<'_>) -> Ordering {
    let rough = when.now.plus_micros(-length.elapsed_micros());
    roughly(at, rough, length).unwrap_or_else(|| at.cmp(&length.before(when.now, when.zone)))
}

/// Compares an instant with `now + length`.
fn against_future_edge(at: Instant, length: Duration, when: &EvaluationTime<'_>) -> Ordering {
    let rough = when.now.plus_micros(length.elapsed_micros());
    roughly(at, rough, length).unwrap_or_else(|| at.cmp(&length.after(when.now, when.zone)))
}

/// Compares an instant with an edge that is right but for what the calendar may shift it; nothing if too near.
///
/// A zone's offset changes by less than two days in all, a month differs from 30 days by at most two,
/// a year from 365 by at most one.
fn roughly(at: Instant, edge: Instant, length: Duration) -> Option<Ordering> {
    let count = i64::from(length.count);
    let slack = match length.unit {
        Unit::Minute | Unit::Hour => 0,
        Unit::Day | Unit::Week => 2,
        Unit::Month => 2 * count + 4,
        Unit::Year => count + 4,
    };
    let apart = at.micros().saturating_sub(edge.micros());
    (apart.saturating_abs() > slack.saturating_mul(DAY)).then(|| apart.cmp(&0))
}

/// Returns the first and the last day of a named window.
pub(crate) fn days(frame: TimeFrame, when: &EvaluationTime<'_>) -> (NaiveDate, NaiveDate) {
    let today = when.zone.date(when.now);
    let back = |n: u64| today.checked_sub_days(Days::new(n)).unwrap_or(today);
    match frame {
        TimeFrame::Today => (today, today),
        TimeFrame::Yesterday => (back(1), back(1)),
        TimeFrame::Tomorrow => {
            let tomorrow = today.succ_opt().unwrap_or(today);
            (tomorrow, tomorrow)
        }
        TimeFrame::ThisWeek => week(back(into_week(today, when.week_start))),
        TimeFrame::LastWeek => week(back(into_week(today, when.week_start) + 7)),
        TimeFrame::ThisMonth => months(today.year(), today.month0(), 1),
        TimeFrame::LastMonth => before(months(today.year(), today.month0(), 1), 1),
        TimeFrame::ThisQuarter => months(today.year(), quarter(today), 3),
        TimeFrame::LastQuarter => before(months(today.year(), quarter(today), 3), 3),
        TimeFrame::ThisYear => months(today.year(), 0, 12),
        TimeFrame::LastYear => before(months(today.year(), 0, 12), 12),
        TimeFrame::Last7Days => (back(6), today),
        TimeFrame::Last30Days => (back(29), today),
        TimeFrame::Last90Days => (back(89), today),
    }
}

fn into_week(day: NaiveDate, start: WeekStart) -> u64 {
    u64::from(match start {
        WeekStart::Sunday => day.weekday().num_days_from_sunday(),
        WeekStart::Monday => day.weekday().num_days_from_monday(),
    })
}

fn week(first: NaiveDate) -> (NaiveDate, NaiveDate) {
    (first, first.checked_add_days(Days::new(6)).unwrap_or(first))
}

/// Returns the month, from 0, in which the quarter of a day begins.
fn quarter(day: NaiveDate) -> u32 {
    day.month0() / 3 * 3
}

/// Returns so many whole months from one of a year, counted from 0.
fn months(year: i32, month0: u32, count: u32) -> (NaiveDate, NaiveDate) {
    let first = NaiveDate::from_ymd_opt(year, month0 + 1, 1).unwrap_or_default();
    (first, last_of(first, count))
}

/// Returns the window of as many months before one.
fn before(window: (NaiveDate, NaiveDate), count: u32) -> (NaiveDate, NaiveDate) {
    let first = window
        .0
        .checked_sub_months(Months::new(count))
        .unwrap_or(window.0);
    (first, last_of(first, count))
}

fn last_of(first: NaiveDate, months: u32) -> NaiveDate {
    first
        .checked_add_months(Months::new(months))
        .and_then(|next| next.pred_opt())
        .unwrap_or(first)
}
