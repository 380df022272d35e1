//! What an event does before campaigns are asked: its row, and the changes it describes.
//!
//! The order in the log is *New Person* if the event makes one, the event, the changes it made. A change
//! that changes nothing is logged as skipped, so that filters and triggers do not see it.

use std::sync::Arc;

use crate::domain::activity_type::Known;
use crate::domain::field::EMAIL;
use crate::domain::text::{same, stored_email};
use crate::domain::{FieldId, Instant, ListId, ProgramId, Text, Value};
use crate::world::event::CLEARS;
use crate::world::{Activity, Attributes, Event, Names, Outcome, World};

use super::Engine;
use super::cascade::Cascade;
use super::words::Attribution;

/// An event with everything it names resolved, ready to be applied to its person.
pub(super) struct Application<'e> {
    event: &'e Event,
    change: Change,
}

/// Fields with the values they are given.
type Values = Vec<(FieldId, Value)>;

/// What an event describes.
enum Change {
    /// Nothing but itself.
    Nothing,
    /// Makes the person, with these first values.
    NewPerson(Values),
    /// A *New Person* of someone who exists.
    KnownPerson,
    /// Fills out a form: these values, and whether the form made the person.
    Form {
        values: Values,
        unfit: Values,
        created: bool,
    },
    /// A person field's new value.
    Field(FieldId, Option<Value>),
    /// A new value that does not read as the field's type.
    Unfit(Text),
    /// Names no field we know.
    NoField,
    Join(ListId),
    Leave(ListId),
    Status {
        program: ProgramId,
        status: Text,
        success: bool,
    },
    Unsubscribe,
    BouncedHard,
    BouncedSpam,
    Delete,
}

impl<'e> Application<'e> {
    /// Resolves what an event names; lists and programs nobody has named before get a number.
    pub(super) fn resolve(
        engine: &Engine<'_>,
        world: &mut World,
        event: &'e Event,
        created: bool,
    ) -> Self {
        let change = match Known::ALL.iter().find(|known| known.id() == event.activity) {
            Some(Known::NewPerson) if created => {
                let (values, _) = form_values(engine, event);
                Change::NewPerson(values)
            }
            Some(Known::NewPerson) => Change::KnownPerson,
            Some(Known::FillOutForm) => {
                let (values, unfit) = form_values(engine, event);
                Change::Form {
                    values,
                    unfit,
                    created,
                }
            }
            Some(Known::ChangeDataValue | Known::ChangeScore) => field_change(engine, event),
            Some(Known::AddToList) => list(world, event).map_or(Change::Nothing, Change::Join),
            Some(Known::RemoveFromList) => {
                list(world, event).map_or(Change::Nothing, Change::Leave)
            }
            Some(Known::ChangeProgramStatus) => status_change(engine, world, event),
            Some(Known::UnsubscribeEmail) => Change::Unsubscribe,
            Some(Known::EmailBounced) => {
                match event.attribute("category").map(Value::to_text).as_deref() {
                    Some("2") => Change::BouncedHard,
                    Some("1") => Change::BouncedSpam,
                    Some(_) | None => Change::Nothing,
                }
            }
            Some(Known::DeletePerson) => Change::Delete,
            Some(
                Known::SendEmail
                | Known::EmailDelivered
                | Known::OpenEmail
                | Known::ClickEmail
                | Known::SendAlert
                | Known::InterestingMoment
                | Known::RequestCampaign
                | Known::CallWebhook
                | Known::ChangeProgramMemberData
                | Known::ExecuteCampaign
                | Known::RemoveFromFlow
                | Known::WaitStarted
                | Known::WaitEnded,
            )
            | None => Change::Nothing,
        };
        Self { event, change }
    }

    /// Writes the event's row and the changes it made.
    pub(super) fn run(self, cascade: &mut Cascade<'_, '_, '_>) {
        let event = self.event;
        let at = event.at;
        match self.change {
            Change::Nothing => cascade.event_row(event, None, None, None),
            Change::NewPerson(values) => {
                cascade.first_values(values);
                cascade.event_row(event, None, None, None);
            }
            Change::KnownPerson => cascade.unchanged(event),
            Change::NoField => {
                cascade.event_row(
                    event,
                    None,
                    Some(Outcome::Failed),
                    Some(Text::from("no such field")),
                );
            }
            Change::Unfit(reason) => {
                cascade.event_row(event, None, Some(Outcome::Failed), Some(reason));
            }
            Change::Form {
                values,
                unfit,
                created,
            } => cascade.form(event, values, unfit, created),
            Change::Field(field, value) => {
                let changed = cascade.subject.set_field(field, value);
                let skipped = changed.is_err();
                let attributes = cascade.with_values(event, field, changed.ok().flatten());
                let no_change = Text::clone(&cascade.engine.words.no_change);
                cascade.event_row(
                    event,
                    Some(attributes),
                    skipped.then_some(Outcome::Skipped),
                    skipped.then_some(no_change),
                );
            }
            Change::Join(list) => match cascade.subject.join(list, at) {
                Ok(()) => cascade.event_row(event, None, None, None),
                Err(_) => cascade.unchanged(event),
            },
            Change::Leave(list) => match cascade.subject.leave(list, at) {
                Ok(()) => cascade.event_row(event, None, None, None),
                Err(_) => cascade.unchanged(event),
            },
            Change::Status {
                program,
                status,
                success,
            } => {
                if cascade
                    .subject
                    .person()
                    .membership(program)
                    .is_some_and(|m| m.status == status)
                {
                    return cascade.unchanged(event);
                }
                let made = cascade.enter_status(program, &status, success, None);
                let attributes = merged(&event.attributes, &made);
                cascade.event_row(event, Some(attributes), None, None);
            }
            Change::Unsubscribe => {
                cascade.event_row(event, None, None, None);
                cascade.change_by_event("unsubscribed", Value::Boolean(true), "Unsubscribe Email");
            }
            Change::BouncedHard => {
                cascade.event_row(event, None, None, None);
                cascade.change_by_event("email_invalid", Value::Boolean(true), "Email Bounced");
            }
            Change::BouncedSpam => {
                cascade.event_row(event, None, None, None);
                cascade.change_by_event("email_suspended", Value::Boolean(true), "Email Bounced");
                cascade.change_by_event("email_suspended_at", Value::Datetime(at), "Email Bounced");
            }
            Change::Delete => {
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
        reason: Option<Text>,
    ) {
        let activity = Activity {
            at: event.at,
            activity: event.activity,
            primary: event.primary.clone(),
            attributes: attributes.unwrap_or_else(|| Arc::clone(&event.attributes)),
            origin: None,
            outcome,
            reason,
            event: Some(event.identity.clone()),
        };
        self.log(activity, None);
    }

    fn unchanged(&mut self, event: &Event) {
        let reason = Text::clone(&self.engine.words.no_change);
        self.event_row(event, None, Some(Outcome::Skipped), Some(reason));
    }

    /// Gives a person that the event made their first values, which log nothing.
    fn first_values(&mut self, values: Values) {
        for (field, value) in values {
            // A first value that the person was made with is no change.
            let _ = self.subject.set_field(field, Some(value));
        }
    }

    fn form(&mut self, event: &Event, values: Values, unfit: Values, created: bool) {
        if created {
            let words = &self.engine.words;
            let attributes = Attribution::default()
                .with(&words.source_type, Some(Value::text(FORM_SOURCE)))
                .with(&words.form_name, event.primary.clone().map(Value::Text))
                .done();
            self.first_values(values);
            self.log(
                plain_row(event.at, Known::NewPerson, None, attributes),
                None,
            );
            self.event_row(event, None, None, None);
        } else {
            self.event_row(event, None, None, None);
            for (field, value) in values {
                self.change_field_by_event(field, value, FORM_SOURCE);
            }
        }
        for (field, value) in unfit {
            self.unfit_by_event(field, value);
        }
    }

    fn change_by_event(&mut self, name: &str, value: Value, source: &str) {
        if let Some(field) = self.engine.workspace.fields.find(name) {
            self.change_field_by_event(field, value, source);
        }
    }

    /// Changes a field and logs it, if it really changes.
    fn change_field_by_event(&mut self, field: FieldId, value: Value, source: &str) {
        let Ok(previous) = self.subject.set_field(field, Some(value)) else {
            return;
        };
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.new_value, self.subject.field(field).cloned())
            .with(&words.previous_value, previous)
            .with(&words.source, Some(Value::text(source)))
            .done();
        let row = plain_row(
            self.at,
            Known::ChangeDataValue,
            Some(words.field_name(field)),
            attributes,
        );
        self.log(row, None);
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
            Known::ChangeDataValue,
            Some(words.field_name(field)),
            attributes,
        );
        row.outcome = Some(Outcome::Failed);
        row.reason = Some(unfit_reason(self.engine, field));
        self.log(row, None);
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

fn plain_row(at: Instant, known: Known, primary: Option<Text>, attributes: Attributes) -> Activity {
    Activity {
        at,
        activity: known.id(),
        primary,
        attributes,
        origin: None,
        outcome: None,
        reason: None,
        event: None,
    }
}

/// Returns an event's attributes with those added that it lacks.
fn merged(given: &Attributes, more: &[(Text, Value)]) -> Attributes {
    let missing = more
        .iter()
        .filter(|(key, _)| given.iter().all(|(k, _)| k != key));
    given.iter().chain(missing).cloned().collect()
}

fn unfit_reason(engine: &Engine<'_>, field: FieldId) -> Text {
    Text::from(format!(
        "does not fit {}",
        engine.workspace.fields.type_of(field).name()
    ))
}

/// Returns the values of person fields that an event brings, those that fit their type and those that do not.
///
/// An attribute of the event's own type is none of them; blank values change nothing.
fn form_values(engine: &Engine<'_>, event: &Event) -> (Values, Values) {
    let own = engine.workspace.activities.get(event.activity);
    let (mut values, mut unfit) = (Vec::new(), Vec::new());
    for (key, value) in event.attributes.iter() {
        if own.attribute(key).is_some() {
            continue;
        }
        let Some(field) = engine.workspace.fields.find(key) else {
            continue;
        };
        let text = value.to_text();
        if text.is_empty() {
            continue;
        }
        match read(engine, field, &text) {
            Some(value) => values.push((field, value)),
            None => unfit.push((field, value.clone())),
        }
    }
    (values, unfit)
}

/// Reads a value by its field's type.
fn read(engine: &Engine<'_>, field: FieldId, text: &str) -> Option<Value> {
    let value = Value::parse(
        text,
        engine.workspace.fields.type_of(field),
        &engine.workspace.zone,
    )
    .ok()?;
    Some(match value {
        Value::Text(text) if field == EMAIL => Value::text(&stored_email(&text)),
        Value::Text(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Date(_)
        | Value::Datetime(_) => value,
    })
}

/// Returns the fields that an event may change, so that a driver can load them first.
pub(super) fn fields_of(engine: &Engine<'_>, event: &Event, see: &mut dyn FnMut(FieldId)) {
    let fields = &engine.workspace.fields;
    let mut named = |name: &str| {
        if let Some(field) = fields.find(name) {
            see(field);
        }
    };
    match Known::ALL.iter().find(|known| known.id() == event.activity) {
        Some(Known::ChangeDataValue | Known::ChangeScore) => {
            if let Some(name) = &event.primary {
                named(name);
            }
        }
        Some(Known::FillOutForm | Known::NewPerson) => {
            for (key, _) in event.attributes.iter() {
                named(key);
            }
        }
        Some(Known::UnsubscribeEmail) => named("unsubscribed"),
        Some(Known::EmailBounced) => ["email_invalid", "email_suspended", "email_suspended_at"]
            .into_iter()
            .for_each(named),
        Some(
            Known::AddToList
            | Known::RemoveFromList
            | Known::SendEmail
            | Known::EmailDelivered
            | Known::OpenEmail
            | Known::ClickEmail
            | Known::SendAlert
            | Known::DeletePerson
            | Known::InterestingMoment
            | Known::RequestCampaign
            | Known::ChangeProgramStatus
            | Known::CallWebhook
            | Known::ChangeProgramMemberData
            | Known::ExecuteCampaign
            | Known::RemoveFromFlow
            | Known::WaitStarted
            | Known::WaitEnded,
        )
        | None => {}
    }
}

fn field_change(engine: &Engine<'_>, event: &Event) -> Change {
    let Some(field) = event
        .primary
        .as_deref()
        .and_then(|name| engine.workspace.fields.find(name))
    else {
        return Change::NoField;
    };
    let Some(new_value) = event.attribute(&engine.words.new_value) else {
        return Change::Nothing;
    };
    let text = new_value.to_text();
    if text.as_ref() == CLEARS {
        return Change::Field(field, None);
    }
    match read(engine, field, &text) {
        Some(value) => Change::Field(field, Some(value)),
        None => Change::Unfit(unfit_reason(engine, field)),
    }
}

fn list(world: &mut World, event: &Event) -> Option<ListId> {
    event
        .primary
        .as_deref()
        .map(|name| ListId(asset(&mut world.lists, name)))
}

fn status_change(engine: &Engine<'_>, world: &mut World, event: &Event) -> Change {
    let Some(name) = event.primary.as_deref() else {
        return Change::Nothing;
    };
    let program = ProgramId(asset(&mut world.programs, name));
    let Some(status) = event
        .attribute(&engine.words.new_status)
        .map(Value::to_text)
    else {
        return Change::Nothing;
    };
    let known = engine
        .workspace
        .program(program)
        .and_then(|program| program.status(&status));
    let said = event.attribute(&engine.words.success).map(Value::to_text);
    let success = match said {
        Some(said) => same(&said, "true"),
        None => known.is_some_and(|status| status.success),
    };
    let status = known.map_or(status, |known| Text::clone(&known.name));
    Change::Status {
        program,
        status,
        success,
    }
}

/// Finds an asset by its name, with or without its `Program.` prefix; a new name gets a number.
fn asset(names: &mut Names, name: &str) -> u32 {
    names
        .find(name)
        .or_else(|| name.split_once('.').and_then(|(_, bare)| names.find(bare)))
        .unwrap_or_else(|| names.intern(name))
}
