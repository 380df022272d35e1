//! Leaves that are not values: logs, lists, programs, campaigns and samples.

use crate::filter::operator::EvaluationTime;
use crate::filter::{ActivityFilter, Constraint, LeafKind, MemberOf, MembershipTests, Test};

use super::all_pass;
use super::test_claim::TestClaim;
use super::values::{self, Of};

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

/// Returns whether everyone who has what one leaf names, taken without its `not`, has what the other names.
fn within(one: &LeafKind, other: &LeafKind, when: &EvaluationTime<'_>) -> bool {
    match (one, other) {
        (LeafKind::MemberOfList { lists, .. }, LeafKind::MemberOfList { lists: of, .. }) => {
            lists.is_within(of)
        }
        (
            LeafKind::MemberOfSmartCampaign { campaigns, .. },
            LeafKind::MemberOfSmartCampaign { campaigns: of, .. },
        ) => campaigns.is_within(of),
        (
            LeafKind::MemberOfProgram {
                programs, tests, ..
            },
            LeafKind::MemberOfProgram {
                programs: of,
                tests: wanted,
                ..
            },
        ) => programs.is_within(of) && membership_within(tests, wanted, when),
        (LeafKind::Activity(one), LeafKind::Activity(other)) => activity_within(one, other, when),
        (LeafKind::RandomSample { .. }, LeafKind::RandomSample { .. }) => one == other,
        (_, _) => false,
    }
}

/// Every membership that is as one filter asks is as another asks.
fn membership_within(
    one: &MembershipTests,
    wanted: &MembershipTests,
    when: &EvaluationTime<'_>,
) -> bool {
    let all = |wanted: &[Test], known: &[Test], of: Of| {
        wanted.iter().all(|test| {
            let said: Vec<TestClaim> = all_pass(known).chain([TestClaim::fails(test)]).collect();
            values::none_passes(&said, of, when)
        })
    };
    (wanted.success.is_none() || one.success == wanted.success)
        && (wanted.acquired_by.is_none() || one.acquired_by == wanted.acquired_by)
        && all(&wanted.status, &one.status, Of::Text)
        && all(&wanted.since, &one.since, Of::Instant)
        // Without a date of success there is no value, of which the tests say something as well.
        && wanted.success_at.iter().all(|test| one.success_at.contains(test))
        && wanted.fields.iter().all(|field| one.fields.contains(field))
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

/// Returns whether each of the things that a leaf names is ruled out by one of the others, which ask for none of theirs.
fn ruled_out(kind: &LeafKind, no: &[&LeafKind]) -> bool {
    match kind {
        LeafKind::MemberOfList { lists, .. } => all_named(lists, |list| {
            no.iter().any(
                |other| matches!(other, LeafKind::MemberOfList { lists, .. } if lists.has(list)),
            )
        }),
        LeafKind::MemberOfSmartCampaign { campaigns, .. } => all_named(campaigns, |campaign| {
            no.iter().any(|other| {
                matches!(other, LeafKind::MemberOfSmartCampaign { campaigns, .. }
                    if campaigns.has(campaign))
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

/// Returns whether something is so of all that a filter names; of `any` that is not known.
fn all_named<T: Copy>(named: &MemberOf<T>, is_so: impl Fn(T) -> bool) -> bool {
    match named {
        MemberOf::Any => false,
        MemberOf::These(named) => named.iter().all(|one| is_so(*one)),
    }
}

/// Returns whether no one membership is both a success and none.
fn exclude(one: &LeafKind, other: &LeafKind) -> bool {
    let of = |kind: &LeafKind| match kind {
        LeafKind::MemberOfProgram {
            programs: MemberOf::These(programs),
            tests:
                MembershipTests {
                    success: Some(success),
                    ..
                },
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
