//! `person show --at`: one person as they were at an instant.

use serde_json::{Map, Value as Json};

use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, Key, PersonId, PersonNames, Text, Value};
use crate::results::{ListMembership, PassedCampaign, PersonDetail, ProgramMembership, WaitingRow};
use crate::store::{LoadRequest, Store};
use crate::world::past::{Past, PastNames, PastWait, PersonThen, Then};
use crate::world::{Needs, Numbering};

use super::settings::settings;
use super::show_person::{Shown, no_person, show_with};
use super::{Error, ErrorKind, UserError};

/// Returns what was known about a person at an instant.
pub(crate) fn show_at(store: &Store, person: PersonId, at: Instant) -> Result<PersonDetail, Error> {
    let workspace = settings(store)?;
    let shown = Shown::of(store, &workspace.fields)?;
    let definitions = store.definitions()?.into_iter();
    let campaigns: Vec<Text> = definitions.map(|row| row.full_name).collect();
    let numbering = Numbering::default();
    // Rows of the log name assets with or without their program, so the names of all that there are come first.
    for name in store.list_names()? {
        numbering.lists.intern(&name);
    }
    for name in store.program_names()? {
        numbering.programs.intern(&name);
    }
    let bindings = store.bind(
        &campaigns,
        &workspace.fields,
        &workspace.activities,
        numbering.clone(),
    )?;
    let needs = Needs {
        fields: shown.layout.fields().iter().copied().collect(),
        lists: true,
        programs: true,
        ..Needs::default()
    };
    let wanted = LoadRequest {
        layout: &shown.layout,
        needs: &needs,
        bindings: &bindings,
    };
    let loaded = store.people(&[person], wanted)?;
    let loaded = loaded.into_iter().next().ok_or_else(|| no_person(person))?;
    let past = store.past(person, &bindings)?;
    refuse_before(&past, at)?;
    let present = show_with(store, person, &workspace)?;
    let names = PastNames {
        fields: &workspace.fields,
        numbering: &numbering,
        campaign: &|name| {
            let mut numbered = (0..).zip(&campaigns);
            let found = numbered.find(|(_, known)| same(known, name));
            found.map(|(number, _)| CampaignId(number))
        },
    };
    let loaded_names = loaded.names(&shown.layout);
    let was = past.as_of(loaded, &shown.layout, &names, Then::At(at));
    let names = ThenNames {
        numbering: &numbering,
        campaigns: &campaigns,
    };
    Ok(PersonDetail {
        person: shown.row_then(&was.person, &shown.layout, at),
        lists: names.lists(&was, &present.lists),
        programs: names.programs(&was),
        campaigns: names.campaigns(&was),
        waits: names.waits(&was.waits, &present.waits, &loaded_names),
    })
}

/// Refuses an instant at which an event had not made the person yet.
pub(super) fn refuse_before(past: &Past, at: Instant) -> Result<(), UserError> {
    match past.created_at() {
        Some(made) if made > at => {
            let message = format!("at {at} there was no such person yet");
            let error = UserError::new(ErrorKind::State, message);
            Err(error.help(format!("the person was made at {made}")))
        }
        Some(_) | None => Ok(()),
    }
}

/// The names behind the numbers of a person as they were.
struct ThenNames<'a> {
    numbering: &'a Numbering,
    campaigns: &'a [Text],
}

impl ThenNames<'_> {
    /// Returns the lists by name, given those of today, which say since when where no change of the past does.
    fn lists(&self, was: &PersonThen, today: &[ListMembership]) -> Vec<ListMembership> {
        let since = |name: &str| {
            let same = today.iter().find(|list| list.list == name);
            same.and_then(|list| list.added_at)
        };
        let lists = was.person.lists.iter().map(|list| {
            let name = self.numbering.lists.name(list.0).to_string();
            let joined = was.joined.get(list).copied();
            ListMembership {
                added_at: joined.unwrap_or_else(|| since(&name)),
                list: name,
            }
        });
        let mut lists: Vec<ListMembership> = lists.collect();
        lists.sort_by(|a, b| a.list.cmp(&b.list));
        lists
    }

    /// Returns the memberships by name of program.
    fn programs(&self, was: &PersonThen) -> Vec<ProgramMembership> {
        let fields = |fields: &[(Key, Value)]| -> Map<String, Json> {
            // None of our values is one that JSON does not have.
            let json = |value: &Value| serde_json::to_value(value.borrowed()).unwrap_or_default();
            let fields = fields.iter();
            fields
                .map(|(key, value)| (key.to_string(), json(value)))
                .collect()
        };
        let programs = was.person.programs.iter();
        let programs = programs.map(|(program, membership)| ProgramMembership {
            program: self.numbering.programs.name(program.0).to_string(),
            status: membership.status.to_string(),
            success: membership.success_at.is_some(),
            success_at: membership.success_at,
            since: membership.since,
            acquired_by: membership.acquired_by,
            fields: fields(&membership.fields),
        });
        let mut programs: Vec<ProgramMembership> = programs.collect();
        programs.sort_by(|a, b| a.program.cmp(&b.program));
        programs
    }

    /// Returns the campaigns entered, in the order in which they were first loaded.
    fn campaigns(&self, was: &PersonThen) -> Vec<PassedCampaign> {
        let passed = was.person.passed.iter().map(|passed| PassedCampaign {
            campaign: self.campaign(passed.campaign),
            first_qualified_at: passed.first_at,
            last_qualified_at: passed.last_at,
            times: u64::from(passed.times),
        });
        passed.collect()
    }

    /// Returns the waits. One that still holds is known better today: a load may have moved it since.
    fn waits(
        &self,
        waits: &[PastWait],
        today: &[WaitingRow],
        who: &PersonNames,
    ) -> Vec<WaitingRow> {
        let row = |wait: &PastWait| WaitingRow {
            campaign: self.campaign(wait.campaign),
            person_id: who.person.0,
            email: who.email.as_deref().map(str::to_owned),
            id: who.id.as_deref().map(str::to_owned),
            person: who.best(),
            step: wait.step,
            since: wait.since,
            until: wait.until,
            version: None,
        };
        let holds = |wait: WaitingRow| {
            let same = |now: &&WaitingRow| {
                (&now.campaign, now.since, now.until) == (&wait.campaign, wait.since, wait.until)
            };
            today.iter().find(same).cloned().unwrap_or(wait)
        };
        waits.iter().map(row).map(holds).collect()
    }

    fn campaign(&self, campaign: CampaignId) -> String {
        self.campaigns[campaign.0 as usize].to_string()
    }
}
