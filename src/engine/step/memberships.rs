//! Steps that change lists and program memberships.

use crate::campaign::NewValue;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, Key, ListId, ProgramId, Reason, Text, Value};
use crate::engine::cascade::Cascade;
use crate::engine::walk::StepPosition;
use crate::engine::words::{Attribution, Changer};
use crate::world::{Attributes, Membership, NOT_IN_PROGRAM};

use super::{done, skipped};

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

    /// Moves the person in a program, never to a lower step; equal steps swap.
    pub(super) fn change_program_status(
        &mut self,
        place: StepPosition,
        program: ProgramId,
        status: &Text,
    ) {
        let activity = BuiltinActivity::ChangeProgramStatus.id();
        let workspace = self.engine.workspace;
        let name = Some(Text::clone(workspace.program_names.name(program.0)));
        let present = self.subject.person().membership(program).cloned();
        let channel = workspace.program(program);
        let step_of = |status: &str| {
            channel
                .and_then(|channel| channel.status(status))
                .map(|status| status.step)
        };
        if let Some(present) = &present {
            if present.status == *status {
                return self.row(place, skipped(activity, name, Reason::NoChange));
            }
            if matches!((step_of(&present.status), step_of(status)), (Some(now), Some(then)) if then < now)
            {
                return self.row(place, skipped(activity, name, Reason::LowerStatus));
            }
        }
        let success = channel
            .and_then(|channel| channel.status(status))
            .is_some_and(|status| status.success);
        let reason = self
            .words()
            .changed_by(self.flows[place.flow].campaign, Changer::ProgramStatus);
        let attributes = self.enter_status(program, status, success, Some(reason));
        self.row(place, done(activity, name, attributes));
    }

    /// Makes the membership one of a status, and returns the attributes of the change.
    pub(in crate::engine) fn enter_status(
        &mut self,
        program: ProgramId,
        status: &Text,
        success: bool,
        reason: Option<Value>,
    ) -> Attributes {
        let present = self.subject.person().membership(program).cloned();
        let previous = present
            .as_ref()
            .map_or_else(|| Text::from(NOT_IN_PROGRAM), |m| Text::clone(&m.status));
        let mut membership = present.unwrap_or(Membership {
            status: Text::clone(status),
            success_at: None,
            since: self.at,
            fields: Vec::new(),
        });
        membership.status = Text::clone(status);
        if success && membership.success_at.is_none() {
            membership.success_at = Some(self.at);
        }
        let reached = membership.success_at.is_some();
        self.subject.set_membership(program, membership);
        let words = &self.engine.words;
        Attribution::default()
            .with(&words.new_status, Some(Value::Text(Text::clone(status))))
            .with(&words.previous_status, Some(Value::Text(previous)))
            .with(&words.success, Some(Value::Boolean(reached)))
            .with(&words.reason, reason)
            .done()
    }

    pub(super) fn change_program_member_data(
        &mut self,
        place: StepPosition,
        program: ProgramId,
        field: &Key,
        value: &NewValue,
    ) {
        let activity = BuiltinActivity::ChangeProgramMemberData.id();
        let name = Some(Text::clone(
            self.engine.workspace.program_names.name(program.0),
        ));
        let Some(mut membership) = self.subject.person().membership(program).cloned() else {
            return self.row(place, skipped(activity, name, Reason::NotAMember));
        };
        let wanted = match value {
            NewValue::Clear => None,
            NewValue::Set(template) => {
                let text = self.resolve(place, template);
                if text.is_empty() {
                    return self.row(place, skipped(activity, name, Reason::EmptyValue));
                }
                Some(Value::Text(text))
            }
        };
        let at = membership.fields.iter().position(|(key, _)| key == field);
        let previous = at.map(|at| membership.fields[at].1.clone());
        if previous == wanted {
            return self.row(place, skipped(activity, name, Reason::NoChange));
        }
        match (at, &wanted) {
            (Some(at), Some(value)) => membership.fields[at].1 = value.clone(),
            (Some(at), None) => drop(membership.fields.remove(at)),
            (None, Some(value)) => membership.fields.push((Key::clone(field), value.clone())),
            (None, None) => {}
        }
        membership.fields.sort_by(|a, b| a.0.cmp(&b.0));
        self.subject.set_membership(program, membership);
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.field, Some(Value::Text(Text::clone(field))))
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
