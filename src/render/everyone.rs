//! Why an audience is what it is, for people: the counts, each filter, how near people are who miss it, and hints.

use std::io::{self, Write};

use crate::domain::text::counted;
use crate::results::{EveryoneExplanation, FilterCount, HintRow, NearMiss, RaceRow};

use super::facts::{hanging, section};
use super::sheets::{counts, title};
use super::table::TableBlock;
use super::{CellStyle, Look, Sheet, TableCell, TableColumn};

impl Sheet for EveryoneExplanation {
    const KEYS: &'static [&'static str] = &[
        "campaign", "at", "asked", "qualify", "excluded", "blocked", "filters", "hints", "races",
        "person", "change",
    ];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let at = look.when(self.at);
        let (about, asked) = if self.of_matches {
            (format!("every match of its triggers, at {at}"), "matches")
        } else {
            (format!("everyone at {at}"), "people")
        };
        title(out, look, &self.campaign, &about)?;
        let blocked: Vec<String> = self
            .blocked
            .iter()
            .map(|blocked| format!("{} {}", blocked.people, blocked.reason))
            .collect();
        counts(
            out,
            &[
                ("asked", self.asked, asked),
                ("qualify", self.qualify, ""),
                ("excluded", self.excluded, "by the qualification rule"),
            ],
        )?;
        if !blocked.is_empty() {
            writeln!(out, "{:<15}  {}", "emails blocked", blocked.join(", "))?;
        }
        filters(out, look, &self.filters)?;
        let numbers = self.filters.iter().map(|filter| filter.number.len());
        let width = numbers.max().unwrap_or_default();
        misses(out, look, &self.filters, width)?;
        hints(out, look, &self.hints, width)?;
        races(out, look, &self.races, width)?;
        match &self.person {
            None => Ok(()),
            Some(person) => {
                writeln!(out)?;
                person.write(out, look)
            }
        }
    }
}

fn filters(out: &mut impl Write, look: &Look, filters: &[FilterCount]) -> io::Result<()> {
    if filters.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = TableBlock::new(vec![
        TableColumn::new("", CellStyle::Word),
        TableColumn::new("filter", CellStyle::Text),
        TableColumn::new("holds", CellStyle::Number),
        TableColumn::new("fails", CellStyle::Number),
        TableColumn::new("empty", CellStyle::Number),
        TableColumn::new("decides", CellStyle::Number),
    ]);
    for filter in filters {
        let cells = vec![
            TableCell::new(&filter.number),
            TableCell::new(named(filter)),
            TableCell::new(filter.holds),
            TableCell::new(filter.fails),
            TableCell::new(filter.empty),
            TableCell::new(filter.decides),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

fn named(filter: &FilterCount) -> String {
    if filter.is_group {
        return format!("{} of these", filter.wanted);
    }
    format!("{} {}", filter.rule, filter.wanted)
        .trim_end()
        .to_owned()
}

/// How many values are shown of a filter.
const VALUES: usize = 5;

/// Writes how near those are of whom a filter decides.
fn misses(
    out: &mut impl Write,
    look: &Look,
    filters: &[FilterCount],
    width: usize,
) -> io::Result<()> {
    let mut deciding = filters
        .iter()
        .filter(|filter| !filter.nearest.is_empty())
        .peekable();
    if deciding.peek().is_none() {
        return Ok(());
    }
    section(out, look, "nearest misses, of whom one filter decides")?;
    for filter in deciding {
        let people = counted(filter.decides, "person", "people");
        let rule = if filter.wanted.is_empty() {
            &filter.rule
        } else {
            &format!("{} {}", filter.rule, filter.wanted)
        };
        let near: Vec<String> = if filter.distances.is_empty() {
            values(filter)
        } else {
            let distances = filter.distances.iter();
            distances
                .map(|distance| format!("{} by ≤ {}", distance.people, distance.within))
                .collect()
        };
        let near = near.join(", ");
        write!(out, "  {:<width$}  ", filter.number)?;
        hanging(out, look, width + 4, &format!("{rule}: {people}, {near}"))?;
    }
    Ok(())
}

/// Says which values those have who miss a filter, and how many of them.
fn values(filter: &FilterCount) -> Vec<String> {
    let value = |miss: &NearMiss| {
        let actual = miss.actual.as_deref().unwrap_or("(empty)");
        format!("{actual} {}", miss.people)
    };
    let mut values: Vec<String> = filter.nearest.iter().take(VALUES).map(value).collect();
    if filter.nearest.len() > VALUES {
        values.push("…".to_owned());
    }
    values
}

fn hints(out: &mut impl Write, look: &Look, hints: &[HintRow], width: usize) -> io::Result<()> {
    if hints.is_empty() {
        return Ok(());
    }
    section(out, look, "values that nobody has")?;
    for hint in hints {
        let nearest = match (&hint.nearest, hint.nearest_people) {
            (Some(nearest), Some(people)) => format!("; {nearest} by {people}"),
            (Some(_) | None, _) => String::new(),
        };
        let (about, value) = (&hint.about, &hint.value);
        write!(out, "  {:<width$}  ", hint.filter)?;
        hanging(
            out,
            look,
            width + 4,
            &format!("{about}: {value} is held by nobody{nearest}"),
        )?;
    }
    Ok(())
}

fn races(out: &mut impl Write, look: &Look, races: &[RaceRow], width: usize) -> io::Result<()> {
    if races.is_empty() {
        return Ok(());
    }
    section(
        out,
        look,
        "filters that became true right after they were asked",
    )?;
    for race in races {
        let people = counted(race.people, "person", "people");
        write!(out, "  {:<width$}  ", race.filter)?;
        hanging(out, look, width + 4, &format!("{people}, by {}", race.by))?;
    }
    Ok(())
}
