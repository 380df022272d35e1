//! One row of a log in a few words: what the `detail`, `step` and `outcome` columns say.

use serde_json::{Map, Value};

use crate::domain::value::parse_datetime;
use crate::results::ActivityRow;

use super::Look;

/// Attributes that repeat what other columns say.
const REPEATED: [&str; 2] = ["reason", "source"];

/// Returns what an activity was about: `lead_score: 5 → 10 (change +5)`, `spring-sale (link /pricing)`.
pub(crate) fn of(row: &ActivityRow, look: &Look) -> String {
    let mut attributes = row
        .attributes
        .as_ref()
        .and_then(|json| serde_json::from_str::<Map<String, Value>>(json.get()).ok())
        .unwrap_or_default();
    attributes.retain(|key, value| !value.is_null() && !REPEATED.contains(&key.as_str()));
    let mut text = row.primary_value.clone().unwrap_or_default();
    for said in [
        change(&mut attributes, look),
        attributes
            .shift_remove("description")
            .map(|description| plain(&description, look)),
    ]
    .into_iter()
    .flatten()
    {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&said);
    }
    let others: Vec<String> = attributes
        .iter()
        .map(|(key, value)| format!("{} {}", key.replace('_', " "), plain(value, look)))
        .collect();
    match (text.is_empty(), others.is_empty()) {
        (_, true) => text,
        (true, false) => others.join(", "),
        (false, false) => format!("{text} ({})", others.join(", ")),
    }
}

/// Takes a new value, and the one before it where there was one, out of the attributes.
fn change(attributes: &mut Map<String, Value>, look: &Look) -> Option<String> {
    for (new, previous) in [
        ("new_value", "previous_value"),
        ("new_status", "previous_status"),
    ] {
        let before = attributes.shift_remove(previous);
        let after = attributes.shift_remove(new);
        match (before, after) {
            (None, None) => {}
            (None, Some(after)) => return Some(plain(&after, look)),
            (Some(before), None) => return Some(format!("{} → empty", plain(&before, look))),
            (Some(before), Some(after)) => {
                return Some(format!(
                    "{} → {}",
                    plain(&before, look),
                    plain(&after, look)
                ));
            }
        }
    }
    None
}

fn plain(value: &Value, look: &Look) -> String {
    match value {
        Value::String(text) => instant(text, look).unwrap_or_else(|| text.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

/// Returns an instant as tables show it, where a text is one as the database writes it: of the universal time.
pub(super) fn instant(text: &str, look: &Look) -> Option<String> {
    let is_utc = text.len() >= 20 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    let at = parse_datetime(text, &look.zone).filter(|_| is_utc)?;
    Some(look.when(at))
}

/// Returns the step and the choice taken: `2`, `2:1`, or `2:0` for the default.
pub(crate) fn step(row: &ActivityRow) -> String {
    match (row.step, row.choice) {
        (None, _) => String::new(),
        (Some(step), None) => step.to_string(),
        (Some(step), Some(choice)) => format!("{step}:{choice}"),
    }
}

/// Returns how a step ended, and why: `skipped: no change`.
pub(crate) fn outcome(row: &ActivityRow) -> String {
    match (row.outcome, row.reason) {
        (None, None) => String::new(),
        (Some(outcome), None) => outcome.name().to_owned(),
        (None, Some(reason)) => reason.text().into_owned(),
        (Some(outcome), Some(reason)) => format!("{}: {reason}", outcome.name()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::domain::{Instant, Zone};

    fn shown(primary: Option<&str>, attributes: &str) -> String {
        let row = ActivityRow {
            activity_id: 1,
            at: Instant::from_micros(0),
            person_id: 1,
            email: None,
            activity_type: "change_score".to_owned(),
            primary_value: primary.map(str::to_owned),
            attributes: RawValue::from_string(attributes.to_owned()).ok(),
            campaign: None,
            run_id: None,
            step: None,
            choice: None,
            outcome: None,
            reason: None,
            event_id: None,
            happening: None,
            marketo_campaign: None,
            id: None,
            person: "#1".to_owned(),
        };
        of(&row, &Look::plain(Zone::named("Europe/Berlin").unwrap()))
    }

    #[test]
    fn changes_show_old_and_new() {
        let change = r#"{"change":"+5","new_value":10,"previous_value":5,"reason":"Changed by …"}"#;
        assert_eq!(
            shown(Some("lead_score"), change),
            "lead_score: 5 → 10 (change +5)"
        );
        assert_eq!(
            shown(Some("lead_status"), r#"{"new_value":"MQL"}"#),
            "lead_status: MQL"
        );
        assert_eq!(
            shown(
                Some("phone"),
                r#"{"new_value":null,"previous_value":"030 1"}"#
            ),
            "phone: 030 1 → empty"
        );
    }

    #[test]
    fn instants_are_shown_in_the_zone() {
        assert_eq!(
            shown(None, r#"{"until":"2026-11-13T17:00:00Z"}"#),
            "until 2026-11-13 18:00:00"
        );
    }

    #[test]
    fn an_empty_row_says_nothing() {
        assert_eq!(shown(None, "{}"), "");
        assert_eq!(
            shown(Some("spring"), r#"{"link":"/pricing"}"#),
            "spring (link /pricing)"
        );
    }
}
