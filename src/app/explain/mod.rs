//! `campaign explain`: why a person qualifies for a campaign or does not, in words.
//!
//! The engine asks every rule; here one person is loaded for it, turned back to what they were if the past is asked
//! about, and its answers become rows.

mod event;
mod rows;

use crate::campaign::Campaign;
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, Mode, PersonId};
use crate::engine::Engine;
use crate::results::{Explanation, HoldingWait};
use crate::store::{LoadRequest, LogQuery, LogScope, Store};
use crate::world::past::{Past, PastNames, PersonThen, Then};
use crate::world::{Layout, NextNumbers, Person, World};

use super::past::refuse_before;
use super::show_person::no_person;
use super::stored_workspace::StoredWorkspace;
use super::world_loading::fetch;
use super::{ChunkBounds, Error, ErrorKind, UserError, run_batch};
use event::Happened;
use rows::RunSize;
pub(super) use rows::{Question, tell};

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
    opened: &StoredWorkspace,
    name: &str,
    person: PersonId,
    moment: ExplainAt<'_>,
    seed: u64,
) -> Result<Explanation, Error> {
    let campaign = opened.find_valid(name)?;
    let engine = Engine::new(&opened.workspace, |id| opened.is_active(id), seed);
    let mut asked = Asked::of(store, opened, &engine, campaign, person)?;
    let mut question = Question::now(Instant::from_micros(0));
    match moment {
        ExplainAt::Now(at) => {
            question.at = at;
            question.active = Some(opened.is_active(campaign.id));
            question.waits = waits_now(store, campaign, person)?;
            question.run = run_size(store, opened, &engine, campaign, at, seed)?;
        }
        ExplainAt::Past(at) => {
            question.at = at;
            let past = asked.past(store)?;
            refuse_before(&past, at)?;
            question.active = Some(store.was_active_at(&campaign.full_name, at)?);
            question.waits = asked.turn_back(&past, Then::At(at), campaign);
        }
        ExplainAt::Event(id) => {
            let log = store.log_rows(&LogQuery::of(LogScope::Person(person)))?;
            let row = event::find(&log, id)?;
            let past = asked.past(store)?;
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
    tell(&engine, campaign, &mut world, person, &question).ok_or_else(|| no_person(person).into())
}

/// Counts those whom a run of a batch campaign would take in, where that is bounded.
fn run_size(
    store: &Store,
    opened: &StoredWorkspace,
    engine: &Engine<'_>,
    campaign: &Campaign,
    at: Instant,
    seed: u64,
) -> Result<Option<RunSize>, Error> {
    let maximum = campaign.max_people.or(opened.workspace.max_people);
    let (Mode::Batch, Some(maximum)) = (campaign.mode, maximum) else {
        return Ok(None);
    };
    let options = run_batch::Options {
        now: at,
        seed,
        dry_run: true,
        only: None,
        occurrence: None,
        verdicts: None,
        bounds: ChunkBounds::default(),
    };
    let qualified = run_batch::audience(store, opened, engine, campaign, &options)?.qualified;
    Ok(Some(RunSize { qualified, maximum }))
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
    });
    Ok(waits.collect())
}

/// The person who is asked about, with all that the campaign asks of them, and the world they are in.
struct Asked<'a> {
    opened: &'a StoredWorkspace,
    world: World,
    person: Person,
}

impl<'a> Asked<'a> {
    fn of(
        store: &Store,
        opened: &'a StoredWorkspace,
        engine: &Engine<'_>,
        campaign: &Campaign,
        person: PersonId,
    ) -> Result<Self, Error> {
        let mut needs = engine.explain_needs(campaign);
        needs.fields.extend([EMAIL, ID]);
        let workspace = &opened.workspace;
        let layout = Layout::of(needs.fields.iter().copied(), &workspace.fields);
        let (lists, programs) = (workspace.lists.clone(), workspace.program_names.clone());
        let next = NextNumbers {
            person: store.next_person()?,
            wait: store.next_wait()?,
        };
        let mut world = World::new(layout, needs, lists, programs, next);
        let mut bindings = opened.bindings.clone();
        let found = fetch(&mut world, store, &mut bindings, [person])?;
        let found = found.into_iter().next();
        Ok(Self {
            opened,
            world,
            person: found.ok_or_else(|| no_person(person))?,
        })
    }

    /// Reads everything that has changed the person.
    fn past(&mut self, store: &Store) -> Result<Past, Error> {
        let (layout, needs) = (self.world.layout().clone(), self.world.needs().clone());
        let mut wanted = LoadRequest {
            layout: &layout,
            needs: &needs,
            bindings: &mut self.opened.bindings.clone(),
            lists: &mut self.world.lists,
            programs: &mut self.world.programs,
        };
        Ok(store.past(self.person.id, &mut wanted)?)
    }

    /// Makes the person what they were, and returns the waits of the campaign that held them.
    fn turn_back(&mut self, past: &Past, then: Then, campaign: &Campaign) -> Vec<HoldingWait> {
        let layout = self.world.layout().clone();
        let workspace = &self.opened.workspace;
        let find = |name: &str| -> Option<CampaignId> {
            let mut campaigns = workspace.campaigns.iter();
            let found = campaigns.find(|campaign| same(&campaign.full_name, name));
            found.map(|campaign| campaign.id)
        };
        let mut names = PastNames {
            fields: &workspace.fields,
            lists: &mut self.world.lists,
            programs: &mut self.world.programs,
            campaign: &find,
        };
        let present = self.person.clone();
        let PersonThen { person, waits, .. } = past.as_of(present, &layout, &mut names, then);
        self.person = person;
        let ours = waits.iter().filter(|wait| wait.campaign == campaign.id);
        ours.map(|wait| HoldingWait {
            step: wait.step,
            since: wait.since,
            until: wait.until,
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
