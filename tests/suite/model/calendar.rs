//! Time as the model knows it: microseconds since 1970, and three zones with their rules written out by hand.
//!
//! Nothing of the program is used here, so that a mistake in its calendar cannot hide in the model's.

use chrono::{
    DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Weekday,
};

/// An instant: microseconds since 1970 in UTC.
pub(crate) type Micros = i64;

pub(crate) const MINUTE: Micros = 60_000_000;
pub(crate) const HOUR: Micros = 60 * MINUTE;
pub(crate) const DAY: Micros = 24 * HOUR;

/// The zones that random workspaces use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    Utc,
    NewYork,
    Berlin,
}

impl Zone {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::NewYork => "America/New_York",
            Self::Berlin => "Europe/Berlin",
        }
    }

    /// What is added to UTC in winter.
    fn winter(self) -> Micros {
        match self {
            Self::Utc => 0,
            Self::NewYork => -5 * HOUR,
            Self::Berlin => HOUR,
        }
    }

    /// The first instants of summer and winter time in a year: New York's second Sunday of March and first of November,
    /// Berlin's last Sundays of March and October.
    fn changes(self, year: i32) -> Option<(Micros, Micros)> {
        let nth_sunday = |month: u32, nth: u8| {
            NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, nth).unwrap()
        };
        let last_sunday = |month: u32| {
            NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, 5)
                .unwrap_or_else(|| nth_sunday(month, 4))
        };
        let (spring, autumn, hours) = match self {
            Self::Utc => return None,
            Self::NewYork => (nth_sunday(3, 2), nth_sunday(11, 1), (7, 6)),
            Self::Berlin => (last_sunday(3), last_sunday(10), (1, 1)),
        };
        Some((
            utc(spring.and_hms_opt(hours.0, 0, 0).unwrap()),
            utc(autumn.and_hms_opt(hours.1, 0, 0).unwrap()),
        ))
    }

    fn offset(self, at: Micros) -> Micros {
        match self.changes(civil_utc(at).year()) {
            Some((spring, autumn)) if (spring..autumn).contains(&at) => self.winter() + HOUR,
            Some(_) | None => self.winter(),
        }
    }

    /// The clock and calendar of an instant here.
    pub(crate) fn civil(self, at: Micros) -> NaiveDateTime {
        civil_utc(at + self.offset(at))
    }

    pub(crate) fn date(self, at: Micros) -> NaiveDate {
        self.civil(at).date()
    }

    /// The instant of a clock time here: the first of two, or the first after a gap.
    pub(crate) fn instant(self, civil: NaiveDateTime) -> Micros {
        let winter = utc(civil) - self.winter();
        let Some((spring, _)) = self.changes(civil.year()) else {
            return winter;
        };
        [winter - HOUR, winter]
            .into_iter()
            .find(|at| self.civil(*at) == civil)
            .unwrap_or(spring)
    }

    pub(crate) fn start_of(self, date: NaiveDate) -> Micros {
        self.instant(date.and_time(NaiveTime::MIN))
    }
}

fn utc(civil: NaiveDateTime) -> Micros {
    civil.and_utc().timestamp_micros()
}

fn civil_utc(at: Micros) -> NaiveDateTime {
    DateTime::from_timestamp_micros(at).unwrap().naive_utc()
}

/// An instant as every output prints it.
pub(crate) fn rfc3339(at: Micros) -> String {
    let civil = civil_utc(at);
    let format = match at.rem_euclid(1_000_000) {
        0 => "%Y-%m-%dT%H:%M:%SZ",
        micros if micros % 1000 == 0 => "%Y-%m-%dT%H:%M:%S%.3fZ",
        _ => "%Y-%m-%dT%H:%M:%S%.6fZ",
    };
    civil.format(format).to_string()
}

/// Reads `2026-11-02T10:00:00Z`, as the model's own constants are written.
pub(crate) fn read(text: &str) -> Micros {
    utc(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ").unwrap())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// `3 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) count: u32,
    pub(crate) unit: Unit,
}

impl Span {
    pub(crate) fn text(self) -> String {
        let unit = match self.unit {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        };
        let plural = if self.count == 1 { "" } else { "s" };
        format!("{} {unit}{plural}", self.count)
    }

    /// What elapses in a qualification window: a day is 24 hours, a month 30 days.
    pub(crate) fn elapsed(self) -> Micros {
        let unit = match self.unit {
            Unit::Minute => MINUTE,
            Unit::Hour => HOUR,
            Unit::Day => DAY,
            Unit::Week => 7 * DAY,
            Unit::Month => 30 * DAY,
        };
        i64::from(self.count) * unit
    }

    /// The instant so much later: minutes and hours exactly, the rest by the calendar.
    pub(crate) fn after(self, at: Micros, zone: Zone) -> Micros {
        match self.unit {
            Unit::Minute | Unit::Hour => at + self.elapsed(),
            Unit::Day | Unit::Week | Unit::Month => {
                let civil = zone.civil(at);
                zone.instant(self.shift(civil.date(), true).and_time(civil.time()))
            }
        }
    }

    /// The instant so much earlier.
    pub(crate) fn before(self, at: Micros, zone: Zone) -> Micros {
        match self.unit {
            Unit::Minute | Unit::Hour => at - self.elapsed(),
            Unit::Day | Unit::Week | Unit::Month => {
                let civil = zone.civil(at);
                zone.instant(self.shift(civil.date(), false).and_time(civil.time()))
            }
        }
    }

    /// The day so much later or earlier; months end on their last day.
    pub(crate) fn shift(self, day: NaiveDate, forward: bool) -> NaiveDate {
        let days = |n: u32| Days::new(u64::from(n));
        let moved = match (self.unit, forward) {
            (Unit::Month, true) => day.checked_add_months(Months::new(self.count)),
            (Unit::Month, false) => day.checked_sub_months(Months::new(self.count)),
            (Unit::Week, true) => day.checked_add_days(days(self.count * 7)),
            (Unit::Week, false) => day.checked_sub_days(days(self.count * 7)),
            (Unit::Minute | Unit::Hour | Unit::Day, true) => day.checked_add_days(days(self.count)),
            (Unit::Minute | Unit::Hour | Unit::Day, false) => {
                day.checked_sub_days(days(self.count))
            }
        };
        moved.unwrap()
    }
}

/// The windows of `in_time_frame` that the model uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    Today,
    Yesterday,
    ThisWeek,
    LastWeek,
    ThisMonth,
    LastMonth,
    ThisQuarter,
    LastYear,
    Last7Days,
    Last30Days,
}

impl Frame {
    pub(crate) const ALL: [Self; 10] = [
        Self::Today,
        Self::Yesterday,
        Self::ThisWeek,
        Self::LastWeek,
        Self::ThisMonth,
        Self::LastMonth,
        Self::ThisQuarter,
        Self::LastYear,
        Self::Last7Days,
        Self::Last30Days,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::ThisWeek => "this_week",
            Self::LastWeek => "last_week",
            Self::ThisMonth => "this_month",
            Self::LastMonth => "last_month",
            Self::ThisQuarter => "this_quarter",
            Self::LastYear => "last_year",
            Self::Last7Days => "last_7_days",
            Self::Last30Days => "last_30_days",
        }
    }

    /// First and last day, both included; weeks start on Sunday unless `monday`.
    pub(crate) fn days(self, today: NaiveDate, monday: bool) -> (NaiveDate, NaiveDate) {
        let back = |n: i64| today - Duration::days(n);
        let weekday = if monday {
            today.weekday().num_days_from_monday()
        } else {
            today.weekday().num_days_from_sunday()
        };
        let week = back(i64::from(weekday));
        let month = today.with_day(1).unwrap();
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        match self {
            Self::Today => (today, today),
            Self::Yesterday => (back(1), back(1)),
            Self::ThisWeek => (week, week + Duration::days(6)),
            Self::LastWeek => (week - Duration::days(7), week - Duration::days(1)),
            Self::ThisMonth => (month, month + Months::new(1) - Duration::days(1)),
            Self::LastMonth => (month - Months::new(1), month - Duration::days(1)),
            Self::ThisQuarter => {
                let first = day(today.year(), today.month0() / 3 * 3 + 1, 1);
                (first, first + Months::new(3) - Duration::days(1))
            }
            Self::LastYear => (day(today.year() - 1, 1, 1), day(today.year() - 1, 12, 31)),
            Self::Last7Days => (back(6), today),
            Self::Last30Days => (back(29), today),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_york_changes_its_clock_in_march_and_november() {
        let zone = Zone::NewYork;
        let at = |text: &str| rfc3339(zone.instant(text.parse().unwrap()));
        assert_eq!(
            at("2026-03-08T02:30:00"),
            "2026-03-08T07:00:00Z",
            "skipped: first after the gap"
        );
        assert_eq!(
            at("2026-11-01T01:30:00"),
            "2026-11-01T05:30:00Z",
            "twice: the first"
        );
        assert_eq!(at("2026-11-01T03:00:00"), "2026-11-01T08:00:00Z");
        assert_eq!(
            zone.civil(read("2026-07-04T12:00:00Z")).to_string(),
            "2026-07-04 08:00:00"
        );
    }

    #[test]
    fn days_are_civil_and_hours_are_exact() {
        let before = read("2026-10-31T13:00:00Z");
        let day = Span {
            count: 1,
            unit: Unit::Day,
        };
        let hours = Span {
            count: 24,
            unit: Unit::Hour,
        };
        assert_eq!(
            rfc3339(day.after(before, Zone::NewYork)),
            "2026-11-01T14:00:00Z"
        );
        assert_eq!(
            rfc3339(hours.after(before, Zone::NewYork)),
            "2026-11-01T13:00:00Z"
        );
    }
}
