//! What tests have seen of campaigns: a row a campaign, and beneath them what is missing and what cannot be seen.

use std::io::{self, Write};

use crate::domain::text::counted;
use crate::results::{CampaignCoverage, CoverageReport, CoverageTotal, MissingPoint, Witness};

use super::facts::section;
use super::table::CellStyle::{Number, Text, Word};
use super::table::TableBlock;
use super::{Look, Sheet, TableCell, TableColumn, TableRow as _, Tone, test_results};

impl Sheet for CoverageReport {
    const KEYS: &'static [&'static str] = &["tests", "coverage", "total", "witnesses"];

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let mut tests = TableBlock::new(crate::results::TestRow::columns(look));
        for row in &self.tests {
            tests.push(out, look, row.cells(look))?;
        }
        tests.finish(out, look)?;
        test_results::failures(out, look, &self.tests)?;
        writeln!(out)?;
        campaigns(out, look, self)?;
        missing(out, look, &self.coverage)?;
        unreachable(out, look, &self.coverage)?;
        witnesses(out, look, &self.witnesses)?;
        if !self.looked_for_tests {
            return Ok(());
        }
        let title = "no test was found for these";
        points_of(out, look, &self.coverage, title, |point| {
            point.witness.is_none()
        })
    }
}

/// Writes each test that was found, indented as below `tests:`.
fn witnesses(out: &mut impl Write, look: &Look, witnesses: &[Witness]) -> io::Result<()> {
    for witness in witnesses {
        let title = format!("{}  for `tests:` of {}", witness.file, witness.tests_of);
        section(out, look, &title)?;
        for line in witness.yaml.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// Writes a row for each campaign, and the sum.
fn campaigns(out: &mut impl Write, look: &Look, report: &CoverageReport) -> io::Result<()> {
    let mut table = TableBlock::new(vec![
        TableColumn::new("campaign", Text),
        TableColumn::new("covered", Number),
        TableColumn::new("percent", Number),
    ]);
    for row in &report.coverage {
        let total = CoverageTotal {
            points: row.points,
            covered: row.covered,
        };
        table.push(out, look, cells(&row.campaign, total))?;
    }
    table.push(out, look, cells("total", report.total))?;
    table.finish(out, look)
}

fn cells(name: &str, total: CoverageTotal) -> Vec<TableCell> {
    let tone = if total.covered == total.points {
        Tone::Good
    } else {
        Tone::Bad
    };
    vec![
        TableCell::new(name),
        TableCell::new(format!("{} / {}", total.covered, total.points)),
        TableCell::new(total.share() / 100).tone(tone),
    ]
}

/// Writes each point that no test has reached.
fn missing(out: &mut impl Write, look: &Look, campaigns: &[CampaignCoverage]) -> io::Result<()> {
    let points = |row: &CampaignCoverage| row.missing.len() as u64;
    let count = campaigns.iter().map(points).sum();
    let title = format!(
        "{} that no test has seen",
        counted(count, "point", "points")
    );
    points_of(out, look, campaigns, &title, |_| true)
}

/// Writes each point of some kind, if there is one.
fn points_of(
    out: &mut impl Write,
    look: &Look,
    campaigns: &[CampaignCoverage],
    title: &str,
    takes: impl Fn(&MissingPoint) -> bool,
) -> io::Result<()> {
    let rows = campaigns
        .iter()
        .flat_map(|row| row.missing.iter().map(move |point| (row, point)));
    let rows: Vec<_> = rows.filter(|(_, point)| takes(point)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    section(out, look, title)?;
    let mut table = TableBlock::new(columns(["place", "not seen", "of"]).collect());
    for (row, point) in rows {
        let cells = vec![
            TableCell::new(format!("{}:{}", row.file, point.line)),
            TableCell::new(&point.point),
            TableCell::new(&point.what),
        ];
        table.push(out, look, cells)?;
    }
    table.finish(out, look)
}

/// Writes each point that no test can reach, and why.
fn unreachable(
    out: &mut impl Write,
    look: &Look,
    campaigns: &[CampaignCoverage],
) -> io::Result<()> {
    let count: u64 = campaigns
        .iter()
        .map(|row| row.unreachable.len() as u64)
        .sum();
    if count == 0 {
        return Ok(());
    }
    let points = counted(count, "point", "points");
    section(
        out,
        look,
        &format!("{points} that nobody can reach, not counted"),
    )?;
    let mut table = TableBlock::new(columns(["place", "never seen", "because"]).collect());
    for row in campaigns {
        for point in &row.unreachable {
            let cells = vec![
                TableCell::new(format!("{}:{}", row.file, point.line)),
                TableCell::new(&point.point),
                TableCell::new(&point.reason),
            ];
            table.push(out, look, cells)?;
        }
    }
    table.finish(out, look)
}

fn columns(names: [&'static str; 3]) -> impl Iterator<Item = TableColumn> {
    names
        .into_iter()
        .zip([Word, Word, Text])
        .map(|(name, style)| TableColumn::new(name, style))
}

/// Writes which lines of campaign files tests have covered, as editors and CI services read it (LCOV).
///
/// A line with several points, such as a filter that must be seen true and false, counts as covered when all were reached.
pub(crate) fn lcov(out: &mut impl Write, campaigns: &[CampaignCoverage]) -> io::Result<()> {
    let mut files: Vec<(&str, Vec<&CampaignCoverage>)> = Vec::new();
    for row in campaigns {
        match files.iter_mut().find(|(file, _)| *file == row.file) {
            Some((_, rows)) => rows.push(row),
            None => files.push((&row.file, vec![row])),
        }
    }
    for (file, rows) in files {
        let lines: Vec<_> = rows.iter().flat_map(|row| &row.lines).collect();
        let hit = lines.iter().filter(|line| line.tests > 0).count();
        writeln!(out, "TN:\nSF:{}", file.replace(['\r', '\n'], " "))?;
        for line in &lines {
            writeln!(out, "DA:{},{}", line.line, line.tests)?;
        }
        writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", lines.len())?;
    }
    Ok(())
}
