//! `db check`: whether a database is sound, and whether people are what their logs say.
//!
//! The store looks at pages, tables, checksums and what must hold between rows. Here everything that a log says of a person
//! is done again: the fields, lists, memberships and waits that come out must be those that the person has.

use std::collections::BTreeMap;

use crate::campaign::Workspace;
use crate::domain::field::KEPT;
use crate::domain::text::same;
use crate::domain::{CampaignId, ListId, PersonId};
use crate::store::{LoadRequest, Store};
use crate::world::past::{Moment, PastNames, PersonThen, Then};
use crate::world::{Layout, Needs, Person};

use super::stored_workspace::StoredWorkspace;
use super::{Error, UserError};

/// People looked at together.
const AT_ONCE: usize = 1_000;

/// What of people differs from what their logs say: how many people, and the first of them.
type Differences = BTreeMap<&'static str, (u64, PersonId)>;

/// Returns what is wrong with a database, a line each; nothing where all is well.
pub(crate) fn check(store: &Store) -> Result<Vec<String>, Error> {
    let faults = store.check()?;
    if !faults.is_empty() {
        return Ok(faults);
    }
    match differences(store) {
        Ok(found) => Ok(found
            .into_iter()
            .map(|(what, (people, first))| {
                store.finding(format!(
                    "{what} are not what the log says ({people}, first of the person `#{first}`)"
                ))
            })
            .collect()),
        // What cannot be read is a fault of the database as well.
        Err(Error::User(UserError { message, .. })) => Ok(vec![message]),
        Err(error) => Err(error),
    }
}

fn differences(store: &Store) -> Result<Differences, Error> {
    let opened = StoredWorkspace::of(store)?;
    let workspace = &opened.workspace;
    let layout = layout(store, workspace)?;
    let needs = Needs {
        fields: layout.fields().iter().copied().collect(),
        lists: true,
        programs: true,
        waits: true,
        ..Needs::default()
    };
    let wanted = LoadRequest {
        layout: &layout,
        needs: &needs,
        bindings: &opened.bindings,
    };
    let names = PastNames {
        fields: &workspace.fields,
        numbering: &opened.bindings.numbering(),
        campaign: &|name| {
            let mut campaigns = workspace.campaigns.iter();
            campaigns
                .find(|campaign| same(&campaign.full_name, name))
                .map(|campaign| campaign.id)
        },
    };
    let stored_lists = store.list_names()?;
    let is_list = |list: ListId| {
        let name = names.numbering.lists.name(list.0);
        stored_lists.iter().any(|stored| same(stored, &name))
    };
    let everything = Then::Moment(Moment::after(u32::MAX - 1));
    let mut found = Differences::new();
    let mut after = None;
    loop {
        let people = store.people_after(after, AT_ONCE, wanted)?;
        let Some(last) = people.last() else {
            return Ok(found);
        };
        after = Some(last.id);
        for person in people {
            let past = store.past(person.id, &opened.bindings)?;
            if past.log.is_empty() && past.loads.is_empty() {
                continue;
            }
            let mut then = past.as_of(person.clone(), &layout, &names, everything);
            // A list may have got another name since the log has one of it.
            then.person
                .lists
                .retain(|list| is_list(*list) || person.lists.contains(list));
            for what in compare(&person, &then) {
                found.entry(what).or_insert((0, person.id)).0 += 1;
            }
        }
    }
}

/// Returns the layout of the fields that have a column, without those that change without a row.
fn layout(store: &Store, workspace: &Workspace) -> Result<Layout, Error> {
    let stored = store.stored_fields()?;
    let fields = stored
        .iter()
        .filter_map(|field| workspace.fields.find(&field.name));
    let fields = fields.filter(|field| !KEPT.contains(field));
    Ok(Layout::of(fields, &workspace.fields))
}

/// Returns what of a person differs from the same person after all that the log says.
fn compare(person: &Person, then: &PersonThen) -> Vec<&'static str> {
    let mut different = Vec::new();
    if person.fields != then.person.fields {
        different.push("fields");
    }
    if person.lists != then.person.lists {
        different.push("lists");
    }
    let memberships = |person: &Person| {
        let programs = person.programs.iter();
        programs
            .map(|(program, membership)| {
                let success = membership.success_at.is_some();
                (
                    *program,
                    membership.status.to_lowercase(),
                    success,
                    membership.acquired_by,
                )
            })
            .collect::<Vec<_>>()
    };
    if memberships(person) != memberships(&then.person) {
        different.push("memberships in programs");
    }
    let mut waits: Vec<(CampaignId, i64)> = person
        .waits
        .iter()
        .map(|wait| (wait.campaign, wait.until.micros()))
        .collect();
    let mut logged: Vec<(CampaignId, i64)> = then
        .waits
        .iter()
        .map(|wait| (wait.campaign, wait.until.micros()))
        .collect();
    waits.sort_unstable();
    logged.sort_unstable();
    if waits != logged {
        different.push("waits");
    }
    different
}
