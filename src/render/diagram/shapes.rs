//! The shapes that a picture is made of: boxes, lines of text, arrows.

use maud::{Markup, PreEscaped, html};

use super::measure::{Weight, width};

/// A picture in the making.
#[derive(Default)]
pub(super) struct Picture {
    arrows: Vec<Markup>,
    boxes: Vec<Markup>,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// What a step does.
    Main,
    /// What is said beside it.
    Muted,
    /// How many went along an arrow.
    Count,
}

impl Ink {
    /// Returns the size in pixels.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Main => 14.0,
            Self::Muted => 12.0,
            Self::Count => 12.5,
        }
    }

    /// Returns how far lines lie apart in pixels.
    pub(super) fn leading(self) -> f64 {
        match self {
            Self::Main => 19.0,
            Self::Muted | Self::Count => 16.5,
        }
    }

    /// Returns how heavy it is.
    pub(super) fn weight(self) -> Weight {
        match self {
            Self::Main | Self::Muted => Weight::Regular,
            Self::Count => Weight::Bold,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Muted => "muted",
            Self::Count => "count",
        }
    }

    /// Returns the greatest width of a text in pixels.
    pub(super) fn width(self, text: &str) -> f64 {
        width(text, self.size(), self.weight())
    }
}

/// What a box is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BoxKind {
    /// The beginning or the end of a flow.
    End,
    /// A step or a choice.
    Step,
    /// One that sends an email.
    Mail,
    /// One that waits.
    Wait,
    /// One that ends the flow.
    Leave,
    /// One that does nothing.
    Nothing,
}

impl BoxKind {
    fn class(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Step => "step",
            Self::Mail => "step mail",
            Self::Wait => "step wait",
            Self::Leave => "step leave",
            Self::Nothing => "step nothing",
        }
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    /// The left edge.
    pub(super) x: f64,
    /// The upper edge.
    pub(super) y: f64,
    /// The width.
    pub(super) width: f64,
    /// The height.
    pub(super) height: f64,
}

impl Picture {
    /// Draws a box with lines of text in it.
    pub(super) fn filled_box(&mut self, kind: BoxKind, edge: Rectangle, lines: &[Line]) {
        let radius = if kind == BoxKind::End { 18.0 } else { 8.0 };
        let Rectangle {
            x,
            y,
            width,
            height,
        } = edge;
        self.boxes.push(html! {
            g class=(kind.class()) {
                rect x=(x) y=(y) width=(width) height=(height) rx=(radius) {}
                @if kind == BoxKind::Mail {
                    rect class="stripe" x=(x) y=(y + 8.0) width="4" height=(height - 16.0) rx="2" {}
                }
                @for line in lines {
                    text class=(line.ink.class()) x=(line.x) y=(round(line.y)) { (line.text) }
                }
            }
        });
    }

    /// Draws the number of a step.
    pub(super) fn badge(&mut self, x: f64, y: f64, number: u32) {
        let number = number.to_string();
        self.boxes.push(html! {
            g class="badge" {
                circle cx=(x) cy=(y) r="11" {}
                text x=(x) y=(y + 4.0) text-anchor="middle" { (number) }
            }
        });
    }

    /// Draws how many went along an arrow.
    pub(super) fn count(&mut self, x: f64, y: f64, text: &str) {
        self.boxes.push(html! {
            text class="count" x=(x) y=(round(y)) { (text) }
        });
    }

    /// Draws a line along a path; it is as wide as many went along it.
    pub(super) fn arrow(&mut self, path: &str, flow: Stream, tip: Option<(f64, f64, Points)>) {
        let class = if flow.is_empty { "way none" } else { "way" };
        let head = tip.map(|(x, y, to)| match to {
            Points::Down => format!("M{} {}L{x} {y}L{} {}Z", x - 5.0, y - 7.0, x + 5.0, y - 7.0),
            Points::Right => format!("M{} {}L{x} {y}L{} {}Z", x - 7.0, y - 5.0, x - 7.0, y + 5.0),
        });
        let class_of_head = if flow.is_empty { "tip none" } else { "tip" };
        self.arrows.push(html! {
            path class=(class) d=(path) stroke-width=(round(flow.width)) {}
            @if let Some(head) = head { path class=(class_of_head) d=(head) {} }
        });
    }

    /// Returns the markup: arrows lie under the boxes.
    pub(super) fn finish(self) -> Markup {
        let all = self.arrows.into_iter().chain(self.boxes);
        PreEscaped(all.map(PreEscaped::into_string).collect())
    }
}

/// Where the tip of an arrow points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Points {
    /// To the next step.
    Down,
    /// To a choice.
    Right,
}

/// How wide the line of an arrow is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stream {
    /// In pixels.
    pub(super) width: f64,
    /// Whether nobody went along it.
    pub(super) is_empty: bool,
}

/// A line of text in its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Where it begins.
    pub(super) x: f64,
    /// The base of its letters.
    pub(super) y: f64,
    /// How it looks.
    pub(super) ink: Ink,
    /// What it says.
    pub(super) text: String,
}

/// Returns a length with two digits after the point at most.
pub(super) fn round(length: f64) -> f64 {
    (length * 100.0).round() / 100.0
}
