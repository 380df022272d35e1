//! What people probably meant by words and values that are none of ours.

use crate::domain::{FieldType, Value, Zone};

use super::Operator;

/// Returns what people who think in other words meant.
pub(super) fn other_words(name: &str) -> Option<&'static str> {
    Some(match name {
        "=" | "==" | "eq" | "equals" | "equal" | "in" | "any_of" | "one_of" => "write `is`",
        "!=" | "<>" | "ne" | "not" | "not_equals" | "not_in" | "none_of" => "write `is_not`",
        ">" | "gt" | "more_than" | "above" | "over" => "write `greater_than`",
        "<" | "lt" | "below" | "under" => "write `less_than`",
        ">=" | "gte" | "ge" | "min" | "minimum" => "write `at_least`",
        "<=" | "lte" | "le" | "max" | "maximum" => "write `at_most`",
        "since" | "from" => "write `on_or_after`",
        "until" | "to" => "write `on_or_before`",
        "includes" | "has" | "like" | "matches" => "write `contains`",
        "begins_with" | "prefix" => "write `starts_with`",
        "does_not_contain" | "excludes" => "write `not_contains`",
        "does_not_start_with" => "write `not_starts_with`",
        "exists" | "present" | "is_set" => "write `is_not_empty: true`",
        "empty" | "is_null" | "blank" | "missing" => "write `is_empty: true`",
        "ends_with" | "regex" | "not_ends_with" => {
            "Marketo has no such operator; nearest is `contains`"
        }
        "in_last" | "within" | "last" => "write `in_past: 30 days`",
        _ => return None,
    })
}

/// Returns what a value that does not fit its type was probably meant to be.
pub(super) fn misread(text: &str, field_type: FieldType) -> Option<String> {
    let text = text.trim();
    if field_type == FieldType::Boolean {
        let word = text.to_ascii_lowercase();
        return match word.as_str() {
            "yes" | "y" | "on" => Some("write `true`".to_owned()),
            "no" | "n" | "off" => Some("write `false`".to_owned()),
            _ => None,
        };
    }
    let bare = text
        .trim_end_matches('%')
        .trim_start_matches('$')
        .replace([',', '_'], "");
    let fits = Value::parse(&bare, field_type, &Zone::utc()).is_ok();
    (bare != text && fits).then(|| format!("write `{bare}`"))
}

/// Returns the operator that takes a duration where a date was expected.
pub(super) fn window_for(operator: Operator, text: &str) -> String {
    let name = if matches!(operator, Operator::Before | Operator::OnOrBefore) {
        "in_past_before"
    } else {
        "in_past"
    };
    format!("for a time counted from now write `{name}: {text}`")
}
