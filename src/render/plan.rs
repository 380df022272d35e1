//! A plan for people: what is defined anew, who comes in or goes and why, what else differs, and the guards.

use std::io::{self, Write};

use crate::domain::GuardName;
use crate::domain::text::counted;
use crate::results::{BeforeAfter, Plan, PlannedCause, PlannedGuard, PlannedWait};

use super::facts::{hanging, section};
use super::sheets::title;
use super::table::TableBlock;
use super::{CellStyle, Look, Sheet, TableCell, TableColumn, Tone};

impl Sheet for Plan {
    const KEYS: &'static [&'static str] = &[
        "change",
        "against",
        "at",
        "until",
        "definitions",
        "campaigns",
        "effects",
        "waiting",
        "mail",
        "guards",
        "not_evaluated",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        title(out, look, &self.change, &when(self, look))?;
        definitions(out, look, self)?;
        people(out, look, self)?;
        effects(out, look, self)?;
        waiting(out, look, &self.waiting)?;
        mail(out, look, self)?;
        guards(out, look, self)?;
        if is_empty(self) {
            writeln!(out, "\nnothing differs")?;
        }
        if !self.not_evaluated.is_empty() {
            section(out, look, "not evaluated, for want of --events")?;
            write!(out, "  ")?;
            hanging(out, look, 2, &self.not_evaluated.join(", "))?;
        }
        Ok(())
    }
}

/// Says with what a change is compared, and for when.
pub(super) fn when(plan: &Plan, look: &Look) -> String {
    let until = plan
        .until
        .map_or_else(String::new, |until| format!(" until {}", look.when(until)));
    format!("against {}, at {}{until}", plan.against, look.when(plan.at))
}

/// Returns whether the two sides are the same.
pub(super) fn is_empty(plan: &Plan) -> bool {
    plan.definitions.is_empty() && plan.campaigns.is_empty() && !plan.changes_people()
}

fn definitions(out: &mut impl Write, look: &Look, plan: &Plan) -> io::Result<()> {
    if plan.definitions.is_empty() {
        return Ok(());
    }
    section(out, look, "definitions")?;
    let mut table = TableBlock::new(vec![
        TableColumn::new("campaign", CellStyle::Text),
        TableColumn::new("change", CellStyle::Word),
        TableColumn::new("parts", CellStyle::Text),
    ]);
    for row in &plan.definitions {
        let cells = vec![
            TableCell::new(row.campaign.as_deref().unwrap_or("(workspace)")),
            TableCell::new(row.change.name()),
            TableCell::new(row.parts.join(", ")),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

fn people(out: &mut impl Write, look: &Look, plan: &Plan) -> io::Result<()> {
    if plan.campaigns.is_empty() {
        return Ok(());
    }
    section(out, look, "people")?;
    let mut table = TableBlock::new(vec![
        TableColumn::new("campaign", CellStyle::Text),
        TableColumn::new("before", CellStyle::Number),
        TableColumn::new("after", CellStyle::Number),
        TableColumn::new("+ in", CellStyle::Number),
        TableColumn::new("− out", CellStyle::Number),
        TableColumn::new("~ path", CellStyle::Number),
    ]);
    for row in &plan.campaigns {
        let cells = vec![
            TableCell::new(&row.campaign),
            TableCell::new(row.before),
            TableCell::new(row.after),
            TableCell::new(row.entering),
            TableCell::new(row.leaving),
            TableCell::new(row.path),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)?;
    for row in plan.campaigns.iter().filter(|row| !row.causes.is_empty()) {
        section(out, look, &row.campaign)?;
        for cause in &row.causes {
            let counts = counts(cause);
            write!(out, "  {counts}  ")?;
            let indent = counts.chars().count() + 4;
            hanging(out, look, indent, &words(cause))?;
            if !cause.people.is_empty() {
                write!(out, "{}", " ".repeat(indent))?;
                hanging(out, look, indent, &people_of(cause))?;
            }
        }
    }
    Ok(())
}

/// Returns how many people a cause lets in, keeps out and leads elsewhere: `+318`, `−2 ~5`.
pub(super) fn counts(cause: &PlannedCause) -> String {
    let counts = [
        ("+", cause.entering),
        ("−", cause.leaving),
        ("~", cause.path),
    ];
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(sign, count)| format!("{sign}{count}"))
        .collect();
    counts.join(" ")
}

/// Names people of a cause, as many as were asked for.
pub(super) fn people_of(cause: &PlannedCause) -> String {
    let all = cause.entering + cause.leaving + cause.path;
    let more = if all > cause.people.len() as u64 {
        ", …"
    } else {
        ""
    };
    format!("{}{more}", cause.people.join(", "))
}

/// Says where two sides first differ: `filter 2: lead score at least 40 (was at least 50)`.
pub(super) fn words(cause: &PlannedCause) -> String {
    let part = cause.part.replace('_', " ");
    let part = match &cause.number {
        Some(number) if ["smart list", "field", "list", "email"].contains(&part.as_str()) => {
            let of = if part == "email" { "step" } else { "filter" };
            format!("{of} {number}, {part}")
        }
        Some(number) => format!("{part} {number}"),
        None => part,
    };
    match (&cause.was, &cause.now) {
        (None, None) => part,
        (None, Some(by)) if cause.part == "campaign" => format!("started by {by}"),
        (Some(by), None) if cause.part == "campaign" => format!("no longer started by {by}"),
        (None, Some(now)) if cause.part == "definition" => format!("campaign {now}"),
        (None, Some(now)) => format!("{part}: {now} (added)"),
        (Some(was), None) => format!("{part}: {was} (removed)"),
        (Some(was), Some(now)) if was == now => format!("{part}: {now} (another value by then)"),
        (Some(was), Some(now)) => {
            let subject = cause.subject.as_deref();
            let was = match subject.and_then(|subject| was.strip_prefix(subject)) {
                Some(rest) if !rest.trim().is_empty() => rest.trim_start(),
                Some(_) | None => without_start(was, now),
            };
            format!("{part}: {now} (was {was})")
        }
    }
}

/// Leaves out the words with which two texts begin alike, where some are left in both.
fn without_start<'t>(text: &'t str, other: &str) -> &'t str {
    let mut start = 0;
    for (place, character) in text.char_indices() {
        let end = place + character.len_utf8();
        if other.get(..end) != Some(&text[..end]) {
            break;
        }
        if character == ' ' && end < text.len() && end < other.len() {
            start = end;
        }
    }
    &text[start..]
}

fn effects(out: &mut impl Write, look: &Look, plan: &Plan) -> io::Result<()> {
    if plan.effects.is_empty() {
        return Ok(());
    }
    section(out, look, "effects")?;
    let mut table = TableBlock::new(vec![
        TableColumn::new("effect", CellStyle::Word),
        TableColumn::new("name", CellStyle::Text),
        TableColumn::new("before", CellStyle::Number),
        TableColumn::new("after", CellStyle::Number),
    ]);
    for row in &plan.effects {
        let cells = vec![
            TableCell::new(row.effect.replace('_', " ")),
            TableCell::new(&row.name),
            TableCell::new(row.before),
            TableCell::new(row.after),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

fn waiting(out: &mut impl Write, look: &Look, waiting: &[PlannedWait]) -> io::Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    section(out, look, "people in waits now")?;
    for row in waiting {
        write!(out, "  ")?;
        hanging(out, look, 2, &wait_words(row))?;
    }
    Ok(())
}

/// Says what becomes of the people at one wait.
pub(super) fn wait_words(row: &PlannedWait) -> String {
    let people = counted(row.people, "person", "people");
    let to = match row.to {
        Some(step) => format!(", with step {step}"),
        None => String::new(),
    };
    format!(
        "{}, step {}: {people}: {}{to}",
        row.campaign,
        row.step,
        row.becomes.words()
    )
}

fn mail(out: &mut impl Write, look: &Look, plan: &Plan) -> io::Result<()> {
    let mail = &plan.mail;
    let counts = [mail.most_per_day, mail.most_per_7_days, mail.over_limit];
    if counts.iter().all(|count| count.before + count.after == 0) {
        return Ok(());
    }
    section(out, look, "mail")?;
    let rows = [
        ("most for one person on one day", mail.most_per_day),
        ("most for one person in 7 days", mail.most_per_7_days),
        ("people over a limit", mail.over_limit),
    ];
    for (name, count) in rows {
        writeln!(out, "  {name:<30}  {}", change(count))?;
    }
    Ok(())
}

/// Returns a number that may differ: `2`, or `1 → 2`.
pub(super) fn change(count: BeforeAfter) -> String {
    if count.before == count.after {
        count.after.to_string()
    } else {
        format!("{} → {}", count.before, count.after)
    }
}

fn guards(out: &mut impl Write, look: &Look, plan: &Plan) -> io::Result<()> {
    let shown = guards_shown(plan);
    if shown.is_empty() {
        return Ok(());
    }
    section(out, look, "guards")?;
    let mut table = TableBlock::new(vec![
        TableColumn::new("campaign", CellStyle::Text),
        TableColumn::new("guard", CellStyle::Word),
        TableColumn::new("limit", CellStyle::Text),
        TableColumn::new("actual", CellStyle::Text),
        TableColumn::new("", CellStyle::Word),
    ]);
    for row in shown {
        let (word, tone) = if row.holds {
            ("holds", Tone::Good)
        } else {
            ("broken", Tone::Bad)
        };
        let cells = vec![
            TableCell::new(&row.campaign),
            TableCell::new(row.guard.name()),
            TableCell::new(&row.limit),
            TableCell::new(&row.actual),
            TableCell::new(word).tone(tone),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

/// Returns the guards that are worth a line: broken ones, those of campaigns that differ, and those that are not of the size
/// alone.
pub(super) fn guards_shown(plan: &Plan) -> Vec<&PlannedGuard> {
    let differs = |guard: &PlannedGuard| {
        let mut campaigns = plan.campaigns.iter();
        campaigns.any(|row| row.campaign == guard.campaign)
    };
    let guards = plan.guards.iter();
    let guards = guards
        .filter(|guard| !guard.holds || guard.guard != GuardName::MaxPeople || differs(guard));
    guards.collect()
}
