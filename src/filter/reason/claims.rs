//! Filters taken apart into what each says of one value, list or log.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::{FieldId, ProgramId};
use crate::filter::operator::{Criterion, Test};
use crate::filter::{Filter, LeafKind, SmartList};

use super::test_claim::TestClaim;

/// Something that is true, or is not.
#[derive(Debug, Clone, Copy)]
pub(super) enum Claim<'f> {
    Filter(&'f Filter, bool),
    Field(FieldId, TestClaim<'f>),
    Status(ProgramId, TestClaim<'f>),
}

/// Every member has a status, and no one else has.
static NO_MEMBER: Test = Test::that(Criterion::Empty);

/// What is known together.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims<'f> {
    fields: Vec<(FieldId, TestClaim<'f>)>,
    statuses: Vec<(ProgramId, TestClaim<'f>)>,
    /// Filters that are not values, each with whether it holds.
    leaves: Vec<(&'f LeafKind, bool)>,
    /// Of each group, at least one part is true.
    groups: Vec<Vec<Claim<'f>>>,
    /// The smart lists that were taken apart, each with whether its filter holds: once is enough.
    lists: BTreeSet<(usize, bool)>,
    /// How many claims there were, also those that say nothing new.
    taken: usize,
}

/// How many claims are known together at most. Any further one is left out, which hides a contradiction and makes up none.
const MOST: usize = 20_000;

impl<'f> Claims<'f> {
    pub(super) fn add(&mut self, claim: Claim<'f>) {
        if self.taken >= MOST {
            return;
        }
        self.taken += 1;
        match claim {
            Claim::Field(field, said) => self.fields.push((field, said)),
            Claim::Status(program, said) => self.statuses.push((program, said)),
            Claim::Filter(Filter::All(parts), holds) => self.joined(parts, holds, holds),
            Claim::Filter(Filter::Any(parts), holds) => self.joined(parts, holds, !holds),
            Claim::Filter(Filter::Leaf(leaf), holds) => self.leaf(&leaf.kind, holds),
        }
    }

    fn joined(&mut self, parts: &'f [Filter], holds: bool, each: bool) {
        self.some_or_each(parts.iter().map(|part| Claim::Filter(part, holds)), each);
    }

    /// Adds each of some claims, or that one of them is true.
    fn some_or_each(&mut self, claims: impl Iterator<Item = Claim<'f>>, each: bool) {
        let claims: Vec<_> = claims.collect();
        match claims.as_slice() {
            [only] => self.add(*only),
            several if each => several.iter().for_each(|claim| self.add(*claim)),
            _ => self.groups.push(claims),
        }
    }

    fn leaf(&mut self, kind: &'f LeafKind, holds: bool) {
        match kind {
            LeafKind::Field { field, tests } => {
                let said = |test| Claim::Field(*field, TestClaim { test, holds });
                self.some_or_each(tests.iter().map(said), holds);
            }
            LeafKind::ProgramStatus { program, tests } => {
                let said = |test| Claim::Status(*program, TestClaim { test, holds });
                self.some_or_each(tests.iter().map(said), holds);
            }
            LeafKind::MemberOfSmartList { sense, lists } => {
                // Of one that is made of very many nothing is known.
                let is_known = |list: &&Arc<SmartList>| list.is_light();
                let inside = sense.of(holds);
                let each = !inside || lists.len() == 1;
                let is_new = |list: &&Arc<SmartList>| {
                    !each || self.lists.insert((Arc::as_ptr(list).addr(), inside))
                };
                if !each && !lists.iter().all(|list| is_known(&list)) {
                    return;
                }
                let known = lists.iter().filter(is_known);
                let new: Vec<&Arc<SmartList>> = known.filter(is_new).collect();
                let filters = new
                    .into_iter()
                    .map(|list| Claim::Filter(&list.filter, inside));
                if each {
                    filters.for_each(|claim| self.add(claim));
                } else {
                    self.groups.push(filters.collect());
                }
            }
            LeafKind::MemberOfProgram {
                sense,
                programs,
                tests,
            } => {
                self.leaves.push((kind, holds));
                let member = sense.of(holds);
                if let (true, [only]) = (member, programs.named()) {
                    let said = super::all_pass(&tests.status).chain([TestClaim::fails(&NO_MEMBER)]);
                    self.statuses.extend(said.map(|said| (*only, said)));
                } else if !member && tests.ask_nothing() {
                    let none = programs
                        .named()
                        .iter()
                        .map(|program| (*program, TestClaim::passes(&NO_MEMBER)));
                    self.statuses.extend(none);
                }
            }
            LeafKind::Activity(_)
            | LeafKind::MemberOfList { .. }
            | LeafKind::MemberOfSmartCampaign { .. }
            | LeafKind::RandomSample { .. } => self.leaves.push((kind, holds)),
        }
    }

    /// Returns how much work it is to look at all of them.
    pub(super) fn size(&self) -> usize {
        self.taken
    }

    /// Returns the leaves that are not values, each with whether it holds.
    pub(super) fn leaves(&self) -> &[(&'f LeafKind, bool)] {
        &self.leaves
    }

    /// Returns what is said of each field.
    pub(super) fn fields(&self) -> impl Iterator<Item = (FieldId, Vec<TestClaim<'f>>)> {
        by_subject(&self.fields)
    }

    /// Returns what is said of the status in each program.
    pub(super) fn statuses(&self) -> impl Iterator<Item = Vec<TestClaim<'f>>> {
        by_subject(&self.statuses).map(|(_, said)| said)
    }

    /// Returns each way in which the smallest group may hold; nothing where there is no group.
    pub(super) fn ways(&self) -> Option<impl Iterator<Item = Self>> {
        let (place, _) = self
            .groups
            .iter()
            .enumerate()
            .min_by_key(|(_, parts)| parts.len())?;
        let mut rest = self.clone();
        let parts = rest.groups.remove(place);
        Some(parts.into_iter().map(move |part| {
            let mut way = rest.clone();
            way.add(part);
            way
        }))
    }
}

fn by_subject<'f, S: Copy + Ord>(
    said: &[(S, TestClaim<'f>)],
) -> impl Iterator<Item = (S, Vec<TestClaim<'f>>)> {
    let mut subjects: Vec<S> = said.iter().map(|(subject, _)| *subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects.into_iter().map(move |subject| {
        let of = said.iter().filter(|(other, _)| *other == subject);
        (subject, of.map(|(_, said)| *said).collect())
    })
}
