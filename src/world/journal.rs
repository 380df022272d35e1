//! The journal: all changes of a piece of work, which the store writes in one transaction.

use std::sync::Arc;

use crate::domain::{
    ActivityTypeId, CampaignId, FieldId, Instant, ListId, PersonId, ProgramId, RunId, Text, Value,
    WaitId,
};

use super::activity::{Attributes, LogRow};
use super::person::Membership;

/// The identity of an event: its instant, a hash of its id or content, and its ordinal among equal events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventIdentity {
    /// The event's instant.
    pub at: Instant,
    /// The hash of its id, or of its content where it has none.
    pub hash: i64,
    /// Its place among events of equal instant and hash; 0 for those with an id.
    pub ordinal: u32,
    /// The hash of its content, by which a second event of the same id is distinguished from a repetition.
    pub content: i64,
}

/// One entry of a person into a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryRow {
    /// Who.
    pub person: PersonId,
    /// Which.
    pub campaign: CampaignId,
    /// From 1, among this person's entries of this campaign.
    pub nth: u32,
    /// The instant at which it happened.
    pub at: Instant,
    /// The batch run, if one began it.
    pub run: Option<RunId>,
    /// The campaign's version.
    pub version: u32,
    /// How many rows the person's log had.
    pub place: u32,
    /// The place in it of the row that began the entry: a trigger's activity, or the step that executes the campaign.
    pub cause: Option<u32>,
}

/// What began a walk: the activity that `{{trigger.*}}` refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// The activity's type.
    pub activity: ActivityTypeId,
    /// Its primary attribute.
    pub primary: Option<Text>,
    /// The others.
    pub attributes: Attributes,
}

/// A wait that holds a person.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitRow {
    /// Which; in the order in which waits began.
    pub id: WaitId,
    /// Who.
    pub person: PersonId,
    /// In which campaign.
    pub campaign: CampaignId,
    /// The version in which it began.
    pub version: u32,
    /// The entry it belongs to.
    pub nth: u32,
    /// The version whose steps follow, where that is an older one than the newest: the person finishes it.
    pub finishes: Option<u32>,
    /// The wait's step, from 1, in the version whose steps follow.
    pub step: u32,
    /// Its place among the flow's waits, from 1.
    pub wait_ordinal: u32,
    /// The step's `id:`.
    pub step_id: Option<Text>,
    /// When it began.
    pub since: Instant,
    /// When it ends.
    pub until: Instant,
    /// The batch run that began the walk.
    pub run: Option<RunId>,
    /// What began the walk, for tokens after the wait.
    pub cause: Option<Arc<Cause>>,
}

/// A wait begun or ended.
#[derive(Debug, Clone, PartialEq)]
pub enum WaitChange {
    /// Begun.
    Begun(Box<WaitRow>),
    /// Ended, whatever the reason.
    Ended {
        /// Which.
        wait: WaitId,
        /// The person.
        person: PersonId,
    },
}

/// A list joined or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListChange {
    /// Joined.
    Joined,
    /// Left.
    Left,
}

/// The outcome of one person.
#[derive(Debug, Clone, PartialEq)]
pub enum PersonChange {
    /// Did not exist before; the row is made, with the fields of the following changes.
    Created,
    /// A field's new value.
    Field(FieldId, Option<Value>),
    /// A list joined or left.
    List {
        /// Which.
        list: ListId,
        /// Joined or left.
        change: ListChange,
        /// The instant at which it happened.
        at: Instant,
    },
    /// A membership as it now is.
    Program(ProgramId, Membership),
    /// Erased with all that is theirs: log, lists, memberships, entries, waits, messages. A tombstone stays.
    Deleted {
        /// The instant at which it happened.
        at: Instant,
    },
}

/// An email for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The person in whose log it is.
    pub person: PersonId,
    /// Its row in that log.
    pub ordinal: u32,
    /// The instant at which it happened.
    pub at: Instant,
    /// The email's name.
    pub email: Text,
    /// To whom.
    pub to: Text,
    /// The sender.
    pub from: Option<Text>,
    /// The subject, resolved.
    pub subject: Text,
    /// The text, resolved.
    pub body: Text,
}

/// Everything a piece of work has changed. Lists are in order of happening; the store sorts what it wants sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Journal {
    /// Rows of logs.
    pub activities: Vec<LogRow>,
    /// Entries into campaigns.
    pub entries: Vec<EntryRow>,
    /// Waits begun and ended.
    pub waits: Vec<WaitChange>,
    /// The outcome of people, in order.
    pub people: Vec<(PersonId, PersonChange)>,
    /// Emails for the outbox.
    pub outbox: Vec<Message>,
    /// Events taken, to be recognised.
    pub events: Vec<EventIdentity>,
    /// Events set aside, to be recognised as such.
    pub set_aside: Vec<EventIdentity>,
    /// Events that were set aside by an earlier replay and have come for a second try: they are in one of the two lists
    /// above as well, which say what became of them.
    pub retried: Vec<EventIdentity>,
}

impl Journal {
    /// Returns whether somebody was erased.
    pub fn erases(&self) -> bool {
        self.people
            .iter()
            .any(|(_, change)| matches!(change, PersonChange::Deleted { .. }))
    }

    /// Forgets all changes; the room they took is kept for others.
    pub fn clear(&mut self) {
        self.activities.clear();
        self.entries.clear();
        self.waits.clear();
        self.people.clear();
        self.outbox.clear();
        self.events.clear();
        self.set_aside.clear();
        self.retried.clear();
    }

    /// Returns whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.activities.is_empty()
            && self.entries.is_empty()
            && self.waits.is_empty()
            && self.people.is_empty()
            && self.events.is_empty()
            && self.set_aside.is_empty()
    }
}
