//! Names of the database that a shell may complete: campaigns, lists, smart lists, programs with their statuses,
//! emails, activity types and people.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use crate::domain::text::slug;
use crate::domain::{Instant, Text};
use crate::store::Store;

use super::Error;
use super::list_people::{PeopleCursor, PeopleSelection, PeopleView};
use super::stored_workspace::StoredWorkspace;
use super::then::AskedAt;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompletedKind {
    /// A campaign, by its slug, which needs no quotes.
    Campaign,
    /// A static list.
    List,
    /// A named smart list.
    SmartList,
    /// A program.
    Program,
    /// A status of some program.
    Status,
    /// An email.
    Email,
    /// An activity type.
    ActivityType,
    /// A person, by email or id.
    Person,
}

/// How many people are offered; who types on finds the others.
const PEOPLE: usize = 50;

/// Returns the names of a kind in a database; of people only those that begin with a text. Without a database there are none.
pub(crate) fn names(database: &Path, kind: CompletedKind, begins: &str) -> Vec<String> {
    // Completion has nowhere to report an error.
    read(database, kind, begins).unwrap_or_default()
}

fn read(database: &Path, kind: CompletedKind, begins: &str) -> Result<Vec<String>, Error> {
    let store = Store::open_read(database)?;
    if kind == CompletedKind::Person {
        return people(&store, begins);
    }
    let opened = StoredWorkspace::of(&store)?;
    let workspace = &opened.workspace;
    let campaigns = workspace.campaigns.iter();
    Ok(match kind {
        CompletedKind::Campaign => campaigns
            .map(|campaign| {
                let name = slug(&campaign.name);
                let alike = workspace
                    .campaigns
                    .iter()
                    .filter(|one| slug(&one.name) == name);
                if alike.count() == 1 {
                    name
                } else {
                    slug(&campaign.full_name)
                }
            })
            .collect(),
        CompletedKind::List => {
            let mut lists = workspace.lists.clone();
            for stored in store.list_names()? {
                lists.intern(&stored);
            }
            lists.iter().map(Text::to_string).collect()
        }
        CompletedKind::SmartList => {
            let named = workspace.smart_lists.iter();
            named.map(|list| list.name.clone()).collect()
        }
        CompletedKind::Program => {
            let programs = workspace.program_names.iter();
            programs.map(Text::to_string).collect()
        }
        CompletedKind::Status => {
            let programs = workspace.programs.iter();
            let statuses = programs.flat_map(|program| &program.statuses);
            let names: BTreeSet<String> = statuses.map(|status| status.name.to_string()).collect();
            names.into_iter().collect()
        }
        CompletedKind::Email => {
            let emails = workspace.emails.values();
            emails.map(|email| email.name.clone()).collect()
        }
        CompletedKind::ActivityType => {
            let types = workspace.activities.iter();
            types.map(|(_, known)| known.name.to_string()).collect()
        }
        CompletedKind::Person => Vec::new(),
    })
}

fn people(store: &Store, begins: &str) -> Result<Vec<String>, Error> {
    let begins = begins.to_lowercase();
    let everyone = PeopleCursor::of(store, &PeopleSelection::Everyone)?;
    let view = everyone.view(&PeopleView {
        columns: vec!["email".to_owned(), "id".to_owned()],
        sort: None,
        limit: None,
    })?;
    let mut found = Vec::new();
    let now = AskedAt::Now(Instant::from_micros(0));
    everyone.each(store, now, 0, &view, |row| {
        let keys = ["email", "id"].map(|key| row.0.get(key).and_then(|value| value.as_str()));
        let best = keys.into_iter().flatten().next();
        found.extend(
            best.filter(|key| key.to_lowercase().starts_with(&begins))
                .map(str::to_owned),
        );
        if found.len() < PEOPLE {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(found)
}
