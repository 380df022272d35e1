//! One row of a log in a few words: what the `detail`, `step` and `outcome` columns say.

use serde_json::{Map, Value};

use crate::results::ActivityRow;

/// Attributes that repeat what other columns say.
const REPEATED: [&str; 2] = ["reason", "source"];

/// Returns what an activity was about: `lead_score: 5 → 10 (change +5)`, `spring-sale (link /pricing)`.
pub fn of(row: &ActivityRow) -> String {
    let mut attributes = row
        .attributes
        .as_ref()
        .and_then(|json| serde_json::from_str::<Map<String, Value>>(json.get()).ok())
        .unwrap_or_default();
    let mut text = row.primary_value.clone().unwrap_or_default();
    if let Some(new) = attributes.shift_remove("new_value") {
        let old = attributes.shift_remove("previous_value");
        let old = old.filter(|old| !old.is_null());
        if !text.is_empty() {
            text.push_str(": ");
        }
        if let Some(old) = old {
            text.push_str(&plain(&old));
            text.push_str(" → ");
        }
        text.push_str(&plain(&new));
    }
    let others: Vec<String> = attributes
        .iter()
        .filter(|(key, value)| !value.is_null() && !REPEATED.contains(&key.as_str()))
        .map(|(key, value)| format!("{} {}", key.replace('_', " "), plain(value)))
        .collect();
    match (text.is_empty(), others.is_empty()) {
        (_, true) => text,
        (true, false) => others.join(", "),
        (false, false) => format!("{text} ({})", others.join(", ")),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Returns the step and the choice taken: `2`, `2:1`, or `2:default`.
pub fn step(row: &ActivityRow) -> String {
    match (row.step, row.choice) {
        (None, _) => String::new(),
        (Some(step), None) => step.to_string(),
        (Some(step), Some(0)) => format!("{step}:default"),
        (Some(step), Some(choice)) => format!("{step}:{choice}"),
    }
}

/// Returns how a step ended, and why: `skipped: no change`.
pub fn outcome(row: &ActivityRow) -> String {
    match (&row.outcome, &row.reason) {
        (None, None) => String::new(),
        (Some(outcome), None) => outcome.clone(),
        (None, Some(reason)) => reason.clone(),
        (Some(outcome), Some(reason)) => format!("{outcome}: {reason}"),
    }
}
