//! Whether a filter holds for a person: the one place that answers.
//!
//! Everything is in memory, in the person as the world knows them; nothing is allocated on the way, except for smart
//! lists that are made of very many others. What a
//! filter reads must have been loaded (see `needs`): a field that was not loaded is empty here.

use rustc_hash::FxHashMap;

use crate::domain::hash::{StableHasher, stable_hash};
use crate::domain::{Instant, Key, Text, Value};
use crate::world::{EventIdentity, Layout, Membership, PastActivity, Person};

use super::operator::EvaluationTime;
use super::{
    ActivityFilter, Constraint, ConstraintOn, DrawFrequency, Filter, Leaf, LeafKind,
    MembershipTests, SmartList, Test,
};

/// A person at an instant: what filters are asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// The person.
    pub(crate) person: &'a Person,
    /// Where the person's fields stand.
    pub(crate) layout: &'a Layout,
    /// Now, and the workspace's calendar.
    pub(crate) when: EvaluationTime<'a>,
    /// From what random samples are drawn.
    pub(crate) draw: Draw,
}

/// From what random samples are drawn, besides the filter itself and the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Draw {
    /// `--seed`.
    pub(crate) seed: u64,
    /// What is happening, for samples that are drawn each time.
    pub(crate) occasion: Occasion,
}

/// The happening, as far as random samples that are drawn each time depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Occasion(u64);

impl Occasion {
    /// Returns the occasion of an instant: a run, a list, a wake-up.
    pub(crate) fn at(at: Instant) -> Self {
        Self(stable_hash(&[&at.micros().to_le_bytes()]))
    }

    /// Returns the occasion of an event.
    pub(crate) fn of_event(event: &EventIdentity) -> Self {
        Self(stable_hash(&[
            &event.at.micros().to_le_bytes(),
            &event.hash.to_le_bytes(),
            &event.ordinal.to_le_bytes(),
        ]))
    }
}

impl Filter {
    /// Returns whether the filter holds.
    pub(crate) fn holds(&self, facts: &Facts<'_>) -> bool {
        self.answer(facts, &mut Answers::default())
    }

    fn answer(&self, facts: &Facts<'_>, known: &mut Answers) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.answer(facts, known)),
            Self::Any(parts) => parts.iter().any(|part| part.answer(facts, known)),
            Self::Leaf(leaf) => leaf.answer(facts, known),
        }
    }
}

/// The answers of smart lists that are made of many others, for one person at one instant. A list that is asked for in
/// several of them is asked once; without that, each level of lists would multiply the work.
#[derive(Debug, Default)]
struct Answers(FxHashMap<*const SmartList, bool>);

impl Answers {
    fn of(&mut self, list: &SmartList, facts: &Facts<'_>) -> bool {
        if list.is_light() {
            return list.filter.answer(facts, self);
        }
        let place: *const SmartList = list;
        if let Some(known) = self.0.get(&place) {
            return *known;
        }
        let answer = list.filter.answer(facts, self);
        self.0.insert(place, answer);
        answer
    }
}

impl Leaf {
    /// Returns whether this one filter holds.
    pub(crate) fn holds(&self, facts: &Facts<'_>) -> bool {
        self.answer(facts, &mut Answers::default())
    }

    fn answer(&self, facts: &Facts<'_>, known: &mut Answers) -> bool {
        let person = facts.person;
        match &self.kind {
            LeafKind::Field { field, tests } => {
                let value = person.field(facts.layout, *field);
                tests.iter().all(|test| test.holds(value, &facts.when))
            }
            LeafKind::Activity(filter) => filter.holds(facts),
            LeafKind::MemberOfList { sense, lists } => {
                sense.of(person.lists.iter().any(|list| lists.has(*list)))
            }
            LeafKind::MemberOfSmartList { sense, lists } => {
                sense.of(lists.iter().any(|list| known.of(list, facts)))
            }
            LeafKind::MemberOfSmartCampaign { sense, campaigns } => {
                let mut passed = person.passed.iter();
                sense.of(passed.any(|passed| campaigns.has(passed.campaign)))
            }
            LeafKind::MemberOfProgram {
                sense,
                programs,
                tests,
            } => {
                let mut memberships = person.programs.iter();
                sense.of(memberships.any(|(program, membership)| {
                    programs.has(*program) && tests.hold(membership, &facts.when)
                }))
            }
            LeafKind::ProgramStatus { program, tests } => {
                let status = person.membership(*program).map(|m| &m.status);
                texts_hold(tests, status, &facts.when)
            }
            LeafKind::RandomSample {
                share,
                key,
                frequency,
            } => drawn(*share, *key, *frequency, facts),
        }
    }
}

impl MembershipTests {
    /// Returns whether one membership is as asked.
    fn hold(&self, membership: &Membership, when: &EvaluationTime<'_>) -> bool {
        let instant_holds = |tests: &[Test], at: Option<Instant>| {
            let at = at.map(Value::Datetime);
            tests.iter().all(|test| test.holds(at.as_ref(), when))
        };
        texts_hold(&self.status, Some(&membership.status), when)
            && self
                .success
                .is_none_or(|wanted| membership.success_at.is_some() == wanted)
            && self
                .acquired_by
                .is_none_or(|wanted| membership.acquired_by == wanted)
            && instant_holds(&self.since, Some(membership.since))
            && instant_holds(&self.success_at, membership.success_at)
            && self.fields.iter().all(|(key, tests)| {
                let value = attribute(&membership.fields, key);
                tests.iter().all(|test| test.holds(value, when))
            })
    }
}

impl ActivityFilter {
    /// Returns whether the log has enough such activities; for the complement, whether it does not.
    pub(crate) fn holds(&self, facts: &Facts<'_>) -> bool {
        let wanted = self.at_least as usize;
        let found = self.matching(facts).take(wanted).count();
        self.sense.of(found >= wanted)
    }

    /// Returns the activities that count, newest first.
    pub(crate) fn matching<'a>(
        &'a self,
        facts: &'a Facts<'a>,
    ) -> impl Iterator<Item = &'a PastActivity> {
        facts
            .person
            .history_of(self.activity)
            .rev()
            .filter(|record| self.matches(record, &facts.when))
    }

    fn matches(&self, record: &PastActivity, when: &EvaluationTime<'_>) -> bool {
        let at = Value::Datetime(record.at);
        self.date.iter().all(|test| test.holds(Some(&at), when))
            && constraints_hold(
                &self.constraints,
                record.primary.as_ref(),
                &record.attributes,
                when,
            )
    }
}

/// Returns whether one activity meets every constraint: those of a trigger, or of an activity filter.
///
/// An attribute that the activity does not have is empty.
pub(crate) fn constraints_hold(
    constraints: &[Constraint],
    primary: Option<&Text>,
    attributes: &[(Key, Value)],
    when: &EvaluationTime<'_>,
) -> bool {
    constraints
        .iter()
        .all(|constraint| match &constraint.attribute {
            ConstraintOn::Primary => texts_hold(&constraint.tests, primary, when),
            ConstraintOn::Other(key) => {
                let value = attribute(attributes, key);
                constraint.tests.iter().all(|test| test.holds(value, when))
            }
        })
}

/// Returns an attribute's value.
pub(super) fn attribute<'a>(attributes: &'a [(Key, Value)], key: &str) -> Option<&'a Value> {
    attributes
        .iter()
        .find(|(name, _)| name.as_ref() == key)
        .map(|(_, value)| value)
}

fn texts_hold(tests: &[Test], text: Option<&Text>, when: &EvaluationTime<'_>) -> bool {
    tests.iter().all(|test| test.holds_text(text, when))
}

/// Draws for a person, the same way whenever the same filter and seed are asked again: at any time, or on one occasion.
fn drawn(share: u32, key: u64, frequency: DrawFrequency, facts: &Facts<'_>) -> bool {
    let mut hasher = StableHasher::default();
    hasher.part(&facts.draw.seed.to_le_bytes());
    hasher.part(&key.to_le_bytes());
    match frequency {
        DrawFrequency::OncePerPerson => {}
        DrawFrequency::EachTime => hasher.part(&facts.draw.occasion.0.to_le_bytes()),
    }
    facts.person.feed_first_key(facts.layout, &mut hasher);
    // The upper bits of the product are a number below 10,000, all as likely as one another.
    (u128::from(hasher.finish()) * 10_000) >> 64 < u128::from(share)
}

#[cfg(test)]
mod tests;
