//! Compares time windows that move with the clock, independent of the instant.
//!
//! Days and weeks are compared as days, months and years as months. Across these, and against hours, only what holds
//! of the shortest and the longest month is reported.

use crate::domain::Duration;
use crate::domain::duration::Unit;
use crate::domain::instant::DAY;
use crate::filter::operator::{Criterion, TimeFrame, Window};

use super::test_claim::TestClaim;

#[derive(Debug, Clone, Copy, PartialEq)]
enum TimeClaim {
    Past(Duration),
    PastBefore(Duration),
    Future(Duration),
    FutureAfter(Duration),
    Frame(TimeFrame),
}

/// Returns the window of which a test speaks, and whether the value lies in it.
fn window(said: &TestClaim<'_>) -> Option<(TimeClaim, bool)> {
    let window = match *said.criterion() {
        Criterion::Window(Window::Past, length) => TimeClaim::Past(length),
        Criterion::Window(Window::PastBefore, length) => TimeClaim::PastBefore(length),
        Criterion::Window(Window::Future, length) => TimeClaim::Future(length),
        Criterion::Window(Window::FutureAfter, length) => TimeClaim::FutureAfter(length),
        Criterion::Frame(frame) => TimeClaim::Frame(frame),
        Criterion::Empty
        | Criterion::Text(..)
        | Criterion::Equal(_)
        | Criterion::Truth(_)
        | Criterion::Between(_)
        | Criterion::Side(..) => return None,
    };
    Some((window, said.meets()))
}

/// Returns whether no day, or no instant, lies in the windows as said.
pub(super) fn none(said: &[TestClaim<'_>], days: bool) -> bool {
    let windows: Vec<(TimeClaim, bool)> = said.iter().filter_map(window).collect();
    let (inside, outside): (Vec<_>, Vec<_>) = windows.iter().partition(|(_, holds)| *holds);
    inside.iter().any(|(one, _)| {
        outside.iter().any(|(other, _)| within(*one, *other))
            || inside.iter().any(|(other, _)| apart(*one, *other, days))
    })
}

fn within(one: TimeClaim, other: TimeClaim) -> bool {
    match (one, other) {
        (TimeClaim::Past(one), TimeClaim::Past(other))
        | (TimeClaim::Future(one), TimeClaim::Future(other)) => at_least(other, one),
        (TimeClaim::PastBefore(one), TimeClaim::PastBefore(other))
        | (TimeClaim::FutureAfter(one), TimeClaim::FutureAfter(other)) => at_least(one, other),
        (TimeClaim::Frame(one), TimeClaim::Frame(other)) => frame_within(one, other),
        (_, _) => false,
    }
}

fn apart(one: TimeClaim, other: TimeClaim, days: bool) -> bool {
    match (one, other) {
        (TimeClaim::Past(one), TimeClaim::PastBefore(other))
        | (TimeClaim::Future(one), TimeClaim::FutureAfter(other)) => at_least(other, one),
        (TimeClaim::PastBefore(length), TimeClaim::Future(_) | TimeClaim::FutureAfter(_))
        | (TimeClaim::Past(_), TimeClaim::FutureAfter(length)) => !days || length.count > 0,
        (TimeClaim::Frame(one), TimeClaim::Frame(other)) => {
            frames_apart(one, other) || frames_apart(other, one)
        }
        (_, _) => false,
    }
}

/// Returns whether one duration is never shorter than another.
fn at_least(one: Duration, other: Duration) -> bool {
    match (Measure::of(one), Measure::of(other)) {
        (Measure::Hours(one), Measure::Hours(other))
        | (Measure::Days(one), Measure::Days(other))
        | (Measure::Months(one), Measure::Months(other)) => one >= other,
        (one, other) => one.shortest() >= other.longest(),
    }
}

enum Measure {
    /// Microseconds.
    Hours(i64),
    Days(i64),
    Months(i64),
}

impl Measure {
    fn of(length: Duration) -> Self {
        let count = i64::from(length.count);
        match length.unit {
            Unit::Minute | Unit::Hour => Self::Hours(length.elapsed_micros()),
            Unit::Day => Self::Days(count),
            Unit::Week => Self::Days(7 * count),
            Unit::Month => Self::Months(count),
            Unit::Year => Self::Months(12 * count),
        }
    }

    /// A zone's clocks are moved by less than two days in all; a date takes hours as the days they begin.
    fn shortest(&self) -> i64 {
        match self {
            Self::Hours(micros) => micros - 2 * DAY,
            Self::Days(days) => (days - 2) * DAY,
            Self::Months(months) => (months * 28 - 2) * DAY,
        }
    }

    fn longest(&self) -> i64 {
        match self {
            Self::Hours(micros) => micros + 2 * DAY,
            Self::Days(days) => (days + 2) * DAY,
            Self::Months(months) => (months * 31 + 2) * DAY,
        }
    }
}

/// Returns the first and the last day, from today, that a window may ever have.
fn widest(frame: TimeFrame) -> (i32, i32) {
    match frame {
        TimeFrame::Today => (0, 0),
        TimeFrame::Yesterday => (-1, -1),
        TimeFrame::Tomorrow => (1, 1),
        TimeFrame::ThisWeek => (-6, 6),
        TimeFrame::LastWeek => (-13, -1),
        TimeFrame::ThisMonth => (-30, 30),
        TimeFrame::LastMonth => (-61, -1),
        TimeFrame::ThisQuarter => (-91, 91),
        TimeFrame::LastQuarter => (-183, -1),
        TimeFrame::ThisYear => (-365, 365),
        TimeFrame::LastYear => (-731, -1),
        TimeFrame::Last7Days => (-6, 0),
        TimeFrame::Last30Days => (-29, 0),
        TimeFrame::Last90Days => (-89, 0),
    }
}

/// Returns the days, from today, that a window always has.
fn certain(frame: TimeFrame) -> Option<(i32, i32)> {
    match frame {
        TimeFrame::Today
        | TimeFrame::ThisWeek
        | TimeFrame::ThisMonth
        | TimeFrame::ThisQuarter
        | TimeFrame::ThisYear => Some((0, 0)),
        TimeFrame::Yesterday
        | TimeFrame::Tomorrow
        | TimeFrame::Last7Days
        | TimeFrame::Last30Days
        | TimeFrame::Last90Days => Some(widest(frame)),
        TimeFrame::LastWeek
        | TimeFrame::LastMonth
        | TimeFrame::LastQuarter
        | TimeFrame::LastYear => None,
    }
}

fn frame_within(one: TimeFrame, other: TimeFrame) -> bool {
    use TimeFrame::{ThisMonth, ThisQuarter, ThisYear};
    let (first, last) = widest(one);
    one == other
        || certain(other).is_some_and(|(from, to)| from <= first && last <= to)
        || matches!(
            (one, other),
            (ThisMonth, ThisQuarter | ThisYear) | (ThisQuarter, ThisYear)
        )
}

fn frames_apart(one: TimeFrame, other: TimeFrame) -> bool {
    use TimeFrame::{
        LastMonth, LastQuarter, LastWeek, LastYear, ThisMonth, ThisQuarter, ThisWeek, ThisYear,
    };
    widest(one).1 < widest(other).0
        || matches!(
            (one, other),
            (LastWeek, ThisWeek)
                | (LastMonth, ThisMonth)
                | (LastQuarter, ThisMonth | ThisQuarter)
                | (LastYear, ThisMonth | ThisQuarter | ThisYear)
        )
}
