//! Compiles the `tests:` of a campaign, and reports what can never happen in them.
//!
//! Events are only looked at from outside and kept as lines of JSON: the reader of event files checks the rest.

use serde_json::Value as Json;

use crate::campaign::Campaign;
use crate::campaign::case::{Case, CaseEvent, CasePerson};
use crate::diagnostic::Code;
use crate::domain::{CampaignId, FieldType, Instant, Mode, PersonKey, Text, Value};
use crate::source::{self, MapReader, name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::assets;
use super::case_values::{activity, field, lists, texts};
use super::draft::Draft;
use super::expectations::expectation;

/// What stands in the place of expectations that `campaign test --update` writes.
const RECORD: &str = "record";

/// Compiles the tests of a campaign.
pub(super) fn compile(
    source: &source::Campaign,
    campaign: &Campaign,
    draft: &mut Draft,
) -> Vec<Case> {
    let Some(node) = &source.tests else {
        return Vec::new();
    };
    let written = reader::list(node, "tests", &mut draft.diagnostics).unwrap_or_default();
    let cases = written
        .iter()
        .filter_map(|node| case(node, campaign, draft));
    cases.collect()
}

fn case(node: &Node, campaign: &Campaign, draft: &mut Draft) -> Option<Case> {
    let mut keys = MapReader::open(node, "a test", &mut draft.diagnostics)?;
    let diagnostics = &mut draft.diagnostics;
    let written = keys.required("name", diagnostics);
    let title = written.and_then(|node| name::name(node, "name", diagnostics));
    let now = keys.required("now", diagnostics);
    let people = keys.list("people", diagnostics).unwrap_or_default();
    let events = keys.list("events", diagnostics).unwrap_or_default();
    let run = keys.value("run", diagnostics);
    let advance_to = keys.value("advance_to", diagnostics);
    let with = keys.value("with", diagnostics);
    let expect = keys.required("expect", diagnostics);
    let record = expect.filter(|node| node.as_scalar() == Some(RECORD));
    let expect = expect.filter(|_| record.is_none());
    let expect = expect.and_then(|node| reader::list(node, "expect", diagnostics));
    keys.close(diagnostics);
    let now = now.and_then(|node| instant(node, "now", draft));
    let advance_to = advance_to.and_then(|node| instant(node, "advance_to", draft));
    let run = run.map_or_else(Vec::new, |node| runs(node, now, campaign, draft));
    let people = people.iter().filter_map(|node| person(node, draft));
    let people = people.collect();
    let events = events.iter().filter_map(|node| event(node, draft));
    let events = events.collect();
    let with = with.map_or_else(Vec::new, |node| campaigns(node, campaign, draft));
    let expect = expect.unwrap_or_default().iter();
    let expect = expect.flat_map(|node| expectation(node, draft)).collect();
    let title = title?;
    Some(Case {
        span: title.span,
        name: title.value,
        now: now?,
        people,
        events,
        run,
        advance_to,
        with,
        expect,
        record: record.map(|node| node.span),
    })
}

/// Reads when the campaign runs: `true` is at `now`, or there are one or several times.
fn runs(node: &Node, now: Option<Instant>, campaign: &Campaign, draft: &mut Draft) -> Vec<Instant> {
    let is_time = |text: &str| {
        text.bytes()
            .any(|byte| byte.is_ascii_digit() && text.len() > 1)
    };
    let runs: Vec<Instant> = match &node.kind {
        NodeKind::Scalar { text, .. } if !is_time(text) => {
            let run = reader::boolean(node, "run", &mut draft.diagnostics);
            now.filter(|_| run.is_some_and(|run| run.value))
                .into_iter()
                .collect()
        }
        NodeKind::Scalar { .. } => instant(node, "run", draft).into_iter().collect(),
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Null => {
            let times = reader::list(node, "run", &mut draft.diagnostics).unwrap_or_default();
            let times = times.iter().filter_map(|node| instant(node, "run", draft));
            times.collect()
        }
    };
    if !runs.is_empty() && campaign.mode != Mode::Batch {
        let message = "`run` belongs to the tests of batch campaigns";
        let help = "write `events` that its triggers react to, or test the campaign that calls it";
        draft
            .diagnostics
            .fault_with(Code::BatchOnly, node.span, message, help);
    }
    runs
}

/// Reads an instant; a local time is one of the workspace's zone.
fn instant(node: &Node, key: &str, draft: &mut Draft) -> Option<Instant> {
    let text = reader::text(node, key, &mut draft.diagnostics)?;
    if let Ok(Value::Datetime(at)) =
        Value::parse(text.value, FieldType::Datetime, &draft.workspace.zone)
    {
        return Some(at);
    }
    let message = format!("`{key}` is a time, not `{}`", text.value);
    let help = "write `2026-11-02T10:00:00Z`, or `2026-11-02 10:00` in the workspace's zone";
    draft
        .diagnostics
        .fault_with(Code::WrongType, text.span, message, help);
    None
}

/// Reads someone who is there: person fields, and `lists`.
fn person(node: &Node, draft: &mut Draft) -> Option<CasePerson> {
    let entries = reader::named(node, "people", &mut draft.diagnostics)?;
    let mut person = CasePerson {
        key: PersonKey::Id(String::new()),
        fields: Vec::new(),
        lists: Vec::new(),
    };
    let (mut email, mut id) = (None, None);
    for entry in entries {
        match entry.key.as_str() {
            "lists" => person.lists = lists(&entry.value, "lists", draft),
            "email" => email = key(entry, draft),
            "id" => id = key(entry, draft),
            _ => person.fields.extend(field(entry, draft)),
        }
    }
    if let (Some(_), Some(id)) = (&email, &id) {
        let field = assets::field("id", node.span, draft)?;
        person.fields.push((field, Some(Value::text(id))));
    }
    match (email, id) {
        (Some(email), _) => person.key = PersonKey::Email(email),
        (None, Some(id)) => person.key = PersonKey::Id(id),
        (None, None) => {
            let message = "the row does not say who the person is";
            let help = "give the person an `email` or an `id`";
            draft
                .diagnostics
                .fault_with(Code::MissingKey, node.span, message, help);
            return None;
        }
    }
    Some(person)
}

fn key(entry: &MapEntry, draft: &mut Draft) -> Option<String> {
    let text = reader::text(&entry.value, &entry.key, &mut draft.diagnostics)?;
    let trimmed = text.value.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Reads an event: its type must be one, the rest is for the reader of events.
fn event(node: &Node, draft: &mut Draft) -> Option<CaseEvent> {
    let entries = reader::named(node, "events", &mut draft.diagnostics)?;
    if let Some(written) = node.get("type").and_then(Node::as_scalar) {
        let span = node.get("type").map_or(node.span, |node| node.span);
        activity(written, span, draft)?;
    }
    let members = entries
        .iter()
        .map(|entry| (entry.key.clone(), json(&entry.value)));
    Some(CaseEvent {
        span: node.span,
        line: Json::Object(members.collect()).to_string(),
    })
}

/// Returns a value as JSON has it: what is written plain and reads as a number or truth is one.
fn json(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Null => Json::Null,
        NodeKind::Scalar { text, plain: true } => {
            // What JSON would write otherwise, such as `1.10`, keeps its text.
            let read: Option<Json> = serde_json::from_str(text).ok();
            match read.as_ref().map(Json::to_string) {
                Some(again) if again == *text => read.unwrap_or_default(),
                Some(_) | None => Json::from(text.as_str()),
            }
        }
        NodeKind::Scalar { text, .. } => Json::from(text.as_str()),
        NodeKind::List(items) => Json::Array(items.iter().map(json).collect()),
        NodeKind::Map(entries) => Json::Object(
            entries
                .iter()
                .map(|entry| (entry.key.clone(), json(&entry.value)))
                .collect(),
        ),
    }
}

/// Finds the campaigns of `with`.
fn campaigns(node: &Node, campaign: &Campaign, draft: &mut Draft) -> Vec<CampaignId> {
    let program = campaign.program;
    let program = program.map(|id| Text::clone(draft.workspace.program_names.name(id.0)));
    let written = texts(node, "with", draft);
    let found = written.iter().filter_map(|name| {
        let found = draft
            .names
            .resolve(&name.value, program.as_deref(), name.span);
        found.map_err(|fault| draft.diagnostics.push(*fault)).ok()
    });
    found.collect()
}
