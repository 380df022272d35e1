//! What may be written at a place: keys, values, names and tokens.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value};

use crate::campaign::references::{NameKind, named_by_key};
use crate::domain::text::fold;
use crate::source::FileRole;
use crate::token::parse::usual_tokens;
use crate::yaml::{MapEntry, Node};

use super::Snapshot;
use super::guide::{Form, Guide};
use super::place::{Expected, Place, Step, place};
use super::rename::{is_plain, quoted};

/// One thing that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    /// As it is listed.
    pub(crate) label: String,
    /// What stands in the place of the bytes then.
    pub(crate) text: String,
    /// The bytes that it replaces.
    pub(crate) bytes: Range<usize>,
    pub(crate) kind: CompletionKind,
    /// What it is, in a few words.
    pub(crate) about: Option<String>,
}

/// What kind of thing may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompletionKind {
    /// A key.
    Key,
    /// One of some values.
    Value,
    /// A name that the workspace has.
    Name,
    /// A token.
    Token,
}

/// The completions of one place, as they are found.
struct Found<'a> {
    text: &'a str,
    place: &'a Place,
    all: Vec<Completion>,
    labels: BTreeSet<String>,
}

impl Snapshot {
    /// Returns what may be written at a byte of a text, in the order in which it is offered. The text may be another than
    /// the snapshot's: a half-written one.
    pub(crate) fn completions(&self, text: &str, role: FileRole, byte: usize) -> Vec<Completion> {
        if let Some(bytes) = open_token(text, byte) {
            return self.tokens(bytes);
        }
        let Some(place) = place(text, byte) else {
            return Vec::new();
        };
        let forms = self.guide().forms(role, &place.path);
        let mut found = Found {
            text,
            place: &place,
            all: Vec::new(),
            labels: BTreeSet::new(),
        };
        if place.expected != Expected::Value {
            found.keys(&forms, self.guide(), role);
            if let Some(kind) = named_by_keys(&place.path) {
                self.add_names(kind, &mut found, true);
            }
        }
        if place.expected != Expected::Key {
            let kind = self.named_at(&place.path);
            if let Some(kind) = kind {
                self.add_names(kind, &mut found, false);
            }
            // Names of fields are there already, without those that are displayed.
            if kind != Some(NameKind::Field) {
                found.values(&forms);
            }
        }
        found.all
    }

    /// Returns what the value at the end of a way names.
    fn named_at(&self, path: &[Step]) -> Option<NameKind> {
        let is_operator = |key: &str| matches!(key, "is" | "is_not" | "in" | "not_in");
        let mut keys = path.iter().rev().filter_map(|step| match step {
            Step::Key(key) if !is_operator(key) => Some(key.as_str()),
            Step::Key(_) | Step::Item => None,
        });
        let key = keys.next()?;
        let within = |name: &str| path.contains(&Step::Key(name.to_owned()));
        if within("tests") {
            return match key {
                "with" => Some(NameKind::Campaign),
                "lists" | "not_lists" => Some(NameKind::List),
                "mails" => Some(NameKind::Email),
                _ if keys.next() == Some("statuses") => Some(NameKind::Status),
                "type" | "activities" | "not_activities" => Some(NameKind::Activity),
                "email" if within("people") => None,
                _ => named_by_key(key),
            };
        }
        match (key, keys.next()) {
            ("field", Some("change_program_member_data")) => None,
            ("default", Some(step)) => named_by_key(step),
            _ => named_by_key(key).or_else(|| self.named_by_primary(key)),
        }
    }

    /// Returns what the bare value of a trigger or filter on an activity names.
    fn named_by_primary(&self, key: &str) -> Option<NameKind> {
        let activities = &self.workspace.activities;
        let id = activities.find(key.strip_prefix("not_").unwrap_or(key))?;
        named_by_key(&activities.get(id).primary.as_ref()?.key)
    }

    fn add_names(&self, kind: NameKind, found: &mut Found<'_>, as_keys: bool) {
        match kind {
            NameKind::Field => {
                for (_, field) in self.workspace.fields.iter() {
                    let about = format!("{}, {}", field.label, field.field_type.name());
                    found.name(&field.name, about, as_keys);
                }
            }
            NameKind::Activity => {
                for (_, activity) in self.workspace.activities.iter() {
                    found.name(&activity.name, activity.label.clone(), as_keys);
                }
            }
            NameKind::List
            | NameKind::Program
            | NameKind::Email
            | NameKind::SmartList
            | NameKind::Campaign
            | NameKind::Status
            | NameKind::Webhook => {
                let names = self.references.iter().filter(|name| name.kind == kind);
                let mut names: Vec<&str> = names.map(|name| name.name.as_str()).collect();
                names.sort_by_key(|name| fold(name));
                for name in names {
                    found.name(name, kind.name().to_owned(), as_keys);
                }
            }
        }
    }

    /// Returns every token, in the place of some bytes.
    fn tokens(&self, bytes: Range<usize>) -> Vec<Completion> {
        let fields = self.workspace.fields.iter();
        let fields =
            fields.map(|(_, field)| (format!("lead.{}", field.label), Some(field.name.clone())));
        let own = self.own_tokens().map(|name| (format!("my.{name}"), None));
        let usual = usual_tokens().into_iter().map(|token| (token, None));
        let mut labels = BTreeSet::new();
        own.chain(fields)
            .chain(usual)
            .filter(|(token, _)| labels.insert(fold(token)))
            .map(|(token, about)| Completion {
                label: format!("{{{{{token}}}}}"),
                text: format!("{{{{{token}}}}}"),
                bytes: bytes.clone(),
                kind: CompletionKind::Token,
                about,
            })
            .collect()
    }

    /// Returns the names of the tokens that workspace and programs define.
    fn own_tokens(&self) -> impl Iterator<Item = &str> {
        let file = self.loaded.workspace.as_ref().map(|file| &file.node);
        let programs = file.and_then(|file| file.get("programs"));
        let programs = programs.and_then(Node::as_map).unwrap_or_default();
        let folders = self.loaded.programs.iter().map(|program| &program.node);
        let nodes = file.into_iter().chain(folders);
        let nodes = nodes.chain(programs.iter().map(|program| &program.value));
        let entries = |node| Node::get(node, "tokens").and_then(Node::as_map);
        let entries = nodes.filter_map(entries).flatten();
        entries.map(|entry: &MapEntry| entry.key.as_str())
    }
}

/// Returns what the keys of a mapping name, where they are no words of the language.
fn named_by_keys(path: &[Step]) -> Option<NameKind> {
    let key = |step: Option<&Step>| match step {
        Some(Step::Key(key)) => Some(key.clone()),
        Some(Step::Item) | None => None,
    };
    let last = key(path.last());
    let above = key(path.len().checked_sub(2).and_then(|at| path.get(at)));
    let tests = path.contains(&Step::Key("tests".to_owned()));
    match (last.as_deref(), above.as_deref()) {
        (Some("fields"), _) | (None, Some("people")) if tests => Some(NameKind::Field),
        (Some("statuses"), _) if tests => Some(NameKind::Program),
        (Some("map"), _) => Some(NameKind::Field),
        _ => None,
    }
}

/// Returns the bytes of a token that is being written: from its braces on, with those that close it.
fn open_token(text: &str, byte: usize) -> Option<Range<usize>> {
    let before = text.get(..byte)?;
    let line = before.rfind('\n').map_or(0, |feed| feed + 1);
    let open = line + before[line..].rfind("{{")?;
    if before[open..].contains("}}") {
        return None;
    }
    let rest = text[byte..].lines().next().unwrap_or_default();
    let close = rest
        .find("}}")
        .filter(|close| !rest[..*close].contains("{{"));
    Some(open..close.map_or(byte, |close| byte + close + 2))
}

impl Found<'_> {
    fn add(&mut self, label: &str, text: String, kind: CompletionKind, about: Option<String>) {
        if self.labels.insert(label.to_owned()) {
            self.all.push(Completion {
                label: label.to_owned(),
                text,
                bytes: self.place.word.clone(),
                kind,
                about,
            });
        }
    }

    fn name(&mut self, name: &str, about: String, as_key: bool) {
        if as_key && self.place.beside.contains(name) {
            return;
        }
        let text = if as_key {
            self.key(name, " ")
        } else {
            self.scalar(name)
        };
        self.add(name, text, CompletionKind::Name, Some(about));
    }

    /// Returns a text as it is written: within the quotes that stand there, else with some where it needs them.
    fn scalar(&self, text: &str) -> String {
        let before = &self.text[..self.place.word.start];
        if before.ends_with(['"', '\'']) || is_plain(text) {
            text.to_owned()
        } else {
            quoted(text)
        }
    }

    /// Returns a key with its colon, unless that is there already.
    fn key(&self, key: &str, behind: &str) -> String {
        let rest = self.text[self.place.word.end..].trim_start_matches(['"', '\'', ' ']);
        if rest.starts_with(':') {
            return self.scalar(key);
        }
        format!("{}:{behind}", self.scalar(key))
    }

    fn keys(&mut self, forms: &[Form<'_>], guide: &Guide, role: FileRole) {
        let is_mapping = |form: &Form<'_>| form.schema.contains_key("properties");
        let begins_line = self.place.expected == Expected::Key && !self.place.in_brackets;
        if begins_line && !forms.iter().any(is_mapping) {
            // Where a list begins, so does its first entry.
            let path = [&self.place.path[..], &[Step::Item]].concat();
            for form in &guide.forms(role, &path) {
                self.keys_of(form, "- ", guide);
            }
            return;
        }
        for form in forms {
            self.keys_of(form, "", guide);
        }
    }

    fn keys_of(&mut self, form: &Form<'_>, before: &str, guide: &Guide) {
        let Some(keys) = form.schema.get("properties").and_then(Value::as_object) else {
            return;
        };
        for (key, schema) in keys {
            // Names as they are displayed are understood, and not offered.
            let is_of_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if !key.bytes().all(is_of_word) || !self.may_stand_beside(form.schema, key) {
                continue;
            }
            let on_line = self.place.in_brackets || takes_a_scalar(&guide.forms_of(schema));
            let behind = if on_line { " " } else { "" };
            let text = format!("{before}{}", self.key(key, behind));
            let about = schema.get("description").and_then(Value::as_str);
            self.add(key, text, CompletionKind::Key, about.map(str::to_owned));
        }
    }

    /// Returns whether a key may stand with those that stand there.
    fn may_stand_beside(&self, schema: &Map<String, Value>, key: &str) -> bool {
        let beside = &self.place.beside;
        let at_most =
            |schema: &Map<String, Value>| schema.get("maxProperties").and_then(Value::as_u64);
        if beside.is_empty() {
            return true;
        }
        if beside.contains(key) {
            return false;
        }
        // A step has its name, and beside it an `id` alone.
        let alone = schema
            .get("else")
            .and_then(Value::as_object)
            .and_then(at_most);
        match (at_most(schema), alone) {
            (Some(1), _) => false,
            (_, Some(1)) => key == "id" || beside.iter().all(|beside| beside == "id"),
            _ => true,
        }
    }

    /// Adds the values of which there are some and no others, and examples.
    fn values(&mut self, forms: &[Form<'_>]) {
        for form in forms {
            let list = |key: &str| form.schema.get(key).and_then(Value::as_array);
            let some = [list("enum"), list("examples")]
                .into_iter()
                .flatten()
                .flatten();
            let some: Vec<&Value> = some.chain(form.schema.get("const")).collect();
            for value in some {
                if let Some(text) = value.as_str() {
                    let written = self.scalar(text);
                    self.add(text, written, CompletionKind::Value, None);
                }
            }
            let is_flag = form
                .schema
                .get("type")
                .is_some_and(|types| types[0] == "boolean");
            if is_flag {
                for value in ["true", "false"] {
                    self.add(value, value.to_owned(), CompletionKind::Value, None);
                }
            }
        }
    }
}

/// Returns whether a single value may stand behind a key on its line.
fn takes_a_scalar(forms: &[Form<'_>]) -> bool {
    let is_scalar = |kind: &Value| !matches!(kind.as_str(), Some("object" | "array" | "null"));
    forms.iter().any(|form| match form.schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_scalar),
        Some(kind) => is_scalar(kind),
        None => form.schema.contains_key("enum") || form.schema.contains_key("const"),
    })
}
