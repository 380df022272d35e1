//! The keys of people as numbers of 128 bits, by which files are cut.

use crate::domain::PersonKey;
use crate::domain::hash::stable_hash;
use crate::domain::text::email_key;

/// A key of a person: an email in any case, or an id.
///
/// Emails come before ids in the order, so that of joined keys an email stands for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyHash {
    is_id: bool,
    hash: u64,
    more: u64,
}

/// How many bytes a key has in a table.
pub(crate) const BYTES: usize = 16;

impl KeyHash {
    /// Makes that of an email, as written.
    pub(crate) fn email(email: &str) -> Self {
        Self::of(false, b"email", &email_key(email))
    }

    /// Makes that of an id.
    pub(crate) fn id(id: &str) -> Self {
        Self::of(true, b"id", id)
    }

    /// Makes that of a key; none of the number that one database has given.
    pub(crate) fn of_key(key: &PersonKey) -> Option<Self> {
        match key {
            PersonKey::Email(email) => Some(Self::email(email)),
            PersonKey::Id(id) => Some(Self::id(id)),
            PersonKey::Number(_) => None,
        }
    }

    /// Makes one of a line that nobody can be found for.
    pub(crate) fn of_line(line: &[u8]) -> Self {
        Self {
            is_id: true,
            hash: stable_hash(&[b"line", line]),
            more: 0,
        }
    }

    fn of(is_id: bool, kind: &[u8], key: &str) -> Self {
        Self {
            is_id,
            hash: stable_hash(&[kind, key.as_bytes()]),
            more: stable_hash(&[b"shard", kind, key.as_bytes()]) & !3,
        }
    }

    /// Returns the shard, from 0, that a person of this key is in, of so many.
    pub(crate) fn shard(self, shards: usize) -> usize {
        usize::try_from(self.hash % (shards.max(1) as u64)).unwrap_or_default()
    }

    /// Returns the number by which it is found in a table.
    pub(crate) fn slot(self) -> u64 {
        self.more >> 2
    }

    /// Returns it as it stands in a table, where zeros are an empty place.
    pub(crate) fn to_bytes(self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(&self.hash.to_le_bytes());
        // The lowest bit says what it is a key of, the one above that something is there.
        let more = self.more | 2 | u64::from(self.is_id);
        bytes[8..].copy_from_slice(&more.to_le_bytes());
        bytes
    }

    /// Reads it from a table; nothing where the place is empty.
    pub(crate) fn from_bytes(bytes: [u8; BYTES]) -> Option<Self> {
        let (hash, more) = (
            u64::from_le_bytes(half(bytes, 0)),
            u64::from_le_bytes(half(bytes, 8)),
        );
        (more != 0).then_some(Self {
            is_id: more & 1 == 1,
            hash,
            more: more & !3,
        })
    }
}

fn half(bytes: [u8; BYTES], from: usize) -> [u8; 8] {
    let mut half = [0; 8];
    half.copy_from_slice(&bytes[from..from + 8]);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_one_key_in_any_case_and_differ_from_ids() {
        assert_eq!(
            KeyHash::email("Ann@Example.com "),
            KeyHash::email("ann@example.com")
        );
        assert_ne!(KeyHash::id("A7"), KeyHash::id("a7"));
        assert_ne!(KeyHash::id("7"), KeyHash::email("7"));
        assert!(KeyHash::email("zoe@example.com") < KeyHash::id("1"));
    }

    #[test]
    fn a_key_comes_back_from_its_bytes() {
        for key in [KeyHash::email("ann@example.com"), KeyHash::id("7")] {
            assert_eq!(KeyHash::from_bytes(key.to_bytes()), Some(key));
        }
        assert_eq!(KeyHash::from_bytes([0; BYTES]), None);
    }

    #[test]
    fn shards_never_change_and_are_about_even() {
        assert_eq!(KeyHash::email("ann@example.com").shard(8), 1);
        let mut counts = [0_u32; 8];
        for person in 0..8_000 {
            counts[KeyHash::email(&format!("person{person}@example.com")).shard(8)] += 1;
        }
        assert!(
            counts.iter().all(|count| (900..1100).contains(count)),
            "{counts:?}"
        );
    }
}
