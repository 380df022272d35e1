//! The schedule as iCalendar (RFC 5545), for calendar programs.
//!
//! One event a rule, in the civil time of its zone, whose changes of the clock are written beside it; what a change of
//! the clock skips or repeats is an event of its own in UTC. The same schedule gives the same bytes at any moment, and a
//! program that subscribes knows each event again.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDateTime;

use crate::domain::{Instant, OffsetChange, Zone};
use crate::results::{OccurrenceRow, Recurrence, RuleEvent, RuleRow, ScheduleView};

/// Octets in a line, its end not counted.
const LINE: usize = 75;

/// How long a run is shown: long enough to be seen in a calendar.
const DURATION: &str = "DURATION:PT15M";

/// What programs call the calendar.
const NAME: &str = "Campaigns";

/// Writes the calendar.
pub(crate) fn write(out: &mut impl Write, view: &ScheduleView, home: &Zone) -> io::Result<()> {
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//bugle//campaign schedule//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        &format!("NAME:{NAME}"),
        &format!("X-WR-CALNAME:{NAME}"),
        &format!("X-WR-TIMEZONE:{}", home.name()),
    ] {
        line(out, text)?;
    }
    zones(out, view)?;
    let mut rules: Vec<&RuleRow> = view.rules.iter().collect();
    rules.sort_by(|a, b| (a.first.at, &a.first.campaign).cmp(&(b.first.at, &b.first.campaign)));
    for rule in rules {
        for one in &rule.events {
            match one {
                RuleEvent::Repeated(recurrence) => repeated(out, rule, recurrence)?,
                RuleEvent::Apart(occurrence) => {
                    let start = format!("DTSTART:{}", stamp(occurrence.at));
                    event(out, occurrence, &occurrence.uid, &[start])?;
                }
            }
        }
    }
    line(out, "END:VCALENDAR")
}

/// Writes the event of a rule.
fn repeated(out: &mut impl Write, row: &RuleRow, recurrence: &Recurrence) -> io::Result<()> {
    let mut times = vec![start(recurrence.start, &row.zone)];
    if let Some(rule) = &recurrence.rule {
        times.push(format!("RRULE:{rule};UNTIL={}", stamp(recurrence.until)));
    }
    event(out, &row.first, &recurrence.uid, &times)
}

/// Returns the beginning of an event in the civil time of a zone.
fn start(time: NaiveDateTime, zone: &Zone) -> String {
    let time = time.format("%Y%m%dT%H%M%S");
    if *zone == Zone::utc() {
        format!("DTSTART:{time}Z")
    } else {
        format!("DTSTART;TZID={}:{time}", zone.name())
    }
}

fn event(
    out: &mut impl Write,
    occurrence: &OccurrenceRow,
    uid: &str,
    times: &[String],
) -> io::Result<()> {
    let summary = if occurrence.sends_email {
        format!("✉ {}", occurrence.campaign)
    } else {
        occurrence.campaign.clone()
    };
    line(out, "BEGIN:VEVENT")?;
    line(out, &format!("UID:{uid}"))?;
    line(
        out,
        &format!("DTSTAMP:{}", stamp(occurrence.scheduled_from)),
    )?;
    for time in times {
        line(out, time)?;
    }
    line(out, DURATION)?;
    line(out, &format!("SUMMARY:{}", escaped(&summary)))?;
    if !occurrence.steps.is_empty() {
        let steps = escaped(&occurrence.steps.join("\n"));
        line(out, &format!("DESCRIPTION:{steps}"))?;
    }
    if let Some(program) = &occurrence.program {
        line(out, &format!("CATEGORIES:{}", escaped(program)))?;
    }
    line(out, "TRANSP:TRANSPARENT")?;
    line(out, "END:VEVENT")
}

/// Writes the zones of all rules, each with its changes from the first occurrence to the last.
fn zones(out: &mut impl Write, view: &ScheduleView) -> io::Result<()> {
    let mut zones: BTreeMap<&str, (&Zone, Instant, Instant)> = BTreeMap::new();
    for rule in &view.rules {
        let (zone, from, until) = (&rule.zone, rule.first.at, rule.until);
        let known = zones.entry(zone.name()).or_insert((zone, from, until));
        (known.1, known.2) = (known.1.min(from), known.2.max(until));
    }
    for (name, (zone, from, until)) in zones {
        if *zone == Zone::utc() {
            continue;
        }
        line(out, "BEGIN:VTIMEZONE")?;
        line(out, &format!("TZID:{name}"))?;
        for change in zone.offset_changes(from, until) {
            zone_change(out, &change)?;
        }
        line(out, "END:VTIMEZONE")?;
    }
    Ok(())
}

fn zone_change(out: &mut impl Write, change: &OffsetChange) -> io::Result<()> {
    let kind = if change.is_daylight {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    let second = 1_000_000;
    let onset = change
        .at
        .plus_micros(i64::from(change.before) * second)
        .utc();
    line(out, &format!("BEGIN:{kind}"))?;
    line(out, &format!("DTSTART:{}", onset.format("%Y%m%dT%H%M%S")))?;
    line(out, &format!("TZOFFSETFROM:{}", offset(change.before)))?;
    line(out, &format!("TZOFFSETTO:{}", offset(change.after)))?;
    line(out, &format!("TZNAME:{}", escaped(&change.name)))?;
    line(out, &format!("END:{kind}"))
}

/// Returns an offset in seconds as iCalendar writes it: `-0800`.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.unsigned_abs();
    let (hours, minutes, rest) = (all / 3600, all / 60 % 60, all % 60);
    if rest == 0 {
        format!("{sign}{hours:02}{minutes:02}")
    } else {
        format!("{sign}{hours:02}{minutes:02}{rest:02}")
    }
}

/// Returns an instant as iCalendar writes UTC.
fn stamp(at: Instant) -> String {
    at.utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// Escapes text; control characters, which iCalendar does not allow, become blanks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Writes one line, folded where it is too long, never within a character.
fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut rest = text;
    let mut room = LINE;
    while rest.len() > room {
        let mut cut = room;
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        write!(out, "{}\r\n ", &rest[..cut])?;
        rest = &rest[cut..];
        // The blank that a folded line begins with counts.
        room = LINE - 1;
    }
    write!(out, "{rest}\r\n")
}
