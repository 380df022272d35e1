//! Durations as people write them: `<integer> <unit>`.
//!
//! Minutes and hours are exact. Days, weeks, months and years are civil in a zone and clamped to the
//! month's last day, except in qualification windows, where a day is 24 hours and a month 30 days.

use chrono::{Days, Months, NaiveDate, NaiveDateTime};

use super::instant::{DAY, HOUR};
use super::{Instant, Zone};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Sixty seconds.
    Minute,
    /// Sixty minutes.
    Hour,
    /// A civil day.
    Day,
    /// Seven civil days.
    Week,
    /// A civil month.
    Month,
    /// A civil year.
    Year,
}

impl Unit {
    /// Every unit, shortest first.
    pub(crate) const ALL: [Self; 6] = [
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Year,
    ];

    /// Returns the singular name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Duration {
    /// How many of the units.
    pub(crate) count: u32,
    /// The unit that is counted.
    pub(crate) unit: Unit,
}

/// The largest count of a duration: 200 years of minutes would leave every calendar.
const MOST: u32 = 1_000_000;

impl Duration {
    /// Reads `3 days`. The error says what is wrong and how it is written.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (number, unit) = text
            .trim()
            .split_once(char::is_whitespace)
            .ok_or_else(|| Self::advice(text))?;
        let count: u32 = number
            .parse()
            .ok()
            .filter(|n| *n <= MOST)
            .ok_or_else(|| Self::advice(text))?;
        if number.starts_with('+') {
            return Err(Self::advice(text));
        }
        let unit = unit.trim().to_ascii_lowercase();
        Unit::ALL
            .into_iter()
            .find(|u| {
                unit.strip_prefix(u.name())
                    .is_some_and(|rest| rest.is_empty() || rest == "s")
            })
            .map(|unit| Self { count, unit })
            .ok_or_else(|| Self::advice(text))
    }

    fn advice(text: &str) -> String {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        let rest = text[digits.len()..].trim().to_ascii_lowercase();
        let guess = match rest.as_str() {
            "m" | "min" | "mins" => Some("minutes"),
            "h" | "hr" | "hrs" => Some("hours"),
            "d" => Some("days"),
            "w" | "wk" | "wks" => Some("weeks"),
            "mo" | "mon" | "mth" | "mths" => Some("months"),
            "y" | "yr" | "yrs" => Some("years"),
            _ => None,
        };
        match guess {
            Some(unit) if !digits.is_empty() => format!("write the unit in full: `{digits} {unit}`"),
            _ => "write a whole number and a unit: `30 minutes`, `4 hours`, `3 days`, `2 weeks`, `1 month`, `1 year`".to_owned(),
        }
    }

    /// Returns whether it is minutes or hours, which need no calendar.
    pub(crate) fn is_exact(self) -> bool {
        matches!(self.unit, Unit::Minute | Unit::Hour)
    }

    /// Returns the microseconds of an exact duration, or those of a qualification window
    /// (day 24 h, week 168 h, month 30 days, year 365 days); it saturates.
    pub(crate) fn elapsed_micros(self) -> i64 {
        let unit = match self.unit {
            Unit::Minute => HOUR / 60,
            Unit::Hour => HOUR,
            Unit::Day => DAY,
            Unit::Week => 7 * DAY,
            Unit::Month => 30 * DAY,
            Unit::Year => 365 * DAY,
        };
        unit.saturating_mul(i64::from(self.count))
    }

    /// Returns the instant this long after another, in a zone.
    pub(crate) fn after(self, at: Instant, zone: &Zone) -> Instant {
        self.shift(at, zone, Direction::Forward)
    }

    /// Returns the instant this long before another, in a zone.
    pub(crate) fn before(self, at: Instant, zone: &Zone) -> Instant {
        self.shift(at, zone, Direction::Back)
    }

    /// Returns the date so many whole days later, clamped to the month's end; exact durations count in days of 24 hours.
    pub(crate) fn after_date(self, date: NaiveDate) -> NaiveDate {
        self.shift_civil(date.into(), Direction::Forward).date()
    }

    /// Returns the date so many whole days earlier.
    pub(crate) fn before_date(self, date: NaiveDate) -> NaiveDate {
        self.shift_civil(date.into(), Direction::Back).date()
    }

    fn shift(self, at: Instant, zone: &Zone, direction: Direction) -> Instant {
        // No days are exact too: a clock time that comes twice would be ambiguous.
        if self.is_exact() || self.count == 0 {
            return at.plus_micros(direction.sign() * self.elapsed_micros());
        }
        zone.instant(self.shift_civil(zone.civil(at), direction))
    }

    fn shift_civil(self, civil: NaiveDateTime, direction: Direction) -> NaiveDateTime {
        let count = self.count;
        let months = |n: u32| match direction {
            Direction::Forward => civil.checked_add_months(Months::new(n)),
            Direction::Back => civil.checked_sub_months(Months::new(n)),
        };
        let days = |n: u64| match direction {
            Direction::Forward => civil.checked_add_days(Days::new(n)),
            Direction::Back => civil.checked_sub_days(Days::new(n)),
        };
        let shifted = match self.unit {
            Unit::Minute | Unit::Hour => civil.checked_add_signed(chrono::Duration::microseconds(
                direction.sign() * self.elapsed_micros(),
            )),
            Unit::Day => days(u64::from(count)),
            Unit::Week => days(u64::from(count) * 7),
            Unit::Month => months(count),
            Unit::Year => count.checked_mul(12).and_then(months),
        };
        shifted.unwrap_or(match direction {
            Direction::Forward => NaiveDateTime::MAX,
            Direction::Back => NaiveDateTime::MIN,
        })
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count, self.unit.name())
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Back,
}

impl Direction {
    fn sign(self) -> i64 {
        match self {
            Self::Forward => 1,
            Self::Back => -1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviated_units_are_refused_with_the_fix() {
        assert_eq!(
            Duration::parse("4 hrs").unwrap_err(),
            "write the unit in full: `4 hours`"
        );
        assert!(Duration::parse("four hours").is_err());
        assert!(Duration::parse("-4 hours").is_err());
        assert_eq!(Duration::parse("1 Day").unwrap().to_string(), "1 day");
    }

    #[test]
    fn days_are_civil_and_months_are_clamped() {
        let york = Zone::named("America/New_York").unwrap();
        let before = york.instant("2026-03-07T09:00:00".parse().unwrap());
        let after = Duration::parse("1 day").unwrap().after(before, &york);
        assert_eq!(
            york.civil(after).to_string(),
            "2026-03-08 09:00:00",
            "23 hours later"
        );
        let utc = Zone::utc();
        let january = utc.instant("2026-01-31T09:00:00".parse().unwrap());
        assert_eq!(
            Duration::parse("1 month")
                .unwrap()
                .after(january, &utc)
                .rfc3339(),
            "2026-02-28T09:00:00Z"
        );
    }
}
