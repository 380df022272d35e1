//! `campaign explain --all`: why the people of a batch campaign are those, over everyone.
//!
//! One pass over everyone in chunks: nothing is kept of a person but counts. The filters are asked by `filter::survey`.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use crate::app::threads::spawn;
use crate::campaign::{Action, Campaign, Step};
use crate::domain::{Instant, PersonId, Reason};
use crate::engine::{BatchVerdict, ExplainedMoment};
use crate::filter::survey::{Hint, Miss, Survey, SurveyedFilter};
use crate::results::{
    BlockedCount, Distance, EveryoneExplanation, FilterCount, HintRow, NearMiss, PeopleWithin,
};
use crate::store::{LoadRequest, Store};
use crate::world::{Person, World};

use crate::app::then::AskedAt;
use crate::app::{Control, Error, Session};

/// Explains the audience of a campaign that asks about people as they are, in its newest version.
pub(crate) fn explain_everyone(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    moment: AskedAt,
    control: &mut Control<'_>,
) -> Result<EveryoneExplanation, Error> {
    let mut count = Count::new(store, session, campaign, moment.instant())?;
    let (layout, needs) = (count.world.layout().clone(), count.world.needs().clone());
    let (reader, known) = (store.reader()?, session.known());
    let most = session.bounds.people;
    std::thread::scope(|scope| {
        let (sender, chunks) = sync_channel(2);
        let (wanted_layout, bindings) = (layout.clone(), session.bindings());
        spawn(scope, move || {
            let wanted = LoadRequest {
                layout: &wanted_layout,
                needs: &needs,
                bindings,
            };
            let mut after = PersonId(0);
            loop {
                let people = reader.people_after(Some(after), most, wanted);
                let last = people.as_ref().ok().and_then(|people| people.last());
                let last = last.map(|person| person.id);
                let people = people.map_err(Error::from);
                let people = people
                    .and_then(|people| known.people_at(&reader, people, &wanted_layout, moment));
                // The receiver is gone where the work has ended early.
                if sender.send(people).is_err() {
                    return;
                }
                match last {
                    Some(last) => after = last,
                    None => return,
                }
            }
        })?;
        for people in chunks {
            let people = people?;
            control.check()?;
            let asked = ExplainedMoment::now(moment.instant());
            for person in people {
                count.take(person, asked);
            }
            control.reached(count.survey.asked);
        }
        Ok::<(), Error>(())
    })?;
    Ok(count.finish())
}

/// Returns whether a flow sends email.
fn sends_email(campaign: &Campaign) -> bool {
    let mut actions = campaign.flow.iter().flat_map(Step::actions);
    actions.any(|action| matches!(action, Action::SendEmail { .. }))
}

/// What is counted.
pub(super) struct Count<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) campaign: &'a Campaign,
    /// The instant that is reported.
    at: Instant,
    pub(super) world: World,
    survey: Survey<'a>,
    sends: bool,
    qualify: u64,
    excluded: u64,
    blocked: BTreeMap<Reason, u64>,
}

impl<'a> Count<'a> {
    pub(super) fn new(
        store: &Store,
        session: &'a Session<'a>,
        campaign: &'a Campaign,
        at: Instant,
    ) -> Result<Self, Error> {
        let needs = session.engine.explain_needs(campaign);
        Ok(Self {
            session,
            campaign,
            at,
            world: session.world(store, needs)?,
            survey: Survey::of(&campaign.numbered),
            sends: sends_email(campaign),
            qualify: 0,
            excluded: 0,
            blocked: BTreeMap::new(),
        })
    }

    /// Asks about one person more, and returns the numbered filters that do not hold, counted from 0.
    pub(super) fn take(&mut self, person: Person, moment: ExplainedMoment) -> Vec<usize> {
        let engine = &self.session.engine;
        let verdict = engine.survey(
            &mut self.survey,
            self.campaign,
            &self.world,
            &person,
            moment,
        );
        match verdict {
            BatchVerdict::NotMatched => {}
            BatchVerdict::Excluded => self.excluded += 1,
            BatchVerdict::Qualified => {
                self.qualify += 1;
                if self.sends {
                    let id = person.id;
                    self.world.insert(person);
                    for reason in engine.blocks(self.campaign, &mut self.world, id, moment.at) {
                        *self.blocked.entry(reason).or_default() += 1;
                    }
                    self.world.remove(id);
                }
            }
        }
        self.survey.failing()
    }

    pub(super) fn finish(self) -> EveryoneExplanation {
        let wording = self.session.engine.wording(&self.world);
        let asked = self.survey.asked;
        let (filters, hints) = self.survey.finish(&wording);
        let blocked = self.blocked.into_iter();
        EveryoneExplanation {
            campaign: self.campaign.full_name.to_string(),
            of_matches: false,
            at: self.at,
            asked,
            qualify: self.qualify,
            excluded: self.excluded,
            blocked: blocked
                .map(|(reason, people)| BlockedCount { reason, people })
                .collect(),
            filters: filters
                .into_iter()
                .map(|filter| row(filter, asked))
                .collect(),
            hints: hints.into_iter().map(hint).collect(),
            races: Vec::new(),
            person: None,
            change: None,
        }
    }
}

fn row(filter: SurveyedFilter<'_>, asked: u64) -> FilterCount {
    let (rule, wanted) = match filter.leaf {
        Some(leaf) => (leaf.subject.clone(), leaf.wanted.clone()),
        None if filter.is_all => ("group".to_owned(), "all".to_owned()),
        None => ("group".to_owned(), "any".to_owned()),
    };
    let counts = filter.counts;
    FilterCount {
        number: filter.number,
        is_group: filter.leaf.is_none(),
        rule,
        wanted,
        holds: counts.holds,
        fails: asked - counts.holds,
        empty: counts.empty,
        decides: counts.decides,
        distances: distances(&filter.misses),
        nearest: filter
            .misses
            .into_iter()
            .take(SHOWN)
            .map(near_miss)
            .collect(),
    }
}

/// Values that are shown of each filter.
const SHOWN: usize = 20;

fn near_miss(miss: Miss) -> NearMiss {
    NearMiss {
        actual: miss.actual,
        distance: miss.distance.map(Distance),
        people: miss.people,
    }
}

/// Distances that people think in.
const ROUND_DISTANCES: [f64; 10] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0,
];

/// Distances that are shown.
const DISTANCES_SHOWN: usize = 3;

/// Counts how many people are within a few round distances, each of which has more people than the one before.
fn distances(misses: &[Miss]) -> Vec<PeopleWithin> {
    let mut distances: Vec<PeopleWithin> = Vec::new();
    for within in ROUND_DISTANCES {
        let near = misses.iter();
        let near = near.filter(|miss| miss.distance.is_some_and(|distance| distance <= within));
        let people = near.map(|miss| miss.people).sum();
        if people > distances.last().map_or(0, |distance| distance.people)
            && distances.len() < DISTANCES_SHOWN
        {
            distances.push(PeopleWithin { within, people });
        }
    }
    distances
}

fn hint(hint: Hint) -> HintRow {
    let (nearest, nearest_people) = hint.nearest.unzip();
    HintRow {
        filter: hint.filter,
        about: hint.about,
        value: hint.value,
        people: 0,
        nearest,
        nearest_people,
    }
}
