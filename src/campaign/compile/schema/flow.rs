//! `flow:`: every step with its parameters and choices.

use serde_json::{Map, Value, json};

use super::super::parameters::WITH_CHOICES;
use super::parts::{boolean, defined, described, duration, mapping, name, one_or_more, text, time};
use super::schedule;
use crate::campaign::{Parameter, ParameterKind, StepKind};
use crate::domain::ActivityCatalogue;

/// The schema of a flow. A flow without steps is allowed, with a warning.
pub(super) fn steps() -> Value {
    json!({ "type": ["array", "null"], "items": step() })
}

/// One entry: a step's name with its value, beside which an `id` may stand.
fn step() -> Value {
    let catalogue = ActivityCatalogue::standard();
    let mut keys = Map::new();
    let mut older = Map::new();
    let mut bare: Vec<&str> = Vec::new();
    keys.insert("id".to_owned(), name());
    for kind in StepKind::ALL {
        let label = &catalogue.get(kind.activity()).label;
        let schema = described(format!("{label}: {}", kind.about()), value(kind));
        if let Some(name) = kind.older_name() {
            older.insert(format!("^{name}$"), schema.clone());
        }
        if kind.parameters().is_empty() {
            bare.extend([kind.name()].into_iter().chain(kind.older_name()));
        }
        keys.insert(kind.name().to_owned(), schema);
    }
    json!({
        "type": ["object", "string"],
        "pattern": format!("^({})$", bare.join("|")),
        "patternErrorMessage": format!("a step without parameters is one of {}", bare.join(", ")),
        "properties": keys,
        "patternProperties": older,
        "additionalProperties": false,
        "if": { "type": "object", "required": ["id"] },
        "then": { "minProperties": 2, "maxProperties": 2 },
        "else": { "minProperties": 1, "maxProperties": 1 },
    })
}

/// What stands after a step's name.
fn value(kind: StepKind) -> Value {
    let [id, choices, default] = WITH_CHOICES;
    let own = own_keys(kind);
    let more = [
        (id, name()),
        (
            choices,
            described(
                "The first whose condition holds is taken",
                json!({ "type": "array", "items": choice(kind) }),
            ),
        ),
        (
            default,
            described("What is done where no choice holds", self::default(kind)),
        ),
    ];
    let mut long = mapping(own.into_iter().chain(more), &[]);
    long["dependencies"] = json!({
        (choices): [default],
        (default): [choices],
        "do_nothing": { "not": { "required": [choices] } },
    });
    let required = kind.required_sets();
    let mut ways: Vec<Value> = required
        .iter()
        .map(|keys| json!({ "required": keys }))
        .collect();
    if !ways.is_empty() {
        ways.extend([choices, "do_nothing"].map(|key| json!({ "required": [key] })));
        long["anyOf"] = Value::Array(ways);
    }
    match kind.main() {
        // A step that needs more than its main parameter is never written as that alone.
        Some(main) if required.contains(&vec![main.key]) => {
            json!({ "anyOf": [parameter(main), long] })
        }
        None if kind.parameters().is_empty() => {
            long["type"] = json!(["object", "null"]);
            long
        }
        Some(_) | None => long,
    }
}

/// The parameters of one action, and that it may do nothing.
fn own_keys(kind: StepKind) -> Vec<(&'static str, Value)> {
    let parameters = kind.parameters().iter().map(|of| (of.key, parameter(of)));
    parameters.chain([("do_nothing", boolean())]).collect()
}

fn choice(kind: StepKind) -> Value {
    let keys = [("if", described("One filter, or a group", defined("filter")))];
    mapping(keys.into_iter().chain(own_keys(kind)), &["if"])
}

fn default(kind: StepKind) -> Value {
    let mut ways = vec![
        json!({ "const": "do_nothing" }),
        mapping(own_keys(kind), &[]),
    ];
    ways.extend(kind.main().map(parameter));
    json!({ "anyOf": ways })
}

/// What stands after the key of a parameter, and what it is for.
fn parameter(parameter: &Parameter) -> Value {
    let description = format!("{}: {}", parameter.about, parameter.kind.about());
    described(description, form(parameter.kind))
}

/// The form of what stands after the key of a parameter.
fn form(kind: ParameterKind) -> Value {
    match kind {
        ParameterKind::Email
        | ParameterKind::List
        | ParameterKind::Program
        | ParameterKind::Status
        | ParameterKind::Campaign
        | ParameterKind::CampaignOrThis
        | ParameterKind::Webhook
        | ParameterKind::Field
        | ParameterKind::MemberField
        | ParameterKind::Word => name(),
        ParameterKind::Text
        | ParameterKind::Date
        | ParameterKind::DateToken
        | ParameterKind::DayOffset => text(),
        ParameterKind::Addresses => one_or_more(&name()),
        ParameterKind::NewValue => {
            json!({ "type": ["string", "number", "boolean", "null"] })
        }
        ParameterKind::ScoreChange => {
            json!({
                "type": ["integer", "string"],
                "pattern": "[0-9]|\\{\\{",
                "patternErrorMessage": "write `+5`, `-5` or `=5`, or one `{{my.…}}` token",
            })
        }
        ParameterKind::Boolean => boolean(),
        ParameterKind::Duration => duration(),
        ParameterKind::WeekdaysAndTime => {
            mapping([("weekdays", schedule::weekdays()), ("time", time())], &[])
        }
        ParameterKind::Time => time(),
    }
}
