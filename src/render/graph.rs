//! The graph of campaigns that start and feed each other, as mermaid and as dot.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diagnostic::visible::visible;
use crate::results::CampaignEdge;

/// A language of graphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GraphLanguage {
    /// Of mermaid, which many forges and editors draw.
    Mermaid,
    /// Of Graphviz.
    Dot,
}

/// Writes the graph of some edges.
pub(crate) fn graph(
    out: &mut impl Write,
    language: GraphLanguage,
    edges: &[CampaignEdge],
) -> io::Result<()> {
    let ends = edges.iter().flat_map(|edge| [&edge.from, &edge.to]);
    let mut numbers: BTreeMap<&String, usize> = ends.map(|name| (name, 0)).collect();
    for (number, place) in numbers.values_mut().enumerate() {
        *place = number + 1;
    }
    match language {
        GraphLanguage::Mermaid => {
            writeln!(out, "flowchart LR")?;
            for (name, number) in &numbers {
                writeln!(out, "    c{number}[\"{}\"]", entities(name))?;
            }
            for edge in edges {
                let (from, to) = (numbers[&edge.from], numbers[&edge.to]);
                writeln!(out, "    c{from} -->|\"{}\"| c{to}", entities(&edge.by))?;
            }
        }
        GraphLanguage::Dot => {
            writeln!(
                out,
                "digraph campaigns {{\n    rankdir=LR\n    node [shape=box]"
            )?;
            for (name, number) in &numbers {
                writeln!(out, "    c{number} [label={}]", quoted(name))?;
            }
            for edge in edges {
                let (from, to) = (numbers[&edge.from], numbers[&edge.to]);
                writeln!(out, "    c{from} -> c{to} [label={}]", quoted(&edge.by))?;
            }
            writeln!(out, "}}")?;
        }
    }
    Ok(())
}

/// Returns a text as mermaid reads it between quotes.
fn entities(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Returns a text as dot reads it, with its quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Returns a text as dot reads it between quotes.
pub(super) fn escaped(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('"', "\\\"")
}
