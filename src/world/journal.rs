//! The journal: all changes of a piece of work, which the store writes in one transaction.

use crate::domain::{
    CampaignId, FieldId, Instant, ListId, PersonId, ProgramId, RunId, Text, Value, WaitId,
};

use super::activity::LogRow;
use super::matches::{Match, MatchStep, MatchVerdict};
use super::person::Membership;
use super::wait::WaitRow;

/// The identity of an event: its instant, a hash of its id or content, and its ordinal among equal events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EventIdentity {
    /// The event's instant.
    pub(crate) at: Instant,
    /// The hash of its id, or of its content where it has none.
    pub(crate) hash: i64,
    /// Its place among events of equal instant and hash; 0 for those with an id.
    pub(crate) ordinal: u32,
    /// The hash of its content, by which a second event of the same id is distinguished from a repetition.
    pub(crate) content: i64,
}

/// One entry of a person into a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryRow {
    /// The person who entered.
    pub(crate) person: PersonId,
    /// The campaign that was entered.
    pub(crate) campaign: CampaignId,
    /// From 1, among this person's entries of this campaign.
    pub(crate) nth: u32,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The batch run, if one began it.
    pub(crate) run: Option<RunId>,
    /// The campaign's version.
    pub(crate) version: u32,
    /// How many rows the person's log had.
    pub(crate) place: u32,
    /// The place in it of the row that began the entry: a trigger's activity, or the step that executes the campaign.
    pub(crate) cause: Option<u32>,
}

/// A wait begun or ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WaitChange {
    /// Begun.
    Begun(Box<WaitRow>),
    /// Ended, for any reason.
    Ended {
        /// The wait's number.
        wait: WaitId,
        /// The person.
        person: PersonId,
    },
}

/// A list joined or left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListChange {
    /// Joined.
    Joined,
    /// Left.
    Left,
}

/// The outcome of one person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PersonChange {
    /// Did not exist before; the row is made, with the fields of the following changes.
    Created,
    /// A field's new value.
    Field(FieldId, Option<Value>),
    /// The key by which the person was first given, which they no longer have.
    FirstKey(Text),
    /// A list joined or left.
    List {
        /// The list that changes.
        list: ListId,
        /// Joined or left.
        change: ListChange,
        /// The instant at which it happened.
        at: Instant,
    },
    /// A membership as it now is.
    Program(ProgramId, Membership),
    /// A membership ended.
    ProgramLeft(ProgramId),
    /// Erased with all that is theirs: log, lists, memberships, entries, waits, messages. A tombstone stays.
    Deleted {
        /// The instant at which it happened.
        at: Instant,
    },
}

/// An email for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The person in whose log it is.
    pub(crate) person: PersonId,
    /// Its row in that log.
    pub(crate) ordinal: u32,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The email's name.
    pub(crate) email: Text,
    /// To whom.
    pub(crate) to: Text,
    /// The sender.
    pub(crate) from: Option<Text>,
    /// The subject, resolved.
    pub(crate) subject: Text,
    /// The text, resolved.
    pub(crate) body: Text,
}

/// Everything a piece of work has changed. Lists are in order of happening; the store sorts what it wants sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Journal {
    /// Rows of logs.
    pub(crate) activities: Vec<LogRow>,
    /// Entries into campaigns.
    pub(crate) entries: Vec<EntryRow>,
    /// Waits begun and ended.
    pub(crate) waits: Vec<WaitChange>,
    /// The outcome of people, in order.
    pub(crate) people: Vec<(PersonId, PersonChange)>,
    /// Emails for the outbox.
    pub(crate) outbox: Vec<Message>,
    /// Events taken, to be recognised.
    pub(crate) events: Vec<EventIdentity>,
    /// Events set aside, to be recognised as such.
    pub(crate) set_aside: Vec<EventIdentity>,
    /// Events that were set aside by an earlier replay and have come for a second try: they are in one of the two lists
    /// above as well, which say what became of them.
    pub(crate) retried: Vec<EventIdentity>,
    /// Triggers that matched, where somebody wants to see them.
    pub(crate) matches: Vec<Match>,
    /// What the steps of flows did that they began, or others before.
    pub(crate) match_steps: Vec<MatchStep>,
}

impl Journal {
    /// Returns whether somebody was erased.
    pub(crate) fn erases(&self) -> bool {
        self.erased().next().is_some()
    }

    /// Returns the people who are erased.
    pub(crate) fn erased(&self) -> impl Iterator<Item = PersonId> + '_ {
        let erased = |change: &PersonChange| matches!(change, PersonChange::Deleted { .. });
        let people = self.people.iter();
        people.filter_map(move |(person, change)| erased(change).then_some(*person))
    }

    /// Notes what entry a match has made; none where the cascade limit cut it.
    pub(crate) fn settle_match(&mut self, campaign: CampaignId, place: u32, nth: Option<u32>) {
        let mut latest = self.matches.iter_mut().rev();
        let matched = latest.find(|one| one.campaign == campaign && one.place == place);
        if let Some(matched) = matched {
            matched.nth = nth;
            if nth.is_none() {
                matched.verdict = MatchVerdict::Cut;
            }
        }
    }

    /// Forgets all changes; the room they took is kept for others.
    pub(crate) fn clear(&mut self) {
        self.activities.clear();
        self.entries.clear();
        self.waits.clear();
        self.people.clear();
        self.outbox.clear();
        self.events.clear();
        self.set_aside.clear();
        self.retried.clear();
        self.matches.clear();
        self.match_steps.clear();
    }
}
