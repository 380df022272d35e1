//! Campaign files: their keys, and the smart list.

use serde_json::{Value, json};

use super::parts::{boolean, defined, described, mapping, name, one_of, text, whole_number};
use super::{cases, flow, parts, schedule};

/// The schema of a campaign file.
pub(super) fn file() -> Value {
    let keys = [
        ("name", described("The bare name", name())),
        (
            "program",
            described(
                "The program it belongs to, where no program.yaml says it",
                name(),
            ),
        ),
        ("description", described("For readers", text())),
        ("smart_list", described("Who is meant", smart_list())),
        (
            "flow",
            described("What is done, step by step", flow::steps()),
        ),
        (
            "schedule",
            described("When `campaign advance` runs it", schedule::mapping()),
        ),
        (
            "qualification",
            described("How often a person may enter", qualification()),
        ),
        (
            "max_people",
            described(
                "Refuse a run on more people than that; batch alone",
                whole_number(),
            ),
        ),
        (
            "guard",
            described(
                "Refuse a run on other people than these; batch alone",
                guard(),
            ),
        ),
        (
            "block_non_operational_emails",
            described("Obey the communication limits", boolean()),
        ),
        (
            "active",
            described("Whether events may start it; trigger alone", boolean()),
        ),
        (
            "priority",
            described(
                "Which of two campaigns comes first; trigger alone",
                one_of(["high", "medium", "low"]),
            ),
        ),
        (
            "executable",
            described("It is called by `execute_campaign` alone", boolean()),
        ),
        (
            "marketo_id",
            described("This campaign's id in Marketo's exports", whole_number()),
        ),
        ("tests", described("Tests of this campaign", cases::list())),
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
                described("Any one of them starts the flow", triggers),
            ),
            (
                "filters",
                described("Who is meant, joined by `logic`", filters()),
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
    described(
        "`all`, `any`, or an expression that numbers the filters",
        schema,
    )
}

/// The schema of the guards of a campaign, and of a workspace.
pub(super) fn guard() -> Value {
    let percentage = json!({
        "type": "string",
        "pattern": r"^\s*[0-9]{1,6}(\.[0-9]{1,2})?\s*%\s*$",
        "patternErrorMessage": "write a percentage: `20%`",
        "examples": ["20%"],
    });
    mapping(
        [
            (
                "max_people",
                described("At most so many people", whole_number()),
            ),
            (
                "min_people",
                described("At least so many people", whole_number()),
            ),
            (
                "max_change",
                described("Against those of the last finished run", percentage),
            ),
            (
                "never",
                described("Nobody for whom this holds", defined("filter")),
            ),
            (
                "must_include",
                described("These people, by their keys", parts::one_or_more(&name())),
            ),
        ],
        &[],
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
