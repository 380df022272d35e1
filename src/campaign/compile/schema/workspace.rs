//! `workspace.yaml` and `program.yaml`.

use serde_json::{Value, json};

use super::super::assets::METHODS;
use super::campaign::named_smart_list;
use super::parts::{
    boolean, mapping, name, named, one_of, one_of_any_case, text, told, whole_number,
};
use super::schedule::time_zone;
use crate::domain::FieldType;

/// The schema of `workspace.yaml`.
pub(super) fn file() -> Value {
    let limits = mapping(
        [("per_day", whole_number()), ("per_7_days", whole_number())],
        &[],
    );
    let cascade = mapping([("depth", whole_number()), ("total", whole_number())], &[]);
    let keys = [
        ("time_zone", told("The zone of all civil time", time_zone())),
        ("week_starts_on", one_of_any_case(["sunday", "monday"])),
        (
            "communication_limits",
            told("How many emails a person may get", limits),
        ),
        (
            "max_people",
            told("For batch campaigns that say nothing else", whole_number()),
        ),
        (
            "cascade_limit",
            told("How far campaigns may start each other", cascade),
        ),
        (
            "fields",
            told("Person fields beside the standard ones", fields()),
        ),
        (
            "lists",
            told("Static lists", json!({ "type": "array", "items": name() })),
        ),
        ("emails", told("Emails", named(&email()))),
        ("channels", told("Statuses of programs", named(&channel()))),
        (
            "programs",
            told(
                "Programs that no folder is",
                named(&mapping(program_keys(), &[])),
            ),
        ),
        ("tokens", told("{{my.…}} of every campaign", named(&text()))),
        (
            "smart_lists",
            told("Filters with a name", named(&named_smart_list())),
        ),
        (
            "activities",
            told(
                "Activity types beside the standard ones",
                named(&activity()),
            ),
        ),
        (
            "webhooks",
            told("What `call_webhook` calls", named(&webhook())),
        ),
    ];
    mapping(keys, &[])
}

/// The schema of `program.yaml`.
pub(super) fn program_file() -> Value {
    let keys = [("name", told("The program's name", name()))];
    mapping(keys.into_iter().chain(program_keys()), &["name"])
}

fn program_keys() -> [(&'static str, Value); 3] {
    [
        (
            "channel",
            told("The workspace's channel that gives the statuses", text()),
        ),
        (
            "statuses",
            told("Its own, in place of a channel", statuses()),
        ),
        ("tokens", told("{{my.…}} of its campaigns", named(&text()))),
    ]
}

fn channel() -> Value {
    mapping([("statuses", statuses())], &["statuses"])
}

fn statuses() -> Value {
    let step = json!({ "type": ["integer", "string"], "pattern": "[0-9]" });
    let status = mapping(
        [
            ("name", name()),
            ("step", told("Never to a lower one", step)),
            ("success", boolean()),
        ],
        &["name", "step"],
    );
    json!({ "type": "array", "items": status })
}

fn field_type() -> Value {
    let aliases = FieldType::ALIASES.into_iter().map(|(alias, _)| alias);
    one_of(
        FieldType::ALL
            .map(FieldType::name)
            .into_iter()
            .chain(aliases),
    )
}

fn fields() -> Value {
    let field = mapping([("type", field_type()), ("label", text())], &["type"]);
    let mut fields = named(&field);
    fields["propertyNames"] = json!({ "pattern": "^[a-z][a-z0-9_]*$" });
    fields
}

fn email() -> Value {
    let keys = [
        ("subject", text()),
        ("from", text()),
        ("body", text()),
        ("body_file", told("The file that holds the body", text())),
        (
            "operational",
            told("It is sent whatever the limits say", boolean()),
        ),
    ];
    let mut email = mapping(keys, &["subject"]);
    email["not"] = json!({ "required": ["body", "body_file"] });
    email
}

fn activity() -> Value {
    let keys = [
        ("id", told("Its number, from 100001 up", whole_number())),
        (
            "filter",
            told("The filter's name; by default the trigger's", text()),
        ),
        ("primary", told("The attribute of a bare value", text())),
        ("label", text()),
        (
            "attributes",
            told("Attributes and their types", named(&field_type())),
        ),
    ];
    mapping(keys, &["id"])
}

fn webhook() -> Value {
    let keys = [
        ("url", text()),
        ("method", one_of_any_case(METHODS)),
        ("body", text()),
        (
            "timeout",
            json!({ "type": "string", "examples": ["30 seconds"] }),
        ),
        (
            "map",
            told("Fields, and where in the answer they stand", named(&text())),
        ),
    ];
    mapping(keys, &["url"])
}
