//! A person's log as a scene: what they were before, and what has happened to them from outside.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::Error;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::test::scene::{Scene, SceneEvent};
use crate::app::then::Known;
use crate::campaign::Campaign;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID, KEPT};
use crate::domain::{CampaignId, FieldId, Instant, Mode, Outcome, PersonId, RunId, Value};
use crate::store::{LoadRequest, Store};
use crate::world::past::{Past, Then};
use crate::world::{Layout, LogRow, Needs, Person};

use super::is_triggered;

/// What of a log happens again in a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Retelling {
    /// Whether other trigger campaigns take part.
    others: bool,
    /// Whether of each happening only what began it is an event; else every row that no campaign wrote.
    causes: bool,
    /// Whether what campaigns did that do not take part is an event.
    deeds: bool,
}

impl Retelling {
    /// The ways that are tried, those that need the least first.
    pub(super) const ALL: [Self; 5] = [
        Self::of(false, true, false),
        Self::of(true, true, true),
        Self::of(true, false, true),
        Self::of(false, true, true),
        Self::of(false, false, true),
    ];

    const fn of(others: bool, causes: bool, deeds: bool) -> Self {
        Self {
            others,
            causes,
            deeds,
        }
    }
}

/// One minute.
const MINUTE: i64 = 60_000_000;

/// What a person was, and what has happened to them.
pub(super) struct Story {
    past: Past,
    /// The person before the first row of the log; none whom an event made.
    before: Option<Person>,
    layout: Layout,
    /// The names of the programs that the person was a member of.
    programs: Vec<(String, String)>,
    /// How far the log goes; the instant taken as now, where there is none.
    end: Instant,
}

impl Story {
    /// Reads a person's past.
    pub(super) fn of(
        store: &Store,
        opened: &StoredWorkspace,
        person: PersonId,
        now: Instant,
    ) -> Result<Self, Error> {
        let fields = &opened.workspace.fields;
        let stored = store.stored_fields()?.into_iter();
        let ids: Vec<FieldId> = stored
            .filter_map(|field| fields.find(&field.name))
            .collect();
        let layout = Layout::of(ids, fields);
        let needs = Needs {
            fields: layout.fields().iter().copied().collect(),
            lists: true,
            programs: true,
            ..Needs::default()
        };
        let wanted = LoadRequest {
            layout: &layout,
            needs: &needs,
            bindings: &opened.bindings,
        };
        let present = store.people(&[person], wanted)?.into_iter().next();
        let known = Known {
            workspace: &opened.workspace,
            bindings: &opened.bindings,
        };
        let past = known.past(store, person)?;
        let first = past.log.iter().map(|row| row.activity.at).min();
        let last = past.log.iter().map(|row| row.activity.at).max();
        let before = match (present, first) {
            (Some(_), _) if past.created_at().is_some() => None,
            (Some(present), Some(first)) => {
                let then = Then::At(first.plus_micros(-1));
                Some(known.as_of(&past, present, &layout, then).person)
            }
            (present, _) => present,
        };
        let numbering = opened.bindings.numbering();
        let memberships = before.iter().flat_map(|person| &person.programs);
        let programs = memberships.map(|(program, membership)| {
            let name = numbering.programs.name(program.0).to_string();
            (name, membership.status.to_string())
        });
        Ok(Self {
            programs: programs.collect(),
            past,
            before,
            layout,
            end: last.unwrap_or(now),
        })
    }

    /// Returns the campaigns that the person has entered, the last first.
    pub(super) fn entered(&self) -> Vec<CampaignId> {
        let mut entries: Vec<(Instant, CampaignId)> = self
            .past
            .entries
            .iter()
            .map(|entry| (entry.at, entry.campaign))
            .collect();
        entries.sort_unstable();
        let mut found = Vec::new();
        for (_, campaign) in entries.into_iter().rev() {
            if !found.contains(&campaign) {
                found.push(campaign);
            }
        }
        found
    }

    /// Returns a scene that may show again what the log shows, in a test of a campaign.
    pub(super) fn scene(
        &self,
        opened: &StoredWorkspace,
        campaign: &Campaign,
        way: Retelling,
    ) -> Scene {
        let Retelling {
            others,
            causes,
            deeds,
        } = way;
        let origins = self.past.log.iter().filter_map(|row| row.activity.origin);
        let with: BTreeSet<CampaignId> = origins
            .map(|origin| origin.campaign)
            .filter(|id| others && *id != campaign.id && is_triggered(&opened.workspace, *id))
            .collect();
        let first = self.past.log.iter().map(|row| row.activity.at).min();
        let start = first.unwrap_or(self.end).min(self.end).plus_micros(-MINUTE);
        let mut scene = Scene::new(start);
        scene.until = Some(self.end);
        scene.with.clone_from(&with);
        if campaign.mode == Mode::Batch {
            scene.runs = self.runs(campaign);
        }
        self.set_person(opened, &mut scene);
        for (program, status) in &self.programs {
            scene.events.push(SceneEvent {
                at: start,
                activity: BuiltinActivity::ChangeProgramStatus.id(),
                members: vec![
                    ("program".to_owned(), Value::text(program)),
                    ("new_status".to_owned(), Value::text(status)),
                ],
            });
        }
        let rows = self.past.log.iter();
        let plays = |id: CampaignId| {
            id == campaign.id || with.contains(&id) || {
                // Executed by one that plays, as far as is known.
                opened.workspace.campaign(id).mode == Mode::Executable
            }
        };
        let causing = self.causes();
        let rows = rows.filter(|row| match row.activity.origin {
            Some(origin) => deeds && !plays(origin.campaign) && is_deed(row),
            None => {
                row.activity
                    .outcome
                    .is_none_or(|outcome| outcome == Outcome::Succeeded)
                    && (!causes || causing.contains(&row.ordinal))
            }
        });
        scene.events.extend(rows.map(|row| event(row, opened)));
        scene
    }

    /// Returns when a batch campaign ran for the person; now, where it never did.
    fn runs(&self, campaign: &Campaign) -> Vec<Instant> {
        let entries = self.past.entries.iter();
        let own = entries.filter(|entry| entry.campaign == campaign.id);
        let runs: BTreeMap<Option<RunId>, Instant> =
            own.map(|entry| (entry.run, entry.at)).collect();
        let mut runs: Vec<Instant> = runs.into_values().collect();
        runs.sort_unstable();
        if runs.is_empty() {
            runs.push(self.end);
        }
        runs
    }

    fn set_person(&self, opened: &StoredWorkspace, scene: &mut Scene) {
        let Some(before) = &self.before else {
            scene.present = false;
            return;
        };
        let workspace = &opened.workspace;
        scene.fields.clear();
        for field in self.layout.fields() {
            let absent = workspace.fields.field(*field).when_absent();
            match before.field(&self.layout, *field) {
                Some(value) if !KEPT.contains(field) && absent.as_ref() != Some(value) => {
                    scene.fields.insert(*field, value.clone());
                }
                Some(_) | None => {}
            }
        }
        if !scene.fields.contains_key(&EMAIL) && !scene.fields.contains_key(&ID) {
            scene.fields.insert(ID, Value::text("a1"));
        }
        let known = workspace.lists.iter().count();
        let is_known = |number: u32| usize::try_from(number).is_ok_and(|number| number < known);
        let lists = before.lists.iter().copied();
        scene.lists = lists.filter(|list| is_known(list.0)).collect();
    }

    /// Returns the rows that came from outside: of each happening the first, or the form that made the person.
    fn causes(&self) -> BTreeSet<u32> {
        let mut first: BTreeMap<u32, u32> = BTreeMap::new();
        for row in &self.past.log {
            if row.activity.origin.is_some() {
                continue;
            }
            let happening = row.happening.unwrap_or(row.ordinal);
            let is_form = row.activity.activity == BuiltinActivity::FillOutForm.id();
            let cause = first.entry(happening).or_insert(row.ordinal);
            if is_form {
                *cause = row.ordinal;
            }
        }
        let begins = first.into_iter().filter(|(happening, _)| {
            // What begins with a step, such as the end of a wait, came from no event.
            let row = self.past.row(*happening);
            row.is_none_or(|row| row.activity.origin.is_none())
        });
        begins.map(|(_, cause)| cause).collect()
    }
}

/// Returns whether a row of another campaign's step did something that an event can do as well.
fn is_deed(row: &LogRow) -> bool {
    let no_event = [
        BuiltinActivity::WaitStarted,
        BuiltinActivity::WaitEnded,
        BuiltinActivity::ExecuteCampaign,
        BuiltinActivity::RemoveFromFlow,
    ];
    row.activity.outcome == Some(Outcome::Succeeded)
        && no_event
            .iter()
            .all(|known| known.id() != row.activity.activity)
}

/// Makes the event that a row of the log came from.
fn event(row: &LogRow, opened: &StoredWorkspace) -> SceneEvent {
    let activity = &row.activity;
    let known = opened.workspace.activities.get(activity.activity);
    let mut members = Vec::new();
    if let (Some(primary), Some(value)) = (&known.primary, &activity.primary) {
        members.push((primary.key.to_string(), Value::Text(value.clone())));
    }
    let attributes = activity.attributes.iter();
    members.extend(attributes.map(|(key, value)| (key.to_string(), value.clone())));
    SceneEvent {
        at: activity.at,
        activity: activity.activity,
        members,
    }
}
