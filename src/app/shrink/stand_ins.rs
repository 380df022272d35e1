//! Other values of the same shape in the place of personal ones, wherever the test then still passes.
//!
//! A value that is needed as it is and stands in a definition anyway is no personal one. Any other that is needed is an error:
//! nothing of a person leaves without `--show-values`.

use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use crate::app::{ErrorKind, UserError};
use crate::domain::Zone;
use crate::domain::instant::HOUR;
use crate::domain::value::{parse_date, parse_datetime};

use super::documents::Documents;

/// The keys of an event that are not values of a person: what it is, and what of the workspace it names.
const NO_VALUE: [&str; 8] = [
    "at",
    "person",
    "type",
    "field",
    "list",
    "program",
    "campaign",
    "new_status",
];

/// Puts stand-ins in the place of all personal values of the test; `definitions` are all that the database has.
pub(super) fn put(
    documents: &mut Documents,
    definitions: &Documents,
    seed: u64,
) -> Result<(), UserError> {
    put_key(documents, definitions, seed)?;
    for (list, place, key) in values(documents) {
        let Some(value) = value(documents, list, place, &key).cloned() else {
            continue;
        };
        put_value(documents, definitions, seed, (list, place, &key), &value)?;
    }
    Ok(())
}

/// Returns the place of each value of the person and of events.
fn values(documents: &mut Documents) -> Vec<(&'static str, usize, String)> {
    let mut found = Vec::new();
    for list in ["people", "events"] {
        let rows = documents
            .test()
            .and_then(|test| test.get(list))
            .and_then(Json::as_array);
        for (place, row) in rows.into_iter().flatten().enumerate() {
            let keys = row.as_object().into_iter().flat_map(|row| row.keys());
            let keys = keys.filter(|key| match list {
                "people" => !["email", "lists"].contains(&key.as_str()),
                _ => !NO_VALUE.contains(&key.as_str()),
            });
            found.extend(keys.map(|key| (list, place, key.clone())));
        }
    }
    found
}

fn value<'d>(
    documents: &'d mut Documents,
    list: &str,
    place: usize,
    key: &str,
) -> Option<&'d mut Json> {
    documents
        .test()?
        .get_mut(list)?
        .get_mut(place)?
        .get_mut(key)
}

/// Puts another value in a place, if the test then still passes.
fn put_value(
    documents: &mut Documents,
    definitions: &Documents,
    seed: u64,
    (list, place, key): (&str, usize, &str),
    old: &Json,
) -> Result<(), UserError> {
    if matches!(old, Json::Bool(_) | Json::Null) {
        return Ok(());
    }
    for other in others(old) {
        let mut with = documents.clone();
        if let Some(slot) = value(&mut with, list, place, key) {
            *slot = other;
        }
        if with.passes(seed) {
            *documents = with;
            return Ok(());
        }
    }
    let text = old.as_str().map_or_else(|| old.to_string(), str::to_owned);
    if documents.mentions(&text) || definitions.mentions(&text) {
        return Ok(());
    }
    Err(needed(key))
}

/// Puts another key in the place of the person's.
fn put_key(documents: &mut Documents, definitions: &Documents, seed: u64) -> Result<(), UserError> {
    let Some(test) = documents.test() else {
        return Ok(());
    };
    let person = test.get("people").and_then(|people| people.get(0));
    let of_events = test.get("events").and_then(|events| events.get(0));
    let email = person.and_then(|person| person.get("email"));
    let id = person.and_then(|person| person.get("id"));
    let named = of_events.and_then(|event| event.get("person"));
    let Some(old) = email
        .or(id)
        .or(named)
        .and_then(Json::as_str)
        .map(str::to_owned)
    else {
        return Ok(());
    };
    let mut others = if old.contains('@') {
        vec!["ann@example.com".to_owned()]
    } else {
        vec!["a1".to_owned()]
    };
    if let Some((_, domain)) = old.split_once('@')
        && definitions.mentions(domain)
    {
        others.push(format!("ann@{domain}"));
    }
    for other in others {
        let mut with = documents.clone();
        if let Some(test) = with.test() {
            rename(test, &old, &other);
        }
        if with.passes(seed) {
            *documents = with;
            return Ok(());
        }
    }
    if documents.mentions(&old) || definitions.mentions(&old) {
        return Ok(());
    }
    Err(needed("email"))
}

/// Puts another key in all places of a person's.
fn rename(tree: &mut Json, old: &str, new: &str) {
    match tree {
        Json::String(text) if text == old => new.clone_into(text),
        Json::Array(items) => items.iter_mut().for_each(|item| rename(item, old, new)),
        Json::Object(entries) => entries
            .values_mut()
            .for_each(|value| rename(value, old, new)),
        Json::String(_) | Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Returns values of the same shape.
fn others(old: &Json) -> Vec<Json> {
    match old {
        Json::Number(number) => {
            let near = number
                .as_i64()
                .into_iter()
                .flat_map(|n| [n.saturating_add(1), n.saturating_sub(1)]);
            let round = [1, 10, 100, 1_000, 0, -1, 5, 50, 500];
            round
                .into_iter()
                .chain(near)
                .map(|number| json!(number))
                .collect()
        }
        Json::String(text) => match other_days(text) {
            days if days.is_empty() => vec![json!(shape(text))],
            days => days.into_iter().map(Json::String).collect(),
        },
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Vec::new(),
    }
}

/// Returns days near one, or instants near one; nothing where the text is neither.
fn other_days(text: &str) -> Vec<String> {
    let near = [7, -7, 1, -1];
    if let Some(day) = parse_date(text) {
        let days = near
            .iter()
            .filter_map(|by| day.checked_add_signed(TimeDelta::days(*by)));
        return days.map(|day| day.to_string()).collect();
    }
    let Some(at) = parse_datetime(text, &Zone::utc()) else {
        return Vec::new();
    };
    near.iter()
        .map(|by| at.plus_micros(by * HOUR).rfc3339())
        .collect()
}

/// Returns a text with other letters and digits: `Ann Lee` is `Xxx Xxx`, and an address one of `example.com`.
fn shape(text: &str) -> String {
    if text.contains('@') && !text.contains(' ') {
        return "ann@example.com".to_owned();
    }
    let stand_in = |character: char| {
        if character.is_uppercase() {
            'X'
        } else if character.is_alphabetic() {
            'x'
        } else if character.is_ascii_digit() {
            '1'
        } else {
            character
        }
    };
    text.chars().map(stand_in).collect()
}

/// Makes the error of a value that cannot be replaced.
fn needed(key: &str) -> UserError {
    let message = format!("the value of `{key}` is needed as it is, and is a personal one");
    UserError::new(ErrorKind::State, message).help("`--show-values` writes it")
}
