//! The flow of a campaign as a diagram: as SVG of our own, for mermaid and for Graphviz; with counts where they are given.
//!
//! Mermaid and Graphviz lay out the same nodes and arrows ([`chart`]). The SVG has a layout of its own
//! ([`svg`]), which is made for narrow pages and long flows. `campaign show` and the report draw with it.

mod chart;
mod measure;
mod shapes;
mod svg;
pub(crate) mod words;

use std::io::{self, Write};

use crate::render::graph::GraphLanguage;
use crate::results::{CampaignDetail, FlowCounts};

pub(crate) use svg::{Frame, drawing};

/// A language of diagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiagramLanguage {
    /// Text that another program draws.
    Graph(GraphLanguage),
    /// A picture.
    Svg,
}

/// Writes the flow of a campaign as a diagram, with counts where they are given.
pub(crate) fn write(
    out: &mut impl Write,
    language: DiagramLanguage,
    campaign: &CampaignDetail,
    counts: Option<&FlowCounts>,
) -> io::Result<()> {
    match language {
        DiagramLanguage::Graph(language) => {
            let chart = chart::Chart::of(campaign, counts);
            chart.write(out, language)
        }
        DiagramLanguage::Svg => {
            let drawing = drawing(campaign, counts, Frame::File);
            writeln!(out, "{}", drawing.into_string())
        }
    }
}
