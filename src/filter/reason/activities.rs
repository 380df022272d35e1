//! Leaves that are not values: logs, lists, programs, campaigns and samples.

use crate::filter::operator::EvaluationTime;
use crate::filter::{ActivityFilter, Constraint, LeafKind};

use super::all_pass;
use super::values::{self, Of, TestClaim};

/// Returns whether some leaves, each true or false as stated, contradict each other.
pub(super) fn clash(leaves: &[(&LeafKind, bool)], when: &EvaluationTime<'_>) -> bool {
    let of = |wanted: bool| {
        let same = leaves
            .iter()
            .filter(move |(kind, holds)| (is_positive(kind) == *holds) == wanted);
        same.map(|(kind, _)| *kind).collect::<Vec<&LeafKind>>()
    };
    let (yes, no) = (of(true), of(false));
    yes.iter().any(|kind| {
        hopeless(kind, when)
            || no.iter().any(|other| within(kind, other, when))
            || ruled_out(kind, &no)
            || yes.iter().any(|other| exclude(kind, other))
    })
}

/// Returns whether a leaf asks for something rather than for its complement.
fn is_positive(kind: &LeafKind) -> bool {
    match kind {
        LeafKind::Activity(filter) => filter.sense.of(true),
        LeafKind::MemberOfList { sense, .. }
        | LeafKind::MemberOfSmartList { sense, .. }
        | LeafKind::MemberOfSmartCampaign { sense, .. }
        | LeafKind::MemberOfProgram { sense, .. } => sense.of(true),
        LeafKind::Field { .. } | LeafKind::ProgramStatus { .. } | LeafKind::RandomSample { .. } => {
            true
        }
    }
}

/// Returns whether nothing can be what a leaf asks for.
fn hopeless(kind: &LeafKind, when: &EvaluationTime<'_>) -> bool {
    let LeafKind::Activity(filter) = kind else {
        return false;
    };
    let date: Vec<TestClaim> = all_pass(&filter.date).collect();
    values::none_passes(&date, Of::Instant, when)
        || filter.constraints.iter().any(|constraint| {
            let said: Vec<TestClaim> = tests_on(&filter.constraints, constraint).collect();
            values::never(&said, Of::Attribute, when)
        })
}

fn tests_on<'c>(all: &'c [Constraint], like: &Constraint) -> impl Iterator<Item = TestClaim<'c>> {
    let attribute = like.attribute.clone();
    all.iter()
        .filter(move |constraint| constraint.attribute == attribute)
        .flat_map(|constraint| all_pass(&constraint.tests))
}

/// Returns whether whoever has what one leaf names, taken without its `not`, has what the other names.
fn within(one: &LeafKind, other: &LeafKind, when: &EvaluationTime<'_>) -> bool {
    match (one, other) {
        (LeafKind::MemberOfList { lists, .. }, LeafKind::MemberOfList { lists: of, .. }) => {
            among(lists, of)
        }
        (
            LeafKind::MemberOfSmartCampaign { campaigns, .. },
            LeafKind::MemberOfSmartCampaign { campaigns: of, .. },
        ) => among(campaigns, of),
        (
            LeafKind::MemberOfProgram {
                programs,
                status,
                success,
                ..
            },
            LeafKind::MemberOfProgram {
                programs: of,
                status: wanted,
                success: wanted_success,
                ..
            },
        ) => {
            among(programs, of)
                && (wanted_success.is_none() || success == wanted_success)
                && wanted.iter().all(|test| {
                    let said: Vec<TestClaim> =
                        all_pass(status).chain([TestClaim::fails(test)]).collect();
                    values::none_passes(&said, Of::Text, when)
                })
        }
        (LeafKind::Activity(one), LeafKind::Activity(other)) => activity_within(one, other, when),
        (LeafKind::RandomSample { .. }, LeafKind::RandomSample { .. }) => one == other,
        (_, _) => false,
    }
}

/// Every activity that counts for the one counts for the other, which needs no more of them.
fn activity_within(
    one: &ActivityFilter,
    other: &ActivityFilter,
    when: &EvaluationTime<'_>,
) -> bool {
    let dated = other.date.iter().all(|test| {
        let said: Vec<TestClaim> = all_pass(&one.date)
            .chain([TestClaim::fails(test)])
            .collect();
        values::none_passes(&said, Of::Instant, when)
    });
    let mut wanted = other.constraints.iter();
    one.activity == other.activity
        && one.at_least >= other.at_least
        && dated
        && wanted.all(|constraint| {
            constraint.tests.iter().all(|test| {
                let known = tests_on(&one.constraints, constraint);
                let said: Vec<TestClaim> = known.chain([TestClaim::fails(test)]).collect();
                values::never(&said, Of::Attribute, when)
            })
        })
}

fn among<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.iter().all(|item| other.contains(item))
}

/// Returns whether each of the things that a leaf names is ruled out by one of the others, which ask for none of theirs.
fn ruled_out(kind: &LeafKind, no: &[&LeafKind]) -> bool {
    match kind {
        LeafKind::MemberOfList { lists, .. } => lists.iter().all(|list| {
            no.iter().any(|other| {
                matches!(other, LeafKind::MemberOfList { lists, .. } if lists.contains(list))
            })
        }),
        LeafKind::MemberOfSmartCampaign { campaigns, .. } => campaigns.iter().all(|campaign| {
            no.iter().any(|other| {
                matches!(other, LeafKind::MemberOfSmartCampaign { campaigns, .. }
                    if campaigns.contains(campaign))
            })
        }),
        LeafKind::Activity(_)
        | LeafKind::Field { .. }
        | LeafKind::MemberOfProgram { .. }
        | LeafKind::MemberOfSmartList { .. }
        | LeafKind::ProgramStatus { .. }
        | LeafKind::RandomSample { .. } => false,
    }
}

/// Returns whether no one membership is both a success and none.
fn exclude(one: &LeafKind, other: &LeafKind) -> bool {
    let of = |kind: &LeafKind| match kind {
        LeafKind::MemberOfProgram {
            programs,
            success: Some(success),
            ..
        } => Some((programs.clone(), *success)),
        LeafKind::MemberOfProgram { .. }
        | LeafKind::Activity(_)
        | LeafKind::Field { .. }
        | LeafKind::MemberOfList { .. }
        | LeafKind::MemberOfSmartCampaign { .. }
        | LeafKind::MemberOfSmartList { .. }
        | LeafKind::ProgramStatus { .. }
        | LeafKind::RandomSample { .. } => None,
    };
    match (of(one), of(other)) {
        (Some((one, success)), Some((other, of))) => {
            one.len() == 1 && one == other && success != of
        }
        (_, _) => false,
    }
}
