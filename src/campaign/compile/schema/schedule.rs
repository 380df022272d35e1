//! `schedule:` of a batch campaign.

use serde_json::{Value, json};

use super::super::schedule::REPEATS;
use super::super::times::WEEKDAYS;
use super::parts::{
    self, boolean, described, one_of, one_of_any_case, one_or_more, text, whole_number,
};

/// Keys that go with some ways of repeating alone.
const BELONG: [(&str, &[&str]); 5] = [
    ("every", &["daily", "weekly", "monthly"]),
    ("weekdays_only", &["daily"]),
    ("weekdays", &["weekly"]),
    ("day_of_month", &["monthly"]),
    ("on_the", &["monthly"]),
];

/// The schema of a schedule.
pub(super) fn mapping() -> Value {
    let on_the = parts::mapping(
        [("week", from_to(1, 4)), ("weekday", weekday())],
        &["week", "weekday"],
    );
    let first_run = json!({ "type": "string", "examples": ["2026-12-01 09:00"] });
    let keys = [
        (
            "first_run",
            described("The earliest instant, and the time of day", first_run),
        ),
        ("repeat", one_of(REPEATS)),
        (
            "every",
            described("Every how many of them", from_to(1, 1000)),
        ),
        ("weekdays_only", boolean()),
        ("weekdays", weekdays()),
        ("day_of_month", from_to(1, 31)),
        ("on_the", described("A weekday of the month", on_the)),
        ("ends", described("The last day, itself included", text())),
        (
            "time_zone",
            described("By default the workspace's", time_zone()),
        ),
    ];
    let mut schema = parts::mapping(keys, &["first_run"]);
    let belong: Vec<Value> = BELONG
        .iter()
        .map(|(key, repeats)| {
            json!({
                "if": { "required": [key] },
                "then": {
                    "properties": { "repeat": { "enum": repeats } },
                    "required": ["repeat"],
                },
            })
        })
        .collect();
    schema["allOf"] = Value::Array(belong);
    schema["not"] = json!({ "required": ["day_of_month", "on_the"] });
    schema
}

/// The schema of one weekday or several.
pub(super) fn weekdays() -> Value {
    one_or_more(&weekday())
}

/// The schema of a time zone's name.
pub(super) fn time_zone() -> Value {
    json!({ "type": "string", "examples": ["America/New_York", "Europe/Berlin", "UTC"] })
}

fn weekday() -> Value {
    one_of_any_case(WEEKDAYS.map(|(name, _)| name))
}

fn from_to(least: u32, most: u32) -> Value {
    let mut number = whole_number();
    number["minimum"] = json!(least);
    number["maximum"] = json!(most);
    number
}
