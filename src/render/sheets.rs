//! Summaries for people: counts under their names, and each step's funnel.

use std::io::{self, Write};

use crate::results::{
    AdvanceSummary, CampaignCounts, CodePage, CountRow, ExportSummary, GuardRow, InitSummary,
    Rehearsed, ReplaySummary, RunSummary,
};

use super::facts::{hanging, strong};
use super::table::TableBlock;
use super::{CellStyle, Colour, Look, Sheet, TableCell, TableColumn, Tone};
use crate::diagnostic::visible::visible;
use crate::domain::text::counted;
use crate::domain::{GuardName, StepCount};

impl Sheet for RunSummary {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "run_id",
        "matched",
        "excluded",
        "qualified",
        "blocked",
        "waiting",
        "finished",
        "steps",
        "blocked_by",
        "cut",
        "dry_run",
        "until",
        "campaigns",
        "guards",
        "allowed",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let run = self
            .run_id
            .map_or_else(|| "dry run".to_owned(), |run| format!("run {run}"));
        let rehearsed = self.rehearsed.as_ref();
        let run = match rehearsed {
            Some(rehearsed) => format!("{run} until {}", look.when(rehearsed.until)),
            None => run,
        };
        title(out, look, &self.campaign, &run)?;
        let run = &self.counts;
        let reasons: Vec<String> = run
            .blocked
            .iter()
            .map(|(reason, count)| format!("{count} {reason}"))
            .collect();
        counts(
            out,
            &[
                ("matched", run.matched, "by the smart list"),
                ("excluded", run.excluded, "by the qualification rule"),
                ("qualified", run.qualified, ""),
                ("blocked", run.blocked_people, &reasons.join(", ")),
                ("waiting", run.waiting, ""),
                ("finished", run.finished, ""),
            ],
        )?;
        if run.cut > 0 {
            counts(out, &[("cut", run.cut, "by the cascade limit")])?;
        }
        // That of the size alone is seen from the counts.
        let others = |row: &GuardRow| row.guard != GuardName::MaxPeople;
        if self.is_dry && self.guards.iter().any(others) {
            guards(out, look, &self.guards)?;
        }
        if run.steps.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
        let mut steps = TableBlock::new(vec![
            TableColumn::new("step", CellStyle::Number),
            TableColumn::new("name", CellStyle::Text),
            TableColumn::new("succeeded", CellStyle::Number),
            TableColumn::new("skipped", CellStyle::Number),
            TableColumn::new("failed", CellStyle::Number),
        ]);
        for step in &run.steps {
            let cells = vec![
                TableCell::new(step.step),
                TableCell::new(&step.name),
                TableCell::new(step.succeeded),
                TableCell::new(step.skipped),
                TableCell::new(step.failed),
            ];
            steps.push(out, look, cells)?;
        }
        steps.finish(out, look)?;
        match rehearsed {
            Some(rehearsed) => follow(out, look, &run.steps, rehearsed),
            None => Ok(()),
        }
    }
}

/// Writes what each guard of a run allows and what is.
fn guards(out: &mut impl Write, look: &Look, guards: &[GuardRow]) -> io::Result<()> {
    if guards.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = TableBlock::new(vec![
        TableColumn::new("guard", CellStyle::Word),
        TableColumn::new("limit", CellStyle::Text),
        TableColumn::new("actual", CellStyle::Text),
        TableColumn::new("", CellStyle::Word),
    ]);
    for guard in guards {
        let (word, tone) = if guard.holds {
            ("holds", Tone::Good)
        } else {
            ("broken", Tone::Bad)
        };
        let cells = vec![
            TableCell::new(guard.guard.name()),
            TableCell::new(&guard.limit),
            TableCell::new(&guard.actual),
            TableCell::new(word).tone(tone),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

/// Writes whom the waits of a dry run held, and what happened on the way in each campaign.
fn follow(
    out: &mut impl Write,
    look: &Look,
    steps: &[StepCount],
    rehearsed: &Rehearsed,
) -> io::Result<()> {
    let mut waits = TableBlock::new(vec![
        TableColumn::new("step", CellStyle::Number),
        TableColumn::new("name", CellStyle::Text),
        TableColumn::new("waited", CellStyle::Number),
        TableColumn::new("first wake-up", CellStyle::Word),
        TableColumn::new("last wake-up", CellStyle::Word),
    ]);
    let held = steps.iter().zip(&rehearsed.waits);
    let held: Vec<_> = held
        .filter_map(|(step, wait)| Some((step, (*wait)?)))
        .collect();
    if !held.is_empty() {
        writeln!(out)?;
        for (step, wait) in held {
            let cells = vec![
                TableCell::new(step.step),
                TableCell::new(&step.name),
                TableCell::new(wait.waited),
                TableCell::new(look.maybe_when(wait.first_wake)),
                TableCell::new(look.maybe_when(wait.last_wake)),
            ];
            waits.push(out, look, cells)?;
        }
        waits.finish(out, look)?;
    }
    campaigns(out, look, &rehearsed.campaigns)
}

impl Sheet for ReplaySummary {
    const KEYS: &'static [&'static str] = &[
        "read",
        "taken",
        "already_taken",
        "late",
        "unknown_person",
        "unknown_type",
        "skipped_effects",
        "rejected",
        "entries",
        "waits",
        "runs",
        "cut",
        "campaigns",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        counts(
            out,
            &[
                ("read", self.read, "events"),
                ("taken", self.taken, "into logs"),
                ("already taken", self.already_taken, ""),
                ("late", self.late, "taken, though before the watermark"),
                ("unknown person", self.unknown_person, "set aside"),
                ("unknown type", self.unknown_type, "set aside"),
                (
                    "skipped effects",
                    self.skipped_effects,
                    "made by loaded campaigns",
                ),
                ("rejected", self.rejected, "malformed lines"),
                ("entries", self.entries, "into campaigns"),
                ("waits", self.waits, "ended on the way"),
                ("runs", self.runs, "scheduled, on the way"),
                ("cut", self.cut, "by the cascade limit"),
            ],
        )?;
        campaigns(out, look, &self.campaigns)
    }
}

impl Sheet for AdvanceSummary {
    const KEYS: &'static [&'static str] = &[
        "waits",
        "runs",
        "entries",
        "watermark",
        "cut",
        "refused",
        "campaigns",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        counts(
            out,
            &[
                ("waits", self.waits, "ended"),
                ("runs", self.runs, "of scheduled campaigns"),
                ("entries", self.entries, "into campaigns"),
                ("cut", self.cut, "by the cascade limit"),
                ("refused", self.refused, "by a guard"),
            ],
        )?;
        if let Some(at) = self.watermark {
            writeln!(out, "{:<NAME$}  {}", "watermark", look.when(at))?;
        }
        campaigns(out, look, &self.campaigns)
    }
}

impl Sheet for ExportSummary {
    const KEYS: &'static [&'static str] =
        &["to", "messages", "written", "already_there", "set_aside"];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        title(out, look, &self.to, "")?;
        counts(
            out,
            &[
                ("messages", self.messages, ""),
                ("written", self.written, ""),
                ("already there", self.already_there, ""),
                ("set aside", self.set_aside, "not fit for a header"),
            ],
        )
    }
}

impl Sheet for InitSummary {
    const KEYS: &'static [&'static str] = &["folder", "files", "next"];

    fn write(&self, out: &mut impl Write, _look: &Look) -> io::Result<()> {
        let count = counted(self.files.len() as u64, "file", "files");
        writeln!(out, "wrote {count} into `{}`", visible(&self.folder))?;
        for file in &self.files {
            writeln!(out, "  {file}")?;
        }
        writeln!(out, "\nnext:")?;
        for command in &self.next {
            writeln!(out, "  {}", visible(command))?;
        }
        Ok(())
    }
}

impl Sheet for CodePage {
    const KEYS: &'static [&'static str] = &["code", "severity", "meaning", "page"];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        title(out, look, &format!("{}[{}]", self.severity, self.code), "")?;
        hanging(out, look, 0, self.meaning)?;
        for piece in self.page.split("\n\n") {
            writeln!(out)?;
            let is_example = piece.starts_with(' ');
            let lines = piece.trim_end_matches('\n');
            if is_example || look.width.is_none() {
                writeln!(out, "{lines}")?;
            } else {
                hanging(out, look, 0, &lines.replace('\n', " "))?;
            }
        }
        Ok(())
    }
}

impl Sheet for CountRow {
    const KEYS: &'static [&'static str] = &["count"];

    fn write(&self, out: &mut impl Write, _look: &Look) -> io::Result<()> {
        writeln!(out, "{}", self.count)
    }
}

/// One count of a campaign's row.
type Count = fn(&CampaignCounts) -> u64;

/// Writes a row for each campaign that was evaluated. Columns of rare outcomes are left out where they are empty.
fn campaigns(out: &mut impl Write, look: &Look, rows: &[CampaignCounts]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rare: [(&str, Count); 3] = [
        ("removed", |row| row.removed),
        ("cut", |row| row.cut),
        ("refused", |row| row.refused),
    ];
    let always: [(&str, Count); 6] = [
        ("triggered", |row| row.triggered),
        ("filters", |row| row.filters),
        ("excluded", |row| row.excluded),
        ("entered", |row| row.entered),
        ("waiting", |row| row.waiting),
        ("finished", |row| row.finished),
    ];
    let rare = rare
        .into_iter()
        .filter(|(_, count)| rows.iter().any(|row| count(row) > 0));
    let columns: Vec<(&str, Count)> = always.into_iter().chain(rare).collect();
    writeln!(out)?;
    let mut titles = vec![TableColumn::new("campaign", CellStyle::Text)];
    titles.extend(
        columns
            .iter()
            .map(|(name, _)| TableColumn::new(name, CellStyle::Number)),
    );
    let mut table = TableBlock::new(titles);
    for row in rows {
        let mut cells = vec![TableCell::new(&row.campaign)];
        cells.extend(columns.iter().map(|(_, count)| TableCell::new(count(row))));
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

/// The width of the names before counts.
const NAME: usize = 15;

/// Writes counts under each other, each with its name before it and a remark after it where it is not 0.
pub(super) fn counts(out: &mut impl Write, counts: &[(&str, u64, &str)]) -> io::Result<()> {
    for (name, count, remark) in counts {
        let remark = if *count == 0 { "" } else { remark };
        let line = format!("{name:<NAME$}  {count:>9}  {}", visible(remark));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes the heading of a sheet and a remark behind it.
pub(super) fn title(out: &mut impl Write, look: &Look, text: &str, remark: &str) -> io::Result<()> {
    let line = format!("{}  {}", strong(text, look), visible(remark));
    writeln!(out, "{}", line.trim_end())
}

/// Returns a word of a tone.
pub(super) fn toned(word: &str, tone: Tone, look: &Look) -> String {
    let colour = match tone {
        Tone::Plain => None,
        Tone::Good => Some(anstyle::AnsiColor::Green),
        Tone::Doubtful => Some(anstyle::AnsiColor::Yellow),
        Tone::Bad => Some(anstyle::AnsiColor::Red),
        Tone::Faint => Some(anstyle::AnsiColor::BrightBlack),
    };
    match (look.colour, colour) {
        (Colour::Always, Some(colour)) => {
            let style = colour.on_default();
            format!("{style}{word}{style:#}")
        }
        (Colour::Always | Colour::Never, _) => word.to_owned(),
    }
}
