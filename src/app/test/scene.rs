//! One person, what happens to them, and until when: a test without expectations that a search can change.
//!
//! `witness` makes scenes of filters, `app::shrink` makes one of a person's log; [`smaller`] leaves out what is not needed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::campaign::Workspace;
use crate::campaign::case::{Case, CaseEvent, CasePerson};
use crate::diagnostic::Span;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{ActivityTypeId, CampaignId, FieldId, Instant, ListId, PersonKey, Value};

/// One person, what happens to them, and until when.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct Scene {
    /// When it begins.
    pub(in crate::app) now: Instant,
    /// Whether the person is there then; else an event makes them.
    pub(in crate::app) present: bool,
    /// What is known of them, the key included.
    pub(in crate::app) fields: BTreeMap<FieldId, Value>,
    /// Static lists they are on.
    pub(in crate::app) lists: BTreeSet<ListId>,
    /// What happens to them.
    pub(in crate::app) events: Vec<SceneEvent>,
    /// When the campaign runs, if it is a batch.
    pub(in crate::app) runs: Vec<Instant>,
    /// Up to where the clock goes on.
    pub(in crate::app) until: Option<Instant>,
    /// Campaigns that take part.
    pub(in crate::app) with: BTreeSet<CampaignId>,
}

/// One event of a scene.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::app) struct SceneEvent {
    /// Its instant.
    pub(in crate::app) at: Instant,
    /// Its type.
    pub(in crate::app) activity: ActivityTypeId,
    /// Its attributes, the primary one included.
    pub(in crate::app) members: Vec<(String, Value)>,
}

impl Scene {
    /// Begins with someone of whom only the address is known.
    pub(in crate::app) fn new(now: Instant) -> Self {
        Self {
            now,
            present: true,
            fields: BTreeMap::from([(EMAIL, Value::text("ann@example.com"))]),
            lists: BTreeSet::new(),
            events: Vec::new(),
            runs: Vec::new(),
            until: None,
            with: BTreeSet::new(),
        }
    }

    /// Returns the key by which events name the person.
    pub(in crate::app) fn key(&self) -> PersonKey {
        let text = |field| {
            self.fields
                .get(&field)
                .map(|value| value.to_text().to_string())
        };
        match (text(EMAIL), text(ID)) {
            (Some(email), _) => PersonKey::Email(email),
            (None, Some(id)) => PersonKey::Id(id),
            (None, None) => PersonKey::Id("ann".to_owned()),
        }
    }

    /// Returns the fields that are not the key.
    fn other_fields(&self) -> impl Iterator<Item = (FieldId, &Value)> {
        let key = match self.key() {
            PersonKey::Email(_) => EMAIL,
            PersonKey::Id(_) | PersonKey::Number(_) => ID,
        };
        let fields = self.fields.iter();
        fields.filter_map(move |(field, value)| (*field != key).then_some((*field, value)))
    }

    /// Returns it as a test that stands at a place and expects nothing.
    pub(in crate::app) fn case(&self, workspace: &Workspace, span: Span) -> Case {
        let person = CasePerson {
            key: self.key(),
            fields: self
                .other_fields()
                .map(|(field, value)| (field, Some(value.clone())))
                .collect(),
            lists: self.lists.iter().copied().collect(),
        };
        let events = self.events.iter().map(|event| CaseEvent {
            span,
            line: Json::Object(self.event(event, workspace)).to_string(),
        });
        Case {
            span,
            name: String::new(),
            now: self.now,
            people: self.present.then_some(person).into_iter().collect(),
            events: events.collect(),
            run: self.runs.clone(),
            advance_to: self.until,
            with: self.with.iter().copied().collect(),
            expect: Vec::new(),
            record: None,
        }
    }

    fn event(&self, event: &SceneEvent, workspace: &Workspace) -> Map<String, Json> {
        let activity = workspace.activities.get(event.activity);
        let mut members = Map::new();
        members.insert("at".to_owned(), json!(event.at));
        members.insert("person".to_owned(), json!(self.key().to_string()));
        members.insert("type".to_owned(), json!(activity.name.as_ref()));
        for (key, value) in &event.members {
            members.insert(key.clone(), plain(value));
        }
        members
    }

    /// Returns it as campaign files write it, with what is expected.
    pub(in crate::app) fn written(&self, name: &str, workspace: &Workspace, expect: Json) -> Json {
        let mut test = Map::new();
        test.insert("name".to_owned(), json!(name));
        test.insert("now".to_owned(), json!(self.now));
        if self.present {
            test.insert("people".to_owned(), json!([self.person(workspace)]));
        }
        if !self.events.is_empty() {
            let mut events: Vec<&SceneEvent> = self.events.iter().collect();
            events.sort_by_key(|event| event.at);
            let events = events.iter().map(|event| self.event(event, workspace));
            test.insert("events".to_owned(), events.map(Json::Object).collect());
        }
        match self.runs.as_slice() {
            [] => {}
            [only] if *only == self.now => {
                test.insert("run".to_owned(), json!(true));
            }
            runs => {
                test.insert("run".to_owned(), json!(runs));
            }
        }
        if let Some(until) = self.until {
            test.insert("advance_to".to_owned(), json!(until));
        }
        if !self.with.is_empty() {
            let names = self
                .with
                .iter()
                .map(|id| workspace.campaign(*id).full_name.as_ref());
            test.insert("with".to_owned(), json!(names.collect::<Vec<&str>>()));
        }
        test.insert("expect".to_owned(), expect);
        Json::Object(test)
    }

    fn person(&self, workspace: &Workspace) -> Json {
        let mut person = Map::new();
        let (key, text) = match self.key() {
            PersonKey::Email(email) => ("email", email),
            PersonKey::Id(id) => ("id", id),
            PersonKey::Number(number) => ("id", number.to_string()),
        };
        person.insert(key.to_owned(), json!(text));
        for (field, value) in self.other_fields() {
            let name = workspace.fields.field(field).name.clone();
            person.insert(name, plain(value));
        }
        if !self.lists.is_empty() {
            let names = self
                .lists
                .iter()
                .map(|list| workspace.lists.name(list.0).as_ref());
            person.insert("lists".to_owned(), json!(names.collect::<Vec<&str>>()));
        }
        Json::Object(person)
    }

    /// Returns the scene without one of its parts, counted from 0; nothing where there is no such part.
    pub(in crate::app) fn without(&self, mut part: usize) -> Option<Self> {
        let mut less = self.clone();
        if self.until.is_some() {
            if part == 0 {
                less.until = None;
                return Some(less);
            }
            part -= 1;
        }
        if part < self.events.len() {
            less.events.remove(part);
            return Some(less);
        }
        part -= self.events.len();
        if part < self.runs.len() {
            less.runs.remove(part);
            return Some(less);
        }
        part -= self.runs.len();
        let fields: Vec<FieldId> = self.other_fields().map(|(field, _)| field).collect();
        if let Some(field) = fields.get(part) {
            less.fields.remove(field);
            return Some(less);
        }
        part -= fields.len();
        if let Some(list) = self.lists.iter().nth(part) {
            less.lists.remove(list);
            return Some(less);
        }
        part -= self.lists.len();
        if let Some(campaign) = self.with.iter().nth(part) {
            less.with.remove(campaign);
            return Some(less);
        }
        part -= self.with.len();
        for event in &mut less.events {
            if part < event.members.len() {
                event.members.remove(part);
                return Some(less);
            }
            part -= event.members.len();
        }
        None
    }
}

/// Returns a value as JSON and YAML have it.
fn plain(value: &Value) -> Json {
    match value {
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Boolean(truth) => json!(truth),
        Value::Text(_) | Value::Json(_) | Value::Date(_) | Value::Datetime(_) => {
            json!(value.to_text().as_ref())
        }
    }
}

/// Leaves out events that are not needed: many at once, then fewer.
pub(in crate::app) fn fewer_events(
    mut scene: Scene,
    keeps: &mut impl FnMut(&Scene) -> bool,
) -> Scene {
    let mut size = scene.events.len();
    while size > 1 {
        let mut start = 0;
        while start < scene.events.len() {
            let mut less = scene.clone();
            less.events
                .drain(start..scene.events.len().min(start + size));
            if keeps(&less) {
                scene = less;
            } else {
                start += size;
            }
        }
        size /= 2;
    }
    scene
}

/// Leaves out of a scene what is not needed: each part by itself, until every part is needed.
pub(in crate::app) fn smaller(mut scene: Scene, keeps: &mut impl FnMut(&Scene) -> bool) -> Scene {
    loop {
        let (mut part, mut changed) = (0, false);
        while let Some(less) = scene.without(part) {
            if keeps(&less) {
                (scene, changed) = (less, true);
            } else {
                part += 1;
            }
        }
        if !changed {
            return scene;
        }
    }
}
