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

    /// Counts the people of the set.
    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }

    /// Returns whether a person is in the set.
    pub(crate) fn contains(&self, person: PersonId) -> bool {
        let (word, bit) = place(person);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Adds the people of another set.
    pub(crate) fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Returns those who are not in another set.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        Self(
            self.0
                .iter()
                .zip(others)
                .map(|(word, other)| word & !other)
                .collect(),
        )
    }

    /// Returns the people after one, in order.
    pub(crate) fn after(&self, person: PersonId) -> impl Iterator<Item = PersonId> + '_ {
        let (first, bit) = place(PersonId(person.0 + 1));
        let words = (first..).zip(self.0.get(first..).unwrap_or_default());
        words.flat_map(move |(word, bits)| {
            let rest = if word == first {
                bits & !(bit - 1)
            } else {
                *bits
            };
            Bits(rest).map(move |bit| number(word, bit))
        })
    }

    /// Counts the people after one, up to another.
    pub(crate) fn count_between(&self, after: PersonId, until: PersonId) -> u64 {
        let (first, bit) = place(PersonId(after.0 + 1));
        let (last, last_bit) = place(until);
        let words = (first..=last).zip(self.0.get(first..).unwrap_or_default());
        let count = |(word, bits): (usize, &u64)| {
            let from = if word == first { !(bit - 1) } else { u64::MAX };
            let to = if word == last {
                last_bit | (last_bit - 1)
            } else {
                u64::MAX
            };
            u64::from((bits & from & to).count_ones())
        };
        words.map(count).sum()
    }
}

impl FromIterator<PersonId> for PersonSet {
    fn from_iter<T: IntoIterator<Item = PersonId>>(people: T) -> Self {
        let mut set = Self::default();
        for person in people {
            set.insert(person);
        }
        set
    }
}

/// The places of the bits of a word that are set, lowest first.
struct Bits(u64);

impl Iterator for Bits {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let bit = self.0.trailing_zeros();
        self.0 &= self.0.checked_sub(1)?;
        Some(bit)
    }
}

fn place(person: PersonId) -> (usize, u64) {
    let number = usize::try_from(person.0).unwrap_or(0);
    (number / 64, 1 << (number % 64))
}

fn number(word: usize, bit: u32) -> PersonId {
    // No word stands beyond the greatest number of a person.
    PersonId(i64::try_from(word).unwrap_or(i64::MAX / 64) * 64 + i64::from(bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_people_after_one_come_in_order() {
        let people = [1, 3, 63, 64, 65, 128, 1_000_000].map(PersonId);
        let set: PersonSet = people.into_iter().rev().collect();
        let after = |person| -> Vec<i64> { set.after(PersonId(person)).map(|p| p.0).collect() };
        assert_eq!(after(0), [1, 3, 63, 64, 65, 128, 1_000_000]);
        assert_eq!(after(62), [63, 64, 65, 128, 1_000_000]);
        assert_eq!(after(63), [64, 65, 128, 1_000_000]);
        assert_eq!(after(64), [65, 128, 1_000_000]);
        assert_eq!(after(1_000_000), Vec::<i64>::new());
        assert_eq!(PersonSet::default().after(PersonId(0)).next(), None);
    }

    #[test]
    fn people_between_two_are_those_that_come_after_one_and_not_after_the_other() {
        let set: PersonSet = [1, 3, 63, 64, 65, 128].map(PersonId).into_iter().collect();
        for after in 0..140 {
            for until in after..200 {
                let (after, until) = (PersonId(after), PersonId(until));
                let between = set.after(after).take_while(|person| *person <= until);
                assert_eq!(set.count_between(after, until), between.count() as u64);
            }
        }
    }
}
