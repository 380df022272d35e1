//! The schedule as iCalendar (RFC 5545), for calendar programs.
//!
//! One event an occurrence, in UTC, so that no rule of a zone has to be repeated. Nothing depends on the moment of
//! the export: the same schedule gives the same bytes, and a program that subscribes knows each event again.

use std::io::{self, Write};

use crate::domain::Instant;
use crate::results::{OccurrenceRow, ScheduleView};

/// Octets in a line, its end not counted.
const LINE: usize = 75;

/// Writes the calendar.
pub(crate) fn write(out: &mut impl Write, view: &ScheduleView) -> io::Result<()> {
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//bugle//campaign schedule//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ] {
        line(out, text)?;
    }
    let mut occurrences: Vec<&OccurrenceRow> = view.occurrences.iter().collect();
    occurrences.sort_by(|a, b| (a.at, &a.campaign).cmp(&(b.at, &b.campaign)));
    for occurrence in occurrences {
        event(out, occurrence)?;
    }
    line(out, "END:VCALENDAR")
}

fn event(out: &mut impl Write, occurrence: &OccurrenceRow) -> io::Result<()> {
    let summary = if occurrence.sends_email {
        format!("✉ {}", occurrence.campaign)
    } else {
        occurrence.campaign.clone()
    };
    line(out, "BEGIN:VEVENT")?;
    line(out, &format!("UID:{}", occurrence.uid))?;
    line(
        out,
        &format!("DTSTAMP:{}", stamp(occurrence.scheduled_from)),
    )?;
    line(out, &format!("DTSTART:{}", stamp(occurrence.at)))?;
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
