//! `campaign explain`: why a person qualifies for a campaign or does not, in words.
//!
//! The engine asks every rule; here one person is loaded for it, turned back to what they were if the past is asked
//! about, and its answers become rows. `campaign test` tells its failures by the same rows.

use serde_json::Value as Json;

use crate::campaign::{Campaign, Mode, Workspace};
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::same;
use crate::domain::{Instant, ListId, PersonId, ProgramId, Text, Value};
use crate::engine::{Engine, Reasons};
use crate::filter::explain::Rule;
use crate::results::{ExplainRule, Explanation, PersonDetail};
use crate::store::{Store, Wanted, activity_id};
use crate::world::{Layout, Membership, NextNumbers, Passed, Person, World};

use super::opened::Opened;
use super::past::show_at;
use super::show::qualification;
use super::{Error, Kind, Problem};

/// When the person is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// As they are, at the instant taken as now.
    Now(Instant),
    /// As they were after all that happened up to an instant.
    Past(Instant),
}

/// Explains a campaign, in its newest version, for a person.
pub fn explain(
    store: &Store,
    opened: &Opened,
    name: &str,
    person: PersonId,
    moment: Moment,
    seed: u64,
) -> Result<Explanation, Error> {
    let campaign = opened.find_valid(name)?;
    let active = opened.is_active(campaign.id);
    let engine = Engine::new(&opened.workspace, |id| opened.is_active(id), seed);
    let mut world = world_of(store, opened, &engine, campaign, person, moment)?;
    let (Moment::Now(at) | Moment::Past(at)) = moment;
    tell(&engine, campaign, &mut world, person, at, Some(active))
        .ok_or_else(|| Problem::new(Kind::State, format!("there is no person `#{person}`")).into())
}

/// Makes a world of one person, with all that the campaign asks.
fn world_of(
    store: &Store,
    opened: &Opened,
    engine: &Engine<'_>,
    campaign: &Campaign,
    person: PersonId,
    moment: Moment,
) -> Result<World, Error> {
    let mut needs = engine.explain_needs(campaign);
    needs.fields.extend([EMAIL, ID]);
    let workspace = &opened.workspace;
    let layout = Layout::of(needs.fields.iter().copied(), &workspace.fields);
    let (mut lists, mut programs) = (workspace.lists.clone(), workspace.program_names.clone());
    let people = store.people(
        &[person],
        &mut Wanted {
            layout: &layout,
            needs: &needs,
            bindings: &mut opened.bindings.clone(),
            lists: &mut lists,
            programs: &mut programs,
        },
    )?;
    let next = NextNumbers {
        person: store.next_person()?,
        wait: store.next_wait()?,
    };
    let mut world = World::new(layout, needs, lists, programs, next);
    for mut known in people {
        if let Moment::Past(at) = moment {
            let then = show_at(store, person, at)?;
            turn_back(&mut known, &then, at, &mut world, workspace);
        }
        world.admit(known);
    }
    Ok(world)
}

/// Turns a person back to what they were; what no rule asks stays as it is.
fn turn_back(
    person: &mut Person,
    then: &PersonDetail,
    at: Instant,
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
    person.history.retain(|record| record.at <= at);
    let passed = then.campaigns.iter().filter_map(|row| {
        let mut campaigns = workspace.campaigns.iter();
        let campaign = campaigns.find(|campaign| same(&campaign.full_name, &row.campaign))?;
        Some(Passed {
            campaign: campaign.id,
            times: u32::try_from(row.times).unwrap_or(u32::MAX),
            first_at: row.first_qualified_at,
            last_at: row.last_qualified_at,
        })
    });
    person.passed = passed.collect();
}

/// Explains a campaign for a person of a world; `active` says whether events may start it, where that is known.
pub(super) fn tell(
    engine: &Engine<'_>,
    campaign: &Campaign,
    world: &mut World,
    person: PersonId,
    at: Instant,
    active: Option<bool>,
) -> Option<Explanation> {
    let reasons = engine.explain(campaign, world, person, at)?;
    let known = world.person(person)?;
    let inactive = campaign.mode == Mode::Triggered && active == Some(false);
    let blocks = [
        ("trigger", !reasons.fires),
        ("filters", !reasons.matches),
        ("qualification", !reasons.admitted),
        ("inactive", inactive),
        ("email", !reasons.held_back.is_empty()),
    ];
    let blocked_by = blocks.iter().filter(|(_, blocks)| *blocks);
    let mut rules = triggers(&reasons, person);
    rules.extend(
        reasons
            .filters
            .iter()
            .map(|rule| row("filter", rule.number.clone(), rule, person)),
    );
    rules.push(qualification_rule(campaign, known, reasons.admitted));
    if let (Mode::Triggered, Some(active)) = (campaign.mode, active) {
        rules.push(activation(active));
    }
    rules.extend(held_back(&reasons));
    let email = known.field(world.layout(), EMAIL);
    Some(Explanation {
        campaign: campaign.full_name.to_string(),
        person: email.map_or_else(|| format!("#{person}"), |email| email.to_text().to_string()),
        person_id: person.0,
        at,
        qualifies: reasons.qualifies(),
        blocked_by: blocked_by.map(|(name, _)| *name).collect(),
        rules,
    })
}

/// Tells each trigger, its constraints beneath it.
fn triggers(reasons: &Reasons, person: PersonId) -> Vec<ExplainRule> {
    let mut rows = Vec::new();
    for (number, trigger) in (1..).zip(&reasons.triggers) {
        let actual = match trigger.activity {
            None => "none".to_owned(),
            Some((_, at)) if trigger.holds => format!("the last at {at}"),
            Some((_, at)) => format!("another, at {at}"),
        };
        rows.push(ExplainRule {
            part: "trigger",
            number: number.to_string(),
            rule: trigger.written.clone(),
            wanted: "such an activity".to_owned(),
            actual: Some(actual),
            holds: trigger.holds,
            activity: trigger
                .activity
                .and_then(|(ordinal, _)| activity_id(person, ordinal).ok()),
        });
        let beneath =
            |rule: &Rule| row("trigger", format!("{number}.{}", rule.number), rule, person);
        rows.extend(trigger.constraints.iter().map(beneath));
    }
    rows
}

fn row(part: &'static str, number: String, rule: &Rule, person: PersonId) -> ExplainRule {
    ExplainRule {
        part,
        number,
        rule: rule.rule.clone(),
        wanted: rule.wanted.clone(),
        actual: rule.actual.clone(),
        holds: rule.holds,
        activity: rule
            .activity
            .and_then(|ordinal| activity_id(person, ordinal).ok()),
    }
}

fn qualification_rule(campaign: &Campaign, person: &Person, admitted: bool) -> ExplainRule {
    let actual = match person.passed(campaign.id) {
        None => "never entered".to_owned(),
        Some(passed) if passed.times == 1 => format!("entered once, at {}", passed.last_at),
        Some(passed) => format!(
            "entered {} times, the last at {}",
            passed.times, passed.last_at
        ),
    };
    ExplainRule {
        part: "qualification",
        number: "1".to_owned(),
        rule: "qualification rule".to_owned(),
        wanted: qualification(campaign.qualification),
        actual: Some(actual),
        holds: admitted,
        activity: None,
    }
}

fn activation(active: bool) -> ExplainRule {
    let actual = if active { "active" } else { "inactive" };
    ExplainRule {
        part: "active",
        number: "1".to_owned(),
        rule: "campaign".to_owned(),
        wanted: "active".to_owned(),
        actual: Some(actual.to_owned()),
        holds: active,
        activity: None,
    }
}

/// Tells which emails would not go out as things stand.
fn held_back(reasons: &Reasons) -> impl Iterator<Item = ExplainRule> {
    reasons.held_back.iter().map(|held_back| ExplainRule {
        part: "email",
        number: held_back.step.to_string(),
        rule: format!("send email {}", held_back.email),
        wanted: "nothing holds it back".to_owned(),
        actual: Some(held_back.reasons.join(", ")),
        holds: false,
        activity: None,
    })
}
