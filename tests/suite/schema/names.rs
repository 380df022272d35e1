//! Every key, step and parameter of the compiler is in the schema, and every pattern says what to write instead.

use std::collections::BTreeSet;

use crate::tool::Tool;
use serde_json::Value;

use super::{EVERYONE, File, STEP, schema, validated, whole, with_schedule, with_step};

/// Returns the keys of the object at a place of a schema.
fn keys(schema: &Value, place: &str) -> BTreeSet<String> {
    let found = schema.pointer(&format!("{place}/properties"));
    let found = found.and_then(Value::as_object);
    let found = found.unwrap_or_else(|| panic!("no properties at {place}"));
    found.keys().cloned().collect()
}

/// Returns the names that the compiler lists after some words.
fn names_after(said: &str, words: &str) -> BTreeSet<String> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = said.split_once(words).unwrap_or_else(|| panic!("{said}"));
    let names = rest.split(", ").map_while(|name| {
        let name = name.strip_prefix('`')?;
        name.split_once('`')
            .map(|(name, after)| (name.to_owned(), after.is_empty()))
    });
    let mut found = BTreeSet::new();
    for (name, more) in names {
        found.insert(name);
        if !more {
            break;
        }
    }
    found
}

#[test]
fn every_key_that_the_compiler_knows_is_in_the_schema() {
    let campaign = schema(File::Campaign);
    let schedule = "first_run: 2027-01-01 09:00, zzzzzz: 1";
    let cases = [
        (format!("name: Trial\nzzzzzz: 1\n{EVERYONE}\n{STEP}"), ""),
        (
            format!("name: Trial\nsmart_list: {{ zzzzzz: 1 }}\n{STEP}"),
            "/properties/smart_list",
        ),
        (with_schedule(schedule), "/properties/schedule"),
        (
            with_schedule("first_run: 2027-01-01 09:00, repeat: monthly, on_the: { zzzzzz: 1 }"),
            "/properties/schedule/properties/on_the",
        ),
    ];
    for (text, place) in cases {
        let known = names_after(&validated(None, &text).1, "its keys are ");
        assert_eq!(known, keys(&campaign, place), "{text}");
    }
    let workspace = whole(File::Workspace);
    let cases = [
        ("zzzzzz: 1", ""),
        (
            "communication_limits: { zzzzzz: 1 }",
            "/communication_limits",
        ),
        ("cascade_limit: { zzzzzz: 1 }", "/cascade_limit"),
        (
            "fields: { a: { zzzzzz: 1 } }",
            "/fields/additionalProperties",
        ),
        (
            "emails: { a: { zzzzzz: 1 } }",
            "/emails/additionalProperties",
        ),
        (
            "programs: { a: { zzzzzz: 1 } }",
            "/programs/additionalProperties",
        ),
        (
            "channels: { a: { statuses: [ { zzzzzz: 1 } ] } }",
            "/channels/additionalProperties/properties/statuses/items",
        ),
        (
            "smart_lists: { a: { zzzzzz: 1 } }",
            "/smart_lists/additionalProperties",
        ),
        (
            "activities: { a: { zzzzzz: 1 } }",
            "/activities/additionalProperties",
        ),
        (
            "webhooks: { a: { zzzzzz: 1 } }",
            "/webhooks/additionalProperties",
        ),
    ];
    for (text, place) in cases {
        let (_, said) = validated(Some(text), &format!("name: Trial\n{EVERYONE}\n{STEP}"));
        let known = names_after(&said, "its keys are ");
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("/properties{place}")
        };
        assert_eq!(known, keys(&workspace, &place), "{text}");
    }
}

#[test]
fn every_step_and_parameter_that_the_compiler_knows_is_in_the_schema() {
    let schema = schema(File::Campaign);
    let place = "/properties/flow/items";
    let (_, said) = validated(None, &with_step("zzzzzz: 1"));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, rest) = said.split_once("the steps are ").unwrap();
    let mut steps: BTreeSet<String> = rest
        .split(", ")
        .map(|step| step.split_whitespace().next().unwrap().to_owned())
        .collect();
    steps.insert("id".to_owned());
    assert_eq!(steps, keys(&schema, place));
    steps.remove("id");
    for step in steps {
        let (_, said) = validated(None, &with_step(&format!("{step}: {{ zzzzzz: 1 }}")));
        let known = if said.contains("its only parameter is ") {
            names_after(&said, "its only parameter is ")
        } else if said.contains("its parameters are ") {
            names_after(&said, "its parameters are ")
        } else {
            BTreeSet::new()
        };
        let long = format!("{place}/properties/{step}");
        let long = if schema.pointer(&format!("{long}/properties")).is_some() {
            long
        } else {
            format!("{long}/anyOf/1")
        };
        let mut inside = keys(&schema, &long);
        for more in ["id", "choices", "default", "do_nothing"] {
            assert!(inside.remove(more), "{step} lacks {more}");
        }
        assert_eq!(known, inside, "{step}");
    }
}

/// Counts the patterns of a schema; each must say what to write instead.
fn patterns(schema: &Value, place: &str) -> usize {
    let below = |key: &str, value: &Value| patterns(value, &format!("{place}/{key}"));
    match schema {
        Value::Object(keys) => {
            let own = keys.get("pattern").is_some_and(Value::is_string);
            let message = keys.get("patternErrorMessage");
            assert!(
                !own || message.is_some_and(Value::is_string),
                "{place} has no message"
            );
            let parts: usize = keys.iter().map(|(key, value)| below(key, value)).sum();
            usize::from(own) + parts
        }
        Value::Array(items) => items.iter().map(|item| below("item", item)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

#[test]
fn every_pattern_says_what_to_write_instead() {
    let mut tool = Tool::new().copy("campaigns");
    for line in [
        "schema",
        "schema workspace",
        "schema program",
        "schema --workspace",
        "schema workspace --workspace",
        "schema program --workspace",
    ] {
        let schema: Value = serde_json::from_str(&tool.text(line)).unwrap();
        assert!(patterns(&schema, line) > 0, "{line} has no pattern");
    }
}
