//! Campaign files: their keys, and the smart list.

use serde_json::{Value, json};

use super::parts::{boolean, defined, mapping, name, one_of, text, told, whole_number};
use super::{cases, flow, parts, schedule};

/// The schema of a campaign file.
pub(super) fn file() -> Value {
    let keys = [
        ("name", told("The bare name", name())),
        (
            "program",
            told(
                "The program it belongs to, where no program.yaml says it",
                name(),
            ),
        ),
        ("description", told("For readers", text())),
        ("smart_list", told("Who is meant", smart_list())),
        ("flow", told("What is done, step by step", flow::steps())),
        (
            "schedule",
            told("When `campaign advance` runs it", schedule::mapping()),
        ),
        (
            "qualification",
            told("How often a person may enter", qualification()),
        ),
        (
            "max_people",
            told(
                "Refuse a run on more people than that; batch alone",
                whole_number(),
            ),
        ),
        (
            "block_non_operational_emails",
            told("Obey the communication limits", boolean()),
        ),
        (
            "active",
            told("Whether events may start it; trigger alone", boolean()),
        ),
        (
            "priority",
            told(
                "Which of two campaigns comes first; trigger alone",
                one_of(["high", "medium", "low"]),
            ),
        ),
        (
            "executable",
            told("It is called by `execute_campaign` alone", boolean()),
        ),
        (
            "marketo_id",
            told("This campaign's id in Marketo's exports", whole_number()),
        ),
        ("tests", told("Tests of this campaign", cases::list())),
    ];
    let mut schema = mapping(keys, &["name"]);
    schema["anyOf"] = json!([{ "required": ["smart_list"] }, { "required": ["executable"] }]);
    schema
}

fn smart_list() -> Value {
    let triggers = json!({ "type": "array", "items": defined("trigger") });
    mapping(
        [
            (
                "triggers",
                told("Any one of them starts the flow", triggers),
            ),
            (
                "filters",
                told("Who is meant, joined by `logic`", filters()),
            ),
            ("logic", logic()),
        ],
        &[],
    )
}

/// The schema of a smart list of the workspace.
pub(super) fn named_smart_list() -> Value {
    mapping([("filters", filters()), ("logic", logic())], &["filters"])
}

fn filters() -> Value {
    json!({ "type": "array", "items": defined("filter") })
}

fn logic() -> Value {
    let schema = json!({ "type": "string", "examples": ["all", "any", "1 and (2 or 3)"] });
    told(
        "`all`, `any`, or an expression that numbers the filters",
        schema,
    )
}

fn qualification() -> Value {
    json!({
        "anyOf": [
            one_of(["only_once", "every_time"]),
            mapping([("once_every", parts::duration())], &["once_every"]),
        ],
    })
}
