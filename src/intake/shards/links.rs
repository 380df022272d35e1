//! Keys that mean one person: an id and the email beside it, an email and the one that it becomes.
//!
//! People whose keys are joined are in one shard. The table is a hash table of fixed places, each a key and another one
//! that it belongs to; what is too large for memory lies in a scratch file, so that memory does not grow with the people.
//! Of joined keys the first in order stands for all, so nothing depends on the order in which they are joined.

use std::fs::File;
use std::io;

use super::key::{BYTES, KeyHash};
use crate::intake::spool::scratch;

/// The bytes of a place: a key, and the key that it belongs to.
const PLACE: usize = 2 * BYTES;

/// The places of a new table.
const FIRST: u64 = 1 << 12;

/// How large a table may be that is kept in memory.
const IN_MEMORY: u64 = 64 << 20;

/// Keys, and those that they belong to.
#[derive(Debug)]
pub(crate) struct Links {
    table: Table,
    in_memory: u64,
}

impl Default for Links {
    fn default() -> Self {
        Self::keeping(IN_MEMORY)
    }
}

impl Links {
    /// Makes one that keeps so many bytes in memory.
    fn keeping(in_memory: u64) -> Self {
        Self {
            table: Table {
                places: FIRST,
                used: 0,
                bytes: Bytes::Memory(vec![0; to_size(FIRST * PLACE as u64)]),
            },
            in_memory,
        }
    }

    /// Returns the key that stands for all keys of the same person.
    pub(crate) fn first_of(&self, key: KeyHash) -> io::Result<KeyHash> {
        let mut key = key;
        while let (_, Some(other)) = self.table.find(key)? {
            key = other;
        }
        Ok(key)
    }

    /// Notes that two keys mean one person.
    pub(crate) fn join(&mut self, one: KeyHash, other: KeyHash) -> io::Result<()> {
        let (a, b) = (self.first_of(one)?, self.first_of(other)?);
        if a == b {
            return Ok(());
        }
        let (first, last) = if a < b { (a, b) } else { (b, a) };
        self.set(last, first)?;
        // The way is short from now on.
        for key in [one, other] {
            if key != last && key != first {
                self.set(key, first)?;
            }
        }
        Ok(())
    }

    fn set(&mut self, key: KeyHash, belongs_to: KeyHash) -> io::Result<()> {
        if self.table.used * 2 >= self.table.places {
            self.grow()?;
        }
        self.table.set(key, belongs_to)
    }

    fn grow(&mut self) -> io::Result<()> {
        let places = self.table.places * 2;
        let size = places * PLACE as u64;
        let bytes = if size <= self.in_memory {
            Bytes::Memory(vec![0; to_size(size)])
        } else {
            let file = scratch()?;
            file.set_len(size)?;
            Bytes::Scratch(file)
        };
        let mut larger = Table {
            places,
            used: 0,
            bytes,
        };
        for place in 0..self.table.places {
            if let (Some(key), Some(belongs_to)) = self.table.at(place)? {
                larger.set(key, belongs_to)?;
            }
        }
        self.table = larger;
        Ok(())
    }
}

#[derive(Debug)]
struct Table {
    places: u64,
    used: u64,
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    Memory(Vec<u8>),
    Scratch(File),
}

impl Table {
    /// Returns the place of a key, and what it belongs to where it is there.
    fn find(&self, key: KeyHash) -> io::Result<(u64, Option<KeyHash>)> {
        let mut place = key.slot() % self.places;
        loop {
            match self.at(place)? {
                (Some(found), belongs_to) if found == key => return Ok((place, belongs_to)),
                (None, _) => return Ok((place, None)),
                (Some(_), _) => place = (place + 1) % self.places,
            }
        }
    }

    fn set(&mut self, key: KeyHash, belongs_to: KeyHash) -> io::Result<()> {
        let (place, before) = self.find(key)?;
        self.used += u64::from(before.is_none());
        let mut bytes = [0; PLACE];
        bytes[..BYTES].copy_from_slice(&key.to_bytes());
        bytes[BYTES..].copy_from_slice(&belongs_to.to_bytes());
        self.bytes.write(place * PLACE as u64, &bytes)
    }

    fn at(&self, place: u64) -> io::Result<(Option<KeyHash>, Option<KeyHash>)> {
        let bytes = self.bytes.read(place * PLACE as u64)?;
        let (mut key, mut other) = ([0; BYTES], [0; BYTES]);
        key.copy_from_slice(&bytes[..BYTES]);
        other.copy_from_slice(&bytes[BYTES..]);
        Ok((KeyHash::from_bytes(key), KeyHash::from_bytes(other)))
    }
}

impl Bytes {
    fn read(&self, from: u64) -> io::Result<[u8; PLACE]> {
        let mut bytes = [0; PLACE];
        match self {
            Self::Memory(all) => bytes.copy_from_slice(&all[to_size(from)..][..PLACE]),
            Self::Scratch(file) => read_at(file, &mut bytes, from)?,
        }
        Ok(bytes)
    }

    fn write(&mut self, from: u64, bytes: &[u8; PLACE]) -> io::Result<()> {
        match self {
            Self::Memory(all) => {
                all[to_size(from)..][..PLACE].copy_from_slice(bytes);
                Ok(())
            }
            Self::Scratch(file) => write_at(file, bytes, from),
        }
    }
}

fn to_size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], from: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, from)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], from: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, from)
}

#[cfg(not(unix))]
fn read_at(mut file: &File, bytes: &mut [u8], from: u64) -> io::Result<()> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    file.seek(SeekFrom::Start(from))?;
    file.read_exact(bytes)
}

#[cfg(not(unix))]
fn write_at(mut file: &File, bytes: &[u8], from: u64) -> io::Result<()> {
    use std::io::{Seek as _, SeekFrom, Write as _};
    file.seek(SeekFrom::Start(from))?;
    file.write_all(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_joined_in_any_order_in_memory_and_in_a_file() {
        for in_memory in [IN_MEMORY, 0] {
            let mut links = Links::keeping(in_memory);
            let people = 5_000;
            let id = |n: u32| KeyHash::id(&n.to_string());
            let email = |n: u32| KeyHash::email(&format!("p{n}@x.example"));
            for n in (0..people).rev() {
                links.join(id(n), email(n)).unwrap();
            }
            // One person after the other becomes the next one, ten at a time.
            for n in (0..people).filter(|n| n % 10 != 9) {
                links.join(email(n), email(n + 1)).unwrap();
            }
            for n in 0..people {
                let group = n / 10 * 10;
                let first = (group..group + 10).map(email).min();
                assert_eq!(Some(links.first_of(id(n)).unwrap()), first);
            }
            let stranger = KeyHash::id("stranger");
            assert_eq!(links.first_of(stranger).unwrap(), stranger);
        }
    }
}
