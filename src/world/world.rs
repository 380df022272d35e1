//! The people of a piece of work, in memory.

use rustc_hash::FxHashMap;

use crate::domain::field::{EMAIL, ID, KEPT};
use crate::domain::{Instant, PersonId, PersonKey, Value};

use super::directory::Directory;
use super::journal::{Journal, PersonChange};
use super::layout::Layout;
use super::names::{Numbering, SharedNames};
use super::needs::Needs;
use super::person::Person;
use super::subject::Subject;

/// The people of a piece of work, what has been changed of them, and the names they use.
///
/// A person who is not here was not changed by work that is not yet written; so people may be loaded
/// while the journal of earlier work is still on its way to the database.
#[derive(Debug)]
pub(crate) struct World {
    layout: Layout,
    needs: Needs,
    people: FxHashMap<PersonId, Person>,
    /// Static lists by number; events may bring new ones.
    pub(crate) lists: SharedNames,
    /// Programs by number; events may bring new ones.
    pub(crate) programs: SharedNames,
    /// Who answers to which key.
    pub(crate) directory: Directory,
    journal: Journal,
    next_person: i64,
}

impl World {
    /// Makes a world without people; `next_person` is the number of the first one who is made in it.
    pub(crate) fn new(
        layout: Layout,
        needs: Needs,
        numbering: Numbering,
        next_person: PersonId,
    ) -> Self {
        let Numbering { lists, programs } = numbering;
        Self {
            layout,
            needs,
            people: FxHashMap::default(),
            lists,
            programs,
            directory: Directory::default(),
            journal: Journal::default(),
            next_person: next_person.0,
        }
    }

    /// Returns where fields stand.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Returns what is loaded of each person.
    pub(crate) fn needs(&self) -> &Needs {
        &self.needs
    }

    /// Returns the number that the next new person gets: one past the greatest ever given.
    pub(crate) fn next_person(&self) -> PersonId {
        PersonId(self.next_person)
    }

    /// Takes in a person from the store.
    pub(crate) fn insert(&mut self, person: Person) {
        self.people.insert(person.id, person);
    }

    /// Makes a new person, known since an instant, who answers to the key the event named them by.
    pub(crate) fn create(&mut self, key: &PersonKey, at: Instant) -> PersonId {
        let id = PersonId(self.next_person);
        self.next_person += 1;
        let mut person = Person::new(id, &self.layout);
        person.in_making = true;
        self.people.insert(id, person);
        self.journal.people.push((id, PersonChange::Created));
        self.directory.made(id);
        if let Some(mut subject) = self.subject(id) {
            for field in KEPT {
                subject.keep(field, at);
            }
            // A fresh person has neither, so neither can be unchanged.
            let _ = match key {
                PersonKey::Email(email) => subject.set_field(
                    EMAIL,
                    Some(Value::text(&crate::domain::text::stored_email(email))),
                ),
                PersonKey::Id(text) => subject.set_field(ID, Some(Value::text(text))),
                PersonKey::Number(_) => Ok(None),
            };
        }
        id
    }

    /// Returns whether a person is here.
    pub(crate) fn has(&self, id: PersonId) -> bool {
        self.people.contains_key(&id)
    }

    /// Returns a person.
    pub(crate) fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Returns how many people are here.
    pub(crate) fn len(&self) -> usize {
        self.people.len()
    }

    /// Borrows a person with everything needed to change them, for one happening: all rows that are logged before the
    /// person is borrowed again belong together.
    pub(crate) fn subject(&mut self, id: PersonId) -> Option<Subject<'_>> {
        let person = self.people.get_mut(&id)?;
        Some(Subject {
            happening: person.next_ordinal,
            person,
            journal: &mut self.journal,
            layout: &self.layout,
            needs: &self.needs,
            directory: &mut self.directory,
            deleted: false,
            update_at: None,
        })
    }

    /// Sends a person away, as after an erasure or when a batch is done with them.
    pub(crate) fn remove(&mut self, id: PersonId) {
        self.people.remove(&id);
    }

    /// Sends everyone away of whom that is not said.
    pub(crate) fn retain(&mut self, stays: impl Fn(PersonId) -> bool) {
        self.people.retain(|person, _| stays(*person));
    }

    /// Gives the next new person a number that was kept for them.
    pub(crate) fn set_next_person(&mut self, person: PersonId) {
        self.next_person = person.0;
    }

    /// Sends everyone away; right once the journal has been written.
    pub(crate) fn clear(&mut self) {
        self.people.clear();
        self.directory.clear();
    }

    /// Notes an event that was taken without a person to log it for.
    pub(crate) fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Takes what has been changed since the last time.
    pub(crate) fn take_journal(&mut self) -> Journal {
        self.exchange_journal(Journal::default())
    }

    /// Takes what has been changed since the last time, and goes on in an empty journal that has room.
    pub(crate) fn exchange_journal(&mut self, empty: Journal) -> Journal {
        std::mem::replace(&mut self.journal, empty)
    }
}
