//! The schedule for people: a calendar of each month, then each program's occurrences.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{Datelike, Months, NaiveDate, Weekday};

use crate::results::{CampaignDetail, OccurrenceRow, RuleRow, ScheduleView, WeekBegins};

use super::facts::{facts, section, strong};
use super::flow;
use super::table::TableBlock;
use super::{CellStyle, Look, TableCell, TableColumn, TableRow};

/// Marks a day on which a campaign runs.
const RUN: char = '•';
/// Marks a day, and an occurrence, on which email is sent.
const EMAIL: char = '✉';

impl TableRow for OccurrenceRow {
    const KEYS: &'static [&'static str] = &[
        "at",
        "campaign",
        "mode",
        "program",
        "local",
        "time_zone",
        "rule",
        "sends_email",
        "steps",
        "scheduled_from",
        "uid",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("when", CellStyle::Word),
        TableColumn::new("", CellStyle::Word),
        TableColumn::new("campaign", CellStyle::Text),
        TableColumn::new("steps up to the first wait", CellStyle::Text),
    ];

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(look.when(self.at)),
            TableCell::new(if self.sends_email { EMAIL } else { RUN }),
            TableCell::new(&self.campaign),
            TableCell::new(self.steps.join("; ")),
        ]
    }
}

/// What the tables of a schedule have lines for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScheduleLines {
    /// Each rule.
    Rules,
    /// Each occurrence.
    Occurrences,
}

/// Writes the calendar of every month shown, and a table for each program.
pub(crate) fn write(
    out: &mut impl Write,
    look: &Look,
    view: &ScheduleView,
    lines: ScheduleLines,
) -> io::Result<()> {
    let marks = marks(look, view);
    let mut month = view.from.with_day(1);
    while let Some(first) = month.filter(|first| *first <= view.until) {
        write_month(out, look, view.week, first, &marks)?;
        writeln!(out)?;
        month = first.checked_add_months(Months::new(1));
    }
    writeln!(out, "{RUN} a campaign runs  {EMAIL} it sends email")?;
    match lines {
        ScheduleLines::Rules => rules(out, look, view),
        ScheduleLines::Occurrences => occurrences(out, look, view),
    }
}

fn rules(out: &mut impl Write, look: &Look, view: &ScheduleView) -> io::Result<()> {
    for rules in view
        .rules
        .chunk_by(|a, b| a.first.program == b.first.program)
    {
        let program = rules.first().and_then(|rule| rule.first.program.as_deref());
        section(out, look, program.unwrap_or("outside programs"))?;
        let mut table = TableBlock::new(vec![
            TableColumn::new("next", CellStyle::Word),
            TableColumn::new("", CellStyle::Word),
            TableColumn::new("campaign", CellStyle::Text),
            TableColumn::new("runs", CellStyle::Text),
            TableColumn::new("steps up to the first wait", CellStyle::Text),
        ]);
        for rule in rules {
            let mut cells = rule.first.cells(look);
            cells.insert(3, TableCell::new(runs(rule)));
            table.push(out, look, cells)?;
        }
        table.finish(out, look)?;
    }
    Ok(())
}

/// Says how often a rule runs: `daily 03:00, 28 runs until 31 December`.
pub(super) fn runs(rule: &RuleRow) -> String {
    let words = &rule.words;
    match rule.count {
        1 => format!("{words}, 1 run"),
        count => {
            let year = rule.first.local.get(..4).and_then(|year| year.parse().ok());
            let last = if year == Some(rule.last_day.year()) {
                rule.last_day.format("%-d %B")
            } else {
                rule.last_day.format("%-d %B %Y")
            };
            format!("{words}, {count} runs until {last}")
        }
    }
}

fn occurrences(out: &mut impl Write, look: &Look, view: &ScheduleView) -> io::Result<()> {
    for rows in view.occurrences.chunk_by(|a, b| a.program == b.program) {
        let program = rows.first().and_then(|row| row.program.as_deref());
        section(out, look, program.unwrap_or("outside programs"))?;
        let mut table = TableBlock::new(OccurrenceRow::COLUMNS.to_vec());
        for row in rows {
            table.push(out, look, row.cells(look))?;
        }
        table.finish(out, look)?;
    }
    Ok(())
}

/// Writes what one campaign is, how often it takes people, and when it runs, as its Schedule tab confirms it.
pub(crate) fn write_campaign(
    out: &mut impl Write,
    look: &Look,
    campaign: &CampaignDetail,
    no_schedule: Option<&str>,
) -> io::Result<()> {
    let mode = campaign.mode.label();
    writeln!(out, "{}  {mode}", strong(&campaign.campaign, look))?;
    let mut lines = flow::tail(campaign, look);
    if let Some(why) = no_schedule {
        lines.retain(|(name, _)| name != "runs");
        lines.push(("no schedule".to_owned(), TableCell::new(why)));
    }
    facts(out, look, &lines)
}

/// Returns the mark of each day that has one, in the zone people live in.
fn marks(look: &Look, view: &ScheduleView) -> BTreeMap<NaiveDate, char> {
    let mut marks = BTreeMap::new();
    for row in &view.occurrences {
        let mark = marks.entry(look.zone.date(row.at)).or_insert(RUN);
        if row.sends_email {
            *mark = EMAIL;
        }
    }
    marks
}

fn write_month(
    out: &mut impl Write,
    look: &Look,
    week: WeekBegins,
    first: NaiveDate,
    marks: &BTreeMap<NaiveDate, char>,
) -> io::Result<()> {
    writeln!(out, "{}", strong(&first.format("%B %Y").to_string(), look))?;
    let names: Vec<String> = days(week).iter().map(|day| format!("{day:>3}")).collect();
    writeln!(out, "{}", names.join(" "))?;
    let before = match week {
        WeekBegins::Sunday => first.weekday().num_days_from_sunday(),
        WeekBegins::Monday => first.weekday().num_days_from_monday(),
    };
    let mut cells = vec!["    ".to_owned(); before as usize];
    let month = first
        .iter_days()
        .take_while(|day| day.month() == first.month());
    cells.extend(month.map(|day| {
        let mark = marks.get(&day).copied().unwrap_or(' ');
        format!("{:>3}{mark}", day.day())
    }));
    for week in cells.chunks(7) {
        writeln!(out, "{}", week.concat().trim_end())?;
    }
    Ok(())
}

/// Returns the short names of the days of a week, from its first.
pub(super) fn days(week: WeekBegins) -> [&'static str; 7] {
    let first = match week {
        WeekBegins::Sunday => Weekday::Sun,
        WeekBegins::Monday => Weekday::Mon,
    };
    let mut day = first;
    [(); 7].map(|()| {
        let name = match day {
            Weekday::Mon => "Mo",
            Weekday::Tue => "Tu",
            Weekday::Wed => "We",
            Weekday::Thu => "Th",
            Weekday::Fri => "Fr",
            Weekday::Sat => "Sa",
            Weekday::Sun => "Su",
        };
        day = day.succ();
        name
    })
}
