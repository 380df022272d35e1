//! Who answers to which email or id while a world changes.
//!
//! Events name people by key. The store tells who had a key when it was asked; what has changed since is
//! kept beside it, so that the answer is right whether or not those changes have been written yet.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::field::EMAIL;
use crate::domain::text::email_key;
use crate::domain::{FieldId, PersonId, PersonKey, Value};

/// People by key.
#[derive(Debug, Default)]
pub struct Directory {
    stored: FxHashMap<PersonKey, Vec<PersonId>>,
    changed: FxHashMap<PersonKey, BTreeMap<PersonId, bool>>,
}

/// Returns the key under which an email or id is looked up.
pub fn lookup_key(key: &PersonKey) -> PersonKey {
    match key {
        PersonKey::Email(email) => PersonKey::Email(email_key(email)),
        PersonKey::Id(_) | PersonKey::Number(_) => key.clone(),
    }
}

impl Directory {
    /// Returns whether the store has been asked about a key, given as [`lookup_key`] makes it.
    pub fn knows(&self, key: &PersonKey) -> bool {
        self.stored.contains_key(key)
    }

    /// Takes the store's answer about a key: everyone who has it, lowest number first.
    pub fn learn(&mut self, key: PersonKey, people: Vec<PersonId>) {
        self.stored.insert(key, people);
    }

    /// Returns who has a key now: the lowest number of those who have it.
    pub fn find(&self, key: &PersonKey) -> Option<PersonId> {
        let changed = self.changed.get(key);
        let stored = self.stored.get(key).into_iter().flatten();
        let still = stored
            .copied()
            .find(|id| changed.and_then(|c| c.get(id)) != Some(&false));
        let joined = changed
            .into_iter()
            .flatten()
            .find(|(_, present)| **present)
            .map(|(id, _)| *id);
        match (still, joined) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        }
    }

    /// Returns whether several people have a key now.
    pub fn is_shared(&self, key: &PersonKey) -> bool {
        let changed = self.changed.get(key);
        let gone = |id: &PersonId| changed.and_then(|c| c.get(id)) == Some(&false);
        let mut people = self.all(key);
        people.retain(|id| !gone(id));
        people.sort_unstable();
        people.dedup();
        people.len() > 1
    }

    /// Returns everyone who has a key now or had it when the store was asked.
    pub fn all(&self, key: &PersonKey) -> Vec<PersonId> {
        let changed = self.changed.get(key).into_iter().flat_map(BTreeMap::keys);
        self.stored
            .get(key)
            .into_iter()
            .flatten()
            .chain(changed)
            .copied()
            .collect()
    }

    /// Notes that a person has come into being, who answers to their number from now on.
    pub fn made(&mut self, person: PersonId) {
        let number = PersonKey::Number(person);
        self.changed.entry(number).or_default().insert(person, true);
    }

    /// Notes that a person's email or id has changed.
    pub fn moved(
        &mut self,
        field: FieldId,
        person: PersonId,
        from: Option<&Value>,
        to: Option<&Value>,
    ) {
        for (value, present) in [(from, false), (to, true)] {
            if let Some(Value::Text(text)) = value {
                let key = if field == EMAIL {
                    PersonKey::Email(email_key(text))
                } else {
                    PersonKey::Id(text.to_string())
                };
                self.changed.entry(key).or_default().insert(person, present);
            }
        }
    }

    /// Forgets everything; right once all changes have been written.
    pub fn clear(&mut self) {
        self.stored.clear();
        self.changed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_number_of_those_who_have_a_key_now_is_meant() {
        let mut directory = Directory::default();
        let key = PersonKey::Email("ann@example.com".to_owned());
        directory.learn(key.clone(), vec![PersonId(3), PersonId(7)]);
        assert_eq!(directory.find(&key), Some(PersonId(3)));
        let old = Value::text("Ann@example.com");
        directory.moved(EMAIL, PersonId(3), Some(&old), None);
        assert_eq!(directory.find(&key), Some(PersonId(7)));
        assert!(!directory.is_shared(&key));
        directory.moved(EMAIL, PersonId(2), None, Some(&old));
        assert_eq!(directory.find(&key), Some(PersonId(2)));
        assert!(directory.is_shared(&key));
    }
}
