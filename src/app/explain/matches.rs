//! `campaign explain --all` of a trigger campaign: every time one of its triggers matched.
//!
//! The log says what happened, and `world::past` makes each person what they were when campaigns were asked about a row
//! of it. Events that have not happened are first replayed on a copy of the database, with the campaign active; then the rows
//! are asked about that they left there.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::replay::{Options, replay};
use crate::app::{Control, Error, Session};
use crate::campaign::Campaign;
use crate::domain::{Duration, Instant, PersonId};
use crate::engine::ExplainedMoment;
use crate::intake::events::Events;
use crate::results::{EveryoneExplanation, RaceRow};
use crate::store::Store;
use crate::world::past::{Moment, Past, Then};
use crate::world::{LogRow, Person};

use super::everyone::Count;

/// Which matches are asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MatchScope {
    /// The instant taken as now.
    pub(crate) now: Instant,
    /// Those from here on.
    pub(crate) since: Option<Instant>,
    /// How long after a filter was asked about someone it is looked at again.
    pub(crate) within: Duration,
}

/// Explains who a trigger campaign took, over the log.
pub(crate) fn explain_matches(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    scope: MatchScope,
    control: &mut Control<'_>,
) -> Result<EveryoneExplanation, Error> {
    let mut work = Matches::new(store, session, campaign, scope)?;
    work.go(store, None, control)?;
    Ok(work.finish())
}

/// Explains who a trigger campaign would take if some events happened now.
pub(crate) fn explain_events(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    scope: MatchScope,
    events: Events,
    control: &mut Control<'_>,
) -> Result<EveryoneExplanation, Error> {
    let session = session.with_active(campaign.id);
    let mut copy = store.scratch()?;
    let options = Options::plain();
    replay(
        &mut copy,
        &session,
        events,
        &options,
        &mut |_| Ok(()),
        control,
    )?;
    let mut work = Matches::new(&copy, &session, campaign, scope)?;
    work.go(&copy, Some(store), control)?;
    Ok(work.finish())
}

/// The work on its way.
struct Matches<'a> {
    scope: MatchScope,
    count: Count<'a>,
    races: BTreeMap<(usize, String), BTreeSet<PersonId>>,
}

impl<'a> Matches<'a> {
    fn new(
        store: &Store,
        session: &'a Session<'a>,
        campaign: &'a Campaign,
        scope: MatchScope,
    ) -> Result<Self, Error> {
        Ok(Self {
            scope,
            count: Count::new(store, session, campaign, scope.now)?,
            races: BTreeMap::new(),
        })
    }

    /// Asks about the matches of everyone; of rows that are not in `before`, where that is given.
    fn go(
        &mut self,
        store: &Store,
        before: Option<&Store>,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let session = self.count.session;
        let mut after = PersonId(0);
        let mut asked = 0;
        loop {
            control.check()?;
            let request = session.request(&self.count.world);
            let people = store.people_after(Some(after), session.bounds.people, request)?;
            let Some(last) = people.last() else {
                return Ok(());
            };
            after = last.id;
            let known = before.map(|before| self.rows_before(before, &people));
            let known = known.transpose()?.unwrap_or_default();
            for person in people {
                asked += 1;
                let first = known.get(&person.id).copied().unwrap_or(0);
                self.take(store, &person, first)?;
            }
            control.reached(asked);
        }
    }

    /// Returns how many rows the logs of some people had before.
    fn rows_before(
        &self,
        before: &Store,
        people: &[Person],
    ) -> Result<BTreeMap<PersonId, u32>, Error> {
        let numbers: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let request = self.count.session.request(&self.count.world);
        let known = before.people(&numbers, request)?.into_iter();
        Ok(known
            .map(|person| (person.id, person.next_ordinal))
            .collect())
    }

    /// Asks about the matches of one person, in rows from a place on.
    fn take(&mut self, store: &Store, person: &Person, first: u32) -> Result<(), Error> {
        let (session, campaign) = (self.count.session, self.count.campaign);
        let types: BTreeSet<_> = campaign.triggers.iter().map(|one| one.activity).collect();
        let mut history = person.history.iter();
        if !history.any(|record| types.contains(&record.activity)) {
            return Ok(());
        }
        let past = session.known().past(store, person.id)?;
        for row in &past.log {
            let at = row.activity.at;
            let is_meant = row.ordinal >= first && self.scope.since.is_none_or(|since| at >= since);
            if is_meant
                && row.activity.counts()
                && session.engine.is_fired(campaign, row, at)
                && !has_entered(&past, campaign, row)
            {
                self.ask(&past, person, row);
            }
        }
        Ok(())
    }

    /// Asks about one match, and what became true right after it.
    fn ask(&mut self, past: &Past, person: &Person, row: &LogRow) {
        let at = row.activity.at;
        let moment = row.happening.map_or_else(
            || Moment::after(row.ordinal),
            |happening| past.evaluated(row.ordinal, happening),
        );
        let was = self.then(past, person, Then::Moment(moment));
        let failing = self.count.take(was, ExplainedMoment::now(at));
        for entry in failing {
            if let Some(by) = self.race(past, person, row, entry) {
                let people = self.races.entry((entry, by)).or_default();
                people.insert(person.id);
            }
        }
    }

    fn then(&self, past: &Past, person: &Person, then: Then) -> Person {
        let layout = self.count.world.layout();
        let known = self.count.session.known();
        known.as_of(past, person.clone(), layout, then).person
    }

    /// Says what made an entry of the smart list true soon after it was asked about; nothing where it did not become true.
    fn race(&self, past: &Past, person: &Person, row: &LogRow, entry: usize) -> Option<String> {
        let Count {
            session,
            campaign,
            world,
            ..
        } = &self.count;
        let filter = campaign.numbered.entries.get(entry)?;
        let at = row.activity.at;
        let end = self.scope.within.after(at, &session.workspace().zone);
        let mut later = past.log.iter();
        let later = later
            .by_ref()
            .filter(|later| later.ordinal > row.ordinal && later.activity.at <= end);
        for later in later {
            let was = self.then(past, person, Then::Moment(Moment::after(later.ordinal)));
            let then = later.activity.at.max(at);
            if session.engine.holds(filter, world, &was, then) {
                return Some(self.written_by(later));
            }
        }
        let was = self.then(past, person, Then::At(end));
        if !session.engine.holds(filter, world, &was, end) {
            return None;
        }
        let mut loads = past.loads.iter();
        let loaded = loads.any(|load| at <= load.at && load.at <= end);
        Some(
            if loaded {
                "a load"
            } else {
                "the passing of time"
            }
            .to_owned(),
        )
    }

    /// Says what wrote a row: the step of a campaign, or an event.
    fn written_by(&self, row: &LogRow) -> String {
        let workspace = self.count.session.workspace();
        match row.activity.origin {
            Some(origin) => {
                let campaign = workspace.campaign(origin.campaign);
                format!("{}, step {}", campaign.full_name, origin.step)
            }
            None => format!(
                "event {}",
                workspace.activities.get(row.activity.activity).name
            ),
        }
    }

    fn finish(self) -> EveryoneExplanation {
        let races = self.races.into_iter();
        let races = races.map(|((entry, by), people)| RaceRow {
            filter: (entry + 1).to_string(),
            people: people.len() as u64,
            by,
        });
        EveryoneExplanation {
            of_matches: true,
            races: races.collect(),
            ..self.count.finish()
        }
    }
}

/// Returns whether the same event has entered the campaign by an earlier row: then no other row is asked about.
fn has_entered(past: &Past, campaign: &Campaign, row: &LogRow) -> bool {
    let (Some(first), None) = (row.happening, row.activity.origin) else {
        return false;
    };
    let mut causes = past
        .entries
        .iter()
        .filter(|entry| entry.campaign == campaign.id);
    causes.any(|entry| {
        entry.cause.is_some_and(|cause| {
            (first..row.ordinal).contains(&cause)
                && past
                    .row(cause)
                    .is_some_and(|row| row.activity.origin.is_none())
        })
    })
}
