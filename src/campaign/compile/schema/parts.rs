//! Building blocks of the JSON Schemas: values, lists and mappings as `source::reader` accepts them.

use serde_json::{Map, Value, json};

use crate::domain::Unit;

/// A single value. It is always text, as scalars are read by their place.
pub(super) fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A name, which is not blank.
pub(super) fn name() -> Value {
    json!({
        "type": ["string", "number", "boolean"],
        "pattern": "\\S",
        "patternErrorMessage": "a name is not blank",
    })
}

/// `true` or `false`.
pub(super) fn boolean() -> Value {
    json!({
        "type": ["boolean", "string"],
        "pattern": any_case(["true", "false"]),
        "patternErrorMessage": "write `true` or `false`",
    })
}

/// A whole number that is not negative.
pub(super) fn whole_number() -> Value {
    json!({
        "type": ["integer", "string"],
        "minimum": 0,
        "pattern": "^(0|[1-9][0-9]*)$",
        "patternErrorMessage": "write digits alone: `25000`",
    })
}

/// A number and a unit in full.
pub(super) fn duration() -> Value {
    let units: Vec<String> = Unit::ALL.iter().map(|unit| letters(unit.name())).collect();
    json!({
        "type": "string",
        "pattern": format!("^\\s*[0-9]+\\s+({})[sS]?\\s*$", units.join("|")),
        "patternErrorMessage": "write a whole number and a unit in full: `3 days`",
        "examples": ["3 days", "2 weeks", "4 hours"],
    })
}

/// A time of day.
pub(super) fn time() -> Value {
    json!({
        "type": "string",
        "pattern": "[0-9]",
        "patternErrorMessage": "write a time of day: `09:00`",
        "examples": ["09:00"],
    })
}

/// One of some words, exactly so.
pub(super) fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Value {
    let words: Vec<&str> = words.into_iter().collect();
    json!({ "enum": words })
}

/// One of some words in lower or upper case.
pub(super) fn one_of_any_case<'a>(words: impl IntoIterator<Item = &'a str> + Clone) -> Value {
    let pattern = any_case(words.clone());
    let all: Vec<&str> = words.clone().into_iter().collect();
    let message = format!("write one of {}", all.join(", "));
    let any_case = json!({ "type": "string", "pattern": pattern, "patternErrorMessage": message });
    json!({ "anyOf": [one_of(words), any_case] })
}

/// A list, or one alone.
pub(super) fn one_or_more(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

/// A mapping of keys that are known, and no other.
pub(super) fn mapping<'a>(
    keys: impl IntoIterator<Item = (&'a str, Value)>,
    required: &[&str],
) -> Value {
    let properties: Map<String, Value> = keys
        .into_iter()
        .map(|(key, schema)| (key.to_owned(), schema))
        .collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// A mapping whose keys are people's own names.
pub(super) fn named(value: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": value })
}

/// A schema with the text that an editor shows for it.
pub(super) fn described(description: impl Into<String>, mut schema: Value) -> Value {
    schema["description"] = Value::String(description.into());
    schema
}

/// A definition by its name.
pub(super) fn defined(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// Returns a pattern of whole words in lower or upper case.
fn any_case<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(letters).collect();
    format!("^({})$", words.join("|"))
}

/// Returns a pattern of one name in any spelling that `domain::text::name_key` takes for the same.
pub(super) fn any_spelling(name: &str) -> String {
    let mut pattern = "^[^a-zA-Z0-9]*".to_owned();
    for letter in name.chars().filter(char::is_ascii_alphanumeric) {
        pattern.push_str(&letters(&letter.to_string()));
        pattern.push_str("[^a-zA-Z0-9]*");
    }
    pattern.push('$');
    pattern
}

fn letters(word: &str) -> String {
    let mut pattern = String::new();
    for letter in word.chars() {
        let (lower, upper) = (letter.to_ascii_lowercase(), letter.to_ascii_uppercase());
        pattern.push('[');
        pattern.extend([lower, upper]);
        pattern.push(']');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::any_case;
    use crate::domain::Duration;

    #[test]
    fn the_examples_of_a_duration_are_durations() {
        for example in ["3 days", "2 weeks", "4 hours"] {
            assert!(Duration::parse(example).is_ok(), "{example}");
        }
    }

    #[test]
    fn words_in_any_case_are_recognised_by_their_letters() {
        assert_eq!(any_case(["on", "off"]), "^([oO][nN]|[oO][fF][fF])$");
    }
}
