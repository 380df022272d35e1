//! Days, times of day and weekdays, as schedules and waits write them.

use chrono::{NaiveDate, NaiveTime, Weekday};

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::domain::Duration;
use crate::domain::value::{parse_date, parse_time};
use crate::source::{Spanned, reader};
use crate::yaml::{Node, NodeKind};

/// The days of the week, as people write them.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

/// Reads a day: `2026-12-01`.
pub(super) fn date(
    text: Spanned<&str>,
    code: Code,
    diagnostics: &mut Diagnostics,
) -> Option<NaiveDate> {
    let day = parse_date(text.value);
    if day.is_none() {
        fault(
            text,
            code,
            "is not a day of the calendar",
            "2026-12-01",
            diagnostics,
        );
    }
    day
}

/// Reads a time of day: `09:00`.
pub(super) fn time(
    text: Spanned<&str>,
    code: Code,
    diagnostics: &mut Diagnostics,
) -> Option<NaiveTime> {
    let time = parse_time(text.value);
    if time.is_none() {
        fault(text, code, "is not a time of day", "09:00", diagnostics);
    }
    time
}

/// Reads a weekday, in English and in full.
pub(super) fn weekday(
    text: Spanned<&str>,
    code: Code,
    diagnostics: &mut Diagnostics,
) -> Option<Weekday> {
    let day = text.value.to_ascii_lowercase();
    let found = WEEKDAYS.iter().find(|(name, _)| *name == day);
    if found.is_none() {
        let help = did_you_mean(text.value, WEEKDAYS.map(|(name, _)| name))
            .unwrap_or_else(|| "write it in full: `monday`".to_owned());
        let message = format!("`{}` is not a weekday", text.value);
        diagnostics.push(Diagnostic::new(code, text.span, message).help(help));
    }
    found.map(|(_, day)| *day)
}

/// Reads a list of weekdays, or a single one; in order of the week, each once.
pub(super) fn weekdays(node: &Node, code: Code, diagnostics: &mut Diagnostics) -> Vec<Weekday> {
    let one = std::slice::from_ref(node);
    let entries = match &node.kind {
        NodeKind::Scalar { .. } => one,
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Null => {
            reader::list(node, "weekdays", diagnostics).unwrap_or_default()
        }
    };
    let mut days: Vec<Weekday> = entries
        .iter()
        .filter_map(|entry| {
            let text = reader::text(entry, "weekdays", diagnostics)?;
            weekday(text, code, diagnostics)
        })
        .collect();
    days.sort_by_key(Weekday::num_days_from_monday);
    days.dedup();
    days
}

/// Reads a duration: `3 days`.
pub(super) fn duration(text: Spanned<&str>, diagnostics: &mut Diagnostics) -> Option<Duration> {
    match Duration::parse(text.value) {
        Ok(duration) => Some(duration),
        Err(help) => {
            let message = format!("`{}` is not a duration", text.value);
            let fault = Diagnostic::new(Code::BadDuration, text.span, message);
            diagnostics.push(fault.help(help));
            None
        }
    }
}

fn fault(
    text: Spanned<&str>,
    code: Code,
    wrong: &str,
    example: &str,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("`{}` {wrong}", text.value);
    diagnostics
        .push(Diagnostic::new(code, text.span, message).help(format!("write it as `{example}`")));
}
