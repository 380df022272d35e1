//! The tests of a campaign.

use serde_json::{Value, json};

use crate::domain::FieldType;

use super::filters::tests_name;
use super::parts::{
    boolean, defined, described, mapping, name, named, one_or_more, text, whole_number,
};

/// The schema of `tests:`.
pub(super) fn list() -> Value {
    let case = mapping(
        [
            ("name", described("What the test shows", name())),
            (
                "now",
                described("The instant at which it begins", instant()),
            ),
            ("people", described("Who is there", several(&person()))),
            (
                "events",
                described("What happens, in order", several(&event())),
            ),
            (
                "run",
                described(
                    "Run the batch campaign at `now`, or at these times; batch alone",
                    json!({ "anyOf": [boolean(), one_or_more(&instant())] }),
                ),
            ),
            (
                "advance_to",
                described("Let waits and schedules elapse until then", instant()),
            ),
            (
                "with",
                described(
                    "Other campaigns that take part, such as those it requests",
                    one_or_more(&name()),
                ),
            ),
            (
                "expect",
                described(
                    "What must have come of it; `record` lets `bugle campaign test --update` write what has",
                    json!({ "anyOf": [several(&expectation()), { "const": "record" }] }),
                ),
            ),
        ],
        &["name", "now", "expect"],
    );
    several(&case)
}

fn several(item: &Value) -> Value {
    json!({ "type": "array", "items": item })
}

fn instant() -> Value {
    json!({
        "type": "string",
        "pattern": "[0-9]",
        "patternErrorMessage": "write `2026-11-02T10:00:00Z`, or `2026-11-02 10:00` in the workspace's zone",
        "examples": ["2026-11-02T10:00:00Z", "2026-11-02 10:00"],
    })
}

fn value() -> Value {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

/// Fields of the workspace's own stay open.
fn person() -> Value {
    json!({
        "type": "object",
        "properties": {
            "email": described("Who it is, or `id`", text()),
            "id": described("Who it is, where there is no `email`", text()),
            "lists": described("Static lists that the person is on", one_or_more(&name())),
        },
        "additionalProperties": value(),
        "anyOf": [{ "required": ["email"] }, { "required": ["id"] }],
    })
}

/// What an event has besides depends on its type.
fn event() -> Value {
    json!({
        "type": "object",
        "properties": {
            "at": described("When", json!({ "type": ["string", "number"] })),
            "person": described("Whom it concerns: an email address or an id", text()),
            "type": described("Any name of an activity type, `opens_email`", text()),
        },
        "required": ["at", "person", "type"],
    })
}

fn expectation() -> Value {
    let activities = one_or_more(&name());
    let mut schema = mapping(
        [
            ("person", described("The person that is meant", text())),
            (
                "activities",
                described(
                    "Exactly what this campaign has done for the person, in order",
                    activities.clone(),
                ),
            ),
            (
                "not_activities",
                described("What it has not done for the person", activities),
            ),
            (
                "fields",
                described("What the person's fields are at the end", named(&value())),
            ),
            (
                "lists",
                described(
                    "Static lists that the person is on at the end",
                    one_or_more(&name()),
                ),
            ),
            (
                "not_lists",
                described(
                    "Static lists that the person is not on at the end",
                    one_or_more(&name()),
                ),
            ),
            (
                "statuses",
                described(
                    "The person's status in each of some programs; `NULL` or `Not in Program`: no member",
                    named(&value()),
                ),
            ),
            (
                "mails",
                described(
                    "Exactly the mails that this campaign sent because of the person, in order",
                    several(&mail()),
                ),
            ),
            (
                "qualified",
                described("How many people have entered this campaign", whole_number()),
            ),
        ],
        &[],
    );
    schema["minProperties"] = json!(1);
    schema
}

/// A mail: its name alone, or what its parts must be.
fn mail() -> Value {
    let part = || defined(&tests_name(FieldType::Text));
    let mut parts = mapping(
        [
            ("email", described("The name of the email", part())),
            (
                "subject",
                described("The subject, tokens filled in", part()),
            ),
            ("body", described("The text, tokens filled in", part())),
        ],
        &[],
    );
    parts["minProperties"] = json!(1);
    json!({ "anyOf": [text(), parts] })
}
