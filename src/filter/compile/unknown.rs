//! Errors for keys that are neither a filter nor a trigger, with the nearest name or why Marketo's filter is not supported.

use strsim::damerau_levenshtein;

use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Code, Span};
use crate::domain::ActivityType;
use crate::domain::text::name_key;
use crate::filter::BuiltIn;

use super::Context;
use super::activity_name::{find, find_trigger};

/// Reports what is wrong with the key of a filter.
pub(super) fn filter(key: &str, span: Span, cx: &mut Context<'_>) {
    if let Some((message, help)) = other_name_as_filter(key, cx) {
        return cx
            .diagnostics
            .fault_with(Code::UnknownFilter, span, message, help);
    }
    if let Some(reason) = unsupported(key) {
        let message = format!("`{key}` {reason}");
        let help =
            "if it is a person field of yours, declare it under `fields:` in the workspace file";
        return cx
            .diagnostics
            .fault_with(Code::UnsupportedHere, span, message, help);
    }
    if let Some(help) = other_word(key) {
        let message = format!("no filter `{key}`");
        return cx
            .diagnostics
            .fault_with(Code::UnknownFilter, span, message, help);
    }
    suggest_filter(key, span, cx);
}

/// Reports what is wrong with the key of a trigger.
pub(super) fn trigger(key: &str, span: Span, cx: &mut Context<'_>) {
    let (message, help) = if let Some(diagnostics) = other_name_as_trigger(key, cx) {
        diagnostics
    } else if let Some(reason) = unsupported(key) {
        let message = format!("`{key}` {reason}");
        return cx.diagnostics.fault(Code::UnsupportedHere, span, message);
    } else {
        let names = cx
            .activities
            .iter()
            .filter_map(|(_, t)| t.trigger.as_deref());
        let near = nearest(key, names);
        let help = did_you_mean(&near)
            .unwrap_or_else(|| "triggers have the present-tense names of activities: `opens_email`, `fills_out_form`, `data_value_changes`, …; declare one of yours under `activities:` in the workspace file".to_owned());
        (format!("no trigger `{key}`"), help)
    };
    cx.diagnostics
        .fault_with(Code::UnknownTrigger, span, message, help);
}

/// The key is another name of an activity type: its trigger, or its name in logs.
fn other_name_as_filter(key: &str, cx: &Context<'_>) -> Option<(String, String)> {
    let (not, rest) = match key.strip_prefix("not_") {
        Some(rest) if cx.activities.find(key).is_none() => ("not_", rest),
        Some(_) | None => ("", key),
    };
    let id = named(rest, cx)?;
    let activity = cx.activities.get(id);
    let is_trigger = find_trigger(rest, cx.activities) == Some(id);
    let kind = if is_trigger {
        "a trigger"
    } else {
        "an activity"
    };
    Some(match &activity.filter {
        Some(filter) => (
            format!("`{rest}` is {kind}, not a filter"),
            format!("as a filter write `{not}{filter}`"),
        ),
        None => (
            format!("`{rest}` is {kind} that has no filter"),
            no_such("filter", activity),
        ),
    })
}

fn other_name_as_trigger(key: &str, cx: &Context<'_>) -> Option<(String, String)> {
    if let Some((_, id)) = find(key, cx.activities) {
        let activity = cx.activities.get(id);
        return Some(as_trigger(key, "a filter", activity));
    }
    if let Some(id) = named(key, cx) {
        return Some(as_trigger(key, "an activity", cx.activities.get(id)));
    }
    let message = format!("`{key}` is a filter, not a trigger");
    if BuiltIn::named(key).is_some() {
        return Some((message, "put it under `filters:`".to_owned()));
    }
    let field = &cx.fields.field(cx.fields.find(key)?).name;
    let help = format!(
        "put it under `filters:`; when it changes, the trigger is `data_value_changes: {{ field: {field} }}`"
    );
    Some((message, help))
}

fn as_trigger(key: &str, kind: &str, activity: &ActivityType) -> (String, String) {
    match &activity.trigger {
        Some(trigger) => (
            format!("`{key}` is {kind}, not a trigger"),
            format!("as a trigger write `{trigger}`"),
        ),
        None => (
            format!("`{key}` is {kind} that has no trigger"),
            no_such("trigger", activity),
        ),
    }
}

fn no_such(kind: &str, activity: &ActivityType) -> String {
    format!("Marketo has no {kind} for {}", activity.label)
}

/// Finds a type by name; not by number, which is not a name of a filter.
fn named(key: &str, cx: &Context<'_>) -> Option<crate::domain::ActivityTypeId> {
    cx.activities
        .find(key)
        .filter(|_| key.bytes().any(|b| b.is_ascii_alphabetic()))
}

/// The nearest names; a fault about a field where a field is nearest.
fn suggest_filter(key: &str, span: Span, cx: &mut Context<'_>) {
    let (fields, activities) = (cx.fields, cx.activities);
    let filters: Vec<&str> = activities
        .iter()
        .filter_map(|(_, t)| t.filter.as_deref())
        .collect();
    let inverses: Vec<String> = if key.starts_with("not_") {
        filters.iter().map(|name| format!("not_{name}")).collect()
    } else {
        Vec::new()
    };
    let mut names: Vec<&str> = fields
        .iter()
        .map(|(_, field)| field.name.as_str())
        .collect();
    names.extend(filters);
    names.extend(BuiltIn::ALL.map(BuiltIn::name));
    names.extend(inverses.iter().map(String::as_str));
    let near = nearest(key, names);
    let field_is_nearest = near
        .first()
        .is_some_and(|name| cx.fields.find(name).is_some());
    let (code, message) = if field_is_nearest {
        (Code::UnknownField, format!("no field `{key}`"))
    } else {
        (
            Code::UnknownFilter,
            format!("neither a field nor a filter is named `{key}`"),
        )
    };
    // A name that is not a mere slip may be one of the user's own.
    let slip = near
        .first()
        .is_some_and(|name| damerau_levenshtein(key, name) <= 2);
    let own = "declare a custom field under `fields:`, or an activity of yours under `activities:`, in the workspace file";
    let help = match did_you_mean(&near) {
        Some(meant) if slip => meant,
        Some(meant) => format!("{meant} Otherwise {own}"),
        None => own.to_owned(),
    };
    cx.diagnostics.fault_with(code, span, message, help);
}

fn did_you_mean(near: &[&str]) -> Option<String> {
    let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", quoted.join(" or ")))
}

/// Returns what people who think in other words meant.
fn other_word(key: &str) -> Option<String> {
    let help = match key.to_ascii_lowercase().as_str() {
        "not" | "none" => {
            "negate inside the filter: `is_not`, `not_contains`, `not_opened_email`, …"
        }
        "everyone" | "all_people" => "write `member_of_smart_list: All People`",
        _ => return BuiltIn::meant(key),
    };
    Some(help.to_owned())
}

/// Returns why bugle does not support the Marketo feature of this name.
fn unsupported(key: &str) -> Option<&'static str> {
    const REASONS: [(&str, &str); 16] = [
        ("sfdc", "needs Salesforce, to which bugle does not connect"),
        (
            "salesforce",
            "needs Salesforce, to which bugle does not connect",
        ),
        (
            "microsoft",
            "needs Microsoft Dynamics, to which bugle does not connect",
        ),
        ("opportunit", "needs opportunities, which come from a CRM"),
        (
            "revenuemodel",
            "needs a revenue model, which bugle does not support",
        ),
        (
            "revenuestage",
            "needs a revenue model, which bugle does not support",
        ),
        (
            "memberofnurture",
            "needs engagement programs, which bugle does not support",
        ),
        (
            "memberofengagement",
            "needs engagement programs, which bugle does not support",
        ),
        (
            "namedaccount",
            "needs named accounts, which bugle does not support",
        ),
        (
            "accountlist",
            "needs named accounts, which bugle does not support",
        ),
        (
            "vibes",
            "needs Vibes, an SMS service, to which bugle does not connect",
        ),
        (
            "memberofaccount",
            "needs named accounts, which bugle does not support",
        ),
        ("fieldset", "needs field sets, which bugle does not support"),
        (
            "duplicatefields",
            "looks for duplicates, but a person list has one row a key",
        ),
        (
            "inferred",
            "is inferred by Marketo's servers from a visitor's address",
        ),
        (
            "segment",
            "needs segmentations, which bugle does not support",
        ),
    ];
    let key = name_key(key);
    REASONS
        .into_iter()
        .find(|(part, _)| key.contains(part))
        .map(|(_, reason)| reason)
}
