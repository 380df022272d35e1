//! When a wait ends.
//!
//! Source: the wait rules of the engine reference. The end is stamped when the wait begins.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use crate::campaign::{DayOffset, Wait};
use crate::domain::{Duration, Instant, Value, Zone};
use crate::token::resolve::TokenContext;

/// What a wait does to the one who reaches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Holds until then.
    Until(Instant),
    /// Its token gives no date.
    NoDate,
    /// Its end is past.
    Past,
}

/// Returns what a wait does to someone who reaches it now.
pub(super) fn hold(wait: &Wait, now: Instant, zone: &Zone, tokens: &TokenContext<'_>) -> Hold {
    let until = match wait {
        Wait::Duration {
            length,
            weekdays,
            time,
        } => wake_instant(*length, weekdays, *time, now, zone),
        Wait::Date { date, time } => zone.instant(date.and_time(time.unwrap_or(NaiveTime::MIN))),
        Wait::DateToken {
            date,
            offset,
            next_anniversary,
            time,
        } => {
            let Some(value) = date.resolve_date(tokens) else {
                return Hold::NoDate;
            };
            let Some(days) = offset_days(offset, tokens) else {
                return Hold::NoDate;
            };
            let (civil, exact) = match value {
                Value::Date(date) => (date.and_time(NaiveTime::MIN), None),
                Value::Datetime(at) => (zone.civil(at), Some(at)),
                Value::Text(_)
                | Value::Json(_)
                | Value::Integer(_)
                | Value::Float(_)
                | Value::Boolean(_) => {
                    return Hold::NoDate;
                }
            };
            let day = if *next_anniversary {
                anniversary(civil.date(), zone.date(now))
            } else {
                civil.date()
            };
            let Some(day) = shifted(day, days) else {
                return Hold::NoDate;
            };
            match exact {
                // A clock time that comes twice would be ambiguous; the instant is not.
                Some(at) if time.is_none() && day == civil.date() => at,
                Some(_) | None => zone.instant(day.and_time(time.unwrap_or(civil.time()))),
            }
        }
    };
    if until > now {
        Hold::Until(until)
    } else {
        Hold::Past
    }
}

/// Returns the end of a wait by duration: the first allowed weekday and time at or after now and the duration.
pub(crate) fn wake_instant(
    length: Duration,
    weekdays: &[Weekday],
    time: Option<NaiveTime>,
    now: Instant,
    zone: &Zone,
) -> Instant {
    let earliest = length.after(now, zone);
    if weekdays.is_empty() && time.is_none() {
        return earliest;
    }
    let civil = zone.civil(earliest);
    let mut day = civil.date();
    // Seven days hold every weekday, and one more a time of day that is past on the first.
    for _ in 0..=7 {
        let allowed = weekdays.is_empty() || weekdays.contains(&day.weekday());
        let end = candidate(day, time, civil, earliest, zone);
        if allowed && end >= earliest {
            return end;
        }
        day = day.succ_opt().unwrap_or(day);
    }
    earliest
}

/// Returns the end on one day. Without a time the clock time is kept, and on the first day that is the end itself.
fn candidate(
    day: NaiveDate,
    time: Option<NaiveTime>,
    civil: NaiveDateTime,
    earliest: Instant,
    zone: &Zone,
) -> Instant {
    match time {
        None if day == civil.date() => earliest,
        None => zone.instant(day.and_time(civil.time())),
        Some(time) => zone.instant(day.and_time(time)),
    }
}

fn offset_days(offset: &DayOffset, tokens: &TokenContext<'_>) -> Option<i64> {
    match offset {
        DayOffset::Days(days) => Some(*days),
        DayOffset::Token(template) => {
            crate::domain::value::parse_integer(&template.resolve(tokens))
        }
    }
}

/// Returns the day so many days later; nothing beyond the years of four digits.
fn shifted(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    let day = if days < 0 {
        day.checked_sub_days(count)
    } else {
        day.checked_add_days(count)
    };
    day.filter(|day| (0..=9999).contains(&day.year()))
}

/// Returns the first anniversary on or after a day; 29 February is 28 February in a common year.
fn anniversary(of: NaiveDate, on_or_after: NaiveDate) -> NaiveDate {
    let in_year = |year| {
        of.with_year(year)
            .or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
    };
    [on_or_after.year(), on_or_after.year() + 1]
        .into_iter()
        .filter_map(in_year)
        .find(|day| *day >= on_or_after)
        .unwrap_or(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(civil: &str, zone: &Zone) -> Instant {
        zone.instant(civil.parse().unwrap())
    }

    #[test]
    fn friday_17_00_and_48_hours_on_weekdays_at_nine_is_monday_at_nine() {
        let zone = Zone::utc();
        let weekdays = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ];
        let nine = NaiveTime::from_hms_opt(9, 0, 0);
        let wake = wake_instant(
            Duration::parse("48 hours").unwrap(),
            &weekdays,
            nine,
            at("2026-11-06T17:00:00", &zone),
            &zone,
        );
        assert_eq!(wake.rfc3339(), "2026-11-09T09:00:00Z");
    }

    #[test]
    fn a_time_already_past_on_the_day_is_the_next_allowed_day() {
        let zone = Zone::utc();
        let nine = NaiveTime::from_hms_opt(9, 0, 0);
        let wake = wake_instant(
            Duration::parse("1 hour").unwrap(),
            &[],
            nine,
            at("2026-11-06T08:30:00", &zone),
            &zone,
        );
        assert_eq!(wake.rfc3339(), "2026-11-07T09:00:00Z");
    }

    #[test]
    fn the_29th_of_february_is_the_28th_in_a_common_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            anniversary(day("2024-02-29"), day("2026-02-01")),
            day("2026-02-28")
        );
        assert_eq!(
            anniversary(day("2024-02-29"), day("2027-03-01")),
            day("2028-02-29")
        );
        assert_eq!(
            anniversary(day("1990-11-02"), day("2026-11-02")),
            day("2026-11-02")
        );
    }
}
