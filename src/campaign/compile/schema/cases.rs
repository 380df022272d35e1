//! The tests of a campaign.

use serde_json::{Value, json};

use super::parts::{boolean, mapping, name, named, one_or_more, text, told, whole_number};

/// The schema of `tests:`.
pub(super) fn list() -> Value {
    let case = mapping(
        [
            ("name", told("What the test shows", name())),
            ("now", told("The instant at which it begins", instant())),
            ("people", told("Who is there", several(&person()))),
            ("events", told("What happens, in order", several(&event()))),
            (
                "run",
                told("Run the batch campaign at `now`; batch alone", boolean()),
            ),
            (
                "advance_to",
                told("Let waits and schedules elapse until then", instant()),
            ),
            (
                "with",
                told(
                    "Other campaigns that take part, such as those it requests",
                    one_or_more(&name()),
                ),
            ),
            (
                "expect",
                told("What must have come of it", several(&expectation())),
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
            "email": told("Who it is, or `id`", text()),
            "id": told("Who it is, where there is no `email`", text()),
            "lists": told("Static lists that the person is on", one_or_more(&name())),
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
            "at": told("When", json!({ "type": ["string", "number"] })),
            "person": told("Whom it concerns: an email address or an id", text()),
            "type": told("Any name of an activity type, `opens_email`", text()),
        },
        "required": ["at", "person", "type"],
    })
}

fn expectation() -> Value {
    let activities = one_or_more(&name());
    let mut schema = mapping(
        [
            ("person", told("Whose activities or fields", text())),
            (
                "activities",
                told(
                    "Exactly what this campaign has done for the person, in order",
                    activities.clone(),
                ),
            ),
            (
                "not_activities",
                told("What it has not done for the person", activities),
            ),
            (
                "fields",
                told("What the person's fields are at the end", named(&value())),
            ),
            (
                "qualified",
                told("How many people have entered this campaign", whole_number()),
            ),
        ],
        &[],
    );
    schema["minProperties"] = json!(1);
    schema
}
