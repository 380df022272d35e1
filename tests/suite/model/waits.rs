//! When waits end.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::calendar::{Micros, Zone};
use super::definition::Wait;
use super::value::{Moment, Val};

/// When a wait that begins now ends; nothing where its date is empty.
pub(crate) fn wait_ends(
    wait: &Wait,
    at: Micros,
    zone: Zone,
    field: impl Fn(&str) -> Option<Val>,
) -> Option<Micros> {
    match wait {
        Wait::For {
            length,
            weekdays,
            time,
        } => {
            let earliest = length.after(at, zone);
            let civil = zone.civil(earliest);
            let allowed = |day: NaiveDate| weekdays.is_empty() || weekdays.contains(&day.weekday());
            if time.is_none() && allowed(civil.date()) {
                return Some(earliest);
            }
            let clock = time.unwrap_or(civil.time());
            let days = (0..15)
                .map(|n| civil.date() + Days::new(n))
                .filter(|day| allowed(*day));
            days.map(|day| zone.instant(day.and_time(clock)))
                .find(|end| *end >= earliest)
        }
        Wait::Date { date, time } => {
            Some(zone.instant(date.and_time(time.unwrap_or(NaiveTime::MIN))))
        }
        Wait::Token {
            field: name,
            offset,
            anniversary,
            time,
        } => {
            let (mut day, own) = match field(name)?.moment() {
                Moment::Day(day) => (day, NaiveTime::MIN),
                Moment::At(own) if time.is_none() && *offset == 0 && !anniversary => {
                    return Some(own);
                }
                Moment::At(own) => (zone.civil(own).date(), zone.civil(own).time()),
            };
            if *anniversary {
                let today = zone.date(at);
                let in_year = |year: i32| {
                    let last_of_february = || NaiveDate::from_ymd_opt(year, 2, 28).unwrap();
                    day.with_year(year).unwrap_or_else(last_of_february)
                };
                let years = today.year()..=today.year() + 1;
                let next = years.map(in_year).find(|next| *next >= today);
                day = next.unwrap();
            }
            let moved = day + chrono::Duration::days(*offset);
            Some(zone.instant(moved.and_time(time.unwrap_or(own))))
        }
    }
}
