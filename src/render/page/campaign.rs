//! The part of a report about one campaign.

use maud::{Markup, html};

use super::chart::{self, Series};
use super::{PageHead, heading};
use crate::render::diagram::{Frame, drawing, words::number};
use crate::render::funnel::{FunnelPlace, FunnelRow, funnel, percent};
use crate::render::report::{coverage, tests};
use crate::results::{CampaignCoverage, CampaignReport, LineChange, VersionChange};

/// Runs that are listed one by one.
const LISTED_RUNS: usize = 12;

/// Returns the table of all campaigns of a report, which leads to each.
pub(super) fn overview(head: &PageHead, reports: &[CampaignReport]) -> Markup {
    html! {
        nav class="part" aria-label="Campaigns" {
            div {
                table {
                    caption { "All campaigns of this report" }
                    thead { tr {
                        th scope="col" { "campaign" }
                        th scope="col" class="extra" { "mode" }
                        th scope="col" { "status" }
                        th scope="col" class="num" { "entered" }
                        th scope="col" class="num" { "waiting" }
                        th scope="col" class="num extra" { "emails" }
                        th scope="col" class="extra" { "next run" }
                    } }
                    tbody {
                        @for (place, one) in reports.iter().enumerate() {
                            tr {
                                th scope="row" { a href={"#campaign-" (place)} { (one.detail.campaign) } }
                                td class="extra" { (one.detail.mode.label()) }
                                td { (one.detail.status.name()) }
                                td class="num" { (number(entries(one))) }
                                td class="num" { (number(one.detail.waiting)) }
                                td class="num extra" { (number(mails(one))) }
                                td class="extra" { (one.coming.first().map_or_else(|| "–".to_owned(), |run| head.when(run.at))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Returns all about one campaign.
pub(super) fn article(
    head: &PageHead,
    report: &CampaignReport,
    place: usize,
    is_alone: bool,
) -> Markup {
    let detail = &report.detail;
    let class = if is_alone { "alone" } else { "campaign" };
    let part = |name: &str, title: &str, content: Markup| {
        let id = format!("{name}-{place}");
        html! {
            section class="part" aria-labelledby=(id) { (heading(is_alone, &id, title)) (content) }
        }
    };
    html! {
        article class=(class) id={"campaign-" (place)} {
            @if !is_alone { h2 { (detail.campaign) } }
            @if let Some(description) = &detail.description { p class="lead" { (description) } }
            ul class="tags" {
                li class="on" { (detail.mode.label()) }
                li { (detail.status.name()) }
                li { "version " (detail.version) }
                @if let Some(program) = &detail.program { li { "program " (program) } }
                li { (detail.file) }
            }
            (figures(report))
            (part("about", "What it is", about(report)))
            div class="columns" {
                (part("flow", "Flow", flow(report)))
                div {
                    (part("funnel", "Funnel", funnel_table(report)))
                    @if let Some(content) = over_time(report) { (part("time", "Over time", content)) }
                    @if let Some(content) = waits(head, report) { (part("waits", "People in waits", content)) }
                    @if let Some(content) = coming(head, report) { (part("coming", "Coming four weeks", content)) }
                    (part("versions", "Versions", versions(head, &report.versions)))
                    (part("tests", "Tests", verdicts(report)))
                }
            }
        }
    }
}

fn entries(report: &CampaignReport) -> u64 {
    report.flow.entries + report.flow.older_entries
}

fn mails(report: &CampaignReport) -> u64 {
    report.days.iter().map(|day| day.mails).sum()
}

fn figures(report: &CampaignReport) -> Markup {
    let flow = &report.flow;
    let finished = percent(flow.finished, flow.entries);
    html! {
        dl class="figures" {
            div { dt { "Entered" } dd { (number(entries(report))) small { (number(report.detail.members)) " people" } } }
            div { dt { "Finished" } dd { (number(flow.finished))
                @if let Some(share) = finished { small { (share) " % of those who entered" } } } }
            div { dt { "Waiting" } dd { (number(report.detail.waiting))
                @if let Some(first) = report.wakes.first() { small { "the next until " (first.day.format("%-d %b")) } } } }
            div { dt { "Emails sent" } dd { (number(mails(report))) } }
            div { dt { "Coming runs" } dd { (number(report.coming.len() as u64)) small { "in four weeks" } } }
        }
    }
}

/// Says in plain words whom it is for, how often, and when.
fn about(report: &CampaignReport) -> Markup {
    let detail = &report.detail;
    let limits = if detail.obeys_limits {
        "obeyed"
    } else {
        "not obeyed"
    };
    html! {
        dl class="facts" {
            @if !detail.triggers.is_empty() { dt { "Starts when" } dd { (lines(&detail.triggers)) } }
            @if !detail.filters.is_empty() {
                dt { @if detail.triggers.is_empty() { "For people with" } @else { "And at that instant" } }
                dd { (lines(&detail.filters)) }
            }
            dt { "Each person" } dd { (detail.qualification) }
            @if let Some(schedule) = &detail.schedule { dt { "Runs" } dd { (schedule) } }
            @if let Some(most) = detail.max_people { dt { "At most" } dd { (number(most)) " people in a run" } }
            @if !detail.guards.is_empty() { dt { "Guards" } dd { (lines(&detail.guards)) } }
            @if let Some(priority) = &detail.priority { dt { "Priority" } dd { (priority) } }
            dt { "Email limits" } dd { (limits) }
        }
    }
}

fn lines(lines: &[String]) -> Markup {
    html! {
        ul {
            @for line in lines {
                @let indent = line.len() - line.trim_start().len();
                @if indent > 0 {
                    li style={"padding-left:" (indent) "ch"} { (line.trim_start()) }
                } @else {
                    li { (line) }
                }
            }
        }
    }
}

fn flow(report: &CampaignReport) -> Markup {
    let (detail, counts) = (&report.detail, Some(&report.flow));
    html! {
        figure {
            @if report.flow.older_entries > 0 {
                figcaption {
                    (number(report.flow.older_entries))
                    " entries began in a version with another flow; they are in no count here."
                }
            }
            div class="wide" { (drawing(detail, counts, Frame::Wide)) }
            div class="narrow" { (drawing(detail, counts, Frame::Narrow)) }
        }
    }
}

fn funnel_table(report: &CampaignReport) -> Markup {
    let whole = report.flow.entries;
    html! {
        table class="funnel" {
            thead { tr {
                th scope="col" class="mark" { span class="visually-hidden" { "number" } }
                th scope="col" { "step" }
                th scope="col" class="num" { "reached" }
                th scope="col" class="share" { "share" }
            } }
            tbody {
                @for row in funnel(report) { (funnel_row(&row, whole)) }
            }
        }
    }
}

fn funnel_row(row: &FunnelRow, whole: u64) -> Markup {
    let (class, mark) = match row.place {
        FunnelPlace::Entered | FunnelPlace::Finished => ("edge", None),
        FunnelPlace::Step(step) => ("", Some(step)),
        FunnelPlace::Choice => ("choice", None),
    };
    let share = percent(row.reached, whole);
    html! {
        tr class=[Some(class).filter(|class| !class.is_empty())] {
            td class="mark num" { @if let Some(mark) = mark { (mark) } }
            th scope="row" {
                (row.text)
                @for note in &row.notes { span class="note" { (note) } }
            }
            td class="num" { (number(row.reached)) }
            td class="share" {
                @if let Some(share) = share {
                    span class="bar" aria-hidden="true" { i style={"width:" (share.min(100)) "%"} {} }
                    span class="percent" { (share) " %" }
                }
            }
        }
    }
}

fn over_time(report: &CampaignReport) -> Option<Markup> {
    let (first, last) = (report.days.first()?.day, report.days.last()?.day);
    let entries = Series {
        name: "entries",
        days: report
            .days
            .iter()
            .map(|day| (day.day, day.entries))
            .collect(),
    };
    let mails = Series {
        name: "emails",
        days: report.days.iter().map(|day| (day.day, day.mails)).collect(),
    };
    let sends = mails.days.iter().any(|(_, count)| *count > 0);
    Some(html! {
        div class="charts" {
            (chart::chart(&entries, first, last))
            @if sends { (chart::chart(&mails, first, last)) }
        }
        (chart::table("Entries and emails by day", &[entries, mails]))
    })
}

fn waits(head: &PageHead, report: &CampaignReport) -> Option<Markup> {
    let (first, last) = (report.wakes.first()?.day, report.wakes.last()?.day);
    let wakes = Series {
        name: "waits that end",
        days: report
            .wakes
            .iter()
            .map(|day| (day.day, day.people))
            .collect(),
    };
    let version = report.detail.version;
    Some(html! {
        (chart::chart(&wakes, first, last))
        (chart::table("People whose wait ends, by day", &[wakes]))
        table style="margin-top:20px" {
            caption { "Where they wait" }
            thead { tr {
                th scope="col" { "step" }
                th scope="col" class="num" { "people" }
                th scope="col" { "until" }
            } }
            tbody {
                @for held in &report.detail.waits {
                    tr {
                        th scope="row" {
                            (held.waiting.step) ". " (held.waiting.wait)
                            @if held.version != version { span class="note" { "they finish version " (held.version) } }
                        }
                        td class="num" { (number(held.waiting.people)) }
                        td {
                            (head.when(held.waiting.first_until))
                            @if held.waiting.first_until != held.waiting.last_until {
                                " to " (head.when(held.waiting.last_until))
                            }
                        }
                    }
                }
            }
        }
    })
}

fn coming(head: &PageHead, report: &CampaignReport) -> Option<Markup> {
    let runs = &report.coming;
    let last = runs.last()?;
    let more = runs.len().saturating_sub(LISTED_RUNS);
    Some(html! {
        ul class="runs" {
            @for run in runs.iter().take(LISTED_RUNS) {
                li { (head.when(run.at)) @if run.sends_email { span class="soft" { ", sends email" } } }
            }
        }
        @if more > 0 { p class="soft" { "and " (more) " more until " (head.when(last.at)) } }
    })
}

fn versions(head: &PageHead, versions: &[VersionChange]) -> Markup {
    html! {
        ol class="versions" reversed {
            @for one in versions {
                li {
                    "Version " (one.version) ", loaded " (head.when(one.loaded_at))
                    @if !one.parts.is_empty() { span class="note" { "changed: " (one.parts.join(", ")) } }
                    @if !one.lines.is_empty() {
                        details {
                            summary { "Changes from version " (one.version.saturating_sub(1)) }
                            pre {
                                @for line in &one.lines {
                                    @match line.change {
                                        LineChange::In => { ins { "+ " (line.line) } }
                                        LineChange::Out => { del { "− " (line.line) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn verdicts(report: &CampaignReport) -> Markup {
    let found = report.tests.as_deref();
    html! {
        p {
            (tests(found))
            @if let Some(covered) = &report.coverage { "; coverage: " (coverage(covered)) }
        }
        @if let Some(found) = found && !found.is_empty() {
            ul class="verdicts" {
                @for test in found {
                    li {
                        b aria-hidden="true" { (if test.passed { "✓" } else { "✗" }) }
                        (test.test)
                        @if !test.passed { ": fails" }
                    }
                }
            }
        }
        @if let Some(covered) = &report.coverage { (missing(covered)) }
    }
}

/// Lists what tests have not seen.
fn missing(covered: &CampaignCoverage) -> Markup {
    html! {
        @if !covered.missing.is_empty() {
            details {
                summary { "What no test has seen" }
                ul class="verdicts" {
                    @for point in &covered.missing {
                        li { (point.point) ": " (point.what) " (line " (point.line) ")" }
                    }
                }
            }
        }
        @if !covered.unreachable.is_empty() {
            details {
                summary { "What no test can see" }
                ul class="verdicts" {
                    @for point in &covered.unreachable {
                        li { (point.point) ": " (point.what) ", since " (point.reason) }
                    }
                }
            }
        }
    }
}
