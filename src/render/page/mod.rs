//! Results as pages: one self-contained file each, readable without scripts or network, on a phone and on paper, in light and
//! dark, by keyboard and by screen reader.
//!
//! Every text is escaped where it stands, by the templates. The policy in the head forbids whatever would need a network.

mod calendar;
mod campaign;
mod chart;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::domain::{Instant, Zone};
use crate::results::CampaignReport;

pub(crate) use calendar::schedule;

/// What stands at the top of a page.
pub(crate) struct PageHead {
    /// The instant taken as now.
    pub(crate) at: Instant,
    /// The zone in which instants are shown.
    pub(crate) zone: Zone,
}

impl PageHead {
    /// Returns an instant as pages show it: `Mon 3 Nov 2025, 09:00`.
    fn when(&self, at: Instant) -> String {
        self.zone
            .civil(at)
            .format("%a %-d %b %Y, %H:%M")
            .to_string()
    }

    /// Returns the day of an instant: `3 November 2025`.
    fn day(&self, at: Instant) -> String {
        self.zone.date(at).format("%-d %B %Y").to_string()
    }
}

/// Makes the page of a report.
pub(crate) fn report(head: &PageHead, reports: &[CampaignReport]) -> String {
    let title = match reports {
        [one] => one.detail.campaign.clone(),
        several => format!("{} campaigns", several.len()),
    };
    let body = html! {
        header {
            p class="kicker" { "Campaign report" }
            h1 { (title) }
            p { "As of " (head.when(head.at)) ", " (head.zone.name()) }
        }
        @if reports.len() > 1 {
            (campaign::overview(head, reports))
        }
        main id="main" {
            @for (place, one) in reports.iter().enumerate() {
                (campaign::article(head, one, place, reports.len() == 1))
            }
        }
    };
    page(&title, &body, head)
}

/// Makes a whole document of a body.
fn page(title: &str, body: &Markup, head: &PageHead) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; img-src data:";
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(FLOW_STYLE)) }
            }
            body {
                a class="skip" href="#main" { "Skip to the content" }
                div class="page" {
                    (body)
                    footer {
                        p { "Made by bugle on " (head.day(head.at)) ". Times are those of " (head.zone.name()) "." }
                    }
                }
            }
        }
    };
    let mut text = document.into_string();
    text.push('\n');
    text
}

/// How pages look.
const STYLE: &str = include_str!("style.css");
/// How flows in them look.
const FLOW_STYLE: &str = include_str!("../diagram/flow.css");

/// Returns a heading: of the second level in a page about one thing, else one lower.
fn heading(is_alone: bool, id: &str, text: &str) -> Markup {
    html! {
        @if is_alone { h2 id=(id) { (text) } } @else { h3 id=(id) { (text) } }
    }
}
