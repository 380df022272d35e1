//! A person whose changes are undone and done again.

use std::collections::BTreeMap;

use crate::domain::text::same;
use crate::domain::{FieldId, Instant, Key, ListId, ProgramId, Text, Value};
use crate::world::journal::ListChange;
use crate::world::layout::Layout;
use crate::world::person::{Membership, NOT_IN_PROGRAM, Person};

use super::change::Change;
use super::moment::When;
use super::{PastWait, PersonThen};

/// A person on the way into their past.
pub(super) struct Revision<'a> {
    person: Person,
    layout: &'a Layout,
    /// Of each list that a change is about: when the last change that was done again happened.
    joined: BTreeMap<ListId, Option<Instant>>,
    /// When a success status was first reached, by changes that are done again.
    reached: BTreeMap<ProgramId, Instant>,
    waits: Vec<PastWait>,
}

impl<'a> Revision<'a> {
    pub(super) fn of(person: Person, layout: &'a Layout) -> Self {
        Self {
            person,
            layout,
            joined: BTreeMap::new(),
            reached: BTreeMap::new(),
            waits: Vec::new(),
        }
    }

    /// Makes the person what they were before a change.
    pub(super) fn undo(&mut self, when: When, change: &Change) {
        match change {
            Change::Field { field, old, .. } => self.set_field(*field, old.as_ref()),
            Change::List { list, change } => {
                self.joined.insert(*list, None);
                match change {
                    ListChange::Joined => self.leave(*list),
                    ListChange::Left => self.join(*list),
                }
            }
            Change::Membership { program, old, .. } => self.set_membership(*program, old.as_ref()),
            Change::Status {
                program,
                old,
                success,
                ..
            } => {
                self.set_status(*program, old, when.at);
                if *success && let Some(membership) = self.membership(*program) {
                    membership.success_at = None;
                }
            }
            Change::Success { program, reached } => {
                // What was before: the opposite. When success was reached is known from the changes that are done again.
                let before = reached.is_none().then_some(when.at);
                if let Some(membership) = self.membership(*program) {
                    membership.success_at = before;
                }
            }
            Change::Acquired {
                program,
                name,
                named,
                date,
            } => {
                if !self.is_acquired_by(*named, name) {
                    return;
                }
                if date.and_then(|date| self.field(date)) == Some(&Value::Datetime(when.at)) {
                    let fields = named.iter().chain([date]).flatten();
                    fields.for_each(|field| self.set_field(*field, None));
                }
                if let Some(membership) = self.membership(*program) {
                    membership.acquired_by = false;
                }
            }
            Change::MemberField {
                program, key, old, ..
            } => self.set_member_field(*program, key, old.as_ref()),
            // Waits are followed from the beginning of the log.
            Change::WaitBegun { .. } | Change::WaitEnded { .. } | Change::FlowLeft { .. } => {}
        }
    }

    /// Notes when a success status was first reached; changes come in the order in which they happened.
    pub(super) fn note_success(&mut self, when: When, change: &Change) {
        match change {
            Change::Status {
                program,
                success: true,
                ..
            } => {
                self.reached.entry(*program).or_insert(when.at);
            }
            Change::Success {
                program,
                reached: Some(at),
            } => {
                self.reached.insert(*program, *at);
            }
            Change::Success {
                program,
                reached: None,
            } => {
                self.reached.remove(program);
            }
            // Who comes back begins anew.
            Change::Status { program, new, .. } if same(new, NOT_IN_PROGRAM) => {
                self.reached.remove(program);
            }
            Change::Membership { program, new, .. } => {
                match new.as_ref().and_then(|new| new.success_at) {
                    Some(at) => self.reached.insert(*program, at),
                    None => self.reached.remove(program),
                };
            }
            Change::Acquired { .. }
            | Change::Field { .. }
            | Change::List { .. }
            | Change::Status { .. }
            | Change::MemberField { .. }
            | Change::WaitBegun { .. }
            | Change::WaitEnded { .. }
            | Change::FlowLeft { .. } => {}
        }
    }

    /// Makes the person what they were after a change.
    pub(super) fn redo(&mut self, when: When, change: &Change) {
        match change {
            Change::Field { field, new, .. } => self.set_field(*field, new.as_ref()),
            Change::List { list, change } => {
                self.joined.insert(*list, Some(when.at));
                match change {
                    ListChange::Joined => self.join(*list),
                    ListChange::Left => self.leave(*list),
                }
            }
            Change::Membership { program, new, .. } => self.set_membership(*program, new.as_ref()),
            Change::Status {
                program,
                acquirer,
                old,
                new,
                ..
            } => {
                self.set_status(*program, new, when.at);
                let named = acquirer.as_ref();
                let acquired = named.is_some_and(|(field, name)| self.names(*field, name));
                if same(old, NOT_IN_PROGRAM)
                    && let Some(membership) = self.membership(*program)
                {
                    membership.since = when.at;
                    membership.acquired_by |= acquired;
                }
            }
            Change::Success { program, reached } => {
                if let Some(membership) = self.membership(*program) {
                    membership.success_at = *reached;
                }
            }
            Change::Acquired {
                program,
                name,
                named,
                date,
            } => {
                let nobody_has = named[0].and_then(|field| self.field(field)).is_none();
                if nobody_has {
                    let value = Value::Text(Text::clone(name));
                    let values = named.iter().map(|field| (*field, value.clone()));
                    let date = (*date, Value::Datetime(when.at));
                    for (field, value) in values.chain([date]) {
                        if let Some(field) = field {
                            self.set_field(field, Some(&value));
                        }
                    }
                }
                let acquired = self.is_acquired_by(*named, name);
                if let Some(membership) = self.membership(*program) {
                    membership.acquired_by |= acquired;
                }
            }
            Change::MemberField {
                program, key, new, ..
            } => self.set_member_field(*program, key, new.as_ref()),
            Change::WaitBegun {
                campaign,
                step,
                until,
            } => self.waits.push(PastWait {
                campaign: *campaign,
                step: *step,
                since: when.at,
                until: *until,
            }),
            Change::WaitEnded { campaign, step } => {
                let of_campaign = self.waits.iter().enumerate();
                let of_campaign = of_campaign.filter(|(_, wait)| wait.campaign == *campaign);
                // A new version may have moved the wait to another step.
                let ended = of_campaign.min_by_key(|(_, wait)| (wait.step != *step, wait.until));
                if let Some((place, _)) = ended {
                    self.waits.remove(place);
                }
            }
            Change::FlowLeft { campaign } => self.waits.retain(|wait| wait.campaign != *campaign),
        }
    }

    /// Returns the person as they are after all of that.
    pub(super) fn finish(mut self) -> PersonThen {
        for (program, membership) in &mut self.person.programs {
            if let Some(at) = self.reached.get(program) {
                membership.success_at = Some(*at);
            }
        }
        self.waits.sort_by_key(|wait| wait.until);
        PersonThen {
            person: self.person,
            joined: self.joined,
            waits: self.waits,
        }
    }

    fn set_field(&mut self, field: FieldId, value: Option<&Value>) {
        if let Some(slot) = self.layout.slot(field) {
            let value = value.or_else(|| self.layout.absent(slot));
            self.person.fields[slot] = value.cloned();
        }
    }

    fn field(&self, field: FieldId) -> Option<&Value> {
        let slot = self.layout.slot(field);
        slot.and_then(|slot| self.person.fields[slot].as_ref())
    }

    /// Returns whether a field holds a name.
    fn names(&self, field: FieldId, name: &str) -> bool {
        let value = self.field(field);
        value.is_some_and(|value| same(&value.to_text(), name))
    }

    /// Returns whether the first of the fields that name the program that acquired the person has this name, as far as it is
    /// known.
    fn is_acquired_by(&self, [program, _]: [Option<FieldId>; 2], name: &str) -> bool {
        let known = program.filter(|field| self.layout.slot(*field).is_some());
        known.is_none_or(|field| self.names(field, name))
    }

    fn join(&mut self, list: ListId) {
        if let Err(place) = self.person.lists.binary_search(&list) {
            self.person.lists.insert(place, list);
        }
    }

    fn leave(&mut self, list: ListId) {
        self.person.lists.retain(|other| *other != list);
    }

    fn membership(&mut self, program: ProgramId) -> Option<&mut Membership> {
        let mut programs = self.person.programs.iter_mut();
        programs
            .find(|(id, _)| *id == program)
            .map(|(_, membership)| membership)
    }

    fn set_membership(&mut self, program: ProgramId, membership: Option<&Membership>) {
        self.person.programs.retain(|(id, _)| *id != program);
        if let Some(membership) = membership {
            let programs = &mut self.person.programs;
            programs.push((program, membership.clone()));
            programs.sort_by_key(|(id, _)| *id);
        }
    }

    /// Makes the membership one of a status, or ends it; one that begins with this does so at an instant.
    fn set_status(&mut self, program: ProgramId, status: &Text, at: Instant) {
        let place = self
            .person
            .programs
            .binary_search_by_key(&program, |(id, _)| *id);
        match (place, same(status, NOT_IN_PROGRAM)) {
            (Ok(place), true) => drop(self.person.programs.remove(place)),
            (Err(_), true) => {}
            (Ok(place), false) => self.person.programs[place].1.status = Text::clone(status),
            (Err(place), false) => {
                let membership = Membership {
                    status: Text::clone(status),
                    success_at: None,
                    since: at,
                    acquired_by: false,
                    fields: Vec::new(),
                };
                self.person.programs.insert(place, (program, membership));
            }
        }
    }

    fn set_member_field(&mut self, program: ProgramId, key: &Key, value: Option<&Value>) {
        let Some(membership) = self.membership(program) else {
            return;
        };
        membership.fields.retain(|(other, _)| !same(other, key));
        if let Some(value) = value {
            membership.fields.push((Key::clone(key), value.clone()));
            membership.fields.sort_by(|a, b| a.0.cmp(&b.0));
        }
    }
}
