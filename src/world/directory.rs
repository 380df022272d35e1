//! Maps emails and ids to people while a world changes.
//!
//! Events name people by key. The store says who had a key when it was asked; what has changed since is
//! kept beside it, so that the answer is right whether or not those changes have been written yet. The caller
//! about one key more than once asks for its place and goes on with that: looking texts up is a good part of what an
//! event costs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::domain::field::EMAIL;
use crate::domain::text::email_key;
use crate::domain::{FieldId, PersonId, PersonKey, Value};

/// People by key.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    places: FxHashMap<PersonKey, KeySlot>,
    answers: Vec<Answer>,
}

/// Where the answer to a key stands, until the directory is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct KeySlot(u32);

/// Who has a key.
#[derive(Debug, Default)]
struct Answer {
    /// Whether the store has been asked.
    asked: bool,
    /// The store's answer: the first, and the others.
    first: Option<PersonId>,
    others: Box<[PersonId]>,
    /// Who has got it since, and who has it no more.
    changed: BTreeMap<PersonId, bool>,
}

/// Returns the key under which an email or id is looked up.
pub(crate) fn lookup_key(key: &PersonKey) -> Cow<'_, PersonKey> {
    match key {
        PersonKey::Email(email) if is_key(email) => Cow::Borrowed(key),
        PersonKey::Email(email) => Cow::Owned(PersonKey::Email(email_key(email))),
        PersonKey::Id(_) | PersonKey::Number(_) => Cow::Borrowed(key),
    }
}

/// Reports a text whether it is its own key; where that takes more than a glance, it says no.
fn is_key(email: &str) -> bool {
    email
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase())
}

impl Directory {
    /// Returns the place of a key; one that nobody has asked about before gets one.
    fn place(&mut self, key: &PersonKey) -> KeySlot {
        let key = lookup_key(key);
        if let Some(place) = self.places.get(&*key) {
            return *place;
        }
        // Far fewer keys than this fit into memory.
        let place = KeySlot(u32::try_from(self.answers.len()).unwrap_or(u32::MAX));
        self.answers.push(Answer::default());
        self.places.insert(key.into_owned(), place);
        place
    }

    /// Returns the places of some keys, and each key once that the store is to be asked about now.
    pub(crate) fn places<'k>(
        &mut self,
        keys: impl IntoIterator<Item = &'k PersonKey>,
    ) -> (Vec<KeySlot>, Vec<(Cow<'k, PersonKey>, KeySlot)>) {
        let (mut places, mut unknown) = (Vec::new(), Vec::new());
        for key in keys {
            let place = self.place(key);
            places.push(place);
            let answer = &mut self.answers[place.0 as usize];
            if !std::mem::replace(&mut answer.asked, true) {
                unknown.push((lookup_key(key), place));
            }
        }
        (places, unknown)
    }

    /// Returns whether somebody has got or lost a key.
    pub(crate) fn has_changed(&self, key: &PersonKey) -> bool {
        let place = self.places.get(&*lookup_key(key));
        place.is_some_and(|place| !self.answer(*place).changed.is_empty())
    }

    /// Takes the store's answer about a key: everyone who has it, lowest number first.
    pub(crate) fn learn(&mut self, place: KeySlot, people: &[PersonId]) {
        let answer = &mut self.answers[place.0 as usize];
        answer.first = people.first().copied();
        answer.others = people.get(1..).unwrap_or_default().into();
    }

    /// Returns who has a key now: the lowest number of those who have it.
    pub(crate) fn find(&self, key: &PersonKey) -> Option<PersonId> {
        let place = self.places.get(&*lookup_key(key))?;
        self.answer(*place).now()
    }

    /// Returns who has the key of a place now: the lowest number of those who have it.
    pub(crate) fn at(&self, place: KeySlot) -> Option<PersonId> {
        self.answer(place).now()
    }

    /// Returns whether several people have a key now.
    pub(crate) fn is_shared(&self, key: &PersonKey) -> bool {
        let answer = self
            .places
            .get(&*lookup_key(key))
            .map(|place| self.answer(*place));
        answer.is_some_and(Answer::is_shared)
    }

    /// Returns everyone who has a key now or had it when the store was asked.
    pub(crate) fn all(&self, place: KeySlot) -> impl Iterator<Item = PersonId> + '_ {
        let answer = self.answer(place);
        answer.stored().chain(answer.changed.keys().copied())
    }

    /// Notes that a person has come into being, who answers to their number from now on.
    pub(crate) fn made(&mut self, person: PersonId) {
        self.change(&PersonKey::Number(person), person, true);
    }

    /// Notes that a person's email or id has changed.
    pub(crate) fn moved(
        &mut self,
        field: FieldId,
        person: PersonId,
        from: Option<&Value>,
        to: Option<&Value>,
    ) {
        for (value, present) in [(from, false), (to, true)] {
            if let Some(Value::Text(text)) = value {
                let key = if field == EMAIL {
                    PersonKey::Email(text.to_string())
                } else {
                    PersonKey::Id(text.to_string())
                };
                self.change(&key, person, present);
            }
        }
    }

    /// Forgets what the store can be asked again: the answers to keys that nobody got or lost since. All places are void.
    pub(crate) fn forget_unchanged(&mut self) {
        let answers = &mut self.answers;
        let mut kept = Vec::new();
        self.places.retain(|_, place| {
            let answer = &mut answers[place.0 as usize];
            if answer.changed.is_empty() {
                return false;
            }
            *place = KeySlot(u32::try_from(kept.len()).unwrap_or(u32::MAX));
            kept.push(std::mem::take(answer));
            true
        });
        self.answers = kept;
    }

    /// Forgets everything; right once all changes have been written.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
        self.answers.clear();
    }

    fn answer(&self, place: KeySlot) -> &Answer {
        &self.answers[place.0 as usize]
    }

    fn change(&mut self, key: &PersonKey, person: PersonId, present: bool) {
        let place = self.place(key);
        self.answers[place.0 as usize]
            .changed
            .insert(person, present);
    }
}

impl Answer {
    fn stored(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.first.into_iter().chain(self.others.iter().copied())
    }

    fn is_shared(&self) -> bool {
        let mut people: BTreeSet<PersonId> = self.stored().collect();
        for (person, present) in &self.changed {
            if *present {
                people.insert(*person);
            } else {
                people.remove(person);
            }
        }
        people.len() > 1
    }

    fn now(&self) -> Option<PersonId> {
        if self.changed.is_empty() {
            return self.first;
        }
        let still = self
            .stored()
            .find(|id| self.changed.get(id) != Some(&false));
        let joined = self
            .changed
            .iter()
            .find(|(_, present)| **present)
            .map(|(id, _)| *id);
        match (still, joined) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (one, other) => one.or(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_number_of_those_who_have_a_key_now_is_meant() {
        let mut directory = Directory::default();
        let key = PersonKey::Email("ann@example.com".to_owned());
        let (places, unknown) = directory.places([&key, &key]);
        let place = places[0];
        assert_eq!((places.len(), unknown.len()), (2, 1));
        assert!(
            directory.places([&key]).1.is_empty(),
            "the store is asked once"
        );
        directory.learn(place, &[PersonId(3), PersonId(7)]);
        assert_eq!(directory.find(&key), Some(PersonId(3)));
        let old = Value::text("Ann@example.com");
        directory.moved(EMAIL, PersonId(3), Some(&old), None);
        assert_eq!(directory.find(&key), Some(PersonId(7)));
        assert!(!directory.is_shared(&key));
        directory.moved(EMAIL, PersonId(2), None, Some(&old));
        assert_eq!(directory.find(&key), Some(PersonId(2)));
        assert!(directory.is_shared(&key));
        assert_eq!(directory.at(place), Some(PersonId(2)));
    }

    #[test]
    fn what_has_changed_outlives_what_the_store_can_be_asked_again() {
        let mut directory = Directory::default();
        let keys = ["ann", "bob", "cas"].map(|id| PersonKey::Id(id.to_owned()));
        let (places, _) = directory.places(&keys);
        for (place, person) in places.iter().zip([3, 5, 7]) {
            directory.learn(*place, &[PersonId(person)]);
        }
        let bob = Value::text("bob");
        directory.moved(crate::domain::field::ID, PersonId(5), Some(&bob), None);
        directory.forget_unchanged();
        let (places, unknown) = directory.places(&keys);
        assert_eq!(
            directory.at(places[1]),
            None,
            "nobody is called bob any more"
        );
        let asked: Vec<&PersonKey> = unknown.iter().map(|(key, _)| &**key).collect();
        assert_eq!(asked, [&keys[0], &keys[2]]);
    }

    #[test]
    fn one_person_has_one_place_however_the_email_is_written() {
        let mut directory = Directory::default();
        let place = directory.place(&PersonKey::Email("jörg@example.com".to_owned()));
        for written in ["JÖRG@example.com", " Jörg@Example.com"] {
            let key = PersonKey::Email(written.to_owned());
            assert_eq!(directory.place(&key), place, "{written}");
        }
        let id = PersonKey::Id("A".to_owned());
        assert_ne!(
            directory.place(&id),
            directory.place(&PersonKey::Id("a".to_owned()))
        );
    }
}
