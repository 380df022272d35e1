//! Evaluates everyone for a batch campaign before anyone enters, where guards decide whether anyone may.
//!
//! Each person is evaluated once: the run that follows takes the verdicts from here. They are kept as a few bits a person.

use crate::app::show::inline;
use crate::app::{Error, Session, Stop};
use crate::campaign::Campaign;
use crate::domain::{Instant, PersonId};
use crate::engine::BatchVerdict;
use crate::filter::Filter;
use crate::store::Store;
use crate::world::{Needs, PersonSet};

use super::source::PeopleSource;

/// How many people a batch campaign judges, and with which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Audience {
    /// People whom the filters reject.
    pub(crate) not_matched: u64,
    /// People whom the qualification rule rejects.
    pub(crate) excluded: u64,
    /// People who may enter.
    pub(crate) qualified: u64,
}

/// The verdict on each person.
#[derive(Debug)]
pub(in crate::app) struct Judged {
    pub(in crate::app) audience: Audience,
    not_matched: PersonSet,
    excluded: PersonSet,
    pub(in crate::app) qualified: PersonSet,
    /// For each filter that may hold for nobody, whom it does hold for.
    pub(super) never: Vec<NeverHit>,
    /// The last person who was judged.
    last: PersonId,
}

/// People who qualify, and of whom a guard says that they never may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NeverHit {
    /// The guard's filter in words.
    pub(super) wanted: String,
    /// How many there are.
    pub(super) people: u64,
    /// The first few.
    pub(super) first: Vec<PersonId>,
}

/// How many people are named whom a guard keeps out.
const NAMED: usize = 3;

impl NeverHit {
    fn of(never: &Filter) -> Self {
        Self {
            wanted: inline(never),
            people: 0,
            first: Vec::new(),
        }
    }

    fn note(&mut self, person: PersonId) {
        self.people += 1;
        if self.first.len() < NAMED {
            self.first.push(person);
        }
    }
}

impl Judged {
    /// Evaluates everyone, or the people to whom a run is limited.
    pub(in crate::app) fn of(
        store: &Store,
        session: &Session<'_>,
        campaign: &Campaign,
        at: Instant,
        only: Option<&[PersonId]>,
        stop: &Stop,
    ) -> Result<Self, Error> {
        let mut needs = Needs::default();
        campaign.filter.needs(&mut needs);
        for never in &campaign.guards.never {
            never.needs(&mut needs);
        }
        let world = session.world(store, needs)?;
        let mut source = PeopleSource::of(store, session, only.map(people))?;
        let mut judged = Self {
            audience: Audience::default(),
            not_matched: PersonSet::default(),
            excluded: PersonSet::default(),
            qualified: PersonSet::default(),
            never: campaign.guards.never.iter().map(NeverHit::of).collect(),
            last: PersonId(0),
        };
        loop {
            stop.check()?;
            let people = source.read(judged.last, session.request(&world))?;
            let Some(last) = people.last() else {
                return Ok(judged);
            };
            judged.last = last.id;
            for person in &people {
                let verdict = session.engine.judge(campaign, &world, person, at);
                judged.note(person.id, verdict);
                if verdict == BatchVerdict::Qualified {
                    let guards = judged.never.iter_mut().zip(&campaign.guards.never);
                    for (hit, never) in guards {
                        if session.engine.holds(never, &world, person, at) {
                            hit.note(person.id);
                        }
                    }
                }
            }
        }
    }

    fn note(&mut self, person: PersonId, verdict: BatchVerdict) {
        let (count, set) = match verdict {
            BatchVerdict::NotMatched => (&mut self.audience.not_matched, &mut self.not_matched),
            BatchVerdict::Excluded => (&mut self.audience.excluded, &mut self.excluded),
            BatchVerdict::Qualified => (&mut self.audience.qualified, &mut self.qualified),
        };
        *count += 1;
        set.insert(person);
    }

    /// Returns the verdict on a person.
    pub(super) fn verdict(&self, person: PersonId) -> BatchVerdict {
        if self.qualified.contains(person) {
            BatchVerdict::Qualified
        } else if self.excluded.contains(person) {
            BatchVerdict::Excluded
        } else {
            BatchVerdict::NotMatched
        }
    }

    /// Returns those who qualify, where so few do that the others need not be read again.
    pub(super) fn few(&self) -> Option<PersonSet> {
        let others = self.audience.not_matched + self.audience.excluded;
        (self.audience.qualified < others).then(|| self.qualified.clone())
    }

    /// Returns the last person who was judged.
    pub(super) fn last(&self) -> PersonId {
        self.last
    }

    /// Counts those who do not qualify, from the one after a person up to another.
    pub(super) fn others_between(&self, after: PersonId, until: PersonId) -> Audience {
        Audience {
            not_matched: self.not_matched.count_between(after, until),
            excluded: self.excluded.count_between(after, until),
            qualified: 0,
        }
    }
}

/// Returns people as a set.
pub(super) fn people(people: &[PersonId]) -> PersonSet {
    people.iter().copied().collect()
}
