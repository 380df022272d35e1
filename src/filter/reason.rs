//! What follows from filters by their form alone: which never hold, and which hold whenever others do.
//!
//! Nobody is asked about a person here. Every answer is sound and none is complete: `true` is certain, `false`
//! means that nothing can be told. Called by the checks of `campaign::compile`.

mod texts;
mod values;

use crate::domain::{FieldCatalogue, FieldId, FieldType, Instant, ProgramId, Zone};

use super::operator::{WeekStart, When};
use super::{Constraint, ConstraintOn, Filter, Leaf, LeafKind, Sense, Test};

/// Reasons about the filters of one workspace.
#[derive(Debug, Clone, Copy)]
pub struct Reason<'a> {
    fields: &'a FieldCatalogue,
    /// Its now is never asked: tests that depend on it stay open.
    when: When<'a>,
}

/// What is known to hold together.
#[derive(Debug, Clone, Default)]
struct Known<'f> {
    leaves: Vec<&'f Leaf>,
    /// Of each group, at least one part holds.
    groups: Vec<&'f [Filter]>,
}

impl<'f> Known<'f> {
    fn of(filter: &'f Filter) -> Self {
        Self::default().and(filter)
    }

    fn and(mut self, filter: &'f Filter) -> Self {
        self.add(filter);
        self
    }

    fn add(&mut self, filter: &'f Filter) {
        match filter {
            Filter::All(parts) => parts.iter().for_each(|part| self.add(part)),
            Filter::Any(parts) => match parts.as_slice() {
                [only] => self.add(only),
                several => self.groups.push(several),
            },
            Filter::Leaf(leaf) => {
                self.leaves.push(leaf);
                if let LeafKind::MemberOfSmartList {
                    sense: Sense::Positive,
                    lists,
                } = &leaf.kind
                    && let [only] = lists.as_slice()
                {
                    self.add(&only.filter);
                }
            }
        }
    }

    /// Returns each way in which some group may hold.
    fn ways(&self) -> impl Iterator<Item = impl Iterator<Item = Self>> {
        self.groups.iter().map(|parts| {
            parts.iter().map(|part| {
                let leaves = self.leaves.clone();
                let groups = Vec::new();
                Self { leaves, groups }.and(part)
            })
        })
    }

    fn field(&self, field: FieldId) -> Vec<&'f Test> {
        let tests = self.leaves.iter().filter_map(|leaf| {
            let LeafKind::Field { field: of, tests } = &leaf.kind else {
                return None;
            };
            (*of == field).then_some(tests)
        });
        tests.flatten().collect()
    }

    fn status(&self, program: ProgramId) -> Vec<&'f Test> {
        let tests = self.leaves.iter().filter_map(|leaf| {
            let LeafKind::ProgramStatus { program: of, tests } = &leaf.kind else {
                return None;
            };
            (*of == program).then_some(tests)
        });
        tests.flatten().collect()
    }
}

impl<'a> Reason<'a> {
    /// Reasons with the fields and the calendar of a workspace.
    pub fn new(fields: &'a FieldCatalogue, zone: &'a Zone, week_start: WeekStart) -> Self {
        let now = Instant::from_micros(0);
        let when = When {
            now,
            zone,
            week_start,
        };
        Self { fields, when }
    }

    /// Tells whether no one can ever meet all of some filters at one instant.
    pub fn never(&self, filters: &[&Filter]) -> bool {
        let known = filters
            .iter()
            .fold(Known::default(), |known, filter| known.and(filter));
        self.impossible(&known)
    }

    /// Tells whether everyone who meets one filter meets another at the same instant.
    pub fn implies(&self, one: &Filter, other: &Filter) -> bool {
        self.follows(other, &Known::of(one))
    }

    /// Tells whether no activity meets the constraints of both, as far as the primary attribute shows.
    pub fn apart(&self, one: &[Constraint], other: &[Constraint]) -> bool {
        let tests: Vec<&Test> = one
            .iter()
            .chain(other)
            .filter(|constraint| constraint.attribute == ConstraintOn::Primary)
            .flat_map(|constraint| &constraint.tests)
            .collect();
        values::never(&tests, FieldType::String, &self.when)
    }

    fn impossible(&self, known: &Known<'_>) -> bool {
        known.leaves.iter().any(|leaf| self.clashes(leaf, known))
            || known
                .ways()
                .any(|mut ways| ways.all(|way| self.impossible(&way)))
    }

    /// Tells whether a leaf cannot hold beside the others.
    fn clashes(&self, leaf: &Leaf, known: &Known<'_>) -> bool {
        match &leaf.kind {
            LeafKind::Field { field, .. } => {
                let of = self.fields.type_of(*field);
                values::never(&known.field(*field), of, &self.when)
            }
            LeafKind::ProgramStatus { program, .. } => {
                values::never(&known.status(*program), FieldType::String, &self.when)
            }
            LeafKind::Activity(_)
            | LeafKind::MemberOfList { .. }
            | LeafKind::MemberOfSmartList { .. }
            | LeafKind::MemberOfSmartCampaign { .. }
            | LeafKind::MemberOfProgram { .. }
            | LeafKind::RandomSample { .. } => {
                complement(&leaf.kind).is_some_and(|kind| self.leaf_follows(&kind, known))
            }
        }
    }

    fn follows(&self, filter: &Filter, known: &Known<'_>) -> bool {
        let at_once = match filter {
            Filter::All(parts) => parts.iter().all(|part| self.follows(part, known)),
            Filter::Any(parts) => parts.iter().any(|part| self.follows(part, known)),
            Filter::Leaf(leaf) => self.leaf_follows(&leaf.kind, known),
        };
        at_once
            || known
                .ways()
                .any(|mut ways| ways.all(|way| self.follows(filter, &way)))
    }

    fn leaf_follows(&self, wanted: &LeafKind, known: &Known<'_>) -> bool {
        let follow = |tests: &[Test], by: &[&Test], of| {
            let mut tests = tests.iter();
            !by.is_empty() && tests.all(|test| values::implied(test, by, of, &self.when))
        };
        match wanted {
            LeafKind::Field { field, tests } => {
                follow(tests, &known.field(*field), self.fields.type_of(*field))
            }
            LeafKind::ProgramStatus { program, tests } => {
                follow(tests, &known.status(*program), FieldType::String)
            }
            LeafKind::MemberOfSmartList { sense, lists } => {
                covered(wanted, known)
                    || *sense == Sense::Positive
                        && lists.iter().any(|list| self.follows(&list.filter, known))
            }
            LeafKind::Activity(_)
            | LeafKind::MemberOfList { .. }
            | LeafKind::MemberOfSmartCampaign { .. }
            | LeafKind::MemberOfProgram { .. }
            | LeafKind::RandomSample { .. } => covered(wanted, known),
        }
    }
}

fn covered(wanted: &LeafKind, known: &Known<'_>) -> bool {
    known.leaves.iter().any(|leaf| covers(&leaf.kind, wanted))
}

/// Tells whether one leaf, alone, makes another hold: by asking for fewer or more of the same things.
fn covers(known: &LeafKind, wanted: &LeafKind) -> bool {
    match (known, wanted) {
        (
            LeafKind::MemberOfList { sense, lists },
            LeafKind::MemberOfList {
                sense: same,
                lists: of,
            },
        ) => sense == same && narrower(*sense, lists, of),
        (
            LeafKind::MemberOfSmartList { sense, lists },
            LeafKind::MemberOfSmartList {
                sense: same,
                lists: of,
            },
        ) => sense == same && narrower(*sense, lists, of),
        (
            LeafKind::MemberOfSmartCampaign { sense, campaigns },
            LeafKind::MemberOfSmartCampaign {
                sense: same,
                campaigns: of,
            },
        ) => sense == same && narrower(*sense, campaigns, of),
        (LeafKind::Activity(one), LeafKind::Activity(other)) => {
            one.sense == other.sense
                && one.activity == other.activity
                && one.constraints == other.constraints
                && one.date == other.date
                && match one.sense {
                    Sense::Positive => one.at_least >= other.at_least,
                    Sense::Negative => one.at_least <= other.at_least,
                }
        }
        (one, other) => one == other,
    }
}

/// On any of fewer is on any of more; on none of more is on none of fewer.
fn narrower<T: PartialEq>(sense: Sense, known: &[T], wanted: &[T]) -> bool {
    match sense {
        Sense::Positive => known.iter().all(|one| wanted.contains(one)),
        Sense::Negative => wanted.iter().all(|one| known.contains(one)),
    }
}

/// Returns the exact complement of a leaf that has one.
fn complement(kind: &LeafKind) -> Option<LeafKind> {
    let mut kind = kind.clone();
    let sense = match &mut kind {
        LeafKind::Activity(filter) => &mut filter.sense,
        LeafKind::MemberOfList { sense, .. }
        | LeafKind::MemberOfSmartList { sense, .. }
        | LeafKind::MemberOfSmartCampaign { sense, .. }
        | LeafKind::MemberOfProgram { sense, .. } => sense,
        LeafKind::Field { .. } | LeafKind::ProgramStatus { .. } | LeafKind::RandomSample { .. } => {
            return None;
        }
    };
    *sense = match sense {
        Sense::Positive => Sense::Negative,
        Sense::Negative => Sense::Positive,
    };
    Some(kind)
}
