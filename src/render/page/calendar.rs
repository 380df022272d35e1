//! The schedule as a page: a calendar of each month, and the runs of each program.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Months, NaiveDate};
use maud::{Markup, html};

use super::chart::long;
use super::{PageHead, page};
use crate::render::calendar::{days, runs};
use crate::results::{OccurrenceRow, ScheduleView, WeekBegins};

/// What a day of the calendar has.
#[derive(Debug, Clone, Default)]
struct Marked {
    /// How many campaigns run.
    runs: usize,
    /// Whether one of them sends email.
    sends_email: bool,
}

/// Makes the page of a schedule.
pub(crate) fn schedule(head: &PageHead, view: &ScheduleView) -> String {
    let title = "Campaign schedule";
    let mut marked: BTreeMap<NaiveDate, Marked> = BTreeMap::new();
    for row in &view.occurrences {
        let day = marked.entry(head.zone.date(row.at)).or_default();
        day.runs += 1;
        day.sends_email |= row.sends_email;
    }
    let first = view.from.with_day(1).into_iter();
    let months = first.flat_map(|first| {
        std::iter::successors(Some(first), |month| {
            month.checked_add_months(Months::new(1))
        })
    });
    let months = months.take_while(|month| *month <= view.until);
    let body = html! {
        header {
            p class="kicker" { (title) }
            h1 { (span(view)) }
            p { "As of " (head.when(head.at)) ", " (head.zone.name()) }
        }
        main id="main" {
            section class="part" aria-label="Calendar" {
                div class="months" { @for month in months { (month_table(view.week, month, &marked)) } }
                p class="soft" {
                    span class="key" aria-hidden="true" {} "a campaign runs"
                    span class="key mail" aria-hidden="true" {} "it sends email"
                }
            }
            @if view.rules.is_empty() { p { "Nothing is scheduled in this time." } }
            @for rules in view.rules.chunk_by(|a, b| a.first.program == b.first.program) {
                @let program = rules.first().and_then(|rule| rule.first.program.as_deref());
                section class="part" {
                    h2 { (program.unwrap_or("Outside programs")) }
                    div {
                        table {
                            thead { tr {
                                th scope="col" { "campaign" }
                                th scope="col" { "next run" }
                                th scope="col" { "runs" }
                                th scope="col" class="extra" { "steps up to the first wait" }
                            } }
                            tbody {
                                @for rule in rules {
                                    tr {
                                        th scope="row" { (rule.first.campaign) }
                                        td { (head.when(rule.first.at)) }
                                        td { (runs(rule)) @if rule.first.sends_email { span class="note" { "sends email" } } }
                                        td class="extra" { (steps(&rule.first)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if !view.occurrences.is_empty() { (every_run(head, view)) }
        }
    };
    page(title, &body, head)
}

fn steps(row: &OccurrenceRow) -> Markup {
    html! { @for step in &row.steps { div { (step) } } }
}

fn every_run(head: &PageHead, view: &ScheduleView) -> Markup {
    let mut days: BTreeMap<NaiveDate, Vec<&OccurrenceRow>> = BTreeMap::new();
    for row in &view.occurrences {
        days.entry(head.zone.date(row.at)).or_default().push(row);
    }
    for rows in days.values_mut() {
        rows.sort_by_key(|row| row.at);
    }
    html! {
        section class="part" {
            h2 { "Day by day" }
            table {
                thead { tr { th scope="col" { "day" } th scope="col" { "campaigns" } } }
                tbody {
                    @for (day, rows) in &days {
                        tr {
                            th scope="row" class="when" { (long(*day)) }
                            td { @for row in rows { div {
                                (head.zone.civil(row.at).format("%H:%M")) " " (row.campaign)
                                @if row.sends_email { span class="soft" { ", sends email" } }
                            } } }
                        }
                    }
                }
            }
        }
    }
}

/// Says from when until when: `1 to 29 December 2025`.
fn span(view: &ScheduleView) -> String {
    let (from, until) = (view.from, view.until);
    let long = "%-d %B %Y";
    let begin = if (from.year(), from.month()) == (until.year(), until.month()) {
        "%-d"
    } else if from.year() == until.year() {
        "%-d %B"
    } else {
        long
    };
    format!("{} to {}", from.format(begin), until.format(long))
}

fn month_table(week: WeekBegins, first: NaiveDate, marked: &BTreeMap<NaiveDate, Marked>) -> Markup {
    let before = match week {
        WeekBegins::Sunday => first.weekday().num_days_from_sunday(),
        WeekBegins::Monday => first.weekday().num_days_from_monday(),
    };
    let mut cells: Vec<Option<NaiveDate>> = vec![None; before as usize];
    let days_of_month = first
        .iter_days()
        .take_while(|day| day.month() == first.month());
    cells.extend(days_of_month.map(Some));
    html! {
        table class="month" {
            caption { (first.format("%B %Y")) }
            thead { tr { @for name in days(week) { th scope="col" abbr=(full(name)) { (name) } } } }
            tbody {
                @for week in cells.chunks(7) {
                    tr { @for day in week { (day_cell(*day, marked)) } }
                }
            }
        }
    }
}

fn day_cell(day: Option<NaiveDate>, marked: &BTreeMap<NaiveDate, Marked>) -> Markup {
    let Some(day) = day else {
        return html! { td {} };
    };
    let Some(mark) = marked.get(&day) else {
        return html! { td { (day.day()) } };
    };
    let class = if mark.sends_email { "run mail" } else { "run" };
    let plural = if mark.runs == 1 { "run" } else { "runs" };
    let email = if mark.sends_email {
        ", sends email"
    } else {
        ""
    };
    html! {
        td class=(class) {
            (day.day())
            span class="visually-hidden" { ": " (mark.runs) " " (plural) (email) }
        }
    }
}

/// Returns the name of a weekday in full.
fn full(short: &str) -> &str {
    let names = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let name = names.into_iter().find(|name| name.starts_with(short));
    name.unwrap_or(short)
}
