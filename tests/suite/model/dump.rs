//! The model's world in the words of `bugle db dump`, as far as it has an opinion.
//!
//! Left to other tests: since when people are known and changed, definitions and their versions, the catalogue of
//! fields, identities of events, messages' texts.

use serde_json::{Map, Value, json};

use super::calendar::rfc3339;
use super::happening::Model;
use super::value::Val;
use super::world::{Outcome, Person, Row};

/// The kinds of lines that are compared, by their first key, and the keys that are not.
const COMPARED: [(&str, &[&str]); 9] = [
    ("activity", &[]),
    ("watermark", &[]),
    ("activation", &[]),
    ("person", &["created_at", "updated_at"]),
    ("tombstone", &["at"]),
    ("list_member", &[]),
    ("program_member", &["fields"]),
    ("entry", &["version"]),
    (
        "wait",
        &[
            "version",
            "finishes",
            "nth",
            "wait_ordinal",
            "step_id",
            "cause",
        ],
    ),
];

/// The comparable part of the program's dump: logs first, since they show best what differs.
pub(crate) fn comparable(dump: &str) -> Vec<String> {
    let mut lines: Vec<(usize, String)> = dump.lines().filter_map(line).collect();
    lines.sort_by_key(|(kind, _)| *kind);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn line(line: &str) -> Option<(usize, String)> {
    let mut row: Map<String, Value> = serde_json::from_str(line).unwrap();
    let first = row.keys().next()?.clone();
    let kind = COMPARED
        .iter()
        .position(|(compared, _)| *compared == first)?;
    row.retain(|key, _| !COMPARED[kind].1.contains(&key.as_str()));
    if let Some(Value::Object(attributes)) = row.get_mut("attributes") {
        attributes.sort_keys();
    }
    Some((kind, Value::Object(row).to_string()))
}

impl Model<'_> {
    /// What the program's dump should be.
    pub(crate) fn dump(&self) -> Vec<String> {
        let people = || (1..).zip(&self.world.people);
        let mut lines: Vec<Value> = Vec::new();
        for (number, person) in people() {
            lines.extend(
                (0..)
                    .zip(&person.log)
                    .map(|(place, row)| self.activity(number, person, place, row)),
            );
        }
        lines.extend(
            self.world
                .watermark
                .map(|at| json!({ "watermark": rfc3339(at) })),
        );
        lines.extend(self.activations());
        lines.extend(
            people()
                .filter(|(_, p)| !p.gone)
                .map(|(number, person)| person_line(number, person)),
        );
        lines.extend(
            people()
                .filter(|(_, p)| p.gone)
                .map(|(number, _)| json!({ "tombstone": number })),
        );
        for (number, person) in people() {
            let lists = person.lists.iter();
            lines.extend(lists.map(|(list, at)| json!({ "list_member": list, "person": number, "added_at": rfc3339(*at) })));
        }
        for (number, person) in people() {
            lines.extend(self.memberships(number, person));
        }
        lines.extend(self.entries());
        lines.extend(self.world.waits.iter().map(|wait| {
            json!({
                "wait": self.workspace.full_name(wait.campaign),
                "person": wait.person + 1,
                "step": wait.step + 1,
                "since": rfc3339(wait.since),
                "until": rfc3339(wait.until),
                "run": wait.run,
            })
        }));
        lines.into_iter().map(|line| line.to_string()).collect()
    }

    fn memberships(&self, number: i64, person: &Person) -> Vec<Value> {
        let mut named: Vec<_> = person
            .programs
            .iter()
            .map(|(program, m)| (self.workspace.programs[*program].name.clone(), m))
            .collect();
        named.sort_by(|a, b| a.0.cmp(&b.0));
        let row = |(name, member): (String, &super::world::Membership)| {
            json!({
                "program_member": name,
                "person": number,
                "status": member.status,
                "success_at": member.success_at.map(rfc3339),
                "since": rfc3339(member.since),
                "acquired_by": i32::from(member.acquired_by),
            })
        };
        named.into_iter().map(row).collect()
    }

    fn activations(&self) -> impl Iterator<Item = Value> {
        (1..).zip(&self.world.activations).map(|(number, change)| {
            json!({
                "activation": self.workspace.full_name(change.campaign),
                "number": number,
                "at": rfc3339(change.at),
                "active": i32::from(change.active),
                "by": change.by,
            })
        })
    }

    /// By person, campaign and number of the entry.
    fn entries(&self) -> Vec<Value> {
        let mut keyed: Vec<(usize, String, usize, Value)> = Vec::new();
        for (index, entry) in self.world.entries.iter().enumerate() {
            let campaign = self.workspace.full_name(entry.campaign);
            let earlier = &self.world.entries[..index];
            let nth = 1 + earlier
                .iter()
                .filter(|e| e.person == entry.person && e.campaign == entry.campaign)
                .count();
            let row = json!({
                "entry": campaign,
                "person": entry.person + 1,
                "nth": nth,
                "at": rfc3339(entry.at),
                "run": entry.run,
                "place": entry.place,
                "cause": entry.cause,
            });
            keyed.push((entry.person, campaign.to_lowercase(), nth, row));
        }
        keyed.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
        keyed.into_iter().map(|(_, _, _, row)| row).collect()
    }

    fn activity(&self, number: i64, person: &Person, place: i64, row: &Row) -> Value {
        let mut attributes: Map<String, Value> = row
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), shown(value)))
            .collect();
        attributes.sort_keys();
        let origin = row.origin;
        let index = usize::try_from(place).unwrap();
        let (first, activations) = person.happening_of(index);
        json!({
            "activity": number << 24 | place,
            "at": rfc3339(row.at),
            "person": number,
            "email": person.email,
            "type": row.kind,
            "primary_value": row.primary,
            "attributes": attributes,
            "campaign": origin.map(|o| self.workspace.full_name(o.campaign)),
            "run": origin.and_then(|o| o.run),
            "step": origin.map(|o| o.step),
            "choice": origin.and_then(|o| o.choice),
            "outcome": row.outcome.map(|outcome| match outcome {
                Outcome::Succeeded => "succeeded",
                Outcome::Skipped => "skipped",
                Outcome::Failed => "failed",
            }),
            "reason": row.reason,
            "event_id": row.event,
            "happening": number << 24 | i64::try_from(first).unwrap(),
            "activation": (first == index).then_some(activations),
            "marketo_campaign": null,
        })
    }
}

fn person_line(number: i64, person: &Person) -> Value {
    let mut row = Map::new();
    let mut fields = person
        .fields
        .iter()
        .map(|(name, value)| (name.clone(), shown(value)))
        .collect::<Vec<_>>();
    fields.extend(
        person
            .email
            .iter()
            .map(|email| ("email".to_owned(), json!(email))),
    );
    fields.extend(person.id.iter().map(|id| ("id".to_owned(), json!(id))));
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    row.insert("person".to_owned(), json!(number));
    row.extend(fields);
    Value::Object(row)
}

/// Numbers and booleans as JSON has them, everything else as text.
fn shown(value: &Val) -> Value {
    match value {
        // The fields of a form stay the object that the file has.
        Val::Text(text) if text.starts_with('{') => serde_json::from_str(text).unwrap(),
        Val::Text(text) => json!(text),
        Val::Int(n) => json!(n),
        Val::Float(n) => json!(n),
        Val::Bool(b) => json!(b),
        Val::Date(_) | Val::At(_) => json!(value.text()),
    }
}

/// The first line in which two dumps differ, with the lines around it.
pub(crate) fn difference(model: &[String], program: &[String]) -> Option<String> {
    let first = (0..model.len().max(program.len())).find(|n| model.get(*n) != program.get(*n))?;
    let around = |lines: &[String]| {
        let from = first.saturating_sub(3);
        let shown = lines.iter().enumerate().skip(from).take(6);
        let marked =
            shown.map(|(n, line)| format!("{} {line}\n", if n == first { ">" } else { " " }));
        marked.collect::<String>()
    };
    Some(format!(
        "the model says\n{}the program says\n{}",
        around(model),
        around(program)
    ))
}
