//! Applies an event before triggers are evaluated: logs its row, then makes the changes it describes.
//!
//! The order in the log is *New Person* if the event makes one, the event, the changes it made. A change
//! that changes nothing is logged as skipped, so that filters and triggers do not see it; not so in history, where people
//! are loaded as they are today and then the activities that led to it.

mod resolve;

use std::sync::Arc;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::EMAIL;
use crate::domain::text::{email_key, same};
use crate::domain::{FieldId, Instant, Outcome, Reason, Text, Value};
use crate::world::{Activity, Attributes, Event, NOT_IN_PROGRAM};

use super::Reaction;
use super::cascade::Cascade;
use super::step::memberships::EnteredStatus;
use super::words::Attribution;

pub(super) use resolve::{ResolvedEvent, asset_of, changes_membership, fields_of, is_of_program};

use resolve::{EventChange, Values, unfit};

impl ResolvedEvent<'_> {
    /// Writes the event's row and the changes it made.
    pub(super) fn run(self, cascade: &mut Cascade<'_, '_, '_>, reaction: Reaction) {
        let event = self.event;
        let at = event.at;
        let unchanged = |cascade: &mut Cascade<'_, '_, '_>| match reaction {
            Reaction::Ask => cascade.unchanged(event),
            Reaction::Quiet => cascade.event_row(event, None, None, None),
        };
        match self.change {
            EventChange::Nothing => cascade.event_row(event, None, None, None),
            EventChange::CameToNothing(outcome) => {
                cascade.event_row(event, None, Some(outcome), None);
            }
            EventChange::NewPerson(values) => {
                cascade.first_values(values);
                cascade.event_row(event, None, None, None);
            }
            EventChange::KnownPerson | EventChange::NotThere => unchanged(cascade),
            EventChange::NoField | EventChange::Unfit(_) if reaction == Reaction::Quiet => {
                cascade.event_row(event, None, None, None);
            }
            EventChange::NoField => {
                cascade.event_row(
                    event,
                    None,
                    Some(Outcome::Failed),
                    Some(Reason::NoSuchField),
                );
            }
            EventChange::Unfit(reason) => {
                cascade.event_row(event, None, Some(Outcome::Failed), Some(reason));
            }
            // The changes that a form made are rows of their own in Marketo's log, and each of them is logged as it stands.
            EventChange::Form { created: false, .. }
                if reaction == Reaction::Quiet && event.is_extract_row =>
            {
                cascade.event_row(event, None, None, None);
            }
            EventChange::Form {
                values,
                unfit,
                created,
            } => cascade.form(event, values, unfit, created),
            EventChange::Field(field, value) => cascade.set_by_event(event, field, value, reaction),
            EventChange::Join(list) => match cascade.subject.join(list, at) {
                Ok(()) => cascade.event_row(event, None, None, None),
                Err(_) => unchanged(cascade),
            },
            EventChange::Leave(list) => match cascade.subject.leave(list, at) {
                Ok(()) => cascade.event_row(event, None, None, None),
                Err(_) => unchanged(cascade),
            },
            EventChange::Status {
                program,
                name,
                status,
                success,
                acquired,
            } => {
                let entered = EnteredStatus {
                    program,
                    name: &name,
                    status: &status,
                    success,
                    acquired,
                };
                if cascade.has_status(&entered) {
                    return unchanged(cascade);
                }
                let made = cascade.enter_status(&entered, None);
                let attributes = merged(&event.attributes, &made);
                cascade.event_row(event, Some(attributes), None, None);
            }
            EventChange::MemberField {
                program,
                key,
                value,
            } => match cascade.set_member_field(program, &key, value.clone()) {
                Ok(previous) => {
                    let attributes = cascade.with_member_value(event, [previous, value]);
                    cascade.event_row(event, Some(attributes), None, None);
                }
                Err(_) => unchanged(cascade),
            },
            EventChange::Success { program, success } => {
                match cascade.set_success(program, success.then_some(at)) {
                    Ok(()) => cascade.event_row(event, None, None, None),
                    Err(_) => unchanged(cascade),
                }
            }
            EventChange::Unsubscribe => {
                cascade.event_row(event, None, None, None);
                cascade.change_by_event("unsubscribed", Value::Boolean(true), UNSUBSCRIBE_SOURCE);
            }
            EventChange::BouncedHard => {
                cascade.event_row(event, None, None, None);
                cascade.change_by_event("email_invalid", Value::Boolean(true), BOUNCE_SOURCE);
            }
            EventChange::BouncedSpam => {
                cascade.event_row(event, None, None, None);
                cascade.change_by_event("email_suspended", Value::Boolean(true), BOUNCE_SOURCE);
                cascade.change_by_event("email_suspended_at", Value::Datetime(at), BOUNCE_SOURCE);
            }
            EventChange::Delete => {
                cascade.event_row(event, None, None, None);
                cascade.subject.delete(at);
            }
        }
    }
}

impl Cascade<'_, '_, '_> {
    fn event_row(
        &mut self,
        event: &Event,
        attributes: Option<Attributes>,
        outcome: Option<Outcome>,
        reason: Option<Reason>,
    ) {
        let activity = Activity {
            at: event.at,
            activity: event.activity,
            primary: event.primary.clone(),
            attributes: attributes.unwrap_or_else(|| Arc::clone(&event.attributes)),
            origin: None,
            outcome,
            reason,
            event: event.id.clone(),
            marketo_campaign: event.marketo_campaign,
        };
        self.log(activity, None);
    }

    fn unchanged(&mut self, event: &Event) {
        let reason = Reason::NoChange;
        self.event_row(event, None, Some(Outcome::Skipped), Some(reason));
    }

    /// Sets the field that an event changes. That nothing changes by it is logged as skipped, but not in history.
    fn set_by_event(
        &mut self,
        event: &Event,
        field: FieldId,
        value: Option<Value>,
        reaction: Reaction,
    ) {
        let changed = self.subject.set_field(field, value);
        let skipped = changed.is_err() && reaction == Reaction::Ask;
        let attributes = self.with_values(event, field, changed.ok().flatten());
        self.event_row(
            event,
            Some(attributes),
            skipped.then_some(Outcome::Skipped),
            skipped.then_some(Reason::NoChange),
        );
    }

    /// Returns whether the person has a status already.
    fn has_status(&self, entered: &EnteredStatus<'_>) -> bool {
        match self.subject.person().membership(entered.program) {
            Some(membership) => membership.status == *entered.status,
            None => same(entered.status, NOT_IN_PROGRAM),
        }
    }

    /// Gives a person that the event made their first values, which log nothing.
    pub(super) fn first_values(&mut self, values: Values) {
        for (field, value) in values {
            // A first value that the person was made with is not a change.
            let _ = self.subject.set_field(field, Some(value));
        }
    }

    /// Returns whether a value is the address that the person has, which people type in any case.
    fn is_own_address(&self, field: FieldId, value: &Value) -> bool {
        let own = self.subject.field(EMAIL).map(Value::to_text);
        field == EMAIL && own.is_some_and(|own| email_key(&own) == email_key(&value.to_text()))
    }

    fn form(&mut self, event: &Event, mut values: Values, unfit: Values, created: bool) {
        values.retain(|(field, value)| !self.is_own_address(*field, value));
        if created {
            self.first_values(values);
            let by = &self.engine.words.form_name;
            let attributes = made_by(self, FORM_SOURCE, by, event.primary.clone());
            self.log(
                plain_row(event.at, BuiltinActivity::NewPerson, None, attributes),
                None,
            );
            self.event_row(event, None, None, None);
        } else {
            self.event_row(event, None, None, None);
            for (field, value) in values {
                self.change_field_by_event(field, Some(value), FORM_SOURCE);
            }
        }
        for (field, value) in unfit {
            self.unfit_by_event(field, value);
        }
        if let Some(form) = &event.primary {
            self.join_by_form(form);
        }
    }

    /// Makes the person a member of the programs that the form belongs to, unless they are members already.
    fn join_by_form(&mut self, form: &str) {
        let workspace = self.engine.workspace;
        for (program, known) in workspace.programs_of_form(form) {
            let Some(status) = &known.form_status else {
                continue;
            };
            if self.subject.person().membership(program).is_some() {
                continue;
            }
            let name = Text::clone(workspace.program_names.name(program.0));
            let entered = EnteredStatus {
                program,
                name: &name,
                status,
                success: known.status(status).is_some_and(|status| status.success),
                acquired: None,
            };
            let attributes = self.enter_status(&entered, Some(Value::text(FORM_SOURCE)));
            let activity = BuiltinActivity::ChangeProgramStatus;
            self.log(plain_row(self.at, activity, Some(name), attributes), None);
        }
    }

    fn change_by_event(&mut self, name: &str, value: Value, source: &str) {
        if let Some(field) = self.engine.workspace.fields.find(name) {
            self.change_field_by_event(field, Some(value), source);
        }
    }

    /// Changes a field and logs it, if it really changes, which is reported.
    pub(super) fn change_field_by_event(
        &mut self,
        field: FieldId,
        value: Option<Value>,
        source: &str,
    ) -> bool {
        let Ok(previous) = self.subject.set_field(field, value) else {
            return false;
        };
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.new_value, self.subject.field(field).cloned())
            .with(&words.previous_value, previous)
            .with(&words.source, Some(Value::text(source)))
            .done();
        let row = plain_row(
            self.at,
            BuiltinActivity::ChangeDataValue,
            Some(words.field_name(field)),
            attributes,
        );
        self.log(row, None);
        true
    }

    /// Logs a value that a form brought and that does not read as its field's type.
    fn unfit_by_event(&mut self, field: FieldId, value: Value) {
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.new_value, Some(value))
            .with(&words.source, Some(Value::text(FORM_SOURCE)))
            .done();
        let mut row = plain_row(
            self.at,
            BuiltinActivity::ChangeDataValue,
            Some(words.field_name(field)),
            attributes,
        );
        row.outcome = Some(Outcome::Failed);
        row.reason = Some(unfit(self.engine, field));
        self.log(row, None);
    }

    /// Returns an event's attributes with what a field of a membership was, where the event does not say it itself, and what it
    /// is.
    fn with_member_value(&self, event: &Event, [previous, now]: [Option<Value>; 2]) -> Attributes {
        let words = &self.engine.words;
        let made = Attribution::default()
            .with(&words.new_value, now)
            .with(&words.previous_value, previous)
            .done();
        let others = event.attributes.iter();
        let others = others.filter(|(key, _)| *key != words.new_value);
        merged(&others.cloned().collect(), &made)
    }

    /// Returns an event's attributes with what the field now holds, and the value that was replaced where the event
    /// does not say it itself. A field that was cleared holds nothing, or, if it is one of our flags, false.
    fn with_values(&self, event: &Event, field: FieldId, previous: Option<Value>) -> Attributes {
        let words = &self.engine.words;
        let previous = previous.filter(|_| event.attribute(&words.previous_value).is_none());
        let now = self.subject.field(field).cloned();
        let changed = [(&words.new_value, now), (&words.previous_value, previous)];
        let mut attributes = Vec::with_capacity(event.attributes.len() + 1);
        for (key, value) in event.attributes.iter() {
            if *key == words.new_value {
                let known = changed.iter().filter_map(|(k, v)| Some((k, v.clone()?)));
                attributes.extend(known.map(|(k, v)| (Text::clone(k), v)));
            } else {
                attributes.push((Text::clone(key), value.clone()));
            }
        }
        attributes.into()
    }
}

/// The source of what a form changes, as Marketo's logs have it.
const FORM_SOURCE: &str = "Web form fillout";
/// The source of what an unsubscription changes.
const UNSUBSCRIBE_SOURCE: &str = "Unsubscribe Email";
/// The source of what a bounce changes.
const BOUNCE_SOURCE: &str = "Email Bounced";

/// Returns the attributes of a *New Person*: the kind of source, the person's lead source, and the form or list, whose
/// attribute is `by`.
pub(super) fn made_by(
    cascade: &Cascade<'_, '_, '_>,
    source: &str,
    by: &Text,
    name: Option<Text>,
) -> Attributes {
    let engine = cascade.engine;
    let lead_source = engine.workspace.fields.find(LEAD_SOURCE);
    let lead_source = lead_source.and_then(|field| cascade.subject.field(field));
    Attribution::default()
        .with(&engine.words.source_type, Some(Value::text(source)))
        .with(&engine.words.lead_source, lead_source.cloned())
        .with(by, name.map(Value::Text))
        .done()
}

/// The field whose first value a *New Person* activity has as well.
pub(super) const LEAD_SOURCE: &str = "lead_source";

/// A row that an event or a list caused beside its own.
pub(super) fn plain_row(
    at: Instant,
    known: BuiltinActivity,
    primary: Option<Text>,
    attributes: Attributes,
) -> Activity {
    Activity {
        at,
        activity: known.id(),
        primary,
        attributes,
        origin: None,
        outcome: None,
        reason: None,
        event: None,
        marketo_campaign: None,
    }
}

/// Returns an event's attributes with those added that it lacks.
fn merged(given: &Attributes, more: &[(Text, Value)]) -> Attributes {
    let missing = more
        .iter()
        .filter(|(key, _)| given.iter().all(|(k, _)| k != key));
    given.iter().chain(missing).cloned().collect()
}
