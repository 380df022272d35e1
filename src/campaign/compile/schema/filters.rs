//! Filters, triggers and the operators of every type.

use serde_json::{Map, Value, json};

use super::parts::{any_spelling, boolean, defined, described, duration, whole_number};
use crate::domain::text::snake_case;
use crate::domain::{ActivityCatalogue, ActivityType, Attribute, FieldCatalogue, FieldType};
use crate::filter::compile::BOUNDS;
use crate::filter::compile::sample::{DRAW, PERCENT};
use crate::filter::operator::{Family, Operand, TimeFrame};
use crate::filter::{
    BuiltIn, ConstraintValue, DrawFrequency, FilterValue, MEMBER_KEYS, MemberConstraint, Operator,
};

/// Adds the definitions `filter`, `trigger`, and those they are made of.
pub(super) fn define(definitions: &mut Map<String, Value>) {
    let activities = ActivityCatalogue::standard();
    definitions.insert("filter".to_owned(), filter(&activities));
    definitions.insert("trigger".to_owned(), trigger(&activities));
    for field_type in FieldType::ALL {
        definitions.insert(tests_name(field_type), tests(field_type));
    }
    definitions.insert("any_tests".to_owned(), any_tests());
    for (_, activity) in activities.iter() {
        if activity.filter.is_some() {
            let name = format!("filter_{}", activity.name);
            definitions.insert(name, constraints(activity, true));
        }
        if activity.trigger.is_some() {
            let name = format!("trigger_{}", activity.name);
            definitions.insert(name, constraints(activity, false));
        }
    }
}

/// One key with its value, or the key alone. Other keys are fields and activities of the workspace's own.
fn entry(known: &Map<String, Value>) -> Value {
    json!({
        "type": ["object", "string"],
        "properties": known,
        "additionalProperties": true,
        "minProperties": 1,
        "maxProperties": 1,
    })
}

fn filter(activities: &ActivityCatalogue) -> Value {
    let mut known = Map::new();
    for filter in BuiltIn::ALL {
        known.insert(
            filter.name().to_owned(),
            described(filter.about(), built_in(filter)),
        );
    }
    for (_, field) in FieldCatalogue::default().iter() {
        let kind = field.field_type.name();
        let schema = json!({ "allOf": [defined(&tests_name(field.field_type))] });
        let description = format!("{}, a field of type {kind}", field.label);
        known.insert(field.name.clone(), described(description, schema));
    }
    for (_, activity) in activities.iter() {
        if let Some(name) = &activity.filter {
            let schema = json!({ "allOf": [defined(&format!("filter_{}", activity.name))] });
            let label = &activity.label;
            known.insert(
                name.clone(),
                described(format!("{label} is in the log"), schema.clone()),
            );
            known.insert(
                format!("not_{name}"),
                described(format!("{label} is not in the log"), schema),
            );
        }
    }
    entry(&known)
}

fn trigger(activities: &ActivityCatalogue) -> Value {
    let mut known = Map::new();
    for (_, activity) in activities.iter() {
        if let Some(name) = &activity.trigger {
            let schema = json!({ "allOf": [defined(&format!("trigger_{}", activity.name))] });
            known.insert(name.clone(), described(activity.label.clone(), schema));
        }
    }
    entry(&known)
}

fn built_in(filter: BuiltIn) -> Value {
    match filter.value() {
        FilterValue::Group => {
            json!({ "type": "array", "items": defined("filter"), "minItems": 1 })
        }
        FilterValue::Share => sample(),
        FilterValue::Status => defined(&tests_name(FieldType::String)),
        FilterValue::Members { constraints, .. } => {
            let mut schema = membership(constraints);
            if filter == BuiltIn::MemberOfProgram {
                // The fields that programs give to their memberships.
                schema["additionalProperties"] = defined("any_tests");
            }
            schema
        }
    }
}

/// A share of people: bare, or with how often it is drawn.
fn sample() -> Value {
    let percentage = "^\\s*[0-9]{1,3}(\\.[0-9]{1,2})?\\s*%\\s*$";
    let message = "write a percentage: `10%`";
    json!({
        "type": ["string", "object"],
        "pattern": percentage,
        "patternErrorMessage": message,
        "examples": ["10%"],
        "properties": {
            PERCENT: { "type": "string", "pattern": percentage, "patternErrorMessage": message },
            DRAW: { "enum": DrawFrequency::ALL.map(DrawFrequency::name) },
        },
        "required": [PERCENT],
        "additionalProperties": false,
    })
}

/// Names of what one is a member of: `is`, `is_not`, or bare; with constraints beside them.
fn membership(constraints: &[MemberConstraint]) -> Value {
    let scalar = scalar(FieldType::String);
    let names = json!({
        "type": ["string", "number", "boolean", "array"],
        "items": scalar,
        "minItems": 1,
    });
    let keys = || MEMBER_KEYS.into_iter().map(|(key, _)| key);
    let aliases = || MEMBER_KEYS.into_iter().map(|(_, alias)| alias);
    let mut properties: Map<String, Value> =
        keys().map(|key| (key.to_owned(), names.clone())).collect();
    properties.extend(constraints.iter().map(|constraint| {
        let value = match constraint.value {
            ConstraintValue::Tests(field_type) => defined(&tests_name(field_type)),
            ConstraintValue::Flag => self::scalar(FieldType::Boolean),
        };
        (constraint.key.to_owned(), value)
    }));
    let ways: Vec<Value> = keys()
        .chain(aliases())
        .map(|key| json!({ "required": [key] }))
        .collect();
    json!({
        "type": ["string", "number", "boolean", "array", "object"],
        "items": scalar,
        "minItems": 1,
        "properties": properties,
        "patternProperties": { "^(not_)?in$": names },
        "additionalProperties": false,
        "if": { "type": "object" },
        "then": { "anyOf": ways },
    })
}

/// Constraints on one activity; a filter bounds its day and number besides.
pub(super) fn constraints(activity: &ActivityType, filter: bool) -> Value {
    let mut known = Map::new();
    let mut others: Vec<String> = Vec::new();
    for attribute in activity.primary.iter().chain(&activity.attributes) {
        known.insert(attribute.key.to_string(), constraint(activity, attribute));
        others.extend(attribute.aliases.iter().map(|alias| snake_case(alias)));
    }
    if filter {
        let [date, times] = BOUNDS;
        known.insert(date.to_owned(), defined(&tests_name(FieldType::Datetime)));
        known.insert(times.to_owned(), whole_number());
    }
    let mut spellings = Map::new();
    // Names as Marketo displays them are found as well.
    spellings.insert("[^a-z0-9_]".to_owned(), defined("any_tests"));
    if !others.is_empty() {
        let pattern = format!("^({})$", others.join("|"));
        spellings.insert(pattern, defined("any_tests"));
    }
    let mut schema = json!({
        "type": ["null", "string", "object"],
        "properties": known,
        "patternProperties": spellings,
        "additionalProperties": false,
    });
    if activity.primary.is_some() {
        schema["type"] = json!(["null", "string", "number", "boolean", "array", "object"]);
        schema["items"] = scalar(FieldType::String);
        schema["minItems"] = json!(1);
    } else {
        schema["pattern"] = json!(any_spelling("any"));
        schema["patternErrorMessage"] = json!("write `any`, or constraints");
    }
    schema
}

/// What an attribute takes. The primary one may be `any`, and that of a field has the field's type.
fn constraint(activity: &ActivityType, attribute: &Attribute) -> Value {
    let text = Family::of(attribute.attribute_type) == Family::Text;
    if attribute.of_field || activity.is_primary(attribute) && !text {
        return defined("any_tests");
    }
    defined(&tests_name(attribute.attribute_type))
}

pub(super) fn tests_name(field_type: FieldType) -> String {
    format!("{}_tests", field_type.name())
}

/// Operators of a type, or a bare value or list, which means `is`.
fn tests(field_type: FieldType) -> Value {
    let operators: Map<String, Value> = Operator::ALL
        .into_iter()
        .filter(|operator| operator.allowed_for(field_type))
        .map(|operator| {
            let operand = operand(operator, field_type);
            (
                operator.name().to_owned(),
                described(operator.about(), operand),
            )
        })
        .collect();
    let long = json!({
        "type": "object",
        "properties": operators,
        "additionalProperties": false,
        "minProperties": 1,
    });
    if Operator::Is.allowed_for(field_type) {
        return json!({ "anyOf": [operand(Operator::Is, field_type), long] });
    }
    long
}

/// Operators where the type is not known.
fn any_tests() -> Value {
    let operators: Map<String, Value> = Operator::ALL
        .into_iter()
        .map(|operator| {
            (
                operator.name().to_owned(),
                described(operator.about(), json!({})),
            )
        })
        .collect();
    json!({
        "type": ["string", "number", "boolean", "array", "object"],
        "properties": operators,
        "additionalProperties": false,
        "minProperties": 1,
        "minItems": 1,
    })
}

/// What an operator is given.
fn operand(operator: Operator, field_type: FieldType) -> Value {
    let one = scalar(field_type);
    match operator.operand() {
        Operand::Flag => scalar(FieldType::Boolean),
        Operand::Values => match Family::of(field_type) {
            Family::Boolean => one,
            Family::Text | Family::Whole | Family::Decimal | Family::Moment => {
                json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
            }
        },
        Operand::Range => {
            json!({ "type": "array", "items": one, "minItems": 2, "maxItems": 2 })
        }
        Operand::Value => one,
        Operand::Duration => duration(),
        Operand::Frame => {
            let names = TimeFrame::ALL.map(TimeFrame::name);
            let spellings: Vec<Value> = names
                .iter()
                .map(|name| {
                    let message = format!("write `{name}`, or another time frame");
                    json!({
                        "type": "string",
                        "pattern": any_spelling(name),
                        "patternErrorMessage": message,
                    })
                })
                .collect();
            json!({ "anyOf": [{ "enum": names }, { "anyOf": spellings }] })
        }
    }
}

/// One value to compare with.
fn scalar(field_type: FieldType) -> Value {
    match Family::of(field_type) {
        Family::Text => json!({ "type": ["string", "number", "boolean"] }),
        Family::Whole | Family::Decimal => {
            json!({
                "type": ["number", "string"],
                "pattern": "[0-9]",
                "patternErrorMessage": "write a number: `50`",
            })
        }
        Family::Boolean => {
            let mut schema = boolean();
            schema["type"] = json!(["boolean", "string", "number"]);
            schema["pattern"] = json!("^\\s*[a-zA-Z0-9]+\\s*$");
            schema
        }
        Family::Moment => json!({
            "type": "string",
            "pattern": "[0-9]",
            "patternErrorMessage": "write a date or a time: `2026-12-01` or `2026-12-01 09:00`",
        }),
    }
}
