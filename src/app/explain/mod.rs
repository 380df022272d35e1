//! `campaign explain`: why a person qualifies for a campaign or does not, in words.
//!
//! The engine asks every rule; here one person is loaded for it, turned back to what they were if the past is asked
//! about, and its answers become rows.

mod event;
mod rows;

use serde_json::Value as Json;

use crate::campaign::{Campaign, Workspace};
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::same;
use crate::domain::{Instant, ListId, Mode, PersonId, ProgramId, Text, Value};
use crate::engine::Engine;
use crate::results::{Explanation, HoldingWait, PersonDetail, WaitingRow};
use crate::store::{LogQuery, LogScope, Store};
use crate::world::{EntryStats, Layout, Membership, NextNumbers, Person, World};

use super::list_campaigns;
use super::past::{AsOf, Judged, show_at_with, show_then};
use super::stored_workspace::StoredWorkspace;
use super::world_loading::fetch;
use super::{ChunkBounds, Error, ErrorKind, UserError, run_batch};
use event::Happened;
use rows::RunSize;
pub(super) use rows::{Question, tell};

/// The instant that the question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainAt<'a> {
    /// As they are, at the instant taken as now.
    Now(Instant),
    /// As they were after all that happened up to an instant.
    Past(Instant),
    /// As they were when campaigns were asked about a row of the log: by the event's id, else by the `activity_id`.
    Event(&'a str),
}

/// Explains a campaign, in its newest version, for a person.
pub fn explain(
    store: &Store,
    opened: &StoredWorkspace,
    name: &str,
    person: PersonId,
    moment: ExplainAt<'_>,
    seed: u64,
) -> Result<Explanation, Error> {
    let campaign = opened.find_valid(name)?;
    let (then, mut question) = question(store, &opened.workspace, campaign, person, moment)?;
    question.active = Some(opened.is_active(campaign.id));
    let engine = Engine::new(&opened.workspace, |id| opened.is_active(id), seed);
    if let ExplainAt::Now(at) = moment {
        question.run = run_size(store, opened, &engine, campaign, at, seed)?;
    }
    let turned = then.as_ref().map(|then| (then, &question));
    let mut world = world_of(store, opened, &engine, campaign, person, turned)?;
    tell(&engine, campaign, &mut world, person, &question).ok_or_else(|| {
        UserError::new(ErrorKind::State, format!("there is no person `#{person}`")).into()
    })
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

/// Finds out what is asked, and what the person was then, unless it is about the present.
fn question(
    store: &Store,
    workspace: &Workspace,
    campaign: &Campaign,
    person: PersonId,
    moment: ExplainAt<'_>,
) -> Result<(Option<PersonDetail>, Question), Error> {
    let mut question = Question::now(Instant::from_micros(0));
    let then = match moment {
        ExplainAt::Now(at) => {
            question.at = at;
            let waits = store.waits_of(person)?.into_iter();
            question.waits = holding(waits.map(list_campaigns::wait), campaign);
            None
        }
        ExplainAt::Past(at) => {
            question.at = at;
            Some(show_at_with(store, person, at, workspace)?)
        }
        ExplainAt::Event(id) => {
            let log = store.log_rows(&LogQuery::of(LogScope::Person(person)))?;
            let entries = store.entries_of(person)?;
            let row = event::find(&log, id)?;
            let happened = Happened::of(row, &log, &entries, campaign, person);
            let then = show_then(
                store,
                person,
                &log,
                AsOf::Judged(happened.judged),
                workspace,
            )?;
            question.at = row.at;
            question.happened = Some(happened);
            Some(then)
        }
    };
    question.is_past = then.is_some();
    if let Some(then) = &then {
        question.waits = holding(then.waits.iter().cloned(), campaign);
    }
    Ok((then, question))
}

/// Returns the waits of one campaign.
fn holding(waits: impl Iterator<Item = WaitingRow>, campaign: &Campaign) -> Vec<HoldingWait> {
    waits
        .filter(|wait| same(&wait.campaign, &campaign.full_name))
        .map(|wait| HoldingWait {
            step: wait.step,
            since: wait.since,
            until: wait.until,
        })
        .collect()
}

/// Makes a world of one person, as they were if that is asked about, with all that the campaign asks.
fn world_of(
    store: &Store,
    opened: &StoredWorkspace,
    engine: &Engine<'_>,
    campaign: &Campaign,
    person: PersonId,
    then: Option<(&PersonDetail, &Question)>,
) -> Result<World, Error> {
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
    for mut known in fetch(&mut world, store, &mut bindings, [person])? {
        if let Some((then, question)) = then {
            turn_back(&mut known, then, question, &mut world, workspace);
        }
        world.insert(known);
    }
    Ok(world)
}

/// Turns a person back to what they were; what no rule asks stays as it is.
fn turn_back(
    person: &mut Person,
    then: &PersonDetail,
    question: &Question,
    world: &mut World,
    workspace: &Workspace,
) {
    for (slot, field) in world.layout().fields().iter().enumerate() {
        let field = workspace.fields.field(*field);
        if let Some(value) = then.person.0.get(&field.name) {
            let text = match value {
                Json::Null => None,
                Json::String(text) => Some(text.clone()),
                Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                    Some(value.to_string())
                }
            };
            let read =
                text.and_then(|text| Value::parse(&text, field.field_type, &workspace.zone).ok());
            person.fields[slot] = read.or_else(|| field.when_absent());
        }
    }
    let lists = then.lists.iter();
    person.lists = lists
        .map(|row| ListId(world.lists.intern(&row.list)))
        .collect();
    person.lists.sort_unstable();
    let programs = then.programs.iter().map(|row| {
        let membership = Membership {
            status: Text::from(row.status.as_str()),
            success_at: row.success_at,
            since: row.since,
            fields: Vec::new(),
        };
        (ProgramId(world.programs.intern(&row.program)), membership)
    });
    person.programs = programs.collect();
    person.programs.sort_by_key(|(program, _)| *program);
    let judged: Option<Judged> = question.happened.as_ref().map(|happened| happened.judged);
    person.history.retain(|record| match judged {
        Some(judged) => record.ordinal < judged.rows,
        None => record.at <= question.at,
    });
    let passed = then.campaigns.iter().filter_map(|row| {
        let mut campaigns = workspace.campaigns.iter();
        let campaign = campaigns.find(|campaign| same(&campaign.full_name, &row.campaign))?;
        Some(EntryStats {
            campaign: campaign.id,
            times: u32::try_from(row.times).unwrap_or(u32::MAX),
            first_at: row.first_qualified_at,
            last_at: row.last_qualified_at,
        })
    });
    person.passed = passed.collect();
}
