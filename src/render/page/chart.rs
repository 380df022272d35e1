//! Counts by day as bars, with the same counts as a table for those who cannot see them.

use chrono::{Datelike as _, Days, NaiveDate};
use maud::{Markup, html};

use crate::render::diagram::words::number;

/// The counts of a chart: days in order, each with a number.
pub(super) struct Series<'a> {
    /// What is counted: `entries`.
    pub(super) name: &'a str,
    /// Days without anything are left out.
    pub(super) days: Vec<(NaiveDate, u64)>,
}

/// The days that one bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Day,
    Week,
    Month,
}

/// More bars than this are drawn in longer steps.
const MOST_BARS: i64 = 62;

impl Step {
    fn of(first: NaiveDate, last: NaiveDate) -> Self {
        let days = (last - first).num_days() + 1;
        if days <= MOST_BARS {
            Self::Day
        } else if days <= MOST_BARS * 7 {
            Self::Week
        } else {
            Self::Month
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Returns the first day of the step that a day lies in.
    fn begin(self, day: NaiveDate) -> NaiveDate {
        let before = match self {
            Self::Day => 0,
            Self::Week => day.weekday().num_days_from_monday(),
            Self::Month => day.day0(),
        };
        day.checked_sub_days(Days::new(before.into()))
            .unwrap_or(day)
    }

    fn next(self, begin: NaiveDate) -> NaiveDate {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 31,
        };
        let later = begin
            .checked_add_days(Days::new(days))
            .unwrap_or(NaiveDate::MAX);
        self.begin(later)
    }
}

/// Returns the bars from the first to the last day, those without anything included.
fn bars(
    step: Step,
    first: NaiveDate,
    last: NaiveDate,
    days: &[(NaiveDate, u64)],
) -> Vec<(NaiveDate, u64)> {
    let mut bars = Vec::new();
    let mut begin = step.begin(first);
    while begin <= last {
        let next = step.next(begin);
        let inside = days.iter().filter(|(day, _)| (begin..next).contains(day));
        bars.push((begin, inside.map(|(_, count)| count).sum()));
        begin = next;
    }
    bars
}

/// Fewer bars than this would be too wide.
const LEAST_DAYS: u64 = 14;

/// Draws counts by day between two days, or for two weeks at least.
pub(super) fn chart(series: &Series<'_>, first: NaiveDate, last: NaiveDate) -> Markup {
    let later = first.checked_add_days(Days::new(LEAST_DAYS - 1));
    let last = later.map_or(last, |later| later.max(last));
    let step = Step::of(first, last);
    let bars = bars(step, first, last, &series.days);
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let all: u64 = series.days.iter().map(|(_, count)| count).sum();
    let title = format!("{} per {}", series.name, step.name());
    let spoken = format!(
        "{title}, from {} to {}: {} in all, {} at most",
        long(first),
        long(last),
        number(all),
        number(most)
    );
    html! {
        figure class="chart-box" {
            figcaption { (title) ", " (number(all)) " in all" }
            div class="chart" role="img" aria-label=(spoken) {
                div class="scale" aria-hidden="true" { span { (number(most)) } span { "0" } }
                div class="plot" {
                    svg viewBox={"0 0 " (bars.len() * 10) " 100"} preserveAspectRatio="none" aria-hidden="true" {
                        @for (place, (_, count)) in bars.iter().enumerate() {
                            @let height = height(*count, most);
                            @if *count > 0 {
                                rect x=(place * 10 + 1) y=(100 - height) width="8" height=(height) {}
                            }
                        }
                    }
                }
                div class="dates" aria-hidden="true" { span { (short(first)) } span { (short(last)) } }
            }
        }
    }
}

/// Returns the height of a bar in percent; of some there is at least a line.
fn height(count: u64, most: u64) -> u64 {
    let share = u128::from(count) * 100 / u128::from(most.max(1));
    u64::try_from(share).unwrap_or(100).clamp(2, 100)
}

/// Writes days and counts as a table.
pub(super) fn table(caption: &str, series: &[Series<'_>]) -> Markup {
    let mut days: Vec<NaiveDate> = series
        .iter()
        .flat_map(|one| one.days.iter().map(|(day, _)| *day))
        .collect();
    days.sort_unstable();
    days.dedup();
    html! {
        details {
            summary { "The same as a table" }
            div {
                table {
                    caption { (caption) }
                    thead { tr {
                        th scope="col" { "day" }
                        @for one in series { th scope="col" class="num" { (one.name) } }
                    } }
                    tbody {
                        @for day in &days {
                            tr {
                                th scope="row" { (long(*day)) }
                                @for one in series {
                                    @let found = one.days.iter().find(|(known, _)| known == day);
                                    td class="num" { (number(found.map_or(0, |(_, count)| *count))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Returns a day in full.
pub(super) fn long(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn long_times_have_longer_steps_and_lose_nothing() {
        let days = [
            (day("2026-01-31"), 2),
            (day("2026-02-01"), 3),
            (day("2028-12-31"), 5),
        ];
        for last in ["2026-02-01", "2026-12-31", "2028-12-31"] {
            let (first, last) = (day("2026-01-31"), day(last));
            let inside: Vec<_> = days
                .iter()
                .copied()
                .filter(|(day, _)| *day <= last)
                .collect();
            let bars = bars(Step::of(first, last), first, last, &inside);
            let all: u64 = bars.iter().map(|(_, count)| count).sum();
            assert_eq!(all, inside.iter().map(|(_, count)| count).sum::<u64>());
            assert!(bars.len() <= 63, "{}", bars.len());
        }
    }
}
