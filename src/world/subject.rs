//! The subject of a happening: the one person it is about, and every way to change them.
//!
//! All that follows from a happening concerns one person, so the engine borrows that person alone. Each
//! method changes the person and writes the change into the journal; nothing else does either.

use std::sync::Arc;

use crate::domain::field::{EMAIL, ID, KEPT, UPDATED_AT};
use crate::domain::text::email_key;
use crate::domain::{
    CampaignId, FieldId, Instant, ListId, PersonId, ProgramId, RunId, Text, Value, WaitId,
};

use super::activity::{Activity, LogRow, PastActivity};
use super::directory::Directory;
use super::journal::{EntryRow, Journal, ListChange, PersonChange, WaitChange};
use super::layout::Layout;
use super::matches::{Match, MatchStep};
use super::needs::Needs;
use super::person::{EntryStats, Membership, Person};
use super::wait::WaitRow;

/// One person of the world, with the places their changes are written to.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(super) person: &'a mut Person,
    pub(super) journal: &'a mut Journal,
    pub(super) layout: &'a Layout,
    pub(super) needs: &'a Needs,
    pub(super) directory: &'a mut Directory,
    pub(super) deleted: bool,
    /// The instant that `updated_at` gets with the first change; none where it stays, or has it already.
    pub(super) update_at: Option<Instant>,
    /// The place in the log at which this happening begins.
    pub(super) happening: u32,
}

impl Subject<'_> {
    /// Returns the person as they are now.
    pub(crate) fn person(&self) -> &Person {
        self.person
    }

    /// Returns where fields stand.
    pub(crate) fn layout(&self) -> &Layout {
        self.layout
    }

    /// Returns who it is.
    pub(crate) fn id(&self) -> PersonId {
        self.person.id
    }

    /// Returns whether the person has been erased in this happening.
    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted
    }

    /// Returns a field's value.
    pub(crate) fn field(&self, field: FieldId) -> Option<&Value> {
        self.person.field(self.layout, field)
    }

    /// Sets or clears a field; a flag of the program is never empty, clearing makes it false.
    ///
    /// Returns the value it had, or nothing at all where that is the same.
    pub(crate) fn set_field(
        &mut self,
        field: FieldId,
        value: Option<Value>,
    ) -> Result<Option<Value>, Unchanged> {
        let Some(slot) = self.layout.slot(field) else {
            return Err(Unchanged);
        };
        let value = value.or_else(|| self.layout.absent(slot).cloned());
        if self.person.fields[slot] == value {
            return Err(Unchanged);
        }
        if field == EMAIL || field == ID {
            self.keep_first_key(field, value.as_ref());
        }
        let previous = std::mem::replace(&mut self.person.fields[slot], value.clone());
        if field == EMAIL || field == ID {
            self.directory
                .moved(field, self.person.id, previous.as_ref(), value.as_ref());
        }
        self.journal
            .people
            .push((self.person.id, PersonChange::Field(field, value)));
        if KEPT.contains(&field) {
            // What an event or a file says of it holds.
            self.update_at = None;
        } else if let Some(at) = self.update_at.take() {
            self.keep(UPDATED_AT, at);
        }
        Ok(previous)
    }

    /// Keeps the key by which the person was first given, if the new value of a field makes another one of it.
    fn keep_first_key(&mut self, field: FieldId, value: Option<&Value>) {
        if self.person.in_making || self.person.first_key.is_some() {
            return;
        }
        let Some(first) = self.person.key(self.layout) else {
            return;
        };
        let to = value.map(Value::to_text);
        let stays = if field == EMAIL {
            to.is_some_and(|to| email_key(&to) == *first)
        } else {
            self.field(EMAIL).is_some()
        };
        if !stays {
            self.person.first_key = Some(Text::clone(&first));
            let change = PersonChange::FirstKey(first);
            self.journal.people.push((self.person.id, change));
        }
    }

    /// Ends the making of the person: the key that they have from now on is their first.
    pub(crate) fn is_made(&mut self) {
        self.person.in_making = false;
    }

    /// Lets `updated_at` be an instant from the next change of a field on, or stay as it is.
    pub(crate) fn updates_at(&mut self, at: Option<Instant>) {
        self.update_at = at;
    }

    /// Sets a field that bugle keeps; no trigger and no log hears of it.
    pub(super) fn keep(&mut self, field: FieldId, at: Instant) {
        let value = Some(Value::Datetime(at));
        if let Some(slot) = self.layout.slot(field) {
            self.person.fields[slot].clone_from(&value);
        }
        self.journal
            .people
            .push((self.person.id, PersonChange::Field(field, value)));
    }

    /// Puts the person on a list; nothing changes if they are on it.
    pub(crate) fn join(&mut self, list: ListId, at: Instant) -> Result<(), Unchanged> {
        let Err(place) = self.person.lists.binary_search(&list) else {
            return Err(Unchanged);
        };
        self.person.lists.insert(place, list);
        self.journal.people.push((
            self.person.id,
            PersonChange::List {
                list,
                change: ListChange::Joined,
                at,
            },
        ));
        Ok(())
    }

    /// Takes the person off a list; nothing changes if they are not on it.
    pub(crate) fn leave(&mut self, list: ListId, at: Instant) -> Result<(), Unchanged> {
        let Ok(place) = self.person.lists.binary_search(&list) else {
            return Err(Unchanged);
        };
        self.person.lists.remove(place);
        self.journal.people.push((
            self.person.id,
            PersonChange::List {
                list,
                change: ListChange::Left,
                at,
            },
        ));
        Ok(())
    }

    /// Makes a membership what it is now to be.
    pub(crate) fn set_membership(&mut self, program: ProgramId, membership: Membership) {
        self.journal.people.push((
            self.person.id,
            PersonChange::Program(program, membership.clone()),
        ));
        match self
            .person
            .programs
            .binary_search_by_key(&program, |(id, _)| *id)
        {
            Ok(place) => self.person.programs[place].1 = membership,
            Err(place) => self.person.programs.insert(place, (program, membership)),
        }
    }

    /// Ends a membership.
    pub(crate) fn leave_program(&mut self, program: ProgramId) {
        self.person.programs.retain(|(id, _)| *id != program);
        let left = PersonChange::ProgramLeft(program);
        self.journal.people.push((self.person.id, left));
    }

    /// Writes a row into the person's log; filters see it from now on if it counts.
    pub(crate) fn log(&mut self, activity: Activity) {
        let ordinal = self.person.next_ordinal;
        self.person.next_ordinal += 1;
        if activity.counts() && self.needs.history.contains(&activity.activity) {
            let record = PastActivity {
                at: activity.at,
                activity: activity.activity,
                ordinal,
                primary: activity.primary.clone(),
                attributes: Arc::clone(&activity.attributes),
            };
            let place = self
                .person
                .history
                .partition_point(|earlier| earlier.at <= record.at);
            self.person.history.insert(place, record);
        }
        self.journal.activities.push(LogRow {
            person: self.person.id,
            ordinal,
            happening: Some(self.happening),
            activity,
        });
    }

    /// Returns the place that the next row of the log will have.
    pub(crate) fn next_ordinal(&self) -> u32 {
        self.person.next_ordinal
    }

    /// Records an entry into a campaign and returns its number, from 1; `cause` is the place in the log of what
    /// began it.
    pub(crate) fn enter(
        &mut self,
        campaign: CampaignId,
        version: u32,
        run: Option<RunId>,
        cause: Option<u32>,
        at: Instant,
    ) -> u32 {
        let passed = if let Some(place) = self
            .person
            .passed
            .iter()
            .position(|passed| passed.campaign == campaign)
        {
            &mut self.person.passed[place]
        } else {
            self.person.passed.push(EntryStats {
                campaign,
                times: 0,
                first_at: at,
                last_at: at,
            });
            let last = self.person.passed.len() - 1;
            &mut self.person.passed[last]
        };
        passed.times += 1;
        passed.first_at = passed.first_at.min(at);
        passed.last_at = passed.last_at.max(at);
        let nth = passed.times;
        self.journal.entries.push(EntryRow {
            person: self.person.id,
            campaign,
            nth,
            at,
            run,
            version,
            place: self.person.next_ordinal,
            cause,
        });
        nth
    }

    /// Begins a wait.
    pub(crate) fn begin_wait(&mut self, wait: WaitRow) {
        self.person.waits.push(wait.clone());
        self.journal.waits.push(WaitChange::Begun(Box::new(wait)));
    }

    /// Ends a wait, for any reason; returns it if it had not ended.
    pub(crate) fn end_wait(&mut self, wait: WaitId) -> Option<WaitRow> {
        let place = self.person.waits.iter().position(|row| row.id == wait)?;
        self.journal.waits.push(WaitChange::Ended {
            wait,
            person: self.person.id,
        });
        Some(self.person.waits.remove(place))
    }

    /// Ends every wait of the person in a campaign; returns how many there were.
    pub(crate) fn end_waits_in(&mut self, campaign: CampaignId) -> Vec<WaitId> {
        let ending: Vec<WaitId> = self
            .person
            .waits
            .iter()
            .filter(|wait| wait.campaign == campaign)
            .map(|wait| wait.id)
            .collect();
        for wait in &ending {
            self.end_wait(*wait);
        }
        ending
    }

    /// Erases the person with all that is theirs.
    pub(crate) fn delete(&mut self, at: Instant) {
        for field in [EMAIL, ID] {
            let value = self.person.field(self.layout, field).cloned();
            self.directory
                .moved(field, self.person.id, value.as_ref(), None);
        }
        self.journal
            .people
            .push((self.person.id, PersonChange::Deleted { at }));
        self.deleted = true;
    }

    /// Notes that a trigger has matched.
    pub(crate) fn note_match(&mut self, matched: Match) {
        self.journal.matches.push(matched);
    }

    /// Notes what entry a match has made; none where the cascade limit cut it.
    pub(crate) fn settle_match(&mut self, campaign: CampaignId, place: u32, nth: Option<u32>) {
        self.journal.settle_match(campaign, place, nth);
    }

    /// Notes what a step did in an entry that no batch run began.
    pub(crate) fn note_match_step(&mut self, step: MatchStep) {
        self.journal.match_steps.push(step);
    }

    /// Puts an email into the outbox.
    pub(crate) fn post(&mut self, message: super::journal::Message) {
        self.journal.outbox.push(message);
    }
}

/// The change would have changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unchanged;
