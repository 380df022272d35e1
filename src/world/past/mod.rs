//! A person's past: the rows that changed them, and the person as they were before some of those rows.
//!
//! Nothing of a person changes without a row that holds the old and the new value: a row of the log, or a note of what a
//! load changed. [`Past::as_of`] starts from the person as they are now, undoes the rows that had not happened yet, newest
//! first, and then does those again that had. So a value is the new one of the last change up to then; without one, the old
//! one of the first change to happen after it; and where nothing ever changed, the present value. A loaded person has always
//! existed.
//!
//! Up to an instant, changes count in the order of their instants. Up to a [`Moment`] of the log, they count in the order in
//! which they happened, which late events and several happenings of one instant make another one.
//!
//! The store reads a past; `app` asks it for `person show --at` and `campaign explain`. Nothing here does I/O.

mod change;
mod moment;
mod revision;

use std::collections::BTreeMap;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{
    CampaignId, FieldCatalogue, FieldId, Instant, ListId, ProgramId, RunId, Value,
};

use super::activity::LogRow;
use super::journal::ListChange;
use super::layout::Layout;
use super::names::Numbering;
use super::person::{EntryStats, Membership, Person};
use change::Change;
pub(crate) use moment::Moment;
use moment::When;
use revision::Revision;

/// Everything that has changed one person.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Past {
    /// The log in the order in which it was written. Rows of types that the workspace does not have are left out.
    pub(crate) log: Vec<LogRow>,
    /// What loads changed, in the order of loads.
    pub(crate) loads: Vec<PastLoad>,
    /// Entries into campaigns, by campaign, then in order.
    pub(crate) entries: Vec<PastEntry>,
}

/// What one load changed of a person who was known already.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PastLoad {
    /// The instant of the load.
    pub(crate) at: Instant,
    /// How many rows the person's log had; none in what an older program wrote.
    pub(crate) place: Option<u32>,
    /// The fields that changed, each with its old and its new value.
    pub(crate) fields: Vec<(FieldId, Option<Value>, Option<Value>)>,
    /// The lists joined and left.
    pub(crate) lists: Vec<(ListId, ListChange)>,
    /// The memberships that changed, each as it was and as it is since; none where the person was no member.
    pub(crate) programs: Vec<MembershipChange>,
}

/// A program, the membership in it before a load, and the one after it.
pub(crate) type MembershipChange = (ProgramId, Option<Membership>, Option<Membership>);

/// One entry into a campaign, as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PastEntry {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// The instant of the entry.
    pub(crate) at: Instant,
    /// The batch run, if one began it.
    pub(crate) run: Option<RunId>,
    /// The campaign's version at that instant.
    pub(crate) version: u32,
    /// How many rows the person's log had; none in what an older program wrote.
    pub(crate) place: Option<u32>,
    /// The place in the log of the row that began it: a trigger's activity, or the step that executes the campaign.
    pub(crate) cause: Option<u32>,
}

/// Up to when a past is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// After all that is of an instant or an earlier one.
    At(Instant),
    /// A moment in the order in which things happened to the person.
    Moment(Moment),
}

/// What the names in a past's rows mean.
pub(crate) struct PastNames<'a> {
    /// Person fields.
    pub(crate) fields: &'a FieldCatalogue,
    /// Static lists and programs; those that are new are interned.
    pub(crate) numbering: &'a Numbering,
    /// Finds a campaign by its full name.
    pub(crate) campaign: &'a dyn Fn(&str) -> Option<CampaignId>,
}

/// A person as they were.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PersonThen {
    /// The person: fields, lists, programs, history and entries as they were. Waits are in `waits` instead.
    pub(crate) person: Person,
    /// Since when the person was on a list, for each list that a row of the past is about; none where no row says so.
    pub(crate) joined: BTreeMap<ListId, Option<Instant>>,
    /// The waits that held the person, by their ends.
    pub(crate) waits: Vec<PastWait>,
}

/// A wait as the log knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PastWait {
    /// The campaign in whose flow it is.
    pub(crate) campaign: CampaignId,
    /// Its step, from 1.
    pub(crate) step: u32,
    /// The instant at which it began.
    pub(crate) since: Instant,
    /// The instant at which it was to end.
    pub(crate) until: Instant,
}

impl Past {
    /// Returns the instant at which an event made the person; none where a load did.
    pub(crate) fn created_at(&self) -> Option<Instant> {
        let first = self.log.first()?;
        // The New Person of someone who was there already is skipped.
        let made = first.activity.activity == BuiltinActivity::NewPerson.id()
            && first.activity.outcome.is_none();
        made.then_some(first.activity.at)
    }

    /// Returns the row of the log at a place.
    pub(crate) fn row(&self, place: u32) -> Option<&LogRow> {
        let found = self.log.binary_search_by_key(&place, |row| row.ordinal);
        found.ok().map(|index| &self.log[index])
    }

    /// Returns a person as they were, given how they are now.
    pub(crate) fn as_of(
        &self,
        present: Person,
        layout: &Layout,
        names: &PastNames<'_>,
        then: Then,
    ) -> PersonThen {
        let (mut seen, unseen): (Vec<_>, Vec<_>) = self
            .changes(names)
            .into_iter()
            .partition(|(when, _)| when.is_up_to(then));
        let mut person = Revision::of(present, layout);
        for (when, change) in unseen.iter().rev() {
            person.undo(*when, change);
        }
        for (when, change) in &seen {
            person.note_success(*when, change);
        }
        if let Then::At(_) = then {
            seen.sort_by_key(|(when, _)| (when.at, when.order()));
        }
        for (when, change) in &seen {
            person.redo(*when, change);
        }
        let mut was = person.finish();
        was.person.history.retain(|record| match then {
            Then::At(at) => record.at <= at,
            Then::Moment(moment) => record.ordinal < moment.rows(),
        });
        was.person.passed = self.passed(then);
        was
    }

    /// Returns every change, in the order in which they happened.
    fn changes(&self, names: &PastNames<'_>) -> Vec<(When, Change)> {
        let mut changes = Vec::new();
        for load in &self.loads {
            let when = self.when(load);
            changes.extend(Change::of_load(load).map(|change| (when, change)));
        }
        for row in &self.log {
            let change = Change::of_row(&row.activity, names);
            changes.extend(change.map(|change| (When::of_row(row), change)));
            let acquisition = Change::acquisition(&row.activity, names);
            changes.extend(acquisition.map(|change| (When::of_row(row), change)));
        }
        changes.sort_by_key(|(when, _)| when.order());
        changes
    }

    /// Returns when a load was. Where its place was not recorded, it came before the first row of its instant.
    fn when(&self, load: &PastLoad) -> When {
        let before = || self.place_before(|at| at >= load.at);
        When {
            at: load.at,
            place: load.place.unwrap_or_else(before),
            is_row: false,
        }
    }

    /// Returns the place of the first row whose instant is such, or the one after the last row.
    fn place_before(&self, is_such: impl Fn(Instant) -> bool) -> u32 {
        let mut rows = self.log.iter();
        match (rows.find(|row| is_such(row.activity.at)), self.log.last()) {
            (Some(row), _) => row.ordinal,
            (None, Some(last)) => last.ordinal + 1,
            (None, None) => 0,
        }
    }

    /// Counts the entries that had been made.
    fn passed(&self, then: Then) -> Vec<EntryStats> {
        let mut passed: Vec<EntryStats> = Vec::new();
        for entry in &self.entries {
            let made = match then {
                Then::At(at) => entry.at <= at,
                Then::Moment(moment) => {
                    // Where the place was not recorded, the entry came after the rows of its instant.
                    let after = || self.place_before(|at| at > entry.at);
                    moment.has_entry(entry.place.unwrap_or_else(after), entry.cause)
                }
            };
            if !made {
                continue;
            }
            match passed.last_mut() {
                Some(last) if last.campaign == entry.campaign => {
                    last.first_at = last.first_at.min(entry.at);
                    last.last_at = last.last_at.max(entry.at);
                    last.times += 1;
                }
                Some(_) | None => passed.push(EntryStats {
                    campaign: entry.campaign,
                    times: 1,
                    first_at: entry.at,
                    last_at: entry.at,
                }),
            }
        }
        passed
    }
}
