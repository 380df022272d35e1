//! The operators, each in the words of the language reference.

use chrono::NaiveDate;

use super::calendar::{Frame, Micros, Span, Unit, Zone};
use super::value::{Moment, Val, fold};

/// One operator with its argument.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Op {
    Is(Vec<Val>),
    IsNot(Vec<Val>),
    StartsWith(Vec<String>),
    NotStartsWith(Vec<String>),
    Contains(Vec<String>),
    NotContains(Vec<String>),
    IsEmpty,
    IsNotEmpty,
    Between(Val, Val),
    GreaterThan(Val),
    LessThan(Val),
    AtLeast(Val),
    AtMost(Val),
    After(Val),
    Before(Val),
    OnOrAfter(Val),
    OnOrBefore(Val),
    InPast(Span),
    InPastBefore(Span),
    InFuture(Span),
    InFutureAfter(Span),
    InTimeFrame(Frame),
}

/// What an evaluation knows of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    pub(crate) at: Micros,
    pub(crate) zone: Zone,
    pub(crate) monday: bool,
}

impl Op {
    pub(crate) fn holds(&self, value: Option<&Val>, now: Now) -> bool {
        let text = |wanted: &[String], compare: fn(&str, &str) -> bool| matches!(value, Some(Val::Text(text)) if wanted.iter().any(|w| compare(&fold(text), &fold(w))));
        match self {
            Self::Is(wanted) => wanted.iter().any(|w| equal(value, w, now.zone)),
            Self::IsNot(wanted) => !wanted.iter().any(|w| equal(value, w, now.zone)),
            Self::StartsWith(wanted) => text(wanted, |have, w| have.starts_with(w)),
            Self::NotStartsWith(wanted) => !text(wanted, |have, w| have.starts_with(w)),
            Self::Contains(wanted) => text(wanted, |have, w| have.contains(w)),
            Self::NotContains(wanted) => !text(wanted, |have, w| have.contains(w)),
            Self::IsEmpty => value.is_none(),
            Self::IsNotEmpty => value.is_some(),
            Self::Between(low, high) => value.is_some_and(|v| {
                order(v, low, now.zone).is_ge() && order(v, high, now.zone).is_le()
            }),
            Self::GreaterThan(than) | Self::After(than) => {
                value.is_some_and(|v| order(v, than, now.zone).is_gt())
            }
            Self::AtLeast(than) | Self::OnOrAfter(than) => {
                value.is_some_and(|v| order(v, than, now.zone).is_ge())
            }
            Self::LessThan(than) => value.is_some_and(|v| order(v, than, now.zone).is_lt()),
            Self::AtMost(than) => value.is_some_and(|v| order(v, than, now.zone).is_le()),
            Self::Before(than) => value.is_none_or(|v| order(v, than, now.zone).is_lt()),
            Self::OnOrBefore(than) => value.is_none_or(|v| order(v, than, now.zone).is_le()),
            Self::InPast(span) => value.is_some_and(|v| in_past(v, *span, now)),
            Self::InPastBefore(span) => value.is_none_or(|v| in_past_before(v, *span, now)),
            Self::InFuture(span) => value.is_some_and(|v| in_future(v, *span, now)),
            Self::InFutureAfter(span) => value.is_some_and(|v| in_future_after(v, *span, now)),
            Self::InTimeFrame(frame) => value.is_some_and(|v| {
                let (first, last) = frame.days(now.zone.date(now.at), now.monday);
                (first..=last).contains(&day(v, now.zone))
            }),
        }
    }
}

/// `is`: texts without regard to case; an integer 0 is an empty field too; a bare day means the whole day.
fn equal(value: Option<&Val>, wanted: &Val, zone: Zone) -> bool {
    match (value, wanted) {
        (None, Val::Int(0)) => true,
        (None, _) => false,
        (Some(Val::Text(have)), Val::Text(want)) => fold(have) == fold(want),
        (Some(have), want) => order(have, want, zone).is_eq(),
    }
}

fn order(value: &Val, than: &Val, zone: Zone) -> std::cmp::Ordering {
    match (value, than) {
        (Val::Int(a), Val::Int(b)) | (Val::At(a), Val::At(b)) => a.cmp(b),
        (Val::Float(a), Val::Float(b)) => a.total_cmp(b),
        (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
        (have, Val::Date(b)) => day(have, zone).cmp(b),
        (have, want) => unreachable!("the generator compares {have:?} with {want:?}"),
    }
}

fn day(value: &Val, zone: Zone) -> NaiveDate {
    match value.moment() {
        Moment::Day(day) => day,
        Moment::At(at) => zone.date(at),
    }
}

/// How far a window reaches on a date field: whole days; the hours of a window that has them reach their own day.
fn reach(span: Span, forward: bool, now: Now) -> NaiveDate {
    match span.unit {
        Unit::Day | Unit::Week | Unit::Month => span.shift(now.zone.date(now.at), forward),
        Unit::Minute | Unit::Hour => unreachable!("the generator asks dates in days"),
    }
}

fn in_past(value: &Val, span: Span, now: Now) -> bool {
    match value.moment() {
        Moment::Day(day) => day > reach(span, false, now) && day <= now.zone.date(now.at),
        Moment::At(at) => (span.before(now.at, now.zone)..=now.at).contains(&at),
    }
}

fn in_past_before(value: &Val, span: Span, now: Now) -> bool {
    match value.moment() {
        Moment::Day(day) => day <= reach(span, false, now),
        Moment::At(at) => at < span.before(now.at, now.zone),
    }
}

fn in_future(value: &Val, span: Span, now: Now) -> bool {
    match value.moment() {
        Moment::Day(day) => day >= now.zone.date(now.at) && day < reach(span, true, now),
        Moment::At(at) => (now.at..=span.after(now.at, now.zone)).contains(&at),
    }
}

fn in_future_after(value: &Val, span: Span, now: Now) -> bool {
    match value.moment() {
        Moment::Day(day) => day >= reach(span, true, now),
        Moment::At(at) => at > span.after(now.at, now.zone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::calendar::read;

    fn now() -> Now {
        Now {
            at: read("2026-11-02T12:00:00Z"),
            zone: Zone::Utc,
            monday: false,
        }
    }

    #[test]
    fn a_negative_operator_holds_where_nothing_is() {
        let text = || Val::Text("CA".to_owned());
        assert!(Op::IsNot(vec![text()]).holds(None, now()));
        assert!(!Op::IsNot(vec![text()]).holds(Some(&Val::Text("ca".to_owned())), now()));
        assert!(
            !Op::IsNot(vec![Val::Int(0)]).holds(None, now()),
            "zero is empty too"
        );
    }

    #[test]
    fn the_day_ninety_days_ahead_is_in_91_and_after_90() {
        let day = |text: &str| Val::Date(text.parse().unwrap());
        let span = |count| Span {
            count,
            unit: Unit::Day,
        };
        let ahead = day("2027-01-31");
        assert!(Op::InFuture(span(91)).holds(Some(&ahead), now()));
        assert!(Op::InFutureAfter(span(90)).holds(Some(&ahead), now()));
        assert!(!Op::InFuture(span(90)).holds(Some(&ahead), now()));
        assert!(
            Op::InPast(span(1)).holds(Some(&day("2026-11-02")), now()),
            "one day is today"
        );
    }
}
