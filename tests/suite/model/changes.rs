//! What steps change: fields, scores, lists and program memberships.

use super::calendar::Micros;
use super::definition::{Change, FLAGS, Status};
use super::filters::field_of;
use super::flow::{Done, text};
use super::happening::Model;
use super::value::{Val, same};
use super::world::{Membership, Outcome};

impl Model<'_> {
    /// Sets or clears a field; the text is read by the field's type.
    pub(super) fn change_data_value(
        &mut self,
        person: usize,
        field: &str,
        value: Option<&str>,
        reason: (String, Val),
    ) -> Done {
        let kind = self.workspace.kind(field);
        let new = match value.map(|text| Val::read(text, kind, self.workspace.zone)) {
            None => None,
            Some(Some(value)) => Some(value),
            Some(None) => {
                return Done {
                    outcome: Outcome::Failed,
                    attributes: value
                        .map(|value| text("new_value", value))
                        .into_iter()
                        .collect(),
                    ..Done::skipped(field, &format!("does not fit {}", kind.name()))
                };
            }
        };
        let Some(mut attributes) = self.set(person, field, new) else {
            return self.unchanged(person, field);
        };
        attributes.extend([reason, text("source", "Marketo Flow Action")]);
        Done::succeeded(field, attributes)
    }

    /// Sets a field; returns new and old value as a row holds them, or nothing where they are the same.
    pub(crate) fn set(
        &mut self,
        person: usize,
        field: &str,
        new: Option<Val>,
    ) -> Option<Vec<(String, Val)>> {
        let old = field_of(&self.world, person, field);
        let absent = FLAGS.contains(&field).then_some(Val::Bool(false));
        if new.clone().or(absent) == old {
            return None;
        }
        let fields = &mut self.world.people[person].fields;
        // The program's own flags are never empty.
        match new.or(FLAGS.contains(&field).then_some(Val::Bool(false))) {
            Some(value) => fields.insert(field.to_owned(), value),
            None => fields.remove(field),
        };
        let both = [
            ("new_value", field_of(&self.world, person, field)),
            ("previous_value", old),
        ];
        Some(
            both.into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), value?)))
                .collect(),
        )
    }

    /// A change that changes nothing shows what is there.
    pub(super) fn unchanged(&self, person: usize, field: &str) -> Done {
        let value = field_of(&self.world, person, field);
        let both = ["new_value", "previous_value"];
        let attributes = value
            .iter()
            .flat_map(|value| both.map(|key| (key.to_owned(), value.clone())));
        Done {
            attributes: attributes.collect(),
            ..Done::skipped(field, "no change")
        }
    }

    pub(super) fn change_score(
        &mut self,
        person: usize,
        field: &str,
        change: Change,
        reason: (String, Val),
    ) -> Done {
        let old = match field_of(&self.world, person, field) {
            Some(Val::Int(n)) => n,
            _ => 0,
        };
        let new = match change {
            Change::Add(n) => old + n,
            Change::Set(n) => n,
        };
        let Some(values) = self.set(person, field, Some(Val::Int(new))) else {
            let mut done = self.unchanged(person, field);
            done.attributes.insert(0, text("change", &change.text()));
            done.attributes.push(reason);
            return done;
        };
        let mut attributes = vec![text("change", &change.text())];
        attributes.extend(values);
        attributes.push(reason);
        Done::succeeded(field, attributes)
    }

    pub(crate) fn join(&mut self, person: usize, list: &str, at: Micros) -> bool {
        let lists = &mut self.world.people[person].lists;
        !lists.keys().any(|on| same(on, list)) && lists.insert(list.to_owned(), at).is_none()
    }

    pub(crate) fn leave(&mut self, person: usize, list: &str) -> bool {
        let lists = &mut self.world.people[person].lists;
        let before = lists.len();
        lists.retain(|on, _| !same(on, list));
        lists.len() < before
    }

    pub(crate) fn change_program_status(
        &mut self,
        person: usize,
        program: usize,
        status: &str,
        at: Micros,
        reason: Option<(String, Val)>,
    ) -> Done {
        let known = &self.workspace.programs[program];
        let place = |name: &str| known.statuses.iter().find(|s| same(&s.name, name)).cloned();
        let unknown = || Status {
            name: status.to_owned(),
            step: 0,
            success: false,
        };
        let new = place(status).unwrap_or_else(unknown);
        let old = self.world.people[person].programs.get(&program).cloned();
        if let Some(old) = &old {
            if same(&old.status, &new.name) {
                return Done::skipped(&known.name, "no change");
            }
            // What an event says has happened; a flow has to keep the order.
            if reason.is_some() && place(&old.status).is_some_and(|old| new.step < old.step) {
                return Done::skipped(&known.name, "lower status");
            }
        }
        let success_at = old
            .as_ref()
            .and_then(|m| m.success_at)
            .or_else(|| new.success.then_some(at));
        // The first membership acquires: no status of the model says that it does.
        let acquired = old.is_none() && self.acquire(person, &known.name, at);
        let is_theirs = field_of(&self.world, person, "acquisition_program")
            == Some(Val::Text(known.name.clone()));
        let member = Membership {
            status: new.name.clone(),
            success_at,
            since: old.as_ref().map_or(at, |m| m.since),
            acquired_by: old.as_ref().map_or(is_theirs, |m| m.acquired_by),
        };
        self.world.people[person].programs.insert(program, member);
        let previous = old.map_or_else(|| "Not in Program".to_owned(), |m| m.status);
        let mut attributes = vec![
            text("new_status", &new.name),
            text("previous_status", &previous),
            ("success".to_owned(), Val::Bool(success_at.is_some())),
        ];
        attributes.extend(acquired.then(|| ("acquired_by".to_owned(), Val::Bool(true))));
        attributes.extend(reason);
        Done::succeeded(&known.name, attributes)
    }

    /// Makes a program the one that acquired the person, unless another did before.
    pub(super) fn acquire(&mut self, person: usize, program: &str, at: Micros) -> bool {
        let fields = &mut self.world.people[person].fields;
        if fields.contains_key("acquisition_program") {
            return false;
        }
        for name in ["acquisition_program", "acquisition_program_name"] {
            fields.insert(name.to_owned(), Val::Text(program.to_owned()));
        }
        fields.insert("acquisition_date".to_owned(), Val::At(at));
        true
    }
}
