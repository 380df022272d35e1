//! `person list`: people for whom a filter holds, found by the one evaluator.

use std::ops::ControlFlow;
use std::path::Path;

use crate::campaign::Workspace;
use crate::campaign::compile::compile;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::domain::{Instant, PersonId, Zone};
use crate::filter::operator::EvaluationTime;
use crate::filter::{Draw, Facts, Filter};
use crate::results::PersonRow;
use crate::source::{self, StoredCampaign};
use crate::store::{LoadRequest, Store};
use crate::world::{Layout, Needs};

use super::error::FaultyCampaigns;
use super::show_person::Shown;
use super::stored_workspace::StoredWorkspace;
use super::{Error, ErrorKind, UserError};

/// Who is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleSelection {
    /// Everyone.
    Everyone,
    /// People in a named or system smart list.
    SmartList(String),
    /// People for whom a filter holds, written as in a campaign file.
    Filter(String),
}

/// People read at a time.
const AT_ONCE: usize = 10_000;

/// A list of people, ready to be read.
pub struct PeopleCursor {
    workspace: Workspace,
    filter: Filter,
    shown: Shown,
}

impl PeopleCursor {
    /// Makes ready: finds the smart list, or compiles the filter.
    pub fn of(store: &Store, who: &PeopleSelection) -> Result<Self, Error> {
        let (workspace, filter) = match who {
            PeopleSelection::Everyone => (super::settings::settings(store)?, Filter::everyone()),
            PeopleSelection::SmartList(name) => in_smart_list(store, name)?,
            PeopleSelection::Filter(text) => filtered(store, text)?,
        };
        let shown = Shown::of(store, &workspace.fields)?;
        Ok(Self {
            workspace,
            filter,
            shown,
        })
    }

    /// Returns the workspace's zone.
    pub fn zone(&self) -> &Zone {
        &self.workspace.zone
    }

    /// Returns the keys of every row.
    pub fn keys(&self) -> Vec<String> {
        self.shown.keys()
    }

    /// Gives everyone who matches at an instant to `each`, in order of person, and returns how many that were.
    pub fn each(
        &self,
        store: &Store,
        now: Instant,
        seed: u64,
        mut each: impl FnMut(&PersonRow) -> ControlFlow<()>,
    ) -> Result<u64, Error> {
        let mut needs = Needs::default();
        self.filter.needs(&mut needs);
        needs.fields.extend(self.shown.layout.fields());
        let layout = Layout::of(needs.fields.iter().copied(), &self.workspace.fields);
        let names: Vec<_> = self
            .workspace
            .campaigns
            .iter()
            .map(|campaign| campaign.full_name.clone())
            .collect();
        let mut bindings =
            store.bind(&names, &self.workspace.fields, &self.workspace.activities)?;
        let (mut lists, mut programs) = (
            self.workspace.lists.clone(),
            self.workspace.program_names.clone(),
        );
        let (mut after, mut count) = (None::<PersonId>, 0);
        loop {
            let mut wanted = LoadRequest {
                layout: &layout,
                needs: &needs,
                bindings: &mut bindings,
                lists: &mut lists,
                programs: &mut programs,
            };
            let people = store.people_after(after, AT_ONCE, &mut wanted)?;
            let Some(last) = people.last() else {
                return Ok(count);
            };
            after = Some(last.id);
            for person in &people {
                let facts = Facts {
                    person,
                    layout: &layout,
                    when: EvaluationTime {
                        now,
                        zone: &self.workspace.zone,
                        week_start: self.workspace.week_start,
                    },
                    draw: Draw { seed, entry: 1 },
                };
                if self.filter.holds(&facts) {
                    count += 1;
                    if each(&self.shown.row_of(person, &layout)).is_break() {
                        return Ok(count);
                    }
                }
            }
        }
    }
}

/// Asks for a smart list as a filter does, so that system smart lists are known as well.
fn in_smart_list(store: &Store, name: &str) -> Result<(Workspace, Filter), Error> {
    let quoted = serde_json::Value::from(name);
    filtered(store, &format!("member_of_smart_list: {quoted}")).map_err(|error| match error {
        Error::Campaigns(faulty) => {
            let told = faulty.diagnostics.sorted();
            let help = told.first().and_then(|fault| fault.help.clone());
            let error =
                UserError::new(ErrorKind::State, format!("there is no smart list `{name}`"));
            UserError { help, ..error }.into()
        }
        other @ (Error::User(_) | Error::Problems(_) | Error::Faults(_)) => other,
    })
}

/// The name under which a filter of the command line is compiled; nobody calls a campaign so.
const ASKED: &str = "--filter";

/// Compiles a filter as the smart list of a campaign of its own, among the stored ones, which it may name.
fn filtered(store: &Store, text: &str) -> Result<(Workspace, Filter), Error> {
    let opened = StoredWorkspace::of(store)?;
    let mut stored = opened.as_stored(store)?;
    stored.campaigns.push(StoredCampaign {
        file: ASKED.to_owned(),
        definition: as_campaign(text),
        description: None,
    });
    let loaded = source::from_stored(&stored);
    let (workspace, all) = compile(&loaded, &store.stored_fields()?);
    let sources = loaded.sources;
    // Stored campaigns that no longer compile are no concern of the one who asks, nor is a flow.
    let mut diagnostics = Diagnostics::default();
    let asked = |fault: &&Diagnostic| {
        fault.severity() == Severity::Error && sources.path(fault.span.file) == Path::new(ASKED)
    };
    for fault in all.sorted().into_iter().filter(asked) {
        diagnostics.push(fault.clone());
    }
    let compiled = workspace
        .campaigns
        .iter()
        .find(|campaign| campaign.name == ASKED)
        .map(|campaign| campaign.filter.clone());
    match compiled {
        Some(filter) if diagnostics.errors() == 0 => Ok((workspace, filter)),
        Some(_) | None => Err(Error::Campaigns(Box::new(FaultyCampaigns {
            diagnostics,
            sources,
        }))),
    }
}

/// Returns a filter, or a list of them, as the text of a campaign.
fn as_campaign(text: &str) -> String {
    let text = text.trim();
    let (first, rest) = if text.starts_with(['-', '[']) {
        ("    ", "    ")
    } else {
        ("    - ", "      ")
    };
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(index, line)| format!("{}{line}", if index == 0 { first } else { rest }))
        .collect();
    format!(
        "name: {ASKED}\nsmart_list:\n  filters:\n{}\n",
        lines.join("\n")
    )
}
