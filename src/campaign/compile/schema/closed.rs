//! Schemas of one workspace: fields, lists, emails and the like are those that its files have, and no others.
//!
//! The schemas of any workspace leave such names open. Here the places of names are found in them again and closed. What
//! the compiler leaves open stays open: emails, lists and programs where the workspace defines none, and names in
//! constraints on activities, which may be those of another system.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::File;
use super::filters::{constraints, tests_name};
use super::parts::{defined, described, name};
use crate::campaign::Workspace;

/// The names of a workspace, each set with the word for one of it; an empty set is open.
struct Names {
    sets: Vec<(&'static str, BTreeSet<String>)>,
}

/// Closes the names in a schema of any workspace.
pub(super) fn close(schema: &mut Value, file: File, workspace: &Workspace, declared: &Declared) {
    let names = Names::of(workspace, declared);
    match file {
        File::Campaign => {
            close_steps(schema, &names);
            close_filters(schema, workspace, &names);
            if names.is_closed("program") {
                schema["properties"]["program"] = defined("program_name");
            }
            if let Some(definitions) = schema["definitions"].as_object_mut() {
                names.define(definitions);
            }
        }
        File::Program => {
            if !declared.channels.is_empty() {
                let channel = &mut schema["properties"]["channel"];
                let channels = declared.channels.iter().cloned().collect();
                *channel = described(
                    "The workspace's channel that gives the statuses",
                    one_of_names("channel", &channels),
                );
            }
        }
        File::Workspace => {}
    }
}

/// Names that the compiled workspace does not distinguish from those that campaigns bring.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    /// Lists under `lists:`.
    pub(crate) lists: Vec<String>,
    /// Programs under `programs:` and of folders.
    pub(crate) programs: Vec<String>,
    /// Channels.
    pub(crate) channels: Vec<String>,
    /// Campaigns: full names and bare names.
    pub(crate) campaigns: Vec<String>,
    /// Named smart lists.
    pub(crate) smart_lists: Vec<String>,
}

impl Names {
    fn of(workspace: &Workspace, declared: &Declared) -> Self {
        let emails = workspace.emails.values().map(|email| email.name.clone());
        let webhooks = workspace.webhooks.values().map(|hook| hook.name.clone());
        let fields = workspace.fields.iter();
        let fields = fields.flat_map(|(_, field)| [field.name.clone(), field.label.clone()]);
        let all_known = workspace.programs.iter().all(|p| !p.statuses.is_empty());
        let statuses = workspace
            .programs
            .iter()
            .filter(|_| all_known)
            .flat_map(|program| &program.statuses)
            .map(|status| status.name.to_string());
        let statuses: BTreeSet<String> = statuses.collect();
        let statuses = if statuses.is_empty() {
            statuses
        } else {
            statuses
                .into_iter()
                .chain(["Not in Program".to_owned()])
                .collect()
        };
        let set = |names: &[String]| -> BTreeSet<String> { names.iter().cloned().collect() };
        let mut smart_lists = set(&declared.smart_lists);
        smart_lists.extend(super::super::smart_lists::system_names().map(str::to_owned));
        Self {
            sets: vec![
                ("email", emails.collect()),
                ("webhook", webhooks.collect()),
                ("field", fields.collect()),
                ("status", statuses),
                ("list", set(&declared.lists)),
                ("program", set(&declared.programs)),
                ("campaign", set(&declared.campaigns)),
                ("smart_list", smart_lists),
            ],
        }
    }

    fn is_closed(&self, kind: &str) -> bool {
        let mut sets = self.sets.iter();
        sets.any(|(known, names)| *known == kind && !names.is_empty())
    }

    /// Adds a definition for each closed set.
    fn define(&self, definitions: &mut Map<String, Value>) {
        for (kind, names) in self.sets.iter().filter(|(_, names)| !names.is_empty()) {
            definitions.insert(format!("{kind}_name"), one_of_names(kind, names));
        }
    }

    /// Returns the schema of one name of a kind.
    fn name(&self, kind: &str) -> Option<Value> {
        self.is_closed(kind)
            .then(|| defined(&format!("{kind}_name")))
    }
}

/// A text that is one of some names in any case. Editors offer the names and say what is wrong with another.
fn one_of_names(kind: &str, names: &BTreeSet<String>) -> Value {
    let patterns: Vec<String> = names.iter().map(|name| in_any_case(name)).collect();
    let kind = kind.replace('_', " ");
    json!({
        "type": ["string", "number", "boolean"],
        "pattern": format!("^({})$", patterns.join("|")),
        "patternErrorMessage": format!("the workspace has no {kind} of this name"),
        "examples": names,
    })
}

/// Returns a pattern of a name in lower or upper case.
fn in_any_case(name: &str) -> String {
    let mut pattern = String::new();
    for letter in name.chars() {
        let lower: Vec<char> = letter.to_lowercase().collect();
        let upper: Vec<char> = letter.to_uppercase().collect();
        match (lower.as_slice(), upper.as_slice()) {
            ([lower], [upper]) if lower != upper => {
                pattern.push('[');
                pattern.extend([lower, upper]);
                pattern.push(']');
            }
            _ if letter.is_alphanumeric() || letter == ' ' => pattern.push(letter),
            _ if letter.is_ascii() => pattern.extend(['\\', letter]),
            _ => pattern.push(letter),
        }
    }
    pattern
}

/// Closes the parameters of steps, and the bare value that is a step's main parameter.
fn close_steps(schema: &mut Value, names: &Names) {
    let items = &mut schema["properties"]["flow"]["items"];
    for part in ["properties", "patternProperties"] {
        let Some(steps) = items[part].as_object_mut() else {
            continue;
        };
        for (step, value) in steps.iter_mut() {
            // The field of a membership is not a field of the person.
            let of_member = step.contains("member_data");
            close_parameters(value, names, of_member);
            let bare =
                crate::campaign::references::named_by_bare_value(step.trim_matches(['^', '$']));
            if let Some(kind) = bare.and_then(|kind| names.name(&kind.key())) {
                replace(value, &kind);
            }
        }
    }
}

/// Returns whether any name may stand here.
fn is_open(value: &Value) -> bool {
    let Some(keys) = value.as_object() else {
        return false;
    };
    let mut keys = keys.clone();
    keys.remove("description");
    Value::Object(keys) == name()
}

/// Replaces what is left of an open name: the bare values of a step and of its default.
fn replace(value: &mut Value, closed: &Value) {
    if is_open(value) {
        *value = closed.clone();
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, closed)),
        Value::Object(keys) => {
            for key in ["anyOf", "default", "properties"] {
                if let Some(inner) = keys.get_mut(key) {
                    replace(inner, closed);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Closes the parameters that name something, wherever they are properties.
fn close_parameters(value: &mut Value, names: &Names, of_member: bool) {
    match value {
        Value::Array(items) => {
            for item in items {
                close_parameters(item, names, of_member);
            }
        }
        Value::Object(keys) => {
            if let Some(Value::Object(properties)) = keys.get_mut("properties") {
                for (key, schema) in properties.iter_mut() {
                    let closed = names.name(key).filter(|_| !(of_member && key == "field"));
                    match closed {
                        Some(closed) => *schema = closed,
                        None => close_parameters(schema, names, of_member),
                    }
                }
            }
            for key in ["anyOf", "items"] {
                if let Some(inner) = keys.get_mut(key) {
                    close_parameters(inner, names, of_member);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Closes the keys of filters and triggers, and the names in membership filters.
fn close_filters(schema: &mut Value, workspace: &Workspace, names: &Names) {
    let definitions = &mut schema["definitions"];
    let filters = &mut definitions["filter"];
    if let Some(known) = filters["properties"].as_object_mut() {
        for (_, field) in workspace.fields.iter() {
            let kind = field.field_type.name();
            let about = format!("{}, a field of type {kind}", field.label);
            let schema = json!({ "allOf": [defined(&tests_name(field.field_type))] });
            for name in [&field.name, &field.label] {
                known
                    .entry(name.clone())
                    .or_insert_with(|| described(about.clone(), schema.clone()));
            }
        }
        for (_, activity) in workspace.activities.iter() {
            for filter in activity
                .filter
                .iter()
                .flat_map(|f| [f.clone(), format!("not_{f}")])
            {
                let schema = described(activity.label.clone(), constraints(activity, true));
                known.entry(filter).or_insert(schema);
            }
        }
        for (filter, kind) in MEMBERSHIPS {
            if let (Some(filter), Some(name)) = (known.get_mut(filter), names.name(kind)) {
                close_membership(filter, &name);
            }
        }
    }
    close_keys(
        filters,
        "the workspace has no field and no filter of this name",
    );
    let triggers = &mut definitions["trigger"];
    if let Some(known) = triggers["properties"].as_object_mut() {
        for (_, activity) in workspace.activities.iter() {
            if let Some(trigger) = &activity.trigger {
                let schema = described(activity.label.clone(), constraints(activity, false));
                known.entry(trigger.clone()).or_insert(schema);
            }
        }
    }
    close_keys(triggers, "the workspace has no trigger of this name");
}

/// Filters on memberships, and what their values name.
const MEMBERSHIPS: [(&str, &str); 4] = [
    ("member_of_list", "list"),
    ("member_of_smart_list", "smart_list"),
    ("member_of_smart_campaign", "campaign"),
    ("member_of_program", "program"),
];

/// Lets a mapping have the keys that it knows, and those in another spelling, such as display names.
fn close_keys(schema: &mut Value, message: &str) {
    let Some(known) = schema["properties"].as_object() else {
        return;
    };
    let keys: Vec<String> = known.keys().map(|key| escaped(key)).collect();
    schema["propertyNames"] = json!({
        "pattern": format!("^({})$|[^a-z0-9_]", keys.join("|")),
        "patternErrorMessage": message,
    });
}

fn escaped(text: &str) -> String {
    let special = |c: char| c.is_ascii_punctuation() && c != '_';
    let mut pattern = String::new();
    for c in text.chars() {
        if special(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Closes the names of a membership filter: bare, in a list, or behind `is` and `is_not`; `any` stays.
fn close_membership(filter: &mut Value, name: &Value) {
    let any = json!({
        "type": "string",
        "pattern": "^[aA][nN][yY]$",
        "patternErrorMessage": "write a name of this workspace, or `any`",
    });
    let one = json!({ "anyOf": [name, any] });
    let names = json!({ "anyOf": [one, { "type": "array", "items": name, "minItems": 1 }] });
    let mut mapping = filter.clone();
    mapping["type"] = json!("object");
    if let Some(keys) = mapping.as_object_mut() {
        keys.remove("items");
        keys.remove("minItems");
        for part in ["properties", "patternProperties"] {
            let Some(operators) = keys.get_mut(part).and_then(Value::as_object_mut) else {
                continue;
            };
            for (operator, schema) in operators.iter_mut() {
                if matches!(operator.as_str(), "is" | "is_not" | "^(not_)?in$") {
                    *schema = names.clone();
                }
            }
        }
    }
    *filter = json!({
        "if": { "type": "object" },
        "then": mapping,
        "else": names,
    });
}
