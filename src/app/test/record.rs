//! `expect: record`: what was found in a test, written in the place of it. Comments and layout of the file stay.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::app::unreadable_path::unread;
use crate::app::{Error, ErrorKind, UserError};
use crate::campaign::Campaign;
use crate::diagnostic::{Diagnostics, FileId, Sources, Span};
use crate::domain::{Outcome, PersonId, PersonKey};
use crate::files;
use crate::results::TestFailure;
use crate::source::read_text;
use crate::yaml;

use super::difference::rows;
use super::play::Played;

/// One thing that was found, as an entry of `expect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Found {
    /// How many people entered.
    Entered {
        /// The number.
        qualified: u64,
    },
    /// What the campaign did for a person.
    Person {
        /// The key.
        person: String,
        /// Its succeeded activities, in order.
        activities: Vec<String>,
    },
}

/// What was found in a test, and what it stands in the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) place: Span,
    pub(super) found: Vec<Found>,
}

/// Returns what a test has found: how many people entered, and what the campaign did for each.
pub(super) fn found(played: &Played<'_>, campaign: &Campaign) -> Vec<Found> {
    let entries = played.journal.entries.iter();
    let entered = entries.filter(|entry| entry.campaign == campaign.id);
    let entered: BTreeSet<PersonId> = entered.map(|entry| entry.person).collect();
    let mut found = vec![Found::Entered {
        qualified: entered.len() as u64,
    }];
    for (person, key) in played.keys() {
        let done = rows(played, campaign, person)
            .filter(|row| row.activity.outcome == Some(Outcome::Succeeded));
        let catalogue = &played.engine.workspace().activities;
        let names = done.map(|row| catalogue.get(row.activity.activity).name.to_string());
        found.push(Found::Person {
            person: key.to_string(),
            activities: names.collect(),
        });
    }
    found
}

/// Returns the failure of a test whose expectations are still to be recorded.
pub(super) fn missing(place: Span, sources: &Sources) -> TestFailure {
    TestFailure {
        line: sources.position(place).0,
        what: "expect".to_owned(),
        expected: "expectations, which `bugle campaign test --update` writes".to_owned(),
        got: "record".to_owned(),
        explain: None,
    }
}

impl Played<'_> {
    /// Returns everyone with the key that an expectation would name them by, in the order in which they came.
    fn keys(&self) -> Vec<(PersonId, PersonKey)> {
        let mut keys: BTreeMap<PersonId, PersonKey> = BTreeMap::new();
        for (key, person) in self.given_keys() {
            keys.entry(person).or_insert_with(|| key.clone());
        }
        for id in self.everyone() {
            let person = self.world.person(id);
            let best = person.map(|person| person.names(self.world.layout()).best());
            let best = best.and_then(|name| PersonKey::parse(&name));
            // Of several people with one address, the key means the first.
            let own = best.filter(|key| self.find(key) == Some(id));
            keys.insert(id, own.unwrap_or(PersonKey::Number(id)));
        }
        keys.into_iter().collect()
    }
}

/// Writes what was found into the files, each of which changes at once or not at all; returns how many changed.
pub(super) fn write(records: &[Record], sources: &Sources) -> Result<usize, Error> {
    let mut files: BTreeMap<FileId, Vec<&Record>> = BTreeMap::new();
    for record in records {
        let of_file = files.entry(record.place.file).or_default();
        match of_file.iter().find(|other| other.place == record.place) {
            Some(other) if other.found == record.found => {}
            Some(_) => return Err(shared(record.place, sources).into()),
            None => of_file.push(record),
        }
    }
    let mut texts = Vec::new();
    for (file, records) in &files {
        texts.push((*file, edited(*file, records, sources)?));
    }
    for (file, text) in texts {
        replace(file, &text, sources)?;
    }
    Ok(files.len())
}

/// Makes the error of one `record` that stands for the expectations of several tests.
fn shared(place: Span, sources: &Sources) -> UserError {
    let (line, _) = sources.position(place);
    let path = sources.path(place.file).display();
    let message = format!("several tests share the `record` in {path}:{line}, and differ");
    UserError::new(ErrorKind::Files, message).help("write `expect: record` in each of them")
}

/// Returns the text of a file with what was found in it.
fn edited(file: FileId, records: &[&Record], sources: &Sources) -> Result<String, UserError> {
    let unwritable = || {
        let path = sources.path(file).display();
        let message = format!("what was found cannot be written into `{path}`");
        UserError::new(ErrorKind::Files, message).help("put `expect: record` on a line of its own")
    };
    let mut text = sources.file(file).text.clone();
    let mut records = records.to_vec();
    records.sort_by_key(|record| std::cmp::Reverse(record.place.start));
    for record in records {
        text = put(&text, record).ok_or_else(unwritable)?;
    }
    let mut faults = Diagnostics::default();
    yaml::parse(file, &text, &mut faults);
    if faults.errors() > 0 {
        return Err(unwritable());
    }
    Ok(text)
}

/// Puts what was found in the place of one `record`.
fn put(text: &str, record: &Record) -> Option<String> {
    let (start, end) = (record.place.start as usize, record.place.end as usize);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let own_line = before[line..].trim_end_matches(' ');
    let key = own_line.strip_suffix("expect:");
    let Some(margin) = key.filter(|margin| margin.bytes().all(|b| matches!(b, b' ' | b'-'))) else {
        return Some(format!("{before}{}{after}", flow(&record.found)?));
    };
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (rest, following) = match after.find('\n') {
        Some(at) => (after[..at].trim_end_matches('\r'), &after[at + 1..]),
        None => (after, ""),
    };
    let block = yaml::written(&record.found).ok()?;
    let margin = " ".repeat(margin.len() + 2);
    let mut lines = vec![format!("{}{own_line}{}", &before[..line], rest.trim_end())];
    lines.extend(block.lines().map(|line| format!("{margin}{line}")));
    Some(lines.join(end_of_line) + end_of_line + following)
}

/// Returns what was found on one line, for tests that are written so.
fn flow(found: &[Found]) -> Option<String> {
    let quoted = |text: &str| serde_json::to_string(text).ok();
    let entries = found.iter().map(|found| match found {
        Found::Entered { qualified } => Some(format!("{{ qualified: {qualified} }}")),
        Found::Person { person, activities } => {
            let activities: Option<Vec<String>> =
                activities.iter().map(|name| quoted(name)).collect();
            let (person, activities) = (quoted(person)?, activities?.join(", "));
            Some(format!(
                "{{ person: {person}, activities: [{activities}] }}"
            ))
        }
    });
    let entries: Option<Vec<String>> = entries.collect();
    let line = format!("[{}]", entries?.join(", "));
    // Without quotes that are not needed, where that is still one line.
    let laid_out = yaml::laid_out(&line)
        .ok()
        .filter(|text| text.lines().count() == 1);
    Some(laid_out.map_or(line, |text| text.trim_end().to_owned()))
}

/// Replaces a file, unless it is another one than was read.
fn replace(file: FileId, text: &str, sources: &Sources) -> Result<(), Error> {
    let path: &Path = sources.path(file);
    let mut again = Sources::default();
    let now = read_text(path, &mut again, &mut Diagnostics::default());
    let now = now.map_err(|fault| unread(&[fault]))?;
    let Some(now) = now.filter(|now| now.text == sources.file(file).text) else {
        let message = format!("`{}` was changed while its tests ran", path.display());
        return Err(UserError::new(ErrorKind::State, message)
            .help("run them again")
            .into());
    };
    let mark = if now.byte_order_mark { "\u{feff}" } else { "" };
    files::replace(path, format!("{mark}{text}").as_bytes())?;
    Ok(())
}
