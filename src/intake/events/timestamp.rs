//! The instant of an event: RFC 3339, local time of the workspace, or a count since 1970.

use crate::domain::instant::SECOND;
use crate::domain::value::{parse_date, parse_datetime, parse_time};
use crate::domain::{Instant, Zone};

/// What is wrong with an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimestampError {
    /// No known form.
    Form,
    /// Digits that read as a date without separators, which as a count would be a day of 1970.
    Compact,
    /// Before 1970 or after 2099.
    Range,
}

impl TimestampError {
    /// Returns what is wrong, and how to put it right.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Form => (
                "`at` is not an instant",
                "write 2026-11-02T10:00:00Z (an offset is at most 14 hours), a local time as 2026-11-02 10:00, or seconds or \
                 milliseconds since 1970",
            ),
            Self::Compact => (
                "`at` is a date without separators",
                "write 2026-11-02T10:00:00Z",
            ),
            Self::Range => (
                "`at` lies outside 1970 to 2100",
                "seconds, milliseconds and microseconds since 1970 are distinguished by their size",
            ),
        }
    }
}

/// Reads an instant; a civil time without offset is of `zone`. Digits past microseconds are cut.
pub(super) fn read(text: &str, zone: &Zone) -> Result<Instant, TimestampError> {
    if let Some(at) = utc(text.as_bytes()) {
        return Ok(at);
    }
    let text = text.trim();
    let at = if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        count(text)?
    } else if text.starts_with('-') && text[1..].bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(TimestampError::Range);
    } else {
        parse_datetime(text, zone).ok_or(TimestampError::Form)?
    };
    in_range(at)
}

fn in_range(at: Instant) -> Result<Instant, TimestampError> {
    if (Instant::MIN..Instant::MAX).contains(&at) {
        Ok(at)
    } else {
        Err(TimestampError::Range)
    }
}

/// Reads a count since 1970, whose size shows its unit.
fn count(text: &str) -> Result<Instant, TimestampError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || fraction.contains('.') {
        return Err(TimestampError::Form);
    }
    if is_compact(whole) {
        return Err(TimestampError::Compact);
    }
    let number: i64 = whole.parse().map_err(|_| TimestampError::Range)?;
    let seconds = Instant::MAX.micros() / SECOND;
    let unit = [SECOND, 1000, 1]
        .into_iter()
        .find(|unit| number < seconds * (SECOND / unit))
        .ok_or(TimestampError::Range)?;
    let part = format!("{fraction:0<6}")[..6]
        .parse::<i64>()
        .map_err(|_| TimestampError::Form)?;
    Ok(Instant::from_micros(number * unit + part * unit / SECOND))
}

/// Returns whether digits read as `YYYYMMDD` or `YYYYMMDDhhmmss`.
fn is_compact(digits: &str) -> bool {
    if !matches!(digits.len(), 8 | 14) {
        return false;
    }
    let date = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    let time = digits
        .get(8..14)
        .is_none_or(|t| parse_time(&format!("{}:{}:{}", &t[..2], &t[2..4], &t[4..])).is_some());
    parse_date(&date).is_some() && time
}

/// Reads `2026-11-02T10:00:00Z`, the form nearly all files have, without further ado; nothing if it is not quite that.
fn utc(text: &[u8]) -> Option<Instant> {
    let [
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        rest @ ..,
    ] = text
    else {
        return None;
    };
    let two = |tens: &u8, ones: &u8| -> Option<i64> {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
    };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    // The 28th exists in every month; later days, and what is not a date at all, go the long way.
    if !(1970..2100).contains(&year) || !(1..=12).contains(&month) || !(1..=28).contains(&day) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let micros = match rest {
        b"Z" => 0,
        [b'.', a, b, c, b'Z'] => (two(&b'0', a)? * 100 + two(b, c)?) * 1000,
        _ => return None,
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Instant::from_micros(seconds * SECOND + micros))
}

/// Returns the days from 1970-01-01 to a date, counting years from March so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, TimestampError> {
        read(text, &Zone::named("America/New_York").unwrap()).map(Instant::rfc3339)
    }

    #[test]
    fn rfc_3339_and_local_times_are_read() {
        let ten = Ok("2026-11-02T10:00:00Z".to_owned());
        assert_eq!(shown("2026-11-02T10:00:00Z"), ten);
        assert_eq!(shown("2026-11-02T12:00:00+02:00"), ten);
        assert_eq!(shown("2026-11-02T12:00:00+0200"), ten);
        assert_eq!(shown(" 2026-11-02 05:00 "), ten);
        assert_eq!(
            shown("2026-11-02T10:00:00.1234567Z"),
            Ok("2026-11-02T10:00:00.123456Z".to_owned())
        );
    }

    #[test]
    fn counts_are_distinguished_by_their_size() {
        let ten = Ok("2026-05-01T10:00:00Z".to_owned());
        assert_eq!(shown("1777629600"), ten);
        assert_eq!(shown("1777629600000"), ten);
        assert_eq!(shown("1777629600000000"), ten);
        assert_eq!(
            shown("1777629600.25"),
            Ok("2026-05-01T10:00:00.250Z".to_owned())
        );
        assert_eq!(shown("0"), Ok("1970-01-01T00:00:00Z".to_owned()));
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        assert_eq!(shown("20261102"), Err(TimestampError::Compact));
        assert_eq!(shown("20261102100000"), Err(TimestampError::Compact));
        assert_eq!(shown("-1"), Err(TimestampError::Range));
        assert_eq!(shown("9999999999999999999"), Err(TimestampError::Range));
        assert_eq!(shown("1969-12-31T23:59:59Z"), Err(TimestampError::Range));
        assert_eq!(shown("2100-01-01T00:00:00Z"), Err(TimestampError::Range));
        assert_eq!(shown("2026-05-01T24:00:00Z"), Err(TimestampError::Form));
        assert_eq!(
            shown("2026-05-01T12:00:00+25:00"),
            Err(TimestampError::Form)
        );
        assert_eq!(shown("11/02/2026"), Err(TimestampError::Form));
        assert_eq!(shown(""), Err(TimestampError::Form));
        assert_eq!(shown("é"), Err(TimestampError::Form));
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let at = Instant::from_micros(random.i64(0..Instant::MAX.micros()) / 1000 * 1000);
            let text = at.rfc3339();
            assert_eq!(
                utc(text.as_bytes()).or_else(|| parse_datetime(&text, &Zone::utc())),
                Some(at),
                "{text}"
            );
        }
    }
}
