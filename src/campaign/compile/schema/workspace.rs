//! `workspace.yaml` and `program.yaml`.

use serde_json::{Value, json};

use super::super::assets::METHODS;
use super::campaign::{guard, named_smart_list};
use super::parts::{
    boolean, described, mapping, name, named, one_of, one_of_any_case, one_or_more, text,
    whole_number,
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
        (
            "time_zone",
            described("The zone of all civil time", time_zone()),
        ),
        ("week_starts_on", one_of_any_case(["sunday", "monday"])),
        (
            "communication_limits",
            described("How many emails a person may get", limits),
        ),
        (
            "max_people",
            described("For batch campaigns that say nothing else", whole_number()),
        ),
        ("guard", described("Guards of all batch campaigns", guard())),
        (
            "cascade_limit",
            described("How far campaigns may start each other", cascade),
        ),
        (
            "fields",
            described("Person fields beside the standard ones", fields()),
        ),
        (
            "lists",
            described("Static lists", json!({ "type": "array", "items": name() })),
        ),
        ("emails", described("Emails", named(&email()))),
        (
            "channels",
            described("Statuses of programs", named(&channel())),
        ),
        (
            "programs",
            described(
                "Programs that no folder is",
                named(&mapping(program_keys(), &[])),
            ),
        ),
        (
            "tokens",
            described("{{my.…}} of every campaign", named(&text())),
        ),
        (
            "smart_lists",
            described("Filters with a name", named(&named_smart_list())),
        ),
        (
            "activities",
            described(
                "Activity types beside the standard ones",
                named(&activity()),
            ),
        ),
        (
            "webhooks",
            described("What `call_webhook` calls", named(&webhook())),
        ),
    ];
    mapping(keys, &[])
}

/// The schema of `program.yaml`.
pub(super) fn program_file() -> Value {
    let keys = [("name", described("The program's name", name()))];
    mapping(keys.into_iter().chain(program_keys()), &["name"])
}

fn program_keys() -> [(&'static str, Value); 7] {
    let member_field = mapping([("type", field_type())], &["type"]);
    let mut member_fields = named(&member_field);
    member_fields["propertyNames"] = json!({
        "pattern": "^[a-z][a-z0-9_]*$",
        "patternErrorMessage": "a field is named in small letters, digits and `_`: `dietary_needs`",
    });
    [
        ("description", described("What the program is for", text())),
        (
            "forms",
            described(
                "Who fills out one of these forms becomes a member",
                one_or_more(&name()),
            ),
        ),
        (
            "form_status",
            described(
                "The status that such a form gives; by default the first",
                text(),
            ),
        ),
        (
            "member_fields",
            described("Fields of the program's memberships", member_fields),
        ),
        (
            "channel",
            described("The workspace's channel that gives the statuses", text()),
        ),
        (
            "statuses",
            described("Its own, in place of a channel", statuses()),
        ),
        (
            "tokens",
            described("{{my.…}} of its campaigns", named(&text())),
        ),
    ]
}

fn channel() -> Value {
    mapping([("statuses", statuses())], &["statuses"])
}

fn statuses() -> Value {
    let step = json!({
        "type": ["integer", "string"],
        "pattern": "[0-9]",
        "patternErrorMessage": "write a whole number: `10`",
    });
    let status = mapping(
        [
            ("name", name()),
            ("step", described("Never to a lower one", step)),
            ("success", boolean()),
            (
                "acquires",
                described("Who reaches it first is acquired by the program", boolean()),
            ),
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
    fields["propertyNames"] = json!({
        "pattern": "^[a-z][a-z0-9_]*$",
        "patternErrorMessage": "a field is named in small letters, digits and `_`: `renewal_date`",
    });
    fields
}

fn email() -> Value {
    let keys = [
        ("subject", text()),
        ("from", text()),
        ("body", text()),
        (
            "body_file",
            described("The file that holds the body", text()),
        ),
        (
            "operational",
            described("It is sent also beyond the communication limits", boolean()),
        ),
    ];
    let mut email = mapping(keys, &["subject"]);
    email["not"] = json!({ "required": ["body", "body_file"] });
    email
}

fn activity() -> Value {
    let keys = [
        (
            "id",
            described("Its number, from 100001 up", whole_number()),
        ),
        (
            "filter",
            described("The filter's name; by default the trigger's", text()),
        ),
        (
            "primary",
            described("The attribute of a bare value", text()),
        ),
        ("label", text()),
        (
            "attributes",
            described("Attributes and their types", named(&field_type())),
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
            described("Fields, and where in the answer they are", named(&text())),
        ),
    ];
    mapping(keys, &["url"])
}
