//! What tests of a campaign should see happen, point by point: triggers, filters, choices, waits and steps.
//!
//! The engine notes the points that it comes by, `app::test` counts them. [`places`] finds each in its file, and
//! [`mod@unreachable`] knows those that no test can reach.

mod places;
mod unreachable;

use crate::filter::{Filter, Leaf};

use super::{Campaign, Choice, StepKind};

pub(crate) use places::PointPlaces;
pub(crate) use unreachable::Reachability;

/// One thing that tests of a campaign should see. Places are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Point {
    /// An activity fires a trigger.
    Trigger(usize),
    /// A filter of the smart list has this answer when the campaign is evaluated.
    Filter {
        /// Its place among all filters of the smart list, groups opened.
        leaf: usize,
        /// The answer.
        holds: bool,
    },
    /// The qualification rule has this answer for someone who meets the filters.
    Rule {
        /// The answer.
        admits: bool,
    },
    /// A filter of a choice has this answer when the choice is asked.
    ChoiceFilter {
        /// The step.
        step: usize,
        /// The choice.
        choice: usize,
        /// Its place among all filters of the choice, groups opened.
        leaf: usize,
        /// The answer.
        holds: bool,
    },
    /// A choice is taken.
    Choice {
        /// The step.
        step: usize,
        /// The choice.
        choice: usize,
    },
    /// None of a step's choices holds.
    Default {
        /// The step.
        step: usize,
    },
    /// A step succeeds.
    Step(usize),
    /// The wait of a step ends.
    WaitEnded(usize),
}

/// A filter within a smart list or a choice, groups opened and named smart lists not.
#[derive(Debug, Clone)]
pub(crate) struct NumberedLeaf<'f> {
    /// Its number, `2`, or `2.1` within a group.
    pub(crate) number: String,
    /// The way to it: the place in each group, from 0.
    pub(crate) path: Vec<usize>,
    /// The filter.
    pub(crate) leaf: &'f Leaf,
    /// The same as a part of the tree.
    pub(crate) filter: &'f Filter,
}

impl Campaign {
    /// Returns the filters of the smart list, in the order of their numbers.
    pub(crate) fn smart_list_leaves(&self) -> Vec<NumberedLeaf<'_>> {
        let mut leaves = Vec::new();
        for (place, entry) in self.numbered.entries.iter().enumerate() {
            open(entry, &mut vec![place], &mut leaves);
        }
        leaves
    }

    /// Returns every point, in the order in which they are written.
    pub(crate) fn points(&self) -> Vec<Point> {
        let both = [true, false];
        let mut points: Vec<Point> = (0..self.triggers.len()).map(Point::Trigger).collect();
        for leaf in 0..self.smart_list_leaves().len() {
            points.extend(both.map(|holds| Point::Filter { leaf, holds }));
        }
        points.extend(both.map(|admits| Point::Rule { admits }));
        for (step, written) in self.flow.iter().enumerate() {
            for (choice, taken) in written.choices.iter().enumerate() {
                for leaf in 0..taken.leaves().len() {
                    points.extend(both.map(|holds| Point::ChoiceFilter {
                        step,
                        choice,
                        leaf,
                        holds,
                    }));
                }
                points.push(Point::Choice { step, choice });
            }
            if !written.choices.is_empty() {
                points.push(Point::Default { step });
            }
            points.push(Point::Step(step));
            if written.kind == StepKind::Wait {
                points.push(Point::WaitEnded(step));
            }
        }
        points
    }
}

impl Choice {
    /// Returns the filters of the condition.
    pub(crate) fn leaves(&self) -> Vec<NumberedLeaf<'_>> {
        let mut leaves = Vec::new();
        match &self.when {
            Filter::All(parts) | Filter::Any(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    open(part, &mut vec![place], &mut leaves);
                }
            }
            Filter::Leaf(_) => open(&self.when, &mut Vec::new(), &mut leaves),
        }
        leaves
    }
}

/// Adds the filters of a part; `path` leads to it and is as before afterwards.
fn open<'f>(filter: &'f Filter, path: &mut Vec<usize>, leaves: &mut Vec<NumberedLeaf<'f>>) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            for (place, part) in parts.iter().enumerate() {
                path.push(place);
                open(part, path, leaves);
                path.pop();
            }
        }
        Filter::Leaf(leaf) => {
            let numbers = path.iter().map(|place| (place + 1).to_string());
            leaves.push(NumberedLeaf {
                number: numbers.collect::<Vec<_>>().join("."),
                path: path.clone(),
                leaf,
                filter,
            });
        }
    }
}
