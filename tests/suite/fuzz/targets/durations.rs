//! Durations: what is read is what is written, and what lies so long after is counted on the calendar in another way.

use bugle::testing::readers::{after, duration};
use chrono::{DateTime, Datelike as _, Days, NaiveDate};

use super::Target;
use crate::fuzz::bytes::Bytes;

pub(crate) const TARGET: Target = Target {
    name: "durations",
    holds,
    right: &[
        "3 days",
        "1 month",
        " 30  minutes ",
        "2 Weeks",
        "1 year",
        "4 hours",
        "0 days",
        "1000000 minutes",
    ],
    words: &[
        "1",
        "0",
        " ",
        "day",
        "days",
        "month",
        "s",
        "+",
        "-",
        "m",
        "h",
        "1.5",
        "\u{a0}",
        "YEARS",
        "week",
        "\t",
        "00",
        "99999999999",
    ],
    times: 6_000,
};

const UNITS: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];

fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let ours = duration(text);
    assert_eq!(ours, naive(text), "{text:?}");
    let Some((count, unit)) = ours else {
        return;
    };
    let again = format!("{count} {unit}s");
    assert_eq!(duration(&again), ours, "written again");
    // Some day of these years, at some second.
    let mut bytes = Bytes::new(bytes);
    let at = 1_700_000_000 + i64::from(bytes.below(40_000)) * 9_973;
    let found = after(&again, at * 1_000_000).unwrap();
    if let Some(wanted) = later(at, count, unit) {
        assert_eq!(found, wanted * 1_000_000, "{again} after {at}");
    }
    assert!(found >= at * 1_000_000);
}

fn naive(text: &str) -> Option<(u32, &'static str)> {
    let mut words = text.trim().splitn(2, char::is_whitespace);
    let (number, unit) = (words.next()?, words.next()?.trim().to_ascii_lowercase());
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: u64 = number
        .trim_start_matches('0')
        .parse()
        .or_else(|_| {
            if number.bytes().all(|byte| byte == b'0') {
                Ok(0)
            } else {
                Err(())
            }
        })
        .ok()?;
    let unit = UNITS
        .into_iter()
        .find(|known| unit == *known || unit == format!("{known}s"))?;
    (count <= 1_000_000).then(|| (u32::try_from(count).unwrap(), unit))
}

/// Counts on the calendar: months one by one, each shorter one ending on its last day.
fn later(at: i64, count: u32, unit: &str) -> Option<i64> {
    let seconds = i64::from(count);
    let exact = |length: i64| Some(at + seconds * length);
    let from = DateTime::from_timestamp(at, 0)?.naive_utc();
    let civil = |date: NaiveDate| Some(date.and_time(from.time()).and_utc().timestamp());
    match unit {
        "minute" => exact(60),
        "hour" => exact(3600),
        "day" => civil(from.date().checked_add_days(Days::new(u64::from(count)))?),
        "week" => civil(
            from.date()
                .checked_add_days(Days::new(7 * u64::from(count)))?,
        ),
        months => {
            let months = if months == "month" {
                count
            } else {
                count.checked_mul(12)?
            };
            let months = u32::try_from(from.year())
                .ok()?
                .checked_mul(12)?
                .checked_add(from.month0())?
                .checked_add(months)?;
            let (year, month) = (i32::try_from(months / 12).ok()?, months % 12 + 1);
            // Beyond the calendar of instants it is cut off.
            if year > 9000 {
                return None;
            }
            let day = (1..=from.day())
                .rev()
                .find_map(|day| NaiveDate::from_ymd_opt(year, month, day));
            civil(day?)
        }
    }
    .filter(|at| *at < 200_000_000_000)
}
