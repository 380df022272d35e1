//! What people lists and events do to the world.

use std::collections::{BTreeMap, VecDeque};

use super::calendar::Micros;
use super::catalogue::Act;
use super::definition::FLAGS;
use super::files::form_object;
use super::filters::field_of;
use super::flow::{Done, text};
use super::happening::{Caused, Happening, Model};
use super::scenario::{Event, PersonList, PersonRow};
use super::value::{Val, fold, same};
use super::world::{Outcome, Person, Row};

impl Model<'_> {
    /// Takes a person list: known people are updated by what is not blank, others are new.
    pub(crate) fn load_people(&mut self, list: &PersonList, now: Micros) {
        if list.as_activities {
            for row in &list.rows {
                self.import(list, row, now);
            }
            return;
        }
        for row in &list.rows {
            let key = if list.by_id {
                row.id.clone()
            } else {
                row.email.clone()
            }
            .unwrap();
            let number = self.world.find(&key).unwrap_or_else(|| {
                self.world.people.push(Person::default());
                self.world.people.len() - 1
            });
            let person = &mut self.world.people[number];
            person.id = row.id.clone().or(person.id.take());
            let email = row.email.as_ref().map(|email| email.trim().to_owned());
            // The key finds a person; only where something else is the key is it one more column.
            let is_key = !list.by_id && person.email.is_some();
            person.email = if is_key {
                person.email.take()
            } else {
                email.or(person.email.take())
            };
            for (column, cell) in list.columns.iter().zip(&row.cells) {
                if let Some(value) = cell {
                    person.fields.insert(column.clone(), value.clone());
                }
            }
            if let Some(name) = &list.list {
                self.join(number, name, now);
            }
        }
    }

    /// Takes one row of a list as a happening: what it changes is logged, and triggers are evaluated.
    fn import(&mut self, list: &PersonList, row: &PersonRow, now: Micros) {
        let key = if list.by_id { &row.id } else { &row.email };
        let key = key.as_ref().unwrap();
        let source = || text("source", IMPORT);
        let mut rows = Vec::new();
        let found = self.world.find(key);
        let number = found.unwrap_or_else(|| {
            self.world.people.push(Person::default());
            self.world.people.len() - 1
        });
        let cells: Vec<(String, Val)> = list
            .columns
            .iter()
            .zip(&row.cells)
            .filter_map(|(column, cell)| Some((column.clone(), cell.clone()?)))
            .collect();
        let email = row.email.as_ref().map(|email| email.trim().to_owned());
        if found.is_none() {
            let mut attributes = vec![text("source_type", IMPORT)];
            attributes.extend(list.list.as_ref().map(|name| text("list_name", name)));
            rows.push(Row::of_import(now, Act::NewPerson, None, attributes));
            let person = &mut self.world.people[number];
            (person.id, person.email) = (row.id.clone(), email);
            // The program's own flags are false without being set.
            let is_set = |(field, value): &(String, Val)| {
                !(FLAGS.contains(&field.as_str()) && *value == Val::Bool(false))
            };
            person.fields.extend(cells.into_iter().filter(is_set));
        } else {
            // The key finds a person; only where something else is the key is it one more column.
            let old = self.world.people[number].email.clone();
            if list.by_id && email.is_some() && email != old {
                let both = [("new_value", &email), ("previous_value", &old)];
                let values = both.iter().filter_map(|(k, v)| Some(text(k, v.as_ref()?)));
                let attributes = values.chain([source()]).collect();
                let field = Some("email".to_owned());
                rows.push(Row::of_import(now, Act::ChangeDataValue, field, attributes));
                self.world.people[number].email = email;
            }
            for (field, value) in cells {
                if let Some(mut attributes) = self.set(number, &field, Some(value)) {
                    attributes.push(source());
                    let row = Row::of_import(now, Act::ChangeDataValue, Some(field), attributes);
                    rows.push(row);
                }
            }
        }
        if let Some(name) = &list.list
            && self.join(number, name, now)
        {
            let attributes = vec![source()];
            let row = Row::of_import(now, Act::AddToList, Some(name.clone()), attributes);
            rows.push(row);
        }
        self.react(number, now, rows);
    }

    /// Logs the rows of one happening, and asks triggers.
    fn react(&mut self, number: usize, at: Micros, rows: Vec<Row>) {
        self.world.begin(number);
        let mut happening = Happening::new(number, at);
        let first = self.world.people[number].log.len();
        happening.queue = (first..)
            .zip(&rows)
            .filter(|(_, row)| row.counts())
            .map(|(place, row)| Caused {
                row: row.clone(),
                place,
                depth: 0,
                from_event: true,
            })
            .collect::<VecDeque<_>>();
        self.world.people[number].log.extend(rows);
        self.settle(&mut happening);
    }

    /// Feeds files of events, in order of their instants, letting waits end before each, and with the instant of the
    /// load that brought the schedules also batch campaigns run.
    pub(crate) fn replay(&mut self, files: &[Vec<Event>], scheduled: Option<Micros>) {
        let mut events: Vec<(usize, &Event)> = files
            .iter()
            .enumerate()
            .flat_map(|(file, events)| events.iter().map(move |event| (file, event)))
            .collect();
        events.sort_by_key(|(_, event)| event.at);
        // Equal events are numbered within their file.
        let mut equals: BTreeMap<(usize, Micros, String), usize> = BTreeMap::new();
        for (file, event) in events {
            let identity = if let Some(id) = &event.id {
                format!("id {id}")
            } else {
                let content = content(event);
                let ordinal = equals.entry((file, event.at, content.clone())).or_insert(0);
                *ordinal += 1;
                format!("{content} #{ordinal}")
            };
            let identity = (event.at, identity);
            if self.world.taken.contains(&identity) || self.world.set_aside.contains(&identity) {
                continue;
            }
            let creates = matches!(event.act, Act::FillOutForm | Act::NewPerson)
                && !event.person.starts_with('#');
            let until = event.at.max(self.world.watermark.unwrap_or(Micros::MIN));
            match scheduled {
                Some(loaded) => self.advance(loaded, until),
                None => self.wake_until(until),
            }
            self.world.watermark = Some(until);
            if self.world.find(&event.person).is_none() && !creates {
                self.world.set_aside.insert(identity);
                continue;
            }
            self.world.taken.insert(identity);
            self.take(event);
        }
        // A late event may have begun a wait that ended before the watermark.
        self.wake_until(self.world.watermark.unwrap_or(Micros::MIN));
    }

    /// Logs and applies one event, and asks triggers.
    fn take(&mut self, event: &Event) {
        let mut rows = Vec::new();
        let (number, created) = match self.world.find(&event.person) {
            Some(number) => (number, false),
            None => (self.create(event), true),
        };
        if created && event.act == Act::FillOutForm {
            let form = event.text("form").unwrap_or_default();
            let attributes = vec![text("source_type", FORM), text("form_name", &form)];
            rows.push(Row::of_change(event, Act::NewPerson, None, attributes));
        }
        let before = rows.len();
        let effects = self.apply(number, event, created, &mut rows);
        if self.world.people[number].gone {
            return;
        }
        debug_assert_eq!(rows.len(), before + 1, "the event itself is one row");
        rows.extend(effects);
        self.react(number, event.at, rows);
    }

    /// A person whom a form makes; its fields are theirs from the beginning.
    fn create(&mut self, event: &Event) -> usize {
        let mut person = Person::default();
        let key = Some(event.person.trim().to_owned());
        if event.person.contains('@') {
            person.email = key;
        } else {
            person.id = key;
        }
        for (field, value) in &event.form {
            let kind = self.workspace.kind(field);
            if let Some(value) = Val::read(value, kind, self.workspace.zone) {
                person.fields.insert(field.clone(), value);
            }
        }
        self.world.people.push(person);
        self.world.people.len() - 1
    }

    /// Adds the event's own row to `rows`, and returns those of the changes it made.
    fn apply(
        &mut self,
        number: usize,
        event: &Event,
        created: bool,
        rows: &mut Vec<Row>,
    ) -> Vec<Row> {
        let primary = event.act.primary().and_then(|name| event.text(name));
        let others = event
            .attributes
            .iter()
            .filter(|(key, _)| Some(*key) != event.act.primary());
        let mut attributes: Vec<(String, Val)> = others
            .filter_map(|(key, value)| Some(((*key).to_owned(), value.clone()?)))
            .collect();
        if event.nested {
            attributes.push(text("form_fields", &form_object(event)));
        } else {
            let form = event.form.iter();
            attributes.extend(form.map(|(field, value)| text(field, value)));
        }
        let mut effects = Vec::new();
        let mut outcome = None;
        match event.act {
            Act::ChangeDataValue | Act::ChangeScore => {
                let field = primary.clone().unwrap();
                let kind = self.workspace.kind(&field);
                let new = event
                    .text("new_value")
                    .map(|text| Val::read(&text, kind, self.workspace.zone).unwrap());
                attributes.retain(|(key, _)| key != "new_value");
                if let Some(values) = self.set(number, &field, new) {
                    attributes.extend(values);
                } else {
                    let same = field_of(&self.world, number, &field);
                    attributes.extend(same.map(|value| ("new_value".to_owned(), value)));
                    outcome = Some(Outcome::Skipped);
                }
            }
            Act::AddToList => {
                let list = primary.clone().unwrap();
                outcome = (!self.join(number, &list, event.at)).then_some(Outcome::Skipped);
            }
            Act::RemoveFromList => {
                let list = primary.clone().unwrap();
                outcome = (!self.leave(number, &list)).then_some(Outcome::Skipped);
            }
            Act::ChangeProgramStatus => {
                let name = primary.clone().unwrap();
                let programs = &self.workspace.programs;
                let program = programs.iter().position(|p| same(&p.name, &name)).unwrap();
                let status = event.text("new_status").unwrap();
                let Done {
                    attributes: changed,
                    outcome: how,
                    ..
                } = self.change_program_status(number, program, &status, event.at, None);
                if how == Outcome::Succeeded {
                    attributes = changed;
                } else {
                    outcome = Some(how);
                }
            }
            Act::FillOutForm if !created => {
                let mut form: Vec<&(String, String)> = event.form.iter().collect();
                // Like all attributes without a place of their own, they stand by name.
                if !event.nested {
                    form.sort();
                }
                for (field, value) in form {
                    let kind = self.workspace.kind(field);
                    let Some(new) = Val::read(value, kind, self.workspace.zone) else {
                        continue;
                    };
                    effects.extend(self.effect(number, event, field, new, FORM));
                }
            }
            Act::UnsubscribeEmail => {
                effects.extend(self.effect(
                    number,
                    event,
                    "unsubscribed",
                    Val::Bool(true),
                    "Unsubscribe Email",
                ));
            }
            Act::EmailBounced if event.text("category").as_deref() == Some("2") => {
                effects.extend(self.effect(
                    number,
                    event,
                    "email_invalid",
                    Val::Bool(true),
                    "Email Bounced",
                ));
            }
            Act::EmailBounced if event.text("category").as_deref() == Some("1") => {
                effects.extend(self.effect(
                    number,
                    event,
                    "email_suspended",
                    Val::Bool(true),
                    "Email Bounced",
                ));
                effects.extend(self.effect(
                    number,
                    event,
                    "email_suspended_at",
                    Val::At(event.at),
                    "Email Bounced",
                ));
            }
            Act::DeletePerson => self.world.erase(number),
            Act::NewPerson => outcome = (!created).then_some(Outcome::Skipped),
            Act::FillOutForm
            | Act::VisitWebPage
            | Act::ClickEmail
            | Act::OpenEmail
            | Act::EmailDelivered
            | Act::EmailBounced
            | Act::SendEmail
            | Act::InterestingMoment
            | Act::RequestCampaign
            | Act::AttendDemo => {}
        }
        let mut row = Row::of_event(event, event.act, primary, attributes);
        row.outcome = outcome;
        row.reason = outcome.map(|_| "no change".to_owned());
        rows.push(row);
        effects
    }

    /// A change that an event makes beside what it says, if it is one.
    fn effect(
        &mut self,
        number: usize,
        event: &Event,
        field: &str,
        new: Val,
        source: &str,
    ) -> Option<Row> {
        let mut attributes = self.set(number, field, Some(new))?;
        attributes.push(text("source", source));
        Some(Row::of_change(
            event,
            Act::ChangeDataValue,
            Some(field.to_owned()),
            attributes,
        ))
    }
}

/// The source of what a form changes.
const FORM: &str = "Web form fillout";

/// The source of what a person list changes.
const IMPORT: &str = "List Import";

impl Row {
    fn of_import(
        at: Micros,
        act: Act,
        primary: Option<String>,
        attributes: Vec<(String, Val)>,
    ) -> Self {
        Self {
            at,
            kind: act.name(),
            primary,
            attributes,
            origin: None,
            outcome: None,
            reason: None,
            event: None,
        }
    }

    /// A row that an event caused beside its own, which alone bears its id.
    fn of_change(
        event: &Event,
        act: Act,
        primary: Option<String>,
        attributes: Vec<(String, Val)>,
    ) -> Self {
        Self {
            event: None,
            ..Self::of_event(event, act, primary, attributes)
        }
    }

    fn of_event(
        event: &Event,
        act: Act,
        primary: Option<String>,
        attributes: Vec<(String, Val)>,
    ) -> Self {
        Self {
            at: event.at,
            kind: act.name(),
            primary,
            attributes,
            origin: None,
            outcome: None,
            reason: None,
            event: event.id.clone(),
        }
    }
}

/// By what an event without an id is recognised.
fn content(event: &Event) -> String {
    let mut attributes: Vec<String> = event
        .attributes
        .iter()
        .map(|(key, value)| format!("{key}={value:?}"))
        .collect();
    attributes.sort();
    format!(
        "{} {} {attributes:?} {:?}",
        event.act.name(),
        fold(&event.person),
        event.form
    )
}
