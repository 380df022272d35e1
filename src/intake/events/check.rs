//! One line of an event file of any format, checked and packed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, is_name_of_person};
use crate::domain::{
    ActivityCatalogue, ActivityTypeId, FieldCatalogue, Instant, Outcome, Value, Zone,
    person_address,
};
use crate::intake::renames::Renames;
use crate::world::event::CLEARS;

use super::divided::EventKeys;
use super::json::{self, Member};
use super::line_error::LineError;
use super::mapping::{self, MappedEvent};
use super::names::{AttributeTarget, EventVocabulary, NEW_VALUE, NameCache, Slot};
use super::paths;
use super::preset::Preset;
use super::raw_event::{RawEvent, required, twice};
use super::record::{self, Body, Head, Packed, RecordName};
use super::values::{in_text, value, written};
use super::{identity, timestamp};

/// The name of a primary value whose type has no primary attribute.
const PRIMARY_VALUE: &str = "primary_attribute_value";

/// What the lines of all files are checked against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'c> {
    /// The activity types.
    pub(crate) activities: &'c ActivityCatalogue,
    /// The person fields.
    pub(crate) fields: &'c FieldCatalogue,
    /// The zone of local times.
    pub(crate) zone: &'c Zone,
    /// Other names of columns and keys.
    pub(crate) renames: &'c Renames,
    /// The type of every line, if it is given for all.
    pub(crate) activity: Option<ActivityTypeId>,
    /// The latest instant that may be.
    pub(crate) latest: Option<Instant>,
    /// Whether records keep their line.
    pub(crate) keep_lines: bool,
    /// Other names of activity types (`--type-map`).
    pub(crate) types: &'c BTreeMap<String, String>,
    /// Whether the keys of people are noted, since the files are cut into shards.
    pub(crate) notes_keys: bool,
}

/// The outcome of a line that is well-formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// Its record was packed.
    Packed,
    /// No catalogue has its activity type.
    UnknownType,
}

/// Where a line stands and how it is written there.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineSource<'a> {
    /// The file and the line.
    pub(crate) place: (u32, u64),
    /// The vocabulary.
    pub(crate) shape: EventVocabulary,
    /// The line as it stands in the file.
    pub(crate) verbatim: &'a str,
}

/// Checks lines; one for each worker, since it remembers names.
#[derive(Debug)]
pub(super) struct Checker<'c> {
    pub(super) rules: Rules<'c>,
    pub(super) names: NameCache<'c>,
    renamed: BTreeSet<String>,
    paths: BTreeSet<String>,
    lines: u32,
    unknown: BTreeMap<String, u64>,
    pub(super) keys: EventKeys,
}

/// So many names of unknown types are remembered; a file of nothing else must not fill the memory.
const REMEMBERED: usize = 10_000;

/// So many lines are searched for paths to suggest.
const SUGGESTED_FROM: u32 = 50;

/// One attribute: its slot, the text of the file, and where that stands.
pub(super) struct RawAttribute<'a> {
    pub(super) slot: usize,
    pub(super) text: Cow<'a, str>,
    value: Packed<'a>,
    pub(super) at: usize,
    /// Where its name stands.
    name_at: usize,
}

/// From how many attributes on equal ones are found by sorting.
const MANY: usize = 32;

impl<'c> Checker<'c> {
    /// Makes the checker of a command's event files.
    pub(crate) fn new(rules: Rules<'c>) -> Self {
        Self {
            rules,
            names: NameCache::new(rules.activities, rules.fields),
            renamed: BTreeSet::new(),
            paths: BTreeSet::new(),
            lines: 0,
            unknown: BTreeMap::new(),
            keys: EventKeys::default(),
        }
    }

    /// Returns whether a name was met that `--map` renames.
    pub(crate) fn has_renamed(&self, name: &str) -> bool {
        self.renamed.contains(name)
    }

    /// Returns the paths of the first lines, for suggestions; none where nothing is renamed.
    pub(crate) fn paths(&self) -> &BTreeSet<String> {
        &self.paths
    }

    /// Notes that a name was met that `--map` renames.
    pub(crate) fn renames(&mut self, name: &str) {
        if !self.renamed.contains(name) {
            self.renamed.insert(name.to_owned());
        }
    }

    /// Returns the names of types that no catalogue has, and how many lines had each.
    pub(crate) fn unknown(&self) -> &BTreeMap<String, u64> {
        &self.unknown
    }

    /// Returns whether lines are kept.
    pub(crate) fn keeps_lines(&self) -> bool {
        self.rules.keep_lines
    }

    /// Checks a line of JSON and packs the events that it describes: one, or with some presets several.
    pub(crate) fn json(
        &mut self,
        text: &str,
        place: (u32, u64),
        preset: Option<Preset>,
        out: &mut Vec<u8>,
    ) -> Result<Checked, LineError> {
        let members = json::object(text)?;
        let renames = self.rules.renames;
        if !renames.is_empty() && self.lines < SUGGESTED_FROM {
            self.lines += 1;
            paths::collect_paths(&members, &mut self.paths);
        }
        if preset.is_none() && !renames.has_paths() {
            let shape = EventVocabulary::of(members.iter().map(|m| renames.apply(&m.name)));
            let source = LineSource {
                place,
                shape,
                verbatim: text,
            };
            return self.members(members, source, out);
        }
        let events = mapping::apply(members, renames, preset, &mut |name| self.renames(name))?;
        let mut checked = Checked::Packed;
        for event in events {
            let source = LineSource {
                place,
                shape: EventVocabulary::of(event.members.iter().map(|m| m.name.as_ref())),
                verbatim: text,
            };
            match self.mapped(event, source, out)? {
                Checked::Packed => {}
                Checked::UnknownType => checked = Checked::UnknownType,
            }
        }
        Ok(checked)
    }

    /// Checks an event whose members have their final names.
    fn mapped(
        &mut self,
        event: MappedEvent<'_>,
        source: LineSource<'_>,
        out: &mut Vec<u8>,
    ) -> Result<Checked, LineError> {
        let typed = self.rules.activity.is_some();
        let mut raw = RawEvent::sort(
            event.members,
            source.shape,
            typed,
            &Renames::default(),
            |_| {},
        )?;
        raw.rest.extend(event.attributes);
        self.event(&raw, source, out)
    }

    /// Checks the members of a line and packs it.
    pub(crate) fn members(
        &mut self,
        members: Vec<Member<'_>>,
        source: LineSource<'_>,
        out: &mut Vec<u8>,
    ) -> Result<Checked, LineError> {
        let typed = self.rules.activity.is_some();
        let renames = self.rules.renames;
        let raw = RawEvent::sort(members, source.shape, typed, renames, |name| {
            self.renames(name);
        })?;
        self.event(&raw, source, out)
    }

    /// Checks an event whose members are sorted by role, and packs it.
    fn event(
        &mut self,
        raw: &RawEvent<'_>,
        source: LineSource<'_>,
        out: &mut Vec<u8>,
    ) -> Result<Checked, LineError> {
        self.names.trim();
        let at = self.instant(raw.at.as_ref())?;
        let person = raw.person()?;
        if self.rules.notes_keys {
            self.note_person(raw, &person)?;
        }
        let (id, campaign, outcome) = (raw.id()?, raw.campaign()?, raw.outcome()?);
        let Some(activity) = self.activity(raw.activity.as_ref())? else {
            return Ok(Checked::UnknownType);
        };
        let inner = raw.inner()?;
        let mut given = Vec::with_capacity(raw.rest.len() + inner.len() + 1);
        let primary = self.rules.activities.get(activity).primary.as_ref();
        if let Some(member) = &raw.primary {
            // Of a type without a primary attribute the value is kept as one that no catalogue has.
            let name = primary.map_or(PRIMARY_VALUE, |primary| &primary.key);
            self.give(activity, name, false, member, outcome, &mut given)?;
        }
        let apart = source.shape == EventVocabulary::Extract && primary.is_some();
        for member in raw.rest.iter().chain(&inner) {
            self.give(activity, &member.name, apart, member, outcome, &mut given)?;
        }
        self.distinct(&given)?;
        self.type_of_field(&mut given, outcome)?;
        // An event that was skipped or failed need not say what it would have changed.
        if outcome.is_none() {
            self.complete(activity, &given)?;
        }
        if activity == BuiltinActivity::FillOutForm.id() {
            self.form_fields(&given)?;
        }
        if self.rules.notes_keys && outcome.is_none() {
            self.note_given_keys(activity, &given);
        }
        let body = Body {
            activity,
            person: &person,
            id,
            primary: None,
            campaign,
            is_extract_row: source.shape == EventVocabulary::Extract,
            outcome,
            attributes: &[],
            line: self.rules.keep_lines.then_some(source.verbatim),
        };
        self.pack(at, body, &mut given, source.place, out);
        Ok(Checked::Packed)
    }

    fn instant(&self, member: Option<&Member<'_>>) -> Result<Instant, LineError> {
        let (text, member) = required(member, "at", "the instant of the event")?;
        let at = timestamp::read(text, self.rules.zone).map_err(|unread| {
            let (message, help) = unread.words();
            LineError::new(member.value_at, message).help(help)
        })?;
        match self.rules.latest {
            Some(latest) if at > latest => Err(LineError::new(
                member.value_at,
                format!("`at` is later than {latest}, which is now"),
            )
            .help("`--until` takes events up to the time it names, `--now` sets the clock")),
            Some(_) | None => Ok(at),
        }
    }

    fn activity(
        &mut self,
        member: Option<&Member<'_>>,
    ) -> Result<Option<ActivityTypeId>, LineError> {
        if let Some(activity) = self.rules.activity {
            return Ok(Some(activity));
        }
        let (text, _) = required(member, "type", "the activity type").map_err(|error| {
            let help = "every event needs `type`, the activity type; `--map \"name=type\"` takes it from another name, and \
                `--type NAME` gives every line the same";
            error.help(help)
        })?;
        let text = self.rules.types.get(text).map_or(text, String::as_str);
        let known = self.names.activity(text);
        if known.is_none() {
            if let Some(count) = self.unknown.get_mut(text) {
                *count += 1;
            } else if self.unknown.len() < REMEMBERED {
                self.unknown.insert(text.to_owned(), 1);
            }
        }
        Ok(known)
    }

    /// Takes one attribute, if it has a value. One of the wrong type may be why an event was skipped or failed.
    ///
    /// Where the primary attribute stands apart (`apart`), another one may have its name.
    fn give<'a>(
        &mut self,
        activity: ActivityTypeId,
        name: &str,
        apart: bool,
        member: &'a Member<'_>,
        outcome: Option<Outcome>,
        given: &mut Vec<RawAttribute<'a>>,
    ) -> Result<(), LineError> {
        let mut place = self.names.place(activity, name);
        if apart && self.names.slot(place).which == AttributeTarget::Primary {
            let beside = self.names.place_beside_primary(activity, name);
            let is_primary = |other: &&RawAttribute<'_>| {
                self.names.slot(other.slot).which == AttributeTarget::Primary
            };
            let primary = given.iter().find(is_primary);
            if let Some(beside) = beside {
                place = beside;
            } else if primary.is_some_and(|primary| primary.text == written(&member.value)) {
                // The same thing raw twice.
                return Ok(());
            }
        }
        let slot = self.names.slot(place);
        let read = match value(slot, &member.value, self.rules.zone) {
            Err(_) if outcome.is_some() => {
                let text = written(&member.value);
                Some((Cow::Borrowed(text), Packed::Text(text)))
            }
            read => read.map_err(|expected| wrong_type(&slot.key, expected, member.value_at))?,
        };
        let Some((text, value)) = read else {
            return Ok(());
        };
        let same = |other: &RawAttribute<'_>| {
            other.slot == place || self.names.slot(other.slot).key == slot.key
        };
        if given.len() < MANY && given.iter().any(same) {
            return Err(twice(&slot.key, member.name_at));
        }
        given.push(RawAttribute {
            slot: place,
            text,
            value,
            at: member.value_at,
            name_at: member.name_at,
        });
        Ok(())
    }

    /// Finds an attribute that is given twice among many.
    fn distinct(&self, given: &[RawAttribute<'_>]) -> Result<(), LineError> {
        if given.len() <= MANY {
            return Ok(());
        }
        let key = |attribute: &RawAttribute<'_>| self.names.slot(attribute.slot).key.as_str();
        let mut all: Vec<(&str, usize)> = given.iter().map(|one| (key(one), one.name_at)).collect();
        // The sort is stable: of two that are equal, the later one is given twice.
        all.sort_by_key(|(key, _)| *key);
        let again = all.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        let first = again.map(|pair| pair[1]).min_by_key(|(_, at)| *at);
        first.map_or(Ok(()), |(key, at)| Err(twice(key, at)))
    }

    /// Gives the field its name of the catalogue, and its values their type.
    ///
    /// The new value of a change that was skipped or failed may be of any type: that may be the reason.
    fn type_of_field(
        &mut self,
        given: &mut [RawAttribute<'_>],
        outcome: Option<Outcome>,
    ) -> Result<(), LineError> {
        let is_field = |slot: &Slot| slot.which == AttributeTarget::Primary && slot.key == "field";
        let Some(primary) = given.iter_mut().find(|g| is_field(self.names.slot(g.slot))) else {
            return Ok(());
        };
        let Some((name, field_type)) = self.names.field(&primary.text) else {
            return Ok(());
        };
        primary.value = Packed::Other(Value::text(name));
        let is_email = name == self.rules.fields.field(EMAIL).name;
        for attribute in given {
            let slot = self.names.slot(attribute.slot);
            if !slot.of_field || attribute.text == CLEARS {
                continue;
            }
            if field_type.is_text() {
                if let Cow::Borrowed(text) = &attribute.text {
                    attribute.value = Packed::Text(text);
                }
                let checked = if slot.key != NEW_VALUE || outcome.is_some() {
                    Ok(())
                } else if is_email {
                    person_address::check(attribute.text.trim())
                } else if is_name_of_person(name) {
                    person_address::check_name(&attribute.text)
                } else {
                    Ok(())
                };
                let wrong =
                    |message| LineError::new(attribute.at, format!("`{}` {message}", slot.key));
                checked.map_err(wrong)?;
                continue;
            }
            match Value::parse_posted(&attribute.text, field_type, self.rules.zone) {
                Ok(value) => attribute.value = Packed::Other(value),
                Err(expected) if slot.key == NEW_VALUE && outcome.is_none() => {
                    return Err(wrong_type(&slot.key, expected, attribute.at));
                }
                // What the value was before is hearsay: nothing is set to it, so it may stay text.
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Appends the record of an event, with its attributes in their final order.
    fn pack(
        &self,
        at: Instant,
        body: Body<'_>,
        given: &mut [RawAttribute<'_>],
        place: (u32, u64),
        out: &mut Vec<u8>,
    ) {
        let type_name = &self.rules.activities.get(body.activity).name;
        let mut texts: Vec<(&str, &str)> = given
            .iter()
            .map(|g| (self.names.slot(g.slot).key.as_str(), g.text.as_ref()))
            .collect();
        let content = identity::of_content(type_name, body.person, &mut texts);
        given.sort_unstable_by(|a, b| {
            let (a, b) = (self.names.slot(a.slot), self.names.slot(b.slot));
            a.which.cmp(&b.which).then_with(|| a.key.cmp(&b.key))
        });
        let mut primary = None;
        let mut attributes = Vec::with_capacity(given.len());
        for attribute in given.iter() {
            let slot = self.names.slot(attribute.slot);
            match slot.which {
                AttributeTarget::Primary => {
                    primary = Some(in_text(&attribute.value, &attribute.text));
                }
                AttributeTarget::Known(place) => {
                    attributes.push((RecordName::Known(place), attribute.value.clone()));
                }
                AttributeTarget::Unknown => {
                    attributes.push((RecordName::Unknown(&slot.key), attribute.value.clone()));
                }
            }
        }
        let head = Head {
            at,
            hash: body.id.map_or(content, identity::of_id),
            content,
            place,
            has_id: body.id.is_some(),
        };
        let body = Body {
            primary: primary.as_deref(),
            attributes: &attributes,
            ..body
        };
        record::pack(out, &head, &body);
    }
}

fn wrong_type(key: &str, expected: &str, at: usize) -> LineError {
    LineError::new(at, format!("`{key}` is not {expected}"))
}
