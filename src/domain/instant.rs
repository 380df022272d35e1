//! A point in time, exact to the microsecond.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instant(i64);

/// Microseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds in an hour.
pub(crate) const HOUR: i64 = 3600 * SECOND;
/// Microseconds in a day of 24 hours.
pub(crate) const DAY: i64 = 24 * HOUR;

impl Instant {
    /// The earliest instant a file may hold: 1970-01-01.
    pub(crate) const MIN: Self = Self(0);
    /// The first instant past what a file may hold: 2100-01-01.
    pub(crate) const MAX: Self = Self(4_102_444_800 * SECOND);

    /// Makes one from microseconds since 1970.
    pub(crate) const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the microseconds since 1970.
    pub(crate) fn micros(self) -> i64 {
        self.0
    }

    /// Makes one from a civil date and time of UTC.
    pub(crate) fn from_utc(civil: NaiveDateTime) -> Self {
        Self(civil.and_utc().timestamp_micros())
    }

    /// Returns the civil date and time of UTC.
    pub(crate) fn utc(self) -> NaiveDateTime {
        self.chrono().naive_utc()
    }

    fn chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// Returns the instant so many microseconds later; it saturates.
    #[must_use]
    pub(crate) fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Returns RFC 3339 in UTC, without fraction or with 3 or 6 digits of it.
    pub(crate) fn rfc3339(self) -> String {
        let format = match self.0.rem_euclid(SECOND) {
            0 => SecondsFormat::Secs,
            fraction if fraction % 1000 == 0 => SecondsFormat::Millis,
            _ => SecondsFormat::Micros,
        };
        self.chrono().to_rfc3339_opts(format, true)
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_no_fraction_or_three_or_six_digits() {
        assert_eq!(Instant::from_micros(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(
            Instant::from_micros(1_500_000).rfc3339(),
            "1970-01-01T00:00:01.500Z"
        );
        assert_eq!(
            Instant::from_micros(1_500_001).rfc3339(),
            "1970-01-01T00:00:01.500001Z"
        );
    }
}
