//! What tests have seen of campaigns: a row a campaign, and beneath them what is missing and what cannot be seen.

use std::io::{self, Write};

use crate::domain::text::counted;
use crate::results::{CampaignCoverage, CoverageReport, CoverageTotal};

use super::facts::section;
use super::table::CellStyle::{Number, Text, Word};
use super::table::TableBlock;
use super::{Look, Sheet, TableCell, TableColumn, TableRow as _, Tone, test_results};

impl Sheet for CoverageReport {
    const KEYS: &'static [&'static str] = &["tests", "coverage", "total"];

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
        unreachable(out, look, &self.coverage)
    }
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
    let count: u64 = campaigns.iter().map(|row| row.missing.len() as u64).sum();
    if count == 0 {
        return Ok(());
    }
    let points = counted(count, "point", "points");
    section(out, look, &format!("{points} that no test has seen"))?;
    let mut table = TableBlock::new(columns(["place", "not seen", "of"]).collect());
    for row in campaigns {
        for point in &row.missing {
            let cells = vec![
                TableCell::new(format!("{}:{}", row.file, point.line)),
                TableCell::new(&point.point),
                TableCell::new(&point.what),
            ];
            table.push(out, look, cells)?;
        }
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
