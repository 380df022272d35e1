//! Whom a key means, as far as the store has been asked in this stretch.
//!
//! The same people come again and again, and the store costs microseconds each time. A key is 128 bits of two keyed hashes:
//! among a hundred million keys, two coincide with a chance below 10⁻²². Keys that nobody or several people have are not
//! here, and a key that an event moves is noted in the directory, which is asked first.

use std::hash::{BuildHasher as _, RandomState};

use rustc_hash::FxHashMap;

use crate::domain::{PersonId, PersonKey};
use crate::world::directory::lookup_key;

/// How many keys are remembered: some 64 MB. Past that all are forgotten, and those that come again are asked for again.
const MOST: usize = 1_500_000;

/// The people of keys that one person has.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    hashers: [RandomState; 2],
    people: FxHashMap<KeyPrint, PersonId>,
}

/// What stands for a key.
pub(super) type KeyPrint = [u64; 2];

impl Lookups {
    /// Returns what stands for a key, in any case.
    pub(super) fn print(&self, key: &PersonKey) -> KeyPrint {
        let key = lookup_key(key);
        [0, 1].map(|hasher: usize| self.hashers[hasher].hash_one(&*key))
    }

    /// Returns who has a key, where that is remembered.
    pub(super) fn find(&self, print: KeyPrint) -> Option<PersonId> {
        self.people.get(&print).copied()
    }

    /// Remembers who alone has a key.
    pub(super) fn remember(&mut self, print: KeyPrint, person: PersonId) {
        if self.people.len() >= MOST {
            self.people.clear();
        }
        self.people.insert(print, person);
    }
}
