//! `person list`: people for whom a filter holds, found by the one evaluator.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use crate::campaign::Workspace;
use crate::campaign::compile::compile_question;
use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::domain::field::KEPT;
use crate::domain::text::fold;
use crate::domain::{Instant, PersonId, Zone};
use crate::filter::operator::EvaluationTime;
use crate::filter::{Draw, Facts, Filter, Occasion};
use crate::results::PersonRow;
use crate::source::{self, StoredCampaign};
use crate::store::{Bindings, LoadRequest, Store};
use crate::world::{Layout, Needs, Numbering, Person};
use crate::yaml;

use super::error::FaultyCampaigns;
use super::show_person::Shown;
use super::stored_workspace::StoredWorkspace;
use super::then::{AskedAt, Known};
use super::{Error, ErrorKind, UserError};

/// Which people are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PeopleSelection {
    /// Everyone.
    Everyone,
    /// People in a named or system smart list.
    SmartList(String),
    /// People for whom a filter holds, written as in a campaign file.
    Filter(String),
}

/// What is shown of those people, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PeopleView {
    /// The columns, by any name of their fields; all of them where none is named.
    pub(crate) columns: Vec<String>,
    /// The field by which people are sorted; a leading `-` turns the order around. In order of person without one.
    pub(crate) sort: Option<String>,
    /// At most so many people.
    pub(crate) limit: Option<usize>,
}

/// People read at a time.
pub(super) const AT_ONCE: usize = 10_000;

/// A list of people, ready to be read.
pub(crate) struct PeopleCursor {
    workspace: Workspace,
    filter: Filter,
    shown: Shown,
}

impl PeopleCursor {
    /// Makes ready: finds the smart list, or compiles the filter.
    pub(crate) fn of(store: &Store, who: &PeopleSelection) -> Result<Self, Error> {
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
    pub(crate) fn zone(&self) -> &Zone {
        &self.workspace.zone
    }

    /// Returns how many people match at an instant. Everyone is counted without being read.
    pub(crate) fn count(
        &self,
        store: &Store,
        at: AskedAt,
        seed: u64,
        who: &PeopleSelection,
    ) -> Result<u64, Error> {
        match (who, at) {
            (PeopleSelection::Everyone, AskedAt::Now(_)) => Ok(store.count_people()?),
            (PeopleSelection::Everyone, AskedAt::Past(_))
            | (PeopleSelection::SmartList(_) | PeopleSelection::Filter(_), _) => {
                self.matching(store, at, seed, |_, _| ControlFlow::Continue(()))
            }
        }
    }

    /// Chooses what is shown of each person; an error names a column that is not a field.
    pub(crate) fn view(&self, view: &PeopleView) -> Result<ChosenView, Error> {
        let known = self.shown.keys();
        let column = |name: &str| -> Result<String, Error> {
            let field = self.workspace.fields.find(name);
            let own = field.map_or(name, |field| &self.workspace.fields.field(field).name);
            if known.iter().any(|key| key == own) {
                return Ok(own.to_owned());
            }
            let error = UserError::new(ErrorKind::Usage, format!("no column `{name}`"));
            Err(match did_you_mean(name, known.iter().map(String::as_str)) {
                Some(help) => error.help(help),
                None => error.help("`bugle person list` shows all columns"),
            }
            .into())
        };
        let columns = view.columns.iter().map(|name| column(name));
        let mut columns = columns.collect::<Result<Vec<_>, _>>()?;
        // A column that is named twice is shown once, where it is named first.
        let mut named = BTreeSet::new();
        columns.retain(|column| named.insert(column.clone()));
        let sort = match view.sort.as_deref() {
            None => None,
            Some(name) => {
                let (name, descending) = match name.strip_prefix('-') {
                    Some(name) => (name, true),
                    None => (name, false),
                };
                Some((column(name)?, descending))
            }
        };
        Ok(ChosenView {
            columns: if columns.is_empty() {
                self.usual_columns(known)
            } else {
                columns
            },
            sort,
            limit: view.limit.unwrap_or(usize::MAX),
        })
    }

    /// Returns the columns that are shown unless others are asked for: all but those of the fields that bugle keeps, which
    /// everyone has.
    fn usual_columns(&self, mut known: Vec<String>) -> Vec<String> {
        let kept = KEPT.map(|field| &self.workspace.fields.field(field).name);
        known.retain(|column| !kept.contains(&column));
        known
    }

    /// Gives everyone who matches at an instant to `each`, as a view shows them and in its order.
    pub(crate) fn each(
        &self,
        store: &Store,
        at: AskedAt,
        seed: u64,
        view: &ChosenView,
        mut each: impl FnMut(&PersonRow) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let Some((field, descending)) = &view.sort else {
            let mut left = view.limit;
            if left > 0 {
                self.matching(store, at, seed, |person, layout| {
                    left -= 1;
                    let flow = each(&view.row(self.row(person, layout, at)));
                    if left == 0 {
                        ControlFlow::Break(())
                    } else {
                        flow
                    }
                })?;
            }
            return Ok(());
        };
        let mut rows = Vec::new();
        self.matching(store, at, seed, |person, layout| {
            rows.push(self.row(person, layout, at));
            ControlFlow::Continue(())
        })?;
        let value = |row: &PersonRow| row.0.get(field).cloned().unwrap_or_default();
        // A stable sort: people with equal values stay in order of person, and those without one come last.
        rows.sort_by(|a, b| {
            let (a, b) = (value(a), value(b));
            let empty = a.is_null().cmp(&b.is_null());
            let order = in_order(&a, &b);
            empty.then(if *descending { order.reverse() } else { order })
        });
        for row in rows.into_iter().take(view.limit) {
            if each(&view.row(row)).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Gives everyone who matches at an instant to `each`, in order of person, and returns how many that were.
    fn matching(
        &self,
        store: &Store,
        at: AskedAt,
        seed: u64,
        mut each: impl FnMut(&Person, &Layout) -> ControlFlow<()>,
    ) -> Result<u64, Error> {
        let asked = self.asked(store)?;
        let wanted = asked.request();
        let known = Known {
            workspace: &self.workspace,
            bindings: &asked.bindings,
        };
        let (mut after, mut count) = (None::<PersonId>, 0);
        loop {
            let people = store.people_after(after, AT_ONCE, wanted)?;
            let Some(last) = people.last() else {
                return Ok(count);
            };
            after = Some(last.id);
            for person in &known.people_at(store, people, &asked.layout, at)? {
                if self.holds(person, &asked.layout, at.instant(), seed) {
                    count += 1;
                    if each(person, &asked.layout).is_break() {
                        return Ok(count);
                    }
                }
            }
        }
    }

    /// Returns what is read of people to ask the filter and to show them.
    pub(super) fn asked(&self, store: &Store) -> Result<AskedPeople, Error> {
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
        let Workspace {
            fields,
            activities,
            lists,
            program_names,
            ..
        } = &self.workspace;
        let numbering = Numbering::of(lists, program_names);
        let bindings = store.bind(&names, fields, activities, numbering)?;
        Ok(AskedPeople {
            needs,
            layout,
            bindings,
        })
    }

    /// Returns the workspace.
    pub(super) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Returns whether the filter holds for a person at an instant.
    pub(super) fn holds(&self, person: &Person, layout: &Layout, now: Instant, seed: u64) -> bool {
        self.filter.holds(&Facts {
            person,
            layout,
            when: EvaluationTime {
                now,
                zone: &self.workspace.zone,
                week_start: self.workspace.week_start,
            },
            draw: Draw {
                seed,
                occasion: Occasion::at(now),
            },
        })
    }

    fn row(&self, person: &Person, layout: &Layout, at: AskedAt) -> PersonRow {
        match at {
            AskedAt::Now(_) => self.shown.row_of(person, layout),
            AskedAt::Past(at) => self.shown.row_then(person, layout, at),
        }
    }
}

/// What is read of people, and what it means.
pub(super) struct AskedPeople {
    needs: Needs,
    pub(super) layout: Layout,
    pub(super) bindings: Bindings,
}

impl AskedPeople {
    /// Returns the request for people as they are asked about.
    pub(super) fn request(&self) -> LoadRequest<'_> {
        LoadRequest {
            layout: &self.layout,
            needs: &self.needs,
            bindings: &self.bindings,
        }
    }
}

/// A view whose columns are known to exist.
#[derive(Debug)]
pub(crate) struct ChosenView {
    columns: Vec<String>,
    sort: Option<(String, bool)>,
    limit: usize,
}

impl ChosenView {
    /// Returns the keys of every row.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn row(&self, mut whole: PersonRow) -> PersonRow {
        if whole.0.len() == self.columns.len() && whole.0.keys().eq(&self.columns) {
            return whole;
        }
        let cells = self.columns.iter().map(|key| {
            let value = whole.0.get_mut(key).map(serde_json::Value::take);
            (key.clone(), value.unwrap_or_default())
        });
        PersonRow(cells.collect())
    }
}

/// Compares two values of one field: numbers by size, texts without regard to case.
fn in_order(a: &serde_json::Value, b: &serde_json::Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(x), Some(y)) if a.as_i64().is_none() || b.as_i64().is_none() => x.total_cmp(&y),
        _ => match (a.as_i64(), b.as_i64()) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => match (a.as_str(), b.as_str()) {
                (Some(x), Some(y)) => fold(x).cmp(&fold(y)).then_with(|| x.cmp(y)),
                _ => a.as_bool().cmp(&b.as_bool()),
            },
        },
    }
}

/// Asks for a smart list as a filter does, so that system smart lists are known as well.
fn in_smart_list(store: &Store, name: &str) -> Result<(Workspace, Filter), Error> {
    let filter = yaml::written_entry("member_of_smart_list", name);
    let filter = filter.map_err(|cause| UserError::new(ErrorKind::Usage, cause))?;
    filtered(store, &filter).map_err(|error| match error {
        Error::Campaigns(faulty) => {
            let sorted = faulty.diagnostics.sorted();
            let help = sorted.first().and_then(|fault| fault.help.clone());
            let error =
                UserError::new(ErrorKind::State, format!("there is no smart list `{name}`"));
            UserError { help, ..error }.into()
        }
        other @ (Error::User(_) | Error::Store(_) | Error::Problems(_) | Error::Faults(_)) => other,
    })
}

/// The name under which a filter of the command line is compiled; nobody calls a campaign so.
const ASKED: &str = "--filter";

/// Compiles a filter as the smart list of a campaign of its own, among the stored ones, which it may name.
fn filtered(store: &Store, text: &str) -> Result<(Workspace, Filter), Error> {
    if text.trim().is_empty() {
        let help = "write a filter as in a campaign file: `--filter 'state: CA'`";
        let error = UserError::new(ErrorKind::Usage, "`--filter` has no filter");
        return Err(error.help(help).into());
    }
    let opened = StoredWorkspace::of(store)?;
    let mut stored = opened.as_stored(store)?;
    let campaign = FilterCampaign::of(text);
    stored.campaigns.push(StoredCampaign {
        file: ASKED.to_owned(),
        definition: campaign.text.clone(),
        description: None,
    });
    let loaded = source::from_stored(&stored);
    let (workspace, all) = compile_question(&loaded, &store.stored_fields()?);
    let mut sources = loaded.sources;
    // Stored campaigns that no longer compile are not reported here, nor are flows.
    let mut diagnostics = Diagnostics::default();
    let asked = |fault: &&Diagnostic| {
        fault.severity() == Severity::Error && sources.path(fault.span.file) == Path::new(ASKED)
    };
    let mut file = None;
    for fault in all.sorted().into_iter().filter(asked) {
        file = Some(fault.span.file);
        diagnostics.push(campaign.as_given(fault.clone()));
    }
    if let Some(file) = file {
        sources.replace(file, text);
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

/// A filter, or a list of them, as the text of a campaign.
struct FilterCampaign {
    text: String,
    /// Where each line of the filter begins: in the campaign, and in the text as given.
    lines: Vec<(usize, usize)>,
}

impl FilterCampaign {
    fn of(given: &str) -> Self {
        let (first, rest) = if given.trim_start().starts_with(['-', '[']) {
            ("    ", "    ")
        } else {
            ("    - ", "      ")
        };
        let mut text = format!("name: {ASKED}\nsmart_list:\n  filters:\n");
        let mut lines = Vec::new();
        // The blanks before the first line count: the other lines are indented as it is.
        let blank = given.len() - given.trim_start().len();
        let mut place = given[..blank].rfind('\n').map_or(0, |end| end + 1);
        for (index, line) in given[place..].trim_end().split_inclusive('\n').enumerate() {
            text.push_str(if index == 0 { first } else { rest });
            lines.push((text.len(), place));
            text.push_str(line);
            place += line.len();
        }
        text.push('\n');
        Self { text, lines }
    }

    /// Returns a fault with its place in the text as given.
    fn as_given(&self, mut fault: Diagnostic) -> Diagnostic {
        let given = |place: u32| {
            let place = place as usize;
            let before = self.lines.iter().rev().find(|(start, _)| *start <= place);
            let given = before.map_or(0, |(start, given)| given + place - start);
            u32::try_from(given).unwrap_or(u32::MAX)
        };
        let file = fault.span.file;
        let related = fault.related.iter_mut().map(|(span, _)| span);
        for span in related.chain([&mut fault.span]) {
            if span.file == file {
                (span.start, span.end) = (given(span.start), given(span.end));
            }
        }
        fault
    }
}
