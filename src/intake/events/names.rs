//! The names of an event file and what they mean: roles, activity types, attributes, fields.
//!
//! Looking a name up in a catalogue costs an allocation or two; a file has few names and many lines, so each worker
//! remembers what it found.

use rustc_hash::FxHashMap;

use crate::domain::text::snake_case;
use crate::domain::{
    ActivityCatalogue, ActivityType, ActivityTypeId, FieldCatalogue, FieldId, FieldType,
};

/// The attribute that says what a field or score became.
pub(super) const NEW_VALUE: &str = "new_value";

/// The attribute that holds the fields of a form.
pub(super) const FORM_FIELDS: &str = "form_fields";

/// How many names are remembered; a file of ever new names starts again.
const MOST: usize = 65_536;

/// Which vocabulary a line uses for what every event has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventVocabulary {
    /// `id`, `at`, `person`, `type`.
    Plain,
    /// Marketo's: `marketoGUID`, `activityDate`, `leadId`, `activityTypeId`.
    Extract,
}

/// What a column or key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldRole {
    /// The id of the event; of several the one of lowest rank counts, and the others are attributes.
    Id(u8),
    /// The instant.
    At,
    /// The person, by any key.
    Person,
    /// The person, by `id`.
    Lead,
    /// The activity type.
    Type,
    /// The primary attribute, under whichever name the type gives it.
    Primary,
    /// The campaign that caused the activity.
    Campaign,
    /// How it ended.
    Outcome,
    /// Attributes in an object or a list of their own.
    Attributes,
    /// One attribute.
    Attribute,
}

impl EventVocabulary {
    /// Returns what a name means. With `typed` the type is given elsewhere, and `type` is an attribute like any other.
    pub(crate) fn role(self, name: &str, typed: bool) -> FieldRole {
        match (self, name) {
            (_, "attributes") => FieldRole::Attributes,
            (Self::Plain, "id") | (Self::Extract, "marketoGUID") => FieldRole::Id(0),
            (Self::Plain, "marketoGUID") | (Self::Extract, "id") => FieldRole::Id(1),
            (Self::Plain, "messageId") => FieldRole::Id(2),
            (Self::Plain, "at") | (Self::Extract, "activityDate") => FieldRole::At,
            (Self::Plain, "person") => FieldRole::Person,
            (Self::Extract, "leadId") => FieldRole::Lead,
            (Self::Plain, "type") | (Self::Extract, "activityTypeId") if !typed => FieldRole::Type,
            (Self::Extract, "primaryAttributeValue") => FieldRole::Primary,
            (Self::Extract, "campaignId") => FieldRole::Campaign,
            (Self::Extract, "actionResult") => FieldRole::Outcome,
            (Self::Plain | Self::Extract, _) => FieldRole::Attribute,
        }
    }

    /// Describes which vocabulary some names belong to.
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let found = names
            .filter(|name| matches!(*name, "activityDate" | "activityTypeId" | "leadId"))
            .count();
        if found == 3 {
            Self::Extract
        } else {
            Self::Plain
        }
    }
}

/// Which attribute of its type a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AttributeTarget {
    /// The primary one.
    Primary,
    /// One of the others, by its place.
    Known(u16),
    /// The catalogue has no such type.
    Unknown,
}

/// What is known about an attribute.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// The one that is meant.
    pub(crate) which: AttributeTarget,
    /// The name in the catalogue, or the name of the file in snake case.
    pub(crate) key: String,
    /// What it holds.
    pub(crate) attribute_type: FieldType,
    /// It has the type of the field that the primary attribute names.
    pub(crate) of_field: bool,
}

/// The catalogues, and what was found in them so far.
#[derive(Debug)]
pub(super) struct NameCache<'c> {
    activities: &'c ActivityCatalogue,
    fields: &'c FieldCatalogue,
    types: FxHashMap<String, Option<ActivityTypeId>>,
    places: Vec<FxHashMap<String, usize>>,
    slots: Vec<Slot>,
    found_fields: FxHashMap<String, Option<FieldId>>,
}

impl<'c> NameCache<'c> {
    /// Makes one that remembers nothing yet.
    pub(crate) fn new(activities: &'c ActivityCatalogue, fields: &'c FieldCatalogue) -> Self {
        Self {
            activities,
            fields,
            types: FxHashMap::default(),
            places: vec![FxHashMap::default(); activities.len()],
            slots: Vec::new(),
            found_fields: FxHashMap::default(),
        }
    }

    /// Finds an activity type by any of its names, or its id.
    pub(crate) fn activity(&mut self, name: &str) -> Option<ActivityTypeId> {
        if let Some(found) = self.types.get(name) {
            return *found;
        }
        make_room(&mut self.types);
        let found = self.activities.find(name);
        self.types.insert(name.to_owned(), found);
        found
    }

    /// Finds a person field by any of its names.
    pub(crate) fn field(&mut self, name: &str) -> Option<(&'c str, FieldType)> {
        let found = if let Some(found) = self.found_fields.get(name) {
            *found
        } else {
            make_room(&mut self.found_fields);
            let found = self.fields.find(name);
            self.found_fields.insert(name.to_owned(), found);
            found
        };
        let field = self.fields.field(found?);
        Some((field.name.as_str(), field.field_type))
    }

    /// Forgets slots if there are too many; to be called between lines, since it makes their numbers void.
    pub(crate) fn trim(&mut self) {
        if self.slots.len() > MOST {
            self.slots.clear();
            self.places.iter_mut().for_each(FxHashMap::clear);
        }
    }

    /// Returns the number of the slot that an attribute's name means.
    pub(crate) fn place(&mut self, activity: ActivityTypeId, name: &str) -> usize {
        let places = &mut self.places[activity.0 as usize];
        if let Some(place) = places.get(name) {
            return *place;
        }
        let place = self.slots.len();
        places.insert(name.to_owned(), place);
        self.slots.push(slot(self.activities.get(activity), name));
        place
    }

    /// Returns the number of the slot that a name means where the primary attribute, which has the name too, stands apart;
    /// nothing where the catalogue has no such attribute.
    pub(crate) fn place_beside_primary(
        &mut self,
        activity: ActivityTypeId,
        name: &str,
    ) -> Option<usize> {
        let activities = self.activities;
        let attribute = activities.get(activity).attribute_beside_primary(name)?;
        Some(self.place(activity, &attribute.key))
    }

    /// Returns a slot by its number.
    pub(crate) fn slot(&self, place: usize) -> &Slot {
        &self.slots[place]
    }
}

fn slot(activity: &ActivityType, name: &str) -> Slot {
    let Some(attribute) = activity.attribute(name) else {
        let snake = snake_case(name);
        return Slot {
            which: AttributeTarget::Unknown,
            key: if snake.is_empty() {
                name.to_owned()
            } else {
                snake
            },
            attribute_type: FieldType::String,
            of_field: false,
        };
    };
    let place = activity
        .attributes
        .iter()
        .position(|other| other.key == attribute.key)
        .and_then(|place| u16::try_from(place).ok());
    Slot {
        which: match place {
            Some(place) if !activity.is_primary(attribute) => AttributeTarget::Known(place),
            Some(_) | None => AttributeTarget::Primary,
        },
        key: attribute.key.as_ref().to_owned(),
        attribute_type: attribute.attribute_type,
        of_field: attribute.of_field,
    }
}

fn make_room<V>(map: &mut FxHashMap<String, V>) {
    if map.len() >= MOST {
        map.clear();
    }
}
