//! A flow as nodes and arrows, and how mermaid and Graphviz write them.

use std::io::{self, Write};

use super::words;
use crate::diagnostic::visible::visible;
use crate::render::graph::{GraphLanguage, escaped};
use crate::results::{ActionRole, CampaignDetail, FlowCounts, StepDetail, StepTally};

/// A flow as nodes and arrows, in the order in which they are written.
pub(super) struct Chart {
    parts: Vec<Part>,
}

enum Part {
    Node(Node),
    Arrow(Arrow),
}

struct Node {
    name: String,
    shape: Shape,
    lines: Vec<String>,
}

#[derive(Clone, Copy)]
enum Shape {
    /// Where the flow begins and ends.
    End,
    /// A step, or what a choice does.
    Step,
    /// A step with choices.
    Question,
}

struct Arrow {
    from: String,
    to: String,
    lines: Vec<String>,
}

/// Where the next node is led to from, and how many came from all of these places.
struct Exits {
    names: Vec<String>,
    count: Option<u64>,
}

/// The node of those whom a step takes out of the flow.
const LEFT: &str = "left";

impl Chart {
    /// Makes the chart of a campaign.
    pub(super) fn of(campaign: &CampaignDetail, counts: Option<&FlowCounts>) -> Self {
        let mut chart = Self { parts: Vec::new() };
        let mut begin: Vec<String> = if campaign.triggers.is_empty() {
            campaign.filters.clone()
        } else {
            campaign.triggers.clone()
        };
        if let Some(counts) = counts {
            begin.push(format!("{} entered", words::number(counts.entries)));
        }
        chart.node("start", Shape::End, begin);
        let mut exits = Exits {
            names: vec!["start".to_owned()],
            count: counts.map(|counts| {
                counts
                    .steps
                    .first()
                    .map_or(counts.entries, |first| first.reached)
            }),
        };
        for step in &campaign.steps {
            let place = step.step.saturating_sub(1) as usize;
            let tally = counts.and_then(|counts| counts.steps.get(place));
            exits = chart.step(step, tally, &exits);
        }
        let mut end = vec!["end".to_owned()];
        end.extend(counts.map(|counts| format!("{} finished", words::number(counts.finished))));
        chart.node("finish", Shape::End, end);
        chart.arrows(&exits, "finish");
        let leaves = |part: &Part| matches!(part, Part::Arrow(arrow) if arrow.to == LEFT);
        if chart.parts.iter().any(leaves) {
            chart.node(LEFT, Shape::End, vec!["left the flow".to_owned()]);
        }
        chart
    }

    fn node(&mut self, name: &str, shape: Shape, lines: Vec<String>) {
        self.parts.push(Part::Node(Node {
            name: name.to_owned(),
            shape,
            lines,
        }));
    }

    fn arrow(&mut self, from: &str, to: &str, lines: Vec<String>) {
        self.parts.push(Part::Arrow(Arrow {
            from: from.to_owned(),
            to: to.to_owned(),
            lines,
        }));
    }

    fn arrows(&mut self, exits: &Exits, to: &str) {
        // Of several arrows into one node, it is not known how many came by which.
        let count = exits.count.filter(|_| exits.names.len() == 1);
        for from in &exits.names {
            let lines = count.map(words::number).into_iter().collect();
            self.arrow(from, to, lines);
        }
    }

    /// Adds a step that is led to from `from`, and returns from where the next one is led to.
    fn step(&mut self, step: &StepDetail, tally: Option<&StepTally>, from: &Exits) -> Exits {
        let name = format!("s{}", step.step);
        let mut happened = tally
            .map(|tally| words::of_step(step, tally))
            .unwrap_or_default();
        let mut exits = Exits {
            names: Vec::new(),
            count: tally.map(|tally| tally.went_on),
        };
        if step.choices.is_empty() {
            happened.insert(0, format!("{}. {}", step.step, step.does));
            self.node(&name, Shape::Step, happened);
            self.arrows(from, &name);
            self.exit(&name, step.role, None, &mut exits);
            return exits;
        }
        happened.insert(0, format!("{}. {}", step.step, step.name.replace('_', " ")));
        self.node(&name, Shape::Question, happened);
        self.arrows(from, &name);
        for branch in step.branches() {
            let taken = tally.and_then(|tally| {
                let mut choices = tally.choices.iter();
                choices.find(|taken| taken.choice == branch.choice)
            });
            let node = format!("{name}c{}", branch.choice);
            let mut lines = vec![branch.does.to_owned()];
            lines.extend(
                taken
                    .map(|taken| words::of_choice(taken, branch.role))
                    .unwrap_or_default(),
            );
            self.node(&node, Shape::Step, lines);
            let mut label = vec![branch.when.unwrap_or("else").to_owned()];
            label.extend(taken.map(|taken| words::number(taken.reached)));
            self.arrow(&name, &node, label);
            let count = taken.map(|taken| taken.reached);
            self.exit(&node, branch.role, count, &mut exits);
        }
        exits
    }

    /// Leads on from a node: to the next step, or out of the flow.
    fn exit(&mut self, node: &str, role: ActionRole, count: Option<u64>, exits: &mut Exits) {
        match role {
            ActionRole::Leave => {
                let lines = count.map(words::number).into_iter().collect();
                self.arrow(node, LEFT, lines);
            }
            ActionRole::Change | ActionRole::Mail | ActionRole::Nothing | ActionRole::Wait => {
                exits.names.push(node.to_owned());
            }
        }
    }

    /// Writes it for another program to draw.
    pub(super) fn write(&self, out: &mut impl Write, language: GraphLanguage) -> io::Result<()> {
        match language {
            GraphLanguage::Mermaid => {
                writeln!(out, "flowchart TD")?;
                self.parts.iter().try_for_each(|part| mermaid(out, part))
            }
            GraphLanguage::Dot => {
                writeln!(
                    out,
                    "digraph flow {{\n    node [shape=box, style=rounded, fontname=\"sans-serif\"]\n    edge [fontname=\"sans-serif\"]"
                )?;
                self.parts.iter().try_for_each(|part| dot(out, part))?;
                writeln!(out, "}}")
            }
        }
    }
}

fn mermaid(out: &mut impl Write, part: &Part) -> io::Result<()> {
    match part {
        Part::Node(node) => {
            let (open, close) = match node.shape {
                Shape::End => ("([", "])"),
                Shape::Step => ("[", "]"),
                Shape::Question => ("{", "}"),
            };
            writeln!(
                out,
                "    {}{open}\"{}\"{close}",
                node.name,
                label(&node.lines)
            )
        }
        Part::Arrow(Arrow { from, to, lines }) if lines.is_empty() => {
            writeln!(out, "    {from} --> {to}")
        }
        Part::Arrow(Arrow { from, to, lines }) => {
            writeln!(out, "    {from} -->|\"{}\"| {to}", label(lines))
        }
    }
}

/// Returns text as it may stand between quotes of mermaid, which reads HTML's entities and tags.
fn label(lines: &[String]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| {
            visible(line)
                .replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('#', "&num;")
        })
        .collect();
    lines.join("<br>")
}

fn dot(out: &mut impl Write, part: &Part) -> io::Result<()> {
    match part {
        Part::Node(node) => {
            let shape = match node.shape {
                Shape::End => ", shape=oval",
                Shape::Step => "",
                Shape::Question => ", shape=diamond",
            };
            writeln!(
                out,
                "    {} [label={}{shape}]",
                node.name,
                dot_label(&node.lines)
            )
        }
        Part::Arrow(Arrow { from, to, lines }) if lines.is_empty() => {
            writeln!(out, "    {from} -> {to}")
        }
        Part::Arrow(Arrow { from, to, lines }) => {
            writeln!(out, "    {from} -> {to} [label={}]", dot_label(lines))
        }
    }
}

/// Returns lines as Graphviz reads them, with their quotes.
fn dot_label(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    format!("\"{}\"", lines.join("\\n"))
}
