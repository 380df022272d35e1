//! People and events of a scenario as the files that the program reads.

use std::fmt::Write as _;

use super::calendar::rfc3339;
use super::scenario::{Event, PersonList};
use super::value::Val;
use super::yaml::quoted;

/// A CSV file, every text in quotes.
pub(crate) fn people(list: &PersonList) -> String {
    let mut header: Vec<&str> = Vec::new();
    if list.by_id {
        header.push("id");
    }
    header.push("email");
    header.extend(list.columns.iter().map(String::as_str));
    let mut out = format!("{}\n", header.join(","));
    for row in &list.rows {
        let mut cells: Vec<String> = Vec::new();
        if list.by_id {
            cells.push(row.id.clone().unwrap_or_default());
        }
        cells.push(row.email.clone().unwrap_or_default());
        cells.extend(
            row.cells
                .iter()
                .map(|cell| cell.as_ref().map(csv).unwrap_or_default()),
        );
        writeln!(out, "{}", cells.join(",")).unwrap();
    }
    out
}

fn csv(value: &Val) -> String {
    match value {
        Val::Text(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        Val::Int(_) | Val::Float(_) | Val::Bool(_) | Val::Date(_) | Val::At(_) => value.text(),
    }
}

/// A file of JSON lines.
pub(crate) fn events(events: &[Event]) -> String {
    events.iter().map(event_line).collect()
}

fn event_line(event: &Event) -> String {
    let mut members: Vec<String> = Vec::new();
    if let Some(id) = &event.id {
        members.push(format!("\"id\":{}", quoted(id)));
    }
    members.push(format!("\"at\":{}", quoted(&rfc3339(event.at))));
    members.push(format!("\"person\":{}", quoted(&event.person)));
    members.push(format!("\"type\":{}", quoted(event.act.trigger())));
    // An attribute named `type` must stand among `attributes`.
    let nested = event.attributes.iter().any(|(name, _)| *name == "type");
    let mut attributes: Vec<String> = event
        .attributes
        .iter()
        .map(|(name, value)| format!("\"{name}\":{}", json(value.as_ref())))
        .collect();
    if event.nested {
        attributes.push(format!("\"form_fields\":{}", form_object(event)));
    } else {
        attributes.extend(form_members(event));
    }
    if nested {
        members.push(format!("\"attributes\":{{{}}}", attributes.join(",")));
    } else {
        members.extend(attributes);
    }
    format!("{{{}}}\n", members.join(","))
}

fn form_members(event: &Event) -> Vec<String> {
    let member = |(field, value): &(String, String)| format!("{}:{}", quoted(field), quoted(value));
    event.form.iter().map(member).collect()
}

/// The fields of a form as an object of their own.
pub(crate) fn form_object(event: &Event) -> String {
    format!("{{{}}}", form_members(event).join(","))
}

fn json(value: Option<&Val>) -> String {
    match value {
        None => "null".to_owned(),
        Some(value @ (Val::Text(_) | Val::Date(_) | Val::At(_))) => quoted(&value.text()),
        Some(value @ (Val::Int(_) | Val::Float(_) | Val::Bool(_))) => value.text(),
    }
}
