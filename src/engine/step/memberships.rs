//! Steps that change lists and program memberships.

use crate::campaign::{ACQUISITION_DATE, ACQUISITION_PROGRAM, ACQUISITION_PROGRAM_NAME, NewValue};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::same;
use crate::domain::{
    ActivityTypeId, Instant, Key, ListId, MemberField, Outcome, ProgramId, Reason, Text, Value,
};
use crate::engine::cascade::Cascade;
use crate::engine::step_position::StepPosition;
use crate::engine::words::{Attribution, Changer};
use crate::world::{Attributes, Membership, NOT_IN_PROGRAM};

use super::{PendingRow, done, skipped};

impl Cascade<'_, '_, '_> {
    pub(super) fn add_to_list(&mut self, place: StepPosition, list: ListId) {
        let changed = self.subject.join(list, self.at).is_ok();
        self.list_row(place, BuiltinActivity::AddToList.id(), list, changed);
    }

    pub(super) fn remove_from_list(&mut self, place: StepPosition, list: ListId) {
        let changed = self.subject.leave(list, self.at).is_ok();
        self.list_row(place, BuiltinActivity::RemoveFromList.id(), list, changed);
    }

    fn list_row(
        &mut self,
        place: StepPosition,
        activity: ActivityTypeId,
        list: ListId,
        changed: bool,
    ) {
        let name = Text::clone(self.engine.workspace.lists.name(list.0));
        if !changed {
            return self.row(place, skipped(activity, Some(name), Reason::NoChange));
        }
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.source, Some(words.flow_source.clone()))
            .done();
        self.row(place, done(activity, Some(name), attributes));
    }

    /// Moves the person in a program, never to a lower step; equal steps swap, and everyone may leave.
    pub(super) fn change_program_status(
        &mut self,
        place: StepPosition,
        program: ProgramId,
        status: &Text,
    ) {
        let activity = BuiltinActivity::ChangeProgramStatus.id();
        let workspace = self.engine.workspace;
        let name = Text::clone(workspace.program_names.name(program.0));
        let present = self.subject.person().membership(program);
        let present = present.map(|membership| Text::clone(&membership.status));
        let known = workspace.program(program);
        let known = |status: &str| known.and_then(|program| program.status(status));
        let leaves = same(status, NOT_IN_PROGRAM);
        let unchanged = match &present {
            Some(present) => present == status,
            None => leaves,
        };
        if unchanged {
            return self.row(place, skipped(activity, Some(name), Reason::NoChange));
        }
        if let (Some(present), false) = (&present, leaves)
            && let (Some(now), Some(then)) = (known(present), known(status))
            && then.step < now.step
        {
            return self.row(place, skipped(activity, Some(name), Reason::LowerStatus));
        }
        let reason = self
            .words()
            .changed_by(self.flows[place.flow].campaign, Changer::ProgramStatus);
        let entered = EnteredStatus {
            program,
            name: &name,
            status,
            success: known(status).is_some_and(|status| status.success),
            acquired: None,
        };
        let attributes = self.enter_status(&entered, Some(reason));
        self.row(place, done(activity, Some(name), attributes));
    }

    /// Makes the membership one of a status, or ends it, and returns the attributes of the change.
    pub(in crate::engine) fn enter_status(
        &mut self,
        entered: &EnteredStatus<'_>,
        reason: Option<Value>,
    ) -> Attributes {
        let program = entered.program;
        let present = self.subject.person().membership(program).cloned();
        let previous = present
            .as_ref()
            .map_or_else(|| Text::from(NOT_IN_PROGRAM), |m| Text::clone(&m.status));
        let (mut reached, mut acquired) = (false, false);
        if same(entered.status, NOT_IN_PROGRAM) {
            self.subject.leave_program(program);
        } else {
            acquired = self.acquire(entered, present.is_none());
            let mut membership = present.unwrap_or(Membership {
                status: Text::clone(entered.status),
                success_at: None,
                since: self.at,
                acquired_by: self.is_acquired_by(entered.name),
                fields: Vec::new(),
            });
            membership.status = Text::clone(entered.status);
            membership.acquired_by |= acquired;
            if entered.success && membership.success_at.is_none() {
                membership.success_at = Some(self.at);
            }
            reached = membership.success_at.is_some();
            self.subject.set_membership(program, membership);
        }
        let words = &self.engine.words;
        let status = Value::Text(Text::clone(entered.status));
        Attribution::default()
            .with(&words.new_status, Some(status))
            .with(&words.previous_status, Some(Value::Text(previous)))
            .with(&words.success, Some(Value::Boolean(reached)))
            .with(&words.acquired_by, acquired.then_some(Value::Boolean(true)))
            .with(&words.reason, reason)
            .done()
    }

    /// Makes a program the one that acquired the person, if it is the first to do so; returns whether it was.
    ///
    /// The first membership acquires; where some status of the workspace says that it acquires, the first such status.
    fn acquire(&mut self, entered: &EnteredStatus<'_>, is_new: bool) -> bool {
        let workspace = self.engine.workspace;
        let known = workspace.program(entered.program);
        let status = known.and_then(|program| program.status(entered.status));
        let acquires = match entered.acquired {
            Some(said) => said,
            None if workspace.has_acquiring_status() => status.is_some_and(|of| of.acquires),
            None => is_new,
        };
        let field = |name| workspace.fields.find(name);
        let program = field(ACQUISITION_PROGRAM);
        let nobody_has = program.is_some_and(|field| self.subject.field(field).is_none());
        if !acquires || !nobody_has {
            return false;
        }
        for (name, value) in [
            (ACQUISITION_PROGRAM, Value::Text(Text::clone(entered.name))),
            (
                ACQUISITION_PROGRAM_NAME,
                Value::Text(Text::clone(entered.name)),
            ),
            (ACQUISITION_DATE, Value::Datetime(self.at)),
        ] {
            if let Some(field) = field(name) {
                // A name or a date that came with the person stays as it is.
                let empty = self.subject.field(field).is_none();
                let _ = empty.then(|| self.subject.set_field(field, Some(value)));
            }
        }
        true
    }

    /// Returns whether the person says to have been acquired by a program.
    fn is_acquired_by(&self, program: &str) -> bool {
        let field = self.engine.workspace.fields.find(ACQUISITION_PROGRAM);
        let acquired = field.and_then(|field| self.subject.field(field));
        acquired.is_some_and(|name| same(&name.to_text(), program))
    }

    /// Sets or takes away the success of a membership.
    pub(super) fn change_program_success(
        &mut self,
        place: StepPosition,
        program: ProgramId,
        success: bool,
    ) {
        let activity = BuiltinActivity::ChangeProgramSuccess.id();
        let workspace = self.engine.workspace;
        let name = Some(Text::clone(workspace.program_names.name(program.0)));
        let reached = success.then_some(self.at);
        if let Err(reason) = self.set_success(program, reached) {
            return self.row(place, skipped(activity, name, reason));
        }
        let date = reached.map(Value::Datetime);
        let words = &self.engine.words;
        let campaign = self.flows[place.flow].campaign;
        let reason = words.changed_by(campaign, Changer::ProgramSuccess);
        let attributes = Attribution::default()
            .with(&words.success, Some(Value::Boolean(success)))
            .with(&words.reached_success_date, date)
            .with(&words.reason, Some(reason))
            .done();
        self.row(place, done(activity, name, attributes));
    }

    /// Lets a membership have reached success at an instant, or not have reached it; an error says why nothing changes.
    pub(in crate::engine) fn set_success(
        &mut self,
        program: ProgramId,
        reached: Option<Instant>,
    ) -> Result<(), Reason> {
        let membership = self.subject.person().membership(program).cloned();
        let mut membership = membership.ok_or(Reason::NotAMember)?;
        if membership.success_at.is_some() == reached.is_some() {
            return Err(Reason::NoChange);
        }
        membership.success_at = reached;
        self.subject.set_membership(program, membership);
        Ok(())
    }

    /// Sets or clears a field of a membership, and returns what it was; an error says why nothing changes.
    pub(in crate::engine) fn set_member_field(
        &mut self,
        program: ProgramId,
        key: &Key,
        wanted: Option<Value>,
    ) -> Result<Option<Value>, Reason> {
        let membership = self.subject.person().membership(program).cloned();
        let mut membership = membership.ok_or(Reason::NotAMember)?;
        let at = membership.fields.iter().position(|(of, _)| of == key);
        let previous = at.map(|at| membership.fields[at].1.clone());
        if previous == wanted {
            return Err(Reason::NoChange);
        }
        match (at, wanted) {
            (Some(at), Some(value)) => membership.fields[at].1 = value,
            (Some(at), None) => drop(membership.fields.remove(at)),
            (None, Some(value)) => membership.fields.push((Key::clone(key), value)),
            (None, None) => {}
        }
        membership.fields.sort_by(|a, b| a.0.cmp(&b.0));
        self.subject.set_membership(program, membership);
        Ok(previous)
    }

    pub(super) fn change_program_member_data(
        &mut self,
        place: StepPosition,
        program: ProgramId,
        field: &MemberField,
        value: &NewValue,
    ) {
        let activity = BuiltinActivity::ChangeProgramMemberData.id();
        let workspace = self.engine.workspace;
        let name = Some(Text::clone(workspace.program_names.name(program.0)));
        if self.subject.person().membership(program).is_none() {
            return self.row(place, skipped(activity, name, Reason::NotAMember));
        }
        let wanted = match value {
            NewValue::Clear => None,
            NewValue::Set(template) => {
                let text = self.resolve(place, template);
                if text.is_empty() {
                    return self.row(place, skipped(activity, name, Reason::EmptyValue));
                }
                let Ok(value) = Value::parse(&text, field.field_type, &workspace.zone) else {
                    let attributes = Attribution::default()
                        .with(
                            &self.words().field,
                            Some(Value::Text(Text::clone(&field.key))),
                        )
                        .with(&self.words().new_value, Some(Value::Text(text)))
                        .done();
                    let failed = PendingRow {
                        outcome: Outcome::Failed,
                        reason: Some(Reason::Unfit(field.field_type)),
                        ..done(activity, name, attributes)
                    };
                    return self.row(place, failed);
                };
                Some(MemberField::kept(value))
            }
        };
        let key = &field.key;
        let previous = match self.set_member_field(program, key, wanted.clone()) {
            Ok(previous) => previous,
            Err(reason) => return self.row(place, skipped(activity, name, reason)),
        };
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.field, Some(Value::Text(Text::clone(key))))
            .with(&words.new_value, wanted)
            .with(&words.previous_value, previous)
            .with(
                &words.reason,
                Some(words.changed_by(self.flows[place.flow].campaign, Changer::ProgramMemberData)),
            )
            .done();
        self.row(place, done(activity, name, attributes));
    }
}

/// A status of a program that a person comes to.
pub(in crate::engine) struct EnteredStatus<'a> {
    /// The program.
    pub(in crate::engine) program: ProgramId,
    /// The program's name, for the log.
    pub(in crate::engine) name: &'a Text,
    /// The status as its channel writes it; `Not in Program` ends the membership.
    pub(in crate::engine) status: &'a Text,
    /// Whether it is a success.
    pub(in crate::engine) success: bool,
    /// Whether the program acquired the person, where an event says so.
    pub(in crate::engine) acquired: Option<bool>,
}
