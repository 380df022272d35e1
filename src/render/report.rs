//! A report of a campaign for a terminal: its funnel with bars, and what stands still or is coming.

use std::io::{self, Write};

use super::diagram::words::number;
use super::facts::{facts, section};
use super::funnel::{FunnelPlace, funnel, percent, percent_below};
use super::sheets::title;
use super::table::TableBlock;
use super::{CellStyle, Look, Sheet, TableCell, TableColumn, Tone};
use crate::results::{CampaignCoverage, CampaignDetail, CampaignReport, TestVerdict};

/// What a report has beside what `campaign show` says of the campaign.
const OWN: [&str; 7] = [
    "flow", "days", "wakes", "coming", "versions", "tests", "coverage",
];

/// Returns the keys of two parts, one after the other.
const fn joined<const N: usize>(
    first: &[&'static str],
    second: &[&'static str],
) -> [&'static str; N] {
    let mut keys = [""; N];
    let mut place = 0;
    while place < N {
        keys[place] = if place < first.len() {
            first[place]
        } else {
            second[place - first.len()]
        };
        place += 1;
    }
    keys
}

impl Sheet for CampaignReport {
    const KEYS: &'static [&'static str] =
        &joined::<{ CampaignDetail::KEYS.len() + OWN.len() }>(CampaignDetail::KEYS, &OWN);

    fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let detail = &self.detail;
        let about = format!("{}, {}", detail.mode.label(), detail.status.name());
        title(out, look, &detail.campaign, &about)?;
        facts(out, look, &figures(self, look))?;
        section(out, look, "funnel")?;
        let mut table = TableBlock::new(vec![
            TableColumn::new("", CellStyle::Number),
            TableColumn::new("step", CellStyle::Text),
            TableColumn::new("reached", CellStyle::Number),
            TableColumn::new("", CellStyle::Number),
            TableColumn::new("", CellStyle::Word),
        ]);
        let whole = self.flow.entries;
        for row in funnel(self) {
            let (mark, text, tone) = match row.place {
                FunnelPlace::Entered | FunnelPlace::Finished => {
                    (String::new(), row.text, Tone::Plain)
                }
                FunnelPlace::Step(step) => (step.to_string(), row.text, Tone::Plain),
                FunnelPlace::Choice => (String::new(), format!("· {}", row.text), Tone::Faint),
            };
            let share = percent(row.reached, whole);
            let cells = vec![
                TableCell::new(mark),
                TableCell::new(text).tone(tone).below(row.notes.join("; ")),
                TableCell::new(number(row.reached)),
                TableCell::maybe(share.map(|share| format!("{share} %"))),
                TableCell::new(bar(row.reached, whole)),
            ];
            table.push(out, look, cells)?;
        }
        table.finish(out, look)
    }
}

/// Returns what is to be known besides the funnel.
fn figures(report: &CampaignReport, look: &Look) -> Vec<(String, TableCell)> {
    let flow = &report.flow;
    let mut figures = Vec::new();
    let mut figure =
        |name: &str, text: String| figures.push((name.to_owned(), TableCell::new(text)));
    figure(
        "entered",
        format!(
            "{} times, {} people",
            number(flow.entries + flow.older_entries),
            number(report.detail.members)
        ),
    );
    if flow.older_entries > 0 {
        figure(
            "older flow",
            format!(
                "{} of them began in a version with another flow and are not in the funnel",
                number(flow.older_entries)
            ),
        );
    }
    figure("waiting", waiting(report));
    let mails: u64 = report.days.iter().map(|day| day.mails).sum();
    figure("emails sent", number(mails));
    if let Some(next) = report.coming.first() {
        let runs = report.coming.len();
        let plural = if runs == 1 { "run" } else { "runs" };
        figure(
            "coming",
            format!(
                "{runs} {plural} in four weeks, the next {}",
                look.when(next.at)
            ),
        );
    }
    figure("tests", tests(report.tests.as_deref()));
    if let Some(covered) = &report.coverage {
        figure("coverage", coverage(covered));
    }
    figures
}

fn waiting(report: &CampaignReport) -> String {
    let people = number(report.detail.waiting);
    match report.wakes.first() {
        Some(first) => format!("{people}, the next until {}", first.day),
        None => people,
    }
}

/// Says how many tests pass.
pub(super) fn tests(tests: Option<&[TestVerdict]>) -> String {
    match tests {
        None => "not run, since files are gone or have errors".to_owned(),
        Some([]) => "none".to_owned(),
        Some(tests) => {
            let passed = tests.iter().filter(|test| test.passed).count();
            format!("{passed} of {} pass", tests.len())
        }
    }
}

/// Says how much tests have seen.
pub(super) fn coverage(of: &CampaignCoverage) -> String {
    let share = percent_below(of.covered, of.points);
    format!("{} of {} points, {share} %", of.covered, of.points)
}

/// How long the longest bar is, in characters.
const LONGEST: u64 = 24;

/// Returns a bar as long as a part of a whole; of some there is at least a stroke.
fn bar(part: u64, whole: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = u128::from(part) * u128::from(LONGEST) * 8 / u128::from(whole.max(1));
    let eighths = usize::try_from(eighths).unwrap_or_default();
    let eighths = eighths.max(usize::from(part > 0));
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_some_of_something_and_nothing_of_nothing() {
        assert_eq!(bar(0, 100), "");
        assert_eq!(bar(1, 1_000_000), "▏");
        assert_eq!(bar(1, 2), "█".repeat(12));
        assert_eq!(bar(0, 0), "");
    }
}
