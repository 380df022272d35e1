//! Time zones: the one file that knows daylight saving. Rules come from the bundled database.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use jiff::Timestamp;
use jiff::civil::DateTime as Civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::Instant;

/// A time zone by its IANA name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    name: String,
    zone: TimeZone,
}

/// A change of the offset of a zone from UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OffsetChange {
    /// When it happens.
    pub(crate) at: Instant,
    /// Seconds east of UTC before it.
    pub(crate) before: i32,
    /// Seconds east of UTC after it.
    pub(crate) after: i32,
    /// Whether daylight saving time begins.
    pub(crate) is_daylight: bool,
    /// What the offset is called after it: `PST`.
    pub(crate) name: String,
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl Zone {
    /// Returns UTC.
    pub(crate) fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            zone: TimeZone::UTC,
        }
    }

    /// Finds a zone of the bundled database; none if there is no such name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(Self::utc());
        }
        if !is_area(name) {
            return None;
        }
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        let name = zone.iana_name().unwrap_or(name).to_owned();
        Some(Self { name, zone })
    }

    /// Returns every zone name, for suggestions.
    pub(crate) fn names() -> Vec<String> {
        TimeZoneDatabase::bundled()
            .available()
            .map(|name| name.to_string())
            .filter(|name| is_area(name))
            .collect()
    }

    /// Returns the IANA name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the civil date and time of an instant here.
    pub(crate) fn civil(&self, at: Instant) -> NaiveDateTime {
        if self.zone == TimeZone::UTC {
            return at.utc();
        }
        let Ok(stamp) = Timestamp::from_microsecond(at.micros()) else {
            return at.utc();
        };
        let offset = self.zone.to_offset(stamp);
        at.plus_micros(i64::from(offset.seconds()) * super::instant::SECOND)
            .utc()
    }

    /// Returns the civil date of an instant here.
    pub(crate) fn date(&self, at: Instant) -> NaiveDate {
        self.civil(at).date()
    }

    /// Returns the instant of a civil date and time here.
    ///
    /// A time that daylight saving skips is the first instant after the gap; one that happens twice is the first.
    pub(crate) fn instant(&self, civil: NaiveDateTime) -> Instant {
        if self.zone == TimeZone::UTC {
            return Instant::from_utc(civil);
        }
        let Some(local) = to_jiff(civil) else {
            return Instant::from_utc(civil);
        };
        let offset = match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Fold { before, .. } => before,
            AmbiguousOffset::Gap { before, .. } => {
                // Reading the skipped time with the old offset lands past the change; the change itself is wanted.
                let past = Instant::from_utc(civil)
                    .plus_micros(-i64::from(before.seconds()) * super::instant::SECOND);
                return self.transition_at_or_before(past);
            }
        };
        Instant::from_utc(civil).plus_micros(-i64::from(offset.seconds()) * super::instant::SECOND)
    }

    /// Returns whether a civil date and time happens here exactly once: no change of the clock skips or repeats it.
    pub(crate) fn is_plain(&self, civil: NaiveDateTime) -> bool {
        to_jiff(civil).is_none_or(|local| !self.zone.to_ambiguous_timestamp(local).is_ambiguous())
    }

    /// Returns the first instant of a date here.
    pub(crate) fn start_of(&self, date: NaiveDate) -> Instant {
        self.instant(date.and_time(NaiveTime::MIN))
    }

    /// Returns the changes of the offset after one instant and up to another, for calendars; the first one is that in force
    /// at the beginning.
    pub(crate) fn offset_changes(&self, from: Instant, until: Instant) -> Vec<OffsetChange> {
        let Ok(stamp) = Timestamp::from_microsecond(from.micros()) else {
            return Vec::new();
        };
        let began = self.zone.preceding(stamp).next();
        let began = began.map_or(stamp, |change| change.timestamp());
        let after = self.zone.following(began);
        let after = after.map(|change| change.timestamp());
        let after = after.take_while(|at| at.as_microsecond() <= until.micros());
        let at = |stamp: Timestamp| {
            let before = Timestamp::from_microsecond(stamp.as_microsecond() - 1);
            let info = self.zone.to_offset_info(stamp);
            OffsetChange {
                at: Instant::from_micros(stamp.as_microsecond()),
                before: before
                    .map_or(info.offset(), |at| self.zone.to_offset(at))
                    .seconds(),
                after: info.offset().seconds(),
                is_daylight: info.dst().is_dst(),
                name: info.abbreviation().to_owned(),
            }
        };
        std::iter::once(began).chain(after).map(at).collect()
    }

    fn transition_at_or_before(&self, at: Instant) -> Instant {
        let Ok(stamp) = Timestamp::from_microsecond(at.micros() + 1) else {
            return at;
        };
        self.zone.preceding(stamp).next().map_or(at, |change| {
            Instant::from_micros(change.timestamp().as_microsecond())
        })
    }
}

/// Returns whether a name is an area with a location, such as `America/New_York`, or `UTC`.
///
/// The database also has abbreviations (`EST`), fixed offsets (`Etc/GMT+5`) and old country names. An abbreviation means
/// different offsets in different places, so none of them is a zone here.
fn is_area(name: &str) -> bool {
    name.eq_ignore_ascii_case("UTC")
        || name.split_once('/').is_some_and(|(area, _)| {
            !["etc", "systemv"].contains(&area.to_ascii_lowercase().as_str())
        })
}

fn to_jiff(civil: NaiveDateTime) -> Option<Civil> {
    Civil::new(
        i16::try_from(civil.year()).ok()?,
        i8::try_from(civil.month()).ok()?,
        i8::try_from(civil.day()).ok()?,
        i8::try_from(civil.hour()).ok()?,
        i8::try_from(civil.minute()).ok()?,
        i8::try_from(civil.second()).ok()?,
        i32::try_from(civil.nanosecond() % 1_000_000_000).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_the_gap() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            berlin.instant(at("2026-03-29T02:30:00")).rfc3339(),
            "2026-03-29T01:00:00Z"
        );
    }

    #[test]
    fn abbreviations_and_offsets_are_no_zones() {
        for name in [
            "EST",
            "MST",
            "HST",
            "CET",
            "EST5EDT",
            "GMT",
            "Japan",
            "Etc/GMT+5",
            "+02:00",
        ] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
        for name in [
            "utc",
            "UTC",
            "America/New_York",
            "america/argentina/buenos_aires",
        ] {
            assert!(Zone::named(name).is_some(), "{name}");
        }
        assert!(Zone::names().iter().all(|name| Zone::named(name).is_some()));
    }

    #[test]
    fn a_doubled_time_is_the_first() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            berlin.instant(at("2026-10-25T02:30:00")).rfc3339(),
            "2026-10-25T00:30:00Z"
        );
    }

    #[test]
    fn civil_and_instant_are_inverse_outside_changes() {
        let york = Zone::named("america/new_york").unwrap();
        assert_eq!(york.name(), "America/New_York");
        let civil = at("2026-07-04T09:00:00");
        assert_eq!(york.civil(york.instant(civil)), civil);
    }

    #[test]
    fn rules_of_2027_are_known() {
        let vancouver = Zone::named("America/Vancouver").unwrap();
        assert_eq!(
            vancouver.instant(at("2027-01-15T09:00:00")).rfc3339(),
            "2027-01-15T16:00:00Z"
        );
    }
}
