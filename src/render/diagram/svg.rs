//! The flow as a picture: steps below each other, the choices of a step between two rails, counts beside the arrows.
//!
//! It never grows wider than its place, however many choices a step has, so that forty steps can be read on a phone and on
//! paper. Heights follow from the texts, which are measured with care ([`super::measure`]).

use maud::{Markup, PreEscaped, html};

use super::measure::wrap;
use super::shapes::{BoxKind, Ink, Line, Picture, Points, Rectangle, Stream, round};
use super::words;
use crate::results::{
    ActionRole, Branch, CampaignDetail, ChoiceTally, FlowCounts, StepDetail, StepTally,
};

/// Where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// In a file of its own, with colours and a background of its own.
    File,
    /// In a wide page.
    Wide,
    /// In a narrow page.
    Narrow,
}

impl Frame {
    fn width(self) -> f64 {
        match self {
            Self::File | Self::Wide => 640.0,
            Self::Narrow => 328.0,
        }
    }
}

/// Draws the flow of a campaign: as one picture in a file, and in a page as one for each step, so that no box is torn apart
/// where a printed page ends.
pub(crate) fn drawing(
    campaign: &CampaignDetail,
    counts: Option<&FlowCounts>,
    frame: Frame,
) -> Markup {
    let mut pen = Pen::new(frame, counts);
    pen.start(campaign);
    for step in &campaign.steps {
        pen.step(step);
    }
    pen.end();
    let height = round(pen.y + 2.0);
    pen.cut(height);
    let width = frame.width();
    let summary = summary_of(campaign.steps.len(), counts);
    let title = format!("Flow of {}", campaign.campaign);
    match frame {
        Frame::File => html! {
            svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img" aria-labelledby="title summary"
                viewBox={"0 0 " (width) " " (height)} width=(width) height=(height) {
                title id="title" { (title) }
                desc id="summary" { (summary) }
                style { (PreEscaped(STYLE)) }
                rect class="paper" width=(width) height=(height) {}
                @for piece in &pen.pieces { (piece.markup) }
            }
        },
        Frame::Wide | Frame::Narrow => html! {
            div role="img" aria-label={(title) ", " (summary)} {
                @for piece in &pen.pieces {
                    @let height = round(piece.bottom - piece.top);
                    svg class="flow" aria-hidden="true" viewBox={"0 " (piece.top) " " (width) " " (height)}
                        width=(width) height=(height) { (piece.markup) }
                }
            }
        },
    }
}

fn summary_of(steps: usize, counts: Option<&FlowCounts>) -> String {
    let plural = if steps == 1 { "" } else { "s" };
    let counted = counts.map_or_else(String::new, |counts| {
        format!(
            ": {} entered, {} finished",
            words::number(counts.entries),
            words::number(counts.finished)
        )
    });
    format!("{steps} step{plural}{counted}")
}

/// The colours of a picture in a file of its own; a page has the same names.
const STYLE: &str = include_str!("flow.css");

/// From the edge of a box to its text.
const PAD: f64 = 12.0;
/// Between two boxes.
const GAP: f64 = 34.0;
/// Between two choices.
const CHOICE_GAP: f64 = 10.0;
/// How round the corners of arrows are.
const CORNER: f64 = 8.0;

/// Draws from the top down.
struct Pen<'a> {
    picture: Picture,
    counts: Option<&'a FlowCounts>,
    width: f64,
    /// Where the arrows between steps run.
    spine: f64,
    /// How far it has come.
    y: f64,
    /// What is finished, from the top down.
    pieces: Vec<Piece>,
    /// The way to the next box; nothing where nobody goes on.
    way: Option<Way>,
}

/// The way from what is drawn to what comes next.
struct Way {
    /// The path so far, to which the line down to the next box is added.
    path: String,
    /// How many went along it.
    count: Option<u64>,
    /// Where the line down begins.
    from: f64,
}

/// A part of a picture, between two steps.
struct Piece {
    top: f64,
    bottom: f64,
    markup: Markup,
}

impl<'a> Pen<'a> {
    fn new(frame: Frame, counts: Option<&'a FlowCounts>) -> Self {
        Self {
            picture: Picture::default(),
            counts,
            width: frame.width(),
            spine: 24.0,
            y: 2.0,
            way: None,
            pieces: Vec::new(),
        }
    }

    /// Ends a piece of the picture.
    fn cut(&mut self, bottom: f64) {
        let picture = std::mem::take(&mut self.picture);
        self.pieces.push(Piece {
            top: self.pieces.last().map_or(0.0, |last| last.bottom),
            bottom,
            markup: picture.finish(),
        });
    }

    /// Returns how wide an arrow is along which so many went.
    fn stream(&self, count: Option<u64>) -> Stream {
        let most = self.counts.map_or(0, |counts| counts.entries).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a width in pixels")]
        let share = count.unwrap_or(0).min(most) as f64 / most as f64;
        Stream {
            width: if count.is_some() {
                1.5 + 3.0 * share
            } else {
                1.5
            },
            is_empty: count == Some(0),
        }
    }

    fn start(&mut self, campaign: &CampaignDetail) {
        let (head, mut lines) = if campaign.triggers.is_empty() {
            ("For people for whom", campaign.filters.clone())
        } else {
            let head = match campaign.triggers.len() {
                1 => "Starts when",
                _ => "Starts when any of these happens",
            };
            (head, campaign.triggers.clone())
        };
        if lines.is_empty() {
            lines.push("nothing starts it by itself".to_owned());
        }
        let mut texts = vec![(Ink::Muted, head.to_owned())];
        texts.extend(lines.into_iter().map(|line| (Ink::Main, line)));
        if !campaign.triggers.is_empty() && !campaign.filters.is_empty() {
            texts.push((Ink::Muted, "and at that instant".to_owned()));
            texts.extend(
                campaign
                    .filters
                    .iter()
                    .map(|line| (Ink::Main, line.clone())),
            );
        }
        if let Some(counts) = self.counts {
            let entered = format!("{} entered", words::number(counts.entries));
            texts.push((Ink::Count, entered));
        }
        let left = 18.0;
        let lines = self.lines(&texts, left, self.width - left - PAD);
        self.put(BoxKind::End, 1.0, self.width - 2.0, &lines);
        let first = self.counts.map(|counts| {
            let first = counts.steps.first();
            first.map_or(counts.entries, |first| first.reached)
        });
        self.leave_from_spine(first);
    }

    /// Begins the way to the next box at the spine.
    fn leave_from_spine(&mut self, count: Option<u64>) {
        self.way = Some(Way {
            path: format!("M{} {}", self.spine, round(self.y)),
            count,
            from: round(self.y),
        });
    }

    /// Draws the way down to the next box, which begins after a gap.
    fn arrive(&mut self) {
        let from = self.y;
        self.y += GAP;
        let way = self.way.take();
        self.cut(way.as_ref().map_or(round(from), |way| way.from));
        let Some(way) = way else {
            return;
        };
        let path = format!("{}V{}", way.path, round(self.y - 5.0));
        let stream = self.stream(way.count);
        let tip = (self.spine, round(self.y), Points::Down);
        self.picture.arrow(&path, stream, Some(tip));
        if let Some(count) = way.count {
            let text = words::number(count);
            self.picture
                .count(self.spine + 12.0, from + GAP / 2.0 + 4.0, &text);
        }
    }

    fn step(&mut self, step: &StepDetail) {
        self.arrive();
        let place = step.step.saturating_sub(1) as usize;
        let tally = self.counts.and_then(|counts| counts.steps.get(place));
        let (text, kind) = if step.choices.is_empty() {
            (step.does.clone(), kind_of(step.role))
        } else {
            (step.name.replace('_', " "), BoxKind::Step)
        };
        let mut texts = vec![(Ink::Main, text)];
        if !step.choices.is_empty() {
            texts.push((Ink::Muted, "the first of these that holds".to_owned()));
        }
        let happened = tally
            .map(|tally| words::of_step(step, tally))
            .unwrap_or_default();
        texts.extend(happened.into_iter().map(|line| (Ink::Muted, line)));
        let left = self.spine + 22.0;
        let lines = self.lines(&texts, left, self.width - left - PAD);
        let top = self.y;
        self.put(kind, 1.0, self.width - 2.0, &lines);
        self.picture.badge(self.spine, top + PAD + 8.5, step.step);
        let went_on = tally.map(|tally| tally.went_on);
        if step.choices.is_empty() {
            if step.role != ActionRole::Leave {
                self.leave_from_spine(went_on);
            }
        } else {
            self.choices(step, tally, went_on);
        }
    }

    /// Draws the choices of a step: a rail leads down to each, another one from each to the next step.
    fn choices(&mut self, step: &StepDetail, tally: Option<&StepTally>, went_on: Option<u64>) {
        let branches = step.branches();
        let tally_of = |branch: &Branch<'_>| {
            let choices = tally.into_iter().flat_map(|tally| &tally.choices);
            choices
                .into_iter()
                .find(|taken| taken.choice == branch.choice)
        };
        let widest = branches.iter().filter_map(&tally_of);
        let widest = widest.map(|taken| Ink::Count.width(&words::number(taken.reached)));
        let room = widest.fold(0.0, f64::max);
        let left = self.spine + 30.0 + room;
        let (right, rail) = (self.width - 22.0, self.width - 8.0);
        let trunk = self.y;
        self.y += CHOICE_GAP + 6.0;
        // The rails are drawn for each choice from the step on, so the last lies over the others.
        let mut leads = Vec::new();
        for branch in &branches {
            let taken = tally_of(branch);
            let (top, bottom) = self.branch(branch, taken, left, right);
            leads.push((
                f64::midpoint(top, bottom),
                taken.map(|taken| taken.reached),
                branch.role,
            ));
            self.y = bottom + CHOICE_GAP;
        }
        let merge = self.y + 4.0;
        for (middle, count, role) in leads {
            self.lead(trunk, middle, left, count);
            if role != ActionRole::Leave {
                self.merge(middle, right, rail, merge, count);
            }
        }
        self.y = merge;
        let is_left = branches
            .iter()
            .all(|branch| branch.role == ActionRole::Leave);
        self.way = (!is_left).then(|| Way {
            path: format!("M{} {}", self.spine, round(merge + CORNER - 0.5)),
            count: went_on,
            from: round(merge + CORNER),
        });
    }

    /// Draws the arrow from a step to one of its choices.
    fn lead(&mut self, trunk: f64, middle: f64, left: f64, count: Option<u64>) {
        let spine = self.spine;
        let path = format!(
            "M{spine} {}V{}Q{spine} {} {} {}H{}",
            round(trunk),
            round(middle - CORNER),
            round(middle),
            spine + CORNER,
            round(middle),
            round(left - 6.0)
        );
        let stream = self.stream(count);
        let tip = (round(left), round(middle), Points::Right);
        self.picture.arrow(&path, stream, Some(tip));
        if let Some(count) = count {
            self.picture
                .count(spine + 12.0, middle - 6.0, &words::number(count));
        }
    }

    /// Draws the line from a choice to the way that leads on.
    fn merge(&mut self, middle: f64, right: f64, rail: f64, merge: f64, count: Option<u64>) {
        let spine = self.spine;
        let path = format!(
            "M{right} {}H{}Q{rail} {} {rail} {}V{}Q{rail} {} {} {}H{}Q{spine} {} {spine} {}",
            round(middle),
            rail - CORNER,
            round(middle),
            round(middle + CORNER),
            round(merge - CORNER),
            round(merge),
            rail - CORNER,
            round(merge),
            spine + CORNER,
            round(merge),
            round(merge + CORNER)
        );
        let stream = self.stream(count);
        self.picture.arrow(
            &path,
            Stream {
                width: 1.5,
                ..stream
            },
            None,
        );
    }

    /// Draws one choice, and returns its upper and lower edge.
    fn branch(
        &mut self,
        branch: &Branch<'_>,
        taken: Option<&ChoiceTally>,
        left: f64,
        right: f64,
    ) -> (f64, f64) {
        let when = branch
            .when
            .map_or_else(|| "else".to_owned(), |when| format!("if {when}"));
        let mut texts = vec![(Ink::Muted, when), (Ink::Main, branch.does.to_owned())];
        let happened = taken.map(|taken| words::of_choice(taken, branch.role));
        let happened = happened.unwrap_or_default().into_iter();
        texts.extend(happened.map(|line| (Ink::Muted, line)));
        let lines = self.lines(&texts, left + PAD, right - left - 2.0 * PAD);
        let top = self.y;
        self.put(kind_of(branch.role), left, right - left, &lines);
        (top, self.y)
    }

    fn end(&mut self) {
        if self.way.is_none() {
            return;
        }
        self.arrive();
        let mut texts = vec![(Ink::Muted, "End".to_owned())];
        if let Some(counts) = self.counts {
            texts.push((
                Ink::Count,
                format!("{} finished", words::number(counts.finished)),
            ));
        }
        let left = 18.0;
        let lines = self.lines(&texts, left, self.width - left - PAD);
        self.put(BoxKind::End, 1.0, self.width - 2.0, &lines);
    }

    /// Wraps texts and puts their lines below each other, from where the pen is.
    fn lines(&self, texts: &[(Ink, String)], left: f64, room: f64) -> Vec<Line> {
        let mut y = self.y + PAD;
        let mut lines = Vec::new();
        for (ink, text) in texts {
            let indent =
                6.0 * f64::from(u8::try_from(text.len() - text.trim_start().len()).unwrap_or(0));
            for part in wrap(text, room - indent, ink.size(), ink.weight()) {
                y += ink.leading();
                lines.push(Line {
                    x: left + indent,
                    y: y - 5.5,
                    ink: *ink,
                    text: part,
                });
            }
        }
        lines
    }

    /// Draws a box around lines and goes on below it.
    fn put(&mut self, kind: BoxKind, x: f64, width: f64, lines: &[Line]) {
        let text: f64 = lines.iter().map(|line| line.ink.leading()).sum();
        let edge = Rectangle {
            x: round(x),
            y: round(self.y),
            width: round(width),
            height: round(text + 2.0 * PAD - 2.0),
        };
        self.picture.filled_box(kind, edge, lines);
        self.y += edge.height;
    }
}

fn kind_of(role: ActionRole) -> BoxKind {
    match role {
        ActionRole::Change => BoxKind::Step,
        ActionRole::Mail => BoxKind::Mail,
        ActionRole::Wait => BoxKind::Wait,
        ActionRole::Leave => BoxKind::Leave,
        ActionRole::Nothing => BoxKind::Nothing,
    }
}
