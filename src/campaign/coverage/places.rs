//! Where the points of a campaign stand in its file.

use crate::diagnostic::Span;
use crate::filter::compile::Places;
use crate::source;
use crate::yaml::{MapEntry, Node, NodeKind};

use super::{Campaign, Choice, NumberedLeaf, Point};

/// The places of a campaign's points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PointPlaces<'a> {
    campaign: &'a Campaign,
    written: &'a source::Campaign,
}

impl<'a> PointPlaces<'a> {
    /// Looks for the points of a campaign that was compiled without a fault in what was written.
    pub(crate) fn new(campaign: &'a Campaign, written: &'a source::Campaign) -> Self {
        Self { campaign, written }
    }

    /// Returns the place of a point: that of the nearest thing that has one.
    pub(crate) fn of(&self, point: Point) -> Span {
        let name = self.written.name.span;
        let list = self.written.smart_list.as_ref();
        match point {
            Point::Trigger(place) => list
                .and_then(|list| list.triggers.get(place))
                .map_or(name, |node| node.span),
            Point::Filter { leaf, .. } => {
                let leaves = self.campaign.smart_list_leaves();
                let nodes = list.map_or(&[][..], |list| &list.filters);
                let found = leaves.get(leaf).and_then(|leaf| {
                    let (entry, within) = leaf.path.split_first()?;
                    Some(within_group(&Places::of(nodes.get(*entry)?), within))
                });
                found.unwrap_or(name)
            }
            Point::Rule { .. } => {
                let rule = self.written.qualification.as_ref();
                rule.map_or(name, |node| node.span)
            }
            Point::ChoiceFilter {
                step, choice, leaf, ..
            } => self.choice_filter(step, choice, leaf),
            Point::Choice { step, choice } => match self.choices(step).get(choice) {
                Some(node) => node.span,
                None => self.step(step),
            },
            Point::Default { step } => {
                let default = self.entry(step, "default");
                default.map_or_else(|| self.step(step), |entry| entry.key_span)
            }
            Point::Step(step) | Point::WaitEnded(step) => self.step(step),
        }
    }

    /// Returns the place of a step: that of its name.
    fn step(&self, step: usize) -> Span {
        let written = self.written_step(step);
        written.map_or(self.written.name.span, |step| step.name.span)
    }

    fn written_step(&self, step: usize) -> Option<&'a source::campaign::Step> {
        self.written.flow.as_ref()?.steps.get(step)
    }

    /// Finds a key of a step.
    fn entry(&self, step: usize, key: &str) -> Option<&'a MapEntry> {
        match &self.written_step(step)?.value.kind {
            NodeKind::Map(entries) => entries.iter().find(|entry| entry.key == key),
            NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) => None,
        }
    }

    fn choices(&self, step: usize) -> &'a [Node] {
        match self.entry(step, "choices").map(|entry| &entry.value.kind) {
            Some(NodeKind::List(choices)) => choices,
            _ => &[],
        }
    }

    fn choice_filter(&self, step: usize, choice: usize, leaf: usize) -> Span {
        let Some(node) = self.choices(step).get(choice) else {
            return self.step(step);
        };
        let choices = &self.campaign.flow[step].choices;
        let leaves = choices.get(choice).map_or_else(Vec::new, Choice::leaves);
        let path = leaves.get(leaf).map(|leaf: &NumberedLeaf<'_>| &leaf.path);
        match (node.get("if"), path) {
            (Some(condition), Some(path)) => within_group(&Places::of(condition), path),
            (None, _) | (_, None) => node.span,
        }
    }
}

/// Follows a way into a group, as far as the group is written as one.
fn within_group(places: &Places, path: &[usize]) -> Span {
    let next = path
        .split_first()
        .and_then(|(place, rest)| Some((places.parts.get(*place)?, rest)));
    next.map_or(places.span, |(part, rest)| within_group(part, rest))
}
