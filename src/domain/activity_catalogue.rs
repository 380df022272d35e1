//! The one catalogue of activity types.
//!
//! Triggers, activity filters, events and the log entries of flow steps all come from it; a new activity
//! type is a row of [`super::standard_activities`], or of `activities:` in the workspace.

use std::collections::HashMap;
use std::sync::Arc;

use super::activity_type::{ActivityType, ActivityTypeId};
use super::standard_activities::standard;
use super::text::name_key;

/// Every activity type, found by any of its names or its id.
#[derive(Debug, Clone)]
pub(crate) struct ActivityCatalogue {
    types: Vec<Arc<ActivityType>>,
    by_name: HashMap<String, ActivityTypeId>,
    by_code: HashMap<i32, ActivityTypeId>,
}

impl Default for ActivityCatalogue {
    fn default() -> Self {
        Self::standard()
    }
}

impl ActivityCatalogue {
    /// Makes the catalogue of the standard types alone.
    pub(crate) fn standard() -> Self {
        let mut catalogue = Self {
            types: Vec::new(),
            by_name: HashMap::new(),
            by_code: HashMap::new(),
        };
        for activity_type in standard() {
            catalogue.add(activity_type);
        }
        catalogue
    }

    /// Adds a type. Names that an earlier type has stay its own.
    pub(crate) fn add(&mut self, activity_type: ActivityType) -> ActivityTypeId {
        let id = ActivityTypeId(u16::try_from(self.types.len()).unwrap_or(u16::MAX));
        let names = [
            Some(activity_type.name.as_ref()),
            activity_type.trigger.as_deref(),
            activity_type.filter.as_deref(),
        ];
        for name in names
            .into_iter()
            .flatten()
            .chain([activity_type.label.as_str()])
            .chain(activity_type.aliases.iter().map(String::as_str))
        {
            self.by_name.entry(name_key(name)).or_insert(id);
        }
        self.by_code.insert(activity_type.code, id);
        self.types.push(Arc::new(activity_type));
        id
    }

    /// Finds a type by trigger, filter, activity or display name, an alias, or its id written as a number.
    pub(crate) fn find(&self, name: &str) -> Option<ActivityTypeId> {
        let by_name = self.by_name.get(&name_key(name)).copied();
        by_name.or_else(|| name.trim().parse().ok().and_then(|code| self.by_code(code)))
    }

    /// Finds the first type of which any name has a key.
    pub(crate) fn with_key(&self, key: &str) -> Option<ActivityTypeId> {
        self.by_name.get(key).copied()
    }

    /// Finds a type by its number in the database.
    pub(crate) fn by_code(&self, code: i32) -> Option<ActivityTypeId> {
        self.by_code.get(&code).copied()
    }

    /// Returns a type.
    pub(crate) fn get(&self, id: ActivityTypeId) -> &ActivityType {
        &self.types[id.0 as usize]
    }

    /// Returns all types with their ids, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ActivityTypeId, &ActivityType)> {
        self.types.iter().enumerate().map(|(index, t)| {
            (
                ActivityTypeId(u16::try_from(index).unwrap_or(u16::MAX)),
                t.as_ref(),
            )
        })
    }

    /// Returns how many types there are.
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }
}
