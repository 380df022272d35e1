//! A plan as the comment of a pull request, in Markdown.

use std::io::{self, Write};

use crate::diagnostic::visible::visible;
use crate::results::Plan;

use super::Look;
use super::plan::{change, counts, guards_shown, is_empty, people_of, wait_words, when, words};

/// Writes a plan.
pub(crate) fn plan(out: &mut impl Write, look: &Look, plan: &Plan) -> io::Result<()> {
    writeln!(out, "## Plan for {}\n", code(&plan.change))?;
    writeln!(out, "{}.", text(&when(plan, look)))?;
    if is_empty(plan) {
        writeln!(out, "\nNothing differs.")?;
    }
    if plan.breaks_a_guard() {
        writeln!(out, "\n**A guard is broken: this would be refused.**")?;
    }
    if !plan.campaigns.is_empty() {
        let titles = ["campaign", "before", "after", "+ in", "− out", "~ path"];
        let rows = plan.campaigns.iter().map(|row| {
            let counts = [row.before, row.after, row.entering, row.leaving, row.path];
            let counts = counts.map(|count| count.to_string());
            [vec![row.campaign.clone()], counts.to_vec()].concat()
        });
        table(out, "People", &titles, rows)?;
        for row in plan.campaigns.iter().filter(|row| !row.causes.is_empty()) {
            writeln!(out, "\n{}:\n", text(&row.campaign))?;
            for cause in &row.causes {
                let people = if cause.people.is_empty() {
                    String::new()
                } else {
                    format!(": {}", people_of(cause))
                };
                let line = format!("{}{people}", words(cause));
                writeln!(out, "- **{}** {}", counts(cause), text(&line))?;
            }
        }
    }
    if !plan.effects.is_empty() {
        let rows = plan.effects.iter().map(|row| {
            let counts = [row.before.to_string(), row.after.to_string()];
            [
                vec![row.effect.replace('_', " "), row.name.clone()],
                counts.to_vec(),
            ]
            .concat()
        });
        table(out, "Effects", &["effect", "name", "before", "after"], rows)?;
    }
    if !plan.waiting.is_empty() {
        writeln!(out, "\n### People in waits now\n")?;
        for row in &plan.waiting {
            writeln!(out, "- {}", text(&wait_words(row)))?;
        }
    }
    mail(out, plan)?;
    let guards = guards_shown(plan);
    if !guards.is_empty() {
        let rows = guards.into_iter().map(|row| {
            let holds = if row.holds { "holds" } else { "**broken**" };
            vec![
                row.campaign.clone(),
                row.guard.name().to_owned(),
                row.limit.clone(),
                row.actual.clone(),
                holds.to_owned(),
            ]
        });
        let titles = ["campaign", "guard", "limit", "actual", ""];
        table(out, "Guards", &titles, rows)?;
    }
    if !plan.definitions.is_empty() {
        let rows = plan.definitions.iter().map(|row| {
            vec![
                row.campaign
                    .clone()
                    .unwrap_or_else(|| "(workspace)".to_owned()),
                row.change.name().to_owned(),
                row.parts.join(", "),
            ]
        });
        table(out, "Definitions", &["campaign", "change", "parts"], rows)?;
    }
    if !plan.not_evaluated.is_empty() {
        let names = plan.not_evaluated.join(", ");
        writeln!(
            out,
            "\nNot evaluated, for want of events: {}.",
            text(&names)
        )?;
    }
    Ok(())
}

fn mail(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let mail = &plan.mail;
    let counts = [mail.most_per_day, mail.most_per_7_days, mail.over_limit];
    if counts.iter().all(|count| count.before + count.after == 0) {
        return Ok(());
    }
    let [day, week, over] = counts.map(change);
    writeln!(out, "\n### Mail\n")?;
    writeln!(out, "- most for one person on one day: {day}")?;
    writeln!(out, "- most for one person in 7 days: {week}")?;
    writeln!(out, "- people over a limit: {over}")
}

fn table(
    out: &mut impl Write,
    title: &str,
    titles: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> io::Result<()> {
    writeln!(out, "\n### {title}\n")?;
    writeln!(out, "| {} |", titles.join(" | "))?;
    let lines: Vec<&str> = titles.iter().map(|title| line(title)).collect();
    writeln!(out, "| {} |", lines.join(" | "))?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell_text(cell)).collect();
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// Numbers stand to the right.
fn line(title: &str) -> &'static str {
    match title {
        "before" | "after" | "+ in" | "− out" | "~ path" => "---:",
        _ => "---",
    }
}

/// What is bold already is our own.
fn cell_text(cell: &str) -> String {
    if cell == "**broken**" {
        return cell.to_owned();
    }
    text(cell)
}

/// Returns text in which nothing is markup.
fn text(text: &str) -> String {
    let mut safe = String::new();
    for character in visible(text).chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '@' | '&'
        ) {
            safe.push('\\');
        }
        safe.push(if character == '\n' { ' ' } else { character });
    }
    safe
}

fn code(name: &str) -> String {
    if name.contains('`') {
        return text(name);
    }
    format!("`{}`", visible(name))
}
