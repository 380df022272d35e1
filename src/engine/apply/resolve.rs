//! What an event describes: the field, list or program it names, and the values it brings, read by their types.

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID, is_name_of_person};
use crate::domain::form_fields;
use crate::domain::text::{same, stored_email};
use crate::domain::{
    FieldId, Key, ListId, MemberField, Outcome, ProgramId, Reason, Text, Value, person_address,
};
use crate::engine::Engine;
use crate::world::event::{CLEARS, EventAsset};
use crate::world::{Event, NOT_IN_PROGRAM, World};

use super::LEAD_SOURCE;

/// An event with everything it names resolved, ready to be applied to its person.
pub(in crate::engine) struct ResolvedEvent<'e> {
    pub(super) event: &'e Event,
    pub(super) change: EventChange,
}

/// The attribute of an event that says what a status becomes.
const NEW_STATUS: &str = "new_status";

/// Fields with the values they are given.
pub(super) type Values = Vec<(FieldId, Value)>;

/// What an event describes.
pub(super) enum EventChange {
    /// Nothing but itself.
    Nothing,
    /// Nothing: the event was skipped, or it failed, where it happened.
    CameToNothing(Outcome),
    /// Makes the person, with these first values.
    NewPerson(Values),
    /// A *New Person* of someone who exists.
    KnownPerson,
    /// Leaves a list or a program that nobody has named yet.
    NotThere,
    /// Fills out a form: these values, and whether the form made the person.
    Form {
        values: Values,
        unfit: Values,
        created: bool,
    },
    /// A person field's new value.
    Field(FieldId, Option<Value>),
    /// A new value that does not read as the field's type.
    Unfit(Reason),
    /// Names no field we know.
    NoField,
    Join(ListId),
    Leave(ListId),
    Status {
        program: ProgramId,
        name: Text,
        status: Text,
        success: bool,
        acquired: Option<bool>,
    },
    /// A field of a membership in a program; none clears it.
    MemberField {
        program: ProgramId,
        key: Key,
        value: Option<Value>,
    },
    /// Whether a membership in a program has reached success.
    Success {
        program: ProgramId,
        success: bool,
    },
    Unsubscribe,
    BouncedHard,
    BouncedSpam,
    Delete,
}

impl<'e> ResolvedEvent<'e> {
    /// Resolves what an event names; lists and programs nobody has named before get a number.
    pub(in crate::engine) fn resolve(
        engine: &Engine<'_>,
        world: &mut World,
        event: &'e Event,
        created: bool,
    ) -> Self {
        if let Some(outcome) = event.outcome {
            let change = EventChange::CameToNothing(outcome);
            return Self { event, change };
        }
        let change = match BuiltinActivity::ALL
            .iter()
            .find(|known| known.id() == event.activity)
        {
            Some(BuiltinActivity::NewPerson) if created => {
                let (values, _) = form_values(engine, event);
                EventChange::NewPerson(values)
            }
            Some(BuiltinActivity::NewPerson) => EventChange::KnownPerson,
            Some(BuiltinActivity::FillOutForm) => {
                let (values, unfit) = form_values(engine, event);
                EventChange::Form {
                    values,
                    unfit,
                    created,
                }
            }
            Some(BuiltinActivity::ChangeDataValue | BuiltinActivity::ChangeScore) => {
                field_change(engine, event)
            }
            Some(BuiltinActivity::AddToList) => join(world, event),
            Some(BuiltinActivity::RemoveFromList) => leave(world, event),
            Some(BuiltinActivity::ChangeProgramStatus) => status_change(engine, world, event),
            Some(BuiltinActivity::ChangeProgramMemberData) => member_field(engine, world, event),
            Some(BuiltinActivity::ChangeProgramSuccess) => success(engine, world, event),
            Some(BuiltinActivity::UnsubscribeEmail) => EventChange::Unsubscribe,
            Some(BuiltinActivity::EmailBounced) => {
                match event.attribute("category").map(Value::to_text).as_deref() {
                    Some("2") => EventChange::BouncedHard,
                    Some("1") => EventChange::BouncedSpam,
                    Some(_) | None => EventChange::Nothing,
                }
            }
            Some(BuiltinActivity::DeletePerson) => EventChange::Delete,
            Some(
                BuiltinActivity::SendEmail
                | BuiltinActivity::EmailDelivered
                | BuiltinActivity::OpenEmail
                | BuiltinActivity::ClickEmail
                | BuiltinActivity::SendAlert
                | BuiltinActivity::InterestingMoment
                | BuiltinActivity::RequestCampaign
                | BuiltinActivity::CallWebhook
                | BuiltinActivity::ExecuteCampaign
                | BuiltinActivity::RemoveFromFlow
                | BuiltinActivity::WaitStarted
                | BuiltinActivity::WaitEnded,
            )
            | None => EventChange::Nothing,
        };
        Self { event, change }
    }
}

/// Returns the values of person fields that an event brings, those that fit their type and those that do not.
///
/// A form's own `form_fields` come first, in their order, and win over attributes beside them. An attribute of the
/// event's own type is not a field of a form; blank values change nothing.
fn form_values(engine: &Engine<'_>, event: &Event) -> (Values, Values) {
    let own = engine.workspace.activities.get(event.activity);
    let fields = &engine.workspace.fields;
    let mut given = filled_in(engine, event);
    for (key, value) in event.attributes.iter() {
        if own.attribute(key).is_some() {
            continue;
        }
        if let Some(field) = fields.find(key)
            && given.iter().all(|(known, _)| *known != field)
        {
            given.push((field, Some(value.clone())));
        }
    }
    let (mut values, mut unfit) = (Vec::new(), Vec::new());
    for (field, value) in given {
        let Some(value) = value else { continue };
        let text = match &value {
            Value::Json(json) => {
                form_fields::posted(json).map_or_else(|| Text::from(""), Text::from)
            }
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Date(_)
            | Value::Datetime(_) => value.to_text(),
        };
        if text.is_empty() {
            continue;
        }
        match read(engine, field, &text) {
            Some(value) => values.push((field, value)),
            None => unfit.push((field, value)),
        }
    }
    (values, unfit)
}

/// Returns the person fields among a form's `form_fields`, each with its value if it was not left blank.
///
/// The `id` by which a person is known is nothing that they fill in.
fn filled_in(engine: &Engine<'_>, event: &Event) -> Vec<(FieldId, Option<Value>)> {
    let form = (event.activity == BuiltinActivity::FillOutForm.id())
        .then(|| event.attribute("form_fields"))
        .flatten();
    let filled = form.and_then(|form| form_fields::read(&form.to_text()));
    let field = |(name, value): (String, Option<String>)| {
        let field = engine.workspace.fields.find(&name)?;
        (field != ID).then(|| (field, value.map(|value| Value::text(&value))))
    };
    filled.into_iter().flatten().filter_map(field).collect()
}

/// Reads a value by its field's type.
fn read(engine: &Engine<'_>, field: FieldId, text: &str) -> Option<Value> {
    let value = Value::parse_posted(
        text,
        engine.workspace.fields.type_of(field),
        &engine.workspace.zone,
    )
    .ok()?;
    let name = &engine.workspace.fields.field(field).name;
    let sound = if field == EMAIL {
        person_address::check(text.trim())
    } else if is_name_of_person(name) {
        person_address::check_name(text)
    } else {
        Ok(())
    };
    sound.ok()?;
    Some(match value {
        Value::Text(text) if field == EMAIL => Value::text(&stored_email(&text)),
        Value::Text(_)
        | Value::Json(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Date(_)
        | Value::Datetime(_) => value,
    })
}

/// Returns the fields that an event may change, so that a driver can load them first.
pub(in crate::engine) fn fields_of(
    engine: &Engine<'_>,
    event: &Event,
    see: &mut dyn FnMut(FieldId),
) {
    let fields = &engine.workspace.fields;
    let mut named = |name: &str| {
        if let Some(field) = fields.find(name) {
            see(field);
        }
    };
    match BuiltinActivity::ALL
        .iter()
        .find(|known| known.id() == event.activity)
    {
        Some(BuiltinActivity::ChangeDataValue | BuiltinActivity::ChangeScore) => {
            if let Some(name) = &event.primary {
                named(name);
            }
        }
        Some(BuiltinActivity::FillOutForm | BuiltinActivity::NewPerson) => {
            for (key, _) in event.attributes.iter() {
                named(key);
            }
            named(LEAD_SOURCE);
            for (field, _) in filled_in(engine, event) {
                see(field);
            }
            if is_of_program(engine, event) {
                engine.workspace.acquisition_fields().for_each(see);
            }
        }
        Some(BuiltinActivity::ChangeProgramStatus) => {
            engine.workspace.acquisition_fields().for_each(see);
        }
        Some(BuiltinActivity::UnsubscribeEmail) => named("unsubscribed"),
        Some(BuiltinActivity::EmailBounced) => {
            ["email_invalid", "email_suspended", "email_suspended_at"]
                .into_iter()
                .for_each(named);
        }
        Some(
            BuiltinActivity::AddToList
            | BuiltinActivity::RemoveFromList
            | BuiltinActivity::SendEmail
            | BuiltinActivity::EmailDelivered
            | BuiltinActivity::OpenEmail
            | BuiltinActivity::ClickEmail
            | BuiltinActivity::SendAlert
            | BuiltinActivity::DeletePerson
            | BuiltinActivity::InterestingMoment
            | BuiltinActivity::RequestCampaign
            | BuiltinActivity::CallWebhook
            | BuiltinActivity::ChangeProgramMemberData
            | BuiltinActivity::ChangeProgramSuccess
            | BuiltinActivity::ExecuteCampaign
            | BuiltinActivity::RemoveFromFlow
            | BuiltinActivity::WaitStarted
            | BuiltinActivity::WaitEnded,
        )
        | None => {}
    }
}

/// Returns whether an event fills out a form that makes someone a member of a program.
pub(in crate::engine) fn is_of_program(engine: &Engine<'_>, event: &Event) -> bool {
    let form = event.primary.as_deref();
    let form = form.filter(|_| event.activity == BuiltinActivity::FillOutForm.id());
    form.is_some_and(|form| engine.workspace.programs_of_form(form).next().is_some())
}

fn field_change(engine: &Engine<'_>, event: &Event) -> EventChange {
    let Some(field) = event
        .primary
        .as_deref()
        .and_then(|name| engine.workspace.fields.find(name))
    else {
        return EventChange::NoField;
    };
    let Some(new_value) = event.attribute(&engine.words.new_value) else {
        return EventChange::Nothing;
    };
    let text = new_value.to_text();
    if text.as_ref() == CLEARS {
        return EventChange::Field(field, None);
    }
    match read(engine, field, &text) {
        Some(value) => EventChange::Field(field, Some(value)),
        None => EventChange::Unfit(unfit(engine, field)),
    }
}

/// Returns what an event takes someone off. A list that nobody has named yet has no members, and gets no number: no row would
/// keep its name, so that names met later would mean another list before a restart than after it.
fn leave(world: &World, event: &Event) -> EventChange {
    if event.primary.is_none() {
        return EventChange::Nothing;
    }
    match asset_of(world, event) {
        EventAsset::Number(list) => EventChange::Leave(ListId(list)),
        EventAsset::Unknown | EventAsset::ByName => EventChange::NotThere,
    }
}

/// Returns the list or program that an event names, and gives one that nobody has named before a number, unless the event
/// takes someone off it.
pub(in crate::engine) fn asset_of(world: &World, event: &Event) -> EventAsset {
    let Some(name) = event.primary.as_deref() else {
        return EventAsset::ByName;
    };
    if event.asset != EventAsset::ByName {
        return event.asset;
    }
    let is = |known: BuiltinActivity| event.activity == known.id();
    let number = if is(BuiltinActivity::AddToList) {
        Some(world.lists.intern_asset(name))
    } else if is(BuiltinActivity::RemoveFromList) {
        world.lists.find_asset(name)
    } else if is(BuiltinActivity::ChangeProgramStatus) {
        let Some(status) = event.attribute(NEW_STATUS) else {
            return EventAsset::ByName;
        };
        if same(&status.to_text(), NOT_IN_PROGRAM) {
            world.programs.find_asset(name)
        } else {
            Some(world.programs.intern_asset(name))
        }
    } else if changes_membership(event) {
        world.programs.find_asset(name)
    } else {
        return EventAsset::ByName;
    };
    number.map_or(EventAsset::Unknown, EventAsset::Number)
}

fn join(world: &World, event: &Event) -> EventChange {
    match asset_of(world, event) {
        EventAsset::Number(list) => EventChange::Join(ListId(list)),
        EventAsset::Unknown | EventAsset::ByName => EventChange::Nothing,
    }
}

/// Returns whether an event changes something of a membership that is there.
pub(in crate::engine) fn changes_membership(event: &Event) -> bool {
    [
        BuiltinActivity::ChangeProgramMemberData.id(),
        BuiltinActivity::ChangeProgramSuccess.id(),
    ]
    .contains(&event.activity)
}

/// Returns which field of a membership an event sets, with the value as the field's type reads it.
fn member_field(engine: &Engine<'_>, world: &World, event: &Event) -> EventChange {
    let words = &engine.words;
    let (Some(name), Some(new)) = (
        event.attribute(&words.field),
        event.attribute(&words.new_value),
    ) else {
        return EventChange::Nothing;
    };
    let EventAsset::Number(program) = asset_of(world, event) else {
        return EventChange::NotThere;
    };
    let program = ProgramId(program);
    let declared = engine
        .workspace
        .program(program)
        .map(|program| program.member_fields.as_slice());
    let name = name.to_text();
    let field = MemberField::find(declared.unwrap_or_default(), &name)
        .unwrap_or_else(|| MemberField::undeclared(&name));
    let text = new.to_text();
    let value = if text.as_ref() == CLEARS {
        None
    } else {
        match Value::parse_posted(&text, field.field_type, &engine.workspace.zone) {
            Ok(value) => Some(MemberField::kept(value)),
            Err(_) => return EventChange::Unfit(Reason::Unfit(field.field_type)),
        }
    };
    EventChange::MemberField {
        program,
        key: field.key,
        value,
    }
}

fn success(engine: &Engine<'_>, world: &World, event: &Event) -> EventChange {
    let Some(success) = event.attribute(&engine.words.success) else {
        return EventChange::Nothing;
    };
    match asset_of(world, event) {
        EventAsset::Number(program) => EventChange::Success {
            program: ProgramId(program),
            success: same(&success.to_text(), "true"),
        },
        EventAsset::Unknown | EventAsset::ByName => EventChange::NotThere,
    }
}

fn status_change(engine: &Engine<'_>, world: &World, event: &Event) -> EventChange {
    let status = event.attribute(NEW_STATUS).map(Value::to_text);
    let (Some(_), Some(status)) = (&event.primary, status) else {
        return EventChange::Nothing;
    };
    let program = match asset_of(world, event) {
        EventAsset::Number(program) => ProgramId(program),
        EventAsset::Unknown | EventAsset::ByName => return EventChange::NotThere,
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
    let said = event.attribute(&engine.words.acquired_by);
    let acquired = said.map(|said| same(&said.to_text(), "true"));
    let status = match known {
        Some(known) => Text::clone(&known.name),
        None if same(&status, NOT_IN_PROGRAM) => Text::from(NOT_IN_PROGRAM),
        None => status,
    };
    EventChange::Status {
        program,
        name: world.programs.name(program.0),
        status,
        success,
        acquired,
    }
}

/// Returns the reason of a value that does not read as a field's type.
pub(super) fn unfit(engine: &Engine<'_>, field: FieldId) -> Reason {
    Reason::Unfit(engine.workspace.fields.type_of(field))
}
