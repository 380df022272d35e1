//! `schedule:` of a batch campaign.

use chrono::{Datelike, NaiveDateTime};

use crate::campaign::{MonthDay, Repeat, Schedule};
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::value::{parse_civil, parse_date};
use crate::source::{MapReader, Spanned, reader};
use crate::yaml::{MapEntry, Node};

use super::draft::Draft;
use super::{settings, times};

/// The values of `repeat:`.
pub(super) const REPEATS: [&str; 4] = ["once", "daily", "weekly", "monthly"];

/// What stands under `schedule:`.
struct WrittenSchedule<'a> {
    span: Span,
    repeat: &'a str,
    every: Option<Spanned<u64>>,
    weekdays_only: Option<Spanned<bool>>,
    weekdays: Option<&'a Node>,
    day_of_month: Option<Spanned<u64>>,
    on_the: Option<&'a Node>,
}

/// Compiles a schedule, and reports one that never runs.
pub(super) fn compile(entry: &MapEntry, draft: &mut Draft) -> Option<Schedule> {
    let diagnostics = &mut draft.diagnostics;
    let mut keys = MapReader::open(&entry.value, "a schedule", diagnostics)?;
    let first_run = keys.required("first_run", diagnostics);
    let repeat = keys.text("repeat", diagnostics);
    let written = WrittenSchedule {
        span: entry.key_span,
        repeat: repeat.map_or("once", |text| text.value),
        every: keys.whole_number("every", diagnostics),
        weekdays_only: keys.boolean("weekdays_only", diagnostics),
        weekdays: keys.value("weekdays", diagnostics),
        day_of_month: keys.whole_number("day_of_month", diagnostics),
        on_the: keys.value("on_the", diagnostics),
    };
    let ends = keys.text("ends", diagnostics);
    let time_zone = keys.text("time_zone", diagnostics);
    keys.close(diagnostics);
    let first_run = first_run.and_then(|node| reader::text(node, "first_run", diagnostics));
    let ends = ends.map(|text| times::date(text, Code::BadSchedule, diagnostics));
    let first_run = first_run.and_then(|text| self::first_run(text, draft));
    let zone = match time_zone {
        Some(name) => settings::zone(name, draft),
        None => Some(draft.workspace.zone.clone()),
    };
    let repeat = self::repeat(&written, repeat, first_run, draft);
    let (first_run, ends) = (first_run?, ends.map_or(Some(None), |day| day.map(Some))?);
    let schedule = Schedule {
        first_day: first_run.date(),
        time: first_run.time(),
        repeat: repeat?,
        ends,
        zone: zone?,
    };
    if schedule
        .occurrences(draft.workspace.week_start)
        .next()
        .is_none()
    {
        draft.diagnostics.fault_with(
            Code::BadSchedule,
            entry.key_span,
            "this schedule never runs",
            "look at `ends`, and at the days that `first_run` and `every` leave",
        );
    }
    Some(schedule)
}

/// Reads the first run: a day and a time of day.
fn first_run(text: Spanned<&str>, draft: &mut Draft) -> Option<NaiveDateTime> {
    let civil = parse_civil(text.value);
    if civil.is_none() {
        let message = if parse_date(text.value).is_some() {
            format!("`first_run` needs a time of day beside `{}`", text.value)
        } else {
            format!("`{}` is not a day and a time of day", text.value)
        };
        let help = "write it as `2026-12-01 09:00`; the zone goes into `time_zone`";
        draft
            .diagnostics
            .fault_with(Code::BadSchedule, text.span, message, help);
    }
    civil
}

fn repeat(
    written: &WrittenSchedule<'_>,
    name: Option<Spanned<&str>>,
    first_run: Option<NaiveDateTime>,
    draft: &mut Draft,
) -> Option<Repeat> {
    let every = every(written, draft);
    belongs(written, draft);
    match written.repeat {
        "once" => Some(Repeat::Once),
        "daily" => Some(Repeat::Daily {
            every: every?,
            weekdays_only: written.weekdays_only.is_some_and(|flag| flag.value),
        }),
        "weekly" => Some(Repeat::Weekly {
            every: every?,
            weekdays: match written.weekdays {
                Some(node) => times::weekdays(node, Code::BadSchedule, &mut draft.diagnostics),
                None => vec![first_run?.weekday()],
            },
        }),
        "monthly" => Some(Repeat::Monthly {
            every: every?,
            day: month_day(written, first_run, draft)?,
        }),
        other => {
            let help = did_you_mean(other, REPEATS)
                .unwrap_or_else(|| format!("write one of {}", REPEATS.join(", ")));
            let message = format!("a schedule cannot repeat `{other}`");
            let span = name.map_or(written.span, |name| name.span);
            draft
                .diagnostics
                .fault_with(Code::BadSchedule, span, message, help);
            None
        }
    }
}

fn every(written: &WrittenSchedule<'_>, draft: &mut Draft) -> Option<u32> {
    let Some(every) = written.every else {
        return Some(1);
    };
    let number = u32::try_from(every.value).ok();
    let number = number.filter(|number| (1..=1000).contains(number));
    if number.is_none() {
        let message = format!("`every` is from 1 to 1000, not {}", every.value);
        draft
            .diagnostics
            .fault(Code::BadSchedule, every.span, message);
    }
    number
}

/// Reports keys that belong to another way of repeating.
fn belongs(written: &WrittenSchedule<'_>, draft: &mut Draft) {
    let weekdays_only = written.weekdays_only.map(|flag| flag.span);
    let day_of_month = written.day_of_month.map(|number| number.span);
    let keys: [(&str, &[&str], Option<Span>); 5] = [
        (
            "every",
            &["daily", "weekly", "monthly"],
            written.every.map(|every| every.span),
        ),
        ("weekdays_only", &["daily"], weekdays_only),
        (
            "weekdays",
            &["weekly"],
            written.weekdays.map(|node| node.span),
        ),
        ("day_of_month", &["monthly"], day_of_month),
        ("on_the", &["monthly"], written.on_the.map(|node| node.span)),
    ];
    for (key, repeats, span) in keys {
        if let Some(span) = span
            && REPEATS.contains(&written.repeat)
            && !repeats.contains(&written.repeat)
        {
            let message = format!("`{key}` does not go with `repeat: {}`", written.repeat);
            let help = format!("it goes with `repeat: {}`", repeats.join("`, `repeat: "));
            draft
                .diagnostics
                .fault_with(Code::BadSchedule, span, message, help);
        }
    }
}

/// Reads the day of the month: `day_of_month`, `on_the`, else that of the first run.
fn month_day(
    written: &WrittenSchedule<'_>,
    first_run: Option<NaiveDateTime>,
    draft: &mut Draft,
) -> Option<MonthDay> {
    if let (Some(_), Some(node)) = (written.day_of_month, written.on_the) {
        let message = "a schedule has either `day_of_month` or `on_the`, not both";
        draft
            .diagnostics
            .fault(Code::BadSchedule, node.span, message);
        return None;
    }
    if let Some(node) = written.on_the {
        return on_the(node, draft);
    }
    let Some(day) = written.day_of_month else {
        return Some(MonthDay::Day(first_run?.day()));
    };
    let number = u32::try_from(day.value).ok();
    let number = number.filter(|number| (1..=31).contains(number));
    if number.is_none() {
        let message = format!("no month has a day {}", day.value);
        draft
            .diagnostics
            .fault(Code::BadSchedule, day.span, message);
    }
    number.map(MonthDay::Day)
}

/// Reads `{ week: 2, weekday: tuesday }`.
fn on_the(node: &Node, draft: &mut Draft) -> Option<MonthDay> {
    let diagnostics = &mut draft.diagnostics;
    let mut keys = MapReader::open(node, "`on_the`", diagnostics)?;
    let week = keys.required("week", diagnostics);
    let weekday = keys.required("weekday", diagnostics);
    keys.close(diagnostics);
    let week = week.and_then(|node| week_number(node, diagnostics));
    let weekday = weekday.and_then(|node| reader::text(node, "weekday", diagnostics));
    let weekday = weekday.and_then(|text| times::weekday(text, Code::BadSchedule, diagnostics));
    let week = week?;
    let number = u32::try_from(week.value).ok();
    let number = number.filter(|number| (1..=4).contains(number));
    if number.is_none() {
        let message = format!("`week` is from 1 to 4, not {}", week.value);
        draft
            .diagnostics
            .fault(Code::BadSchedule, week.span, message);
    }
    Some(MonthDay::Weekday {
        week: number?,
        weekday: weekday?,
    })
}

/// Reads which week of the month is meant; the last one is not a week that every month counts alike.
fn week_number(node: &Node, diagnostics: &mut Diagnostics) -> Option<Spanned<u64>> {
    if let Some(text) = node.as_scalar()
        && ["last", "-1", "5", "fifth"].contains(&text.to_ascii_lowercase().as_str())
    {
        let message = format!("`week` is from 1 to 4, not `{text}`");
        let help = "not every month has a fifth week: write `week: 4`, or `day_of_month: 31` \
                    for the last day of each month";
        diagnostics.push(Diagnostic::new(Code::BadSchedule, node.span, message).help(help));
        return None;
    }
    reader::whole_number(node, "week", diagnostics)
}
