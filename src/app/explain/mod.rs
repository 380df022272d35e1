//! `campaign explain`: why a person qualifies for a campaign or does not, in words.
//!
//! The engine asks every rule; here one person is loaded for it, turned back to what they were if the past is asked
//! about, and its answers become rows.

mod event;
mod everyone;
mod mail;
mod matches;
mod rows;
mod story;

use crate::campaign::Campaign;
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::same;
use crate::domain::{Instant, PersonId};
use crate::results::{Explanation, GuardRow, HoldingWait};
use crate::store::{LogQuery, LogScope, Store};
use crate::world::past::{Past, PersonThen, Then};
use crate::world::{Person, World};

use super::past::refuse_before;
use super::run_batch::{Judged, ask_guards};
use super::show_person::no_person;
use super::{Error, ErrorKind, Session, Stop, UserError};
use event::Happened;
pub(crate) use everyone::explain_everyone;
pub(crate) use mail::explain_email;
pub(crate) use matches::{MatchScope, explain_events, explain_matches};
pub(super) use rows::{Question, explanation};

/// The instant that the question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExplainAt<'a> {
    /// As they are, at the instant taken as now.
    Now(Instant),
    /// As they were after all that happened up to an instant.
    Past(Instant),
    /// As they were when campaigns were asked about a row of the log: by the event's id, else by the `activity_id`.
    Event(&'a str),
}

/// Explains a campaign, in its newest version, for a person.
pub(crate) fn explain(
    store: &Store,
    session: &Session<'_>,
    name: &str,
    person: PersonId,
    moment: ExplainAt<'_>,
) -> Result<Explanation, Error> {
    let opened = session.opened;
    let campaign = opened.find_valid(name)?;
    let mut asked = Asked::of(store, session, campaign, person)?;
    let mut question = Question::now(Instant::from_micros(0));
    match moment {
        ExplainAt::Now(at) => {
            question.at = at;
            question.active = Some(opened.is_active(campaign.id));
            question.waits = waits_now(store, campaign, person)?;
            let past = store.past(person, session.bindings())?;
            question.add_story(session, campaign, &past);
            question.guards = guards(store, session, campaign, at)?;
        }
        ExplainAt::Past(at) => {
            question.at = at;
            let past = store.past(person, session.bindings())?;
            refuse_before(&past, at)?;
            question.active = Some(store.was_active_at(&campaign.full_name, at)?);
            question.waits = asked.turn_back(&past, Then::At(at), campaign);
            question.add_story(session, campaign, &past);
        }
        ExplainAt::Event(id) => {
            let log = store.log_rows(&LogQuery::of(LogScope::Person(person)))?;
            let row = event::find(&log, id)?;
            let past = store.past(person, session.bindings())?;
            let happened = Happened::of(row, &past, campaign, person);
            question.at = row.at;
            question.active = Some(match happened.happening {
                Some(first) => store.was_active_for(&campaign.full_name, person, first)?,
                None => store.was_active_at(&campaign.full_name, row.at)?,
            });
            question.waits = asked.turn_back(&past, Then::Moment(happened.moment), campaign);
            question.happened = Some(happened);
            question.events = store.events_at(row.at)?;
        }
    }
    let mut world = asked.into_world();
    explanation(&session.engine, campaign, &mut world, person, &question)
        .ok_or_else(|| no_person(person).into())
}

/// Asks the guards of a batch campaign about those whom a run would take in.
fn guards(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    at: Instant,
) -> Result<Vec<GuardRow>, Error> {
    if !campaign.guards.are_set() {
        return Ok(Vec::new());
    }
    let judged = Judged::of(store, session, campaign, at, None, &Stop::default())?;
    let outcomes = ask_guards(store, campaign, &judged, false)?.into_iter();
    Ok(outcomes.map(|outcome| outcome.row).collect())
}

/// Returns the waits of one campaign that hold a person now.
fn waits_now(
    store: &Store,
    campaign: &Campaign,
    person: PersonId,
) -> Result<Vec<HoldingWait>, Error> {
    let waits = store.waits_of(person)?.into_iter();
    let ours = waits.filter(|wait| same(&wait.campaign, &campaign.full_name));
    let waits = ours.map(|wait| HoldingWait {
        step: wait.step,
        since: wait.since,
        until: wait.until,
        version: Some(wait.version),
    });
    Ok(waits.collect())
}

/// The person who is asked about, with all that the campaign asks of them, and the world they are in.
struct Asked<'a> {
    session: &'a Session<'a>,
    world: World,
    person: Person,
}

impl<'a> Asked<'a> {
    fn of(
        store: &Store,
        session: &'a Session<'a>,
        campaign: &Campaign,
        person: PersonId,
    ) -> Result<Self, Error> {
        let mut needs = session.engine.explain_needs(campaign);
        needs.fields.extend([EMAIL, ID]);
        let world = session.world(store, needs)?;
        let found = session.fetch(&world, store, [person])?.into_iter().next();
        Ok(Self {
            session,
            person: found.ok_or_else(|| no_person(person))?,
            world,
        })
    }

    /// Makes the person what they were, and returns the waits of the campaign that held them.
    fn turn_back(&mut self, past: &Past, when: Then, campaign: &Campaign) -> Vec<HoldingWait> {
        let (present, layout) = (self.person.clone(), self.world.layout());
        let was = self.session.known().as_of(past, present, layout, when);
        let PersonThen { person, waits, .. } = was;
        self.person = person;
        let ours = waits.iter().filter(|wait| wait.campaign == campaign.id);
        ours.map(|wait| HoldingWait {
            step: wait.step,
            since: wait.since,
            until: wait.until,
            version: None,
        })
        .collect()
    }

    fn into_world(self) -> World {
        let Self {
            mut world, person, ..
        } = self;
        world.insert(person);
        world
    }
}
