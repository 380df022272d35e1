//! A set of people as one bit each; numbers of people are dense.

use crate::domain::PersonId;

/// A set of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PersonSet(Vec<u64>);

impl PersonSet {
    /// Adds a person; returns whether they are new to the set.
    pub(crate) fn insert(&mut self, person: PersonId) -> bool {
        let (word, bit) = place(person);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    /// Returns whether a person is in the set.
    pub(crate) fn contains(&self, person: PersonId) -> bool {
        let (word, bit) = place(person);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

fn place(person: PersonId) -> (usize, u64) {
    let number = usize::try_from(person.0).unwrap_or(0);
    (number / 64, 1 << (number % 64))
}
