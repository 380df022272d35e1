//! Events whose people are known, put in order of person: what a replay keeps between finding people and walking them.
//!
//! A record is the event's own, packed as it was read, after a head: its length, the person, and what was found out in
//! order of time. Records of one person stay in the order in which they were added. Past a budget they lie in scratch files.

use std::io;

use super::Events;
use super::order::{Ordered, Sorter};
use super::record;
use super::reuse::Reuse;
use crate::domain::{Key, PersonId};
use crate::world::Event;
use crate::world::event::EventAsset;

/// The bytes of packed events that are kept in memory.
const BUDGET: usize = 48 << 20;
/// The bytes that are handed to the sorter at a time.
const BLOCK: usize = 1 << 20;
/// The bytes of the length and the head: person, whether there is an event and whether it makes the person, ordinal, asset.
const HEAD: usize = 4 + 8 + 1 + 4 + 8;

/// Nothing but the person: somebody whose wait ends, and of whom there is no event.
const NO_EVENT: u8 = 0;
/// An event of someone who is there.
const KNOWN: u8 = 1;
/// An event that makes its person.
const MAKES: u8 = 2;

/// What was found out of an event in order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resolution {
    /// To whom it happened.
    pub(crate) person: PersonId,
    /// Whether it makes the person.
    pub(crate) makes: bool,
    /// The list or program that it names.
    pub(crate) asset: EventAsset,
}

/// Collects events in order of time.
#[derive(Debug)]
pub(crate) struct ResolvedEvents {
    sorter: Sorter,
    block: Vec<u8>,
    count: u64,
}

impl Default for ResolvedEvents {
    fn default() -> Self {
        Self {
            sorter: Sorter::new(BUDGET),
            block: Vec::new(),
            count: 0,
        }
    }
}

impl ResolvedEvents {
    /// Adds an event: as it was packed, with its ordinal among its equals.
    pub(crate) fn add(&mut self, of: &Resolution, ordinal: u32, packed: &[u8]) -> io::Result<()> {
        let kind = if of.makes { MAKES } else { KNOWN };
        put(&mut self.block, of.person, kind, ordinal, of.asset, packed);
        self.count += 1;
        if self.block.len() >= BLOCK {
            self.sorter.add(std::mem::take(&mut self.block))?;
        }
        Ok(())
    }

    /// Puts them in order of person; `due` are people whose waits end, in order, each once.
    pub(crate) fn finish(mut self, due: Vec<PersonId>) -> io::Result<EventsByPerson> {
        self.sorter.add(std::mem::take(&mut self.block))?;
        Ok(EventsByPerson {
            records: self.count + due.len() as u64,
            ordered: self.sorter.finish()?,
            due: due.into_iter().peekable(),
            next: Vec::new(),
            open: None,
        })
    }
}

/// Events in order of person, between them the people who have none.
#[derive(Debug)]
pub(crate) struct EventsByPerson {
    ordered: Ordered,
    due: std::iter::Peekable<std::vec::IntoIter<PersonId>>,
    /// The record that comes after the last block, where it was read already.
    next: Vec<u8>,
    /// The person of the last record that was given out.
    open: Option<PersonId>,
    /// How many records there are at most.
    records: u64,
}

/// Some people with their events.
#[derive(Debug, Default)]
pub(crate) struct PersonBlock {
    records: Vec<u8>,
    /// How many they are.
    pub(crate) count: u64,
    /// Whether the last person goes on in the next block.
    pub(crate) goes_on: bool,
}

impl EventsByPerson {
    /// Returns how many records there are; people who wait and have events count twice.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Returns the next people with their events, about so many records; nothing at the end.
    ///
    /// No person is in two blocks, save one who alone has more than twice as many.
    pub(crate) fn block(&mut self, about: usize) -> io::Result<Option<PersonBlock>> {
        let mut block = PersonBlock::default();
        let mut count = 0;
        while self.read()? {
            let person = person_of(&self.next);
            let same = self.open == Some(person);
            if count >= about && !same {
                break;
            }
            if count >= 2 * about {
                block.goes_on = true;
                break;
            }
            block.records.append(&mut self.next);
            self.open = Some(person);
            count += 1;
        }
        block.count = count as u64;
        Ok((count > 0).then_some(block))
    }

    /// Reads the next record, unless it is there already; returns whether there is one.
    fn read(&mut self) -> io::Result<bool> {
        if !self.next.is_empty() {
            return Ok(true);
        }
        // Peeking is reading: the record is kept until it is its turn.
        if let Some(record) = self.ordered.peek()? {
            let person = person_of(record);
            if self.due.peek().is_none_or(|due| *due >= person) {
                self.due.next_if_eq(&person);
                self.next.extend_from_slice(record);
                self.ordered.pass();
                return Ok(true);
            }
        }
        let Some(due) = self.due.next() else {
            return Ok(false);
        };
        put(&mut self.next, due, NO_EVENT, 0, EventAsset::ByName, &[]);
        Ok(true)
    }
}

/// Reads the records of blocks.
#[derive(Debug)]
pub(crate) struct ResolvedReader {
    keys: Vec<Vec<Key>>,
    reuse: Reuse,
}

impl Events {
    /// Returns what reads packed events of these files again.
    pub(crate) fn resolved_reader(&self) -> ResolvedReader {
        ResolvedReader {
            keys: self.keys.clone(),
            reuse: Reuse::default(),
        }
    }
}

impl ResolvedReader {
    /// Makes one for people who have no events.
    pub(crate) fn of_nothing() -> Self {
        Self {
            keys: Vec::new(),
            reuse: Reuse::default(),
        }
    }

    /// Returns the event of a record, as it was read and with what was found out since; none of someone whose wait ends.
    pub(crate) fn event(&mut self, record: Record<'_>) -> Option<(Event, bool)> {
        let Record(bytes) = record;
        let kind = bytes.get(12).copied().unwrap_or(NO_EVENT);
        if kind == NO_EVENT {
            return None;
        }
        let packed = bytes.get(HEAD..).unwrap_or_default();
        let ordinal = u32::from_le_bytes(array(bytes, 13));
        let mut event = record::unpack(packed, ordinal, &self.keys, &mut self.reuse);
        event.asset = match i64::from_le_bytes(array(bytes, 17)) {
            -2 => EventAsset::ByName,
            -1 => EventAsset::Unknown,
            number => EventAsset::Number(u32::try_from(number).unwrap_or(u32::MAX)),
        };
        Some((event, kind == MAKES))
    }
}

/// One record of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'b>(&'b [u8]);

impl Record<'_> {
    /// Returns whom it is about.
    pub(crate) fn person(self) -> PersonId {
        person_of(self.0)
    }
}

impl PersonBlock {
    /// Returns the records, in order of person.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let mut rest = self.records.as_slice();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (record, after) = rest.split_at(record::length(rest).min(rest.len()));
            rest = after;
            Some(Record(record))
        })
    }

    /// Returns the people, in order.
    pub(crate) fn people(&self) -> Vec<PersonId> {
        let mut people: Vec<PersonId> = self.records().map(Record::person).collect();
        people.dedup();
        people
    }
}

fn put(
    out: &mut Vec<u8>,
    person: PersonId,
    kind: u8,
    ordinal: u32,
    asset: EventAsset,
    packed: &[u8],
) {
    let length = u32::try_from(HEAD - 4 + packed.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&person.0.to_le_bytes());
    out.push(kind);
    out.extend_from_slice(&ordinal.to_le_bytes());
    let asset = match asset {
        EventAsset::ByName => -2,
        EventAsset::Unknown => -1,
        EventAsset::Number(number) => i64::from(number),
    };
    out.extend_from_slice(&asset.to_le_bytes());
    out.extend_from_slice(packed);
}

fn person_of(record: &[u8]) -> PersonId {
    PersonId(record::order(record))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes
        .get(at..at + N)
        .and_then(|part| part.try_into().ok())
        .unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(people: &[i64], due: &[i64], about: usize) -> Vec<Vec<(i64, bool)>> {
        let mut events = ResolvedEvents::default();
        for (ordinal, person) in (0..).zip(people) {
            let of = Resolution {
                person: PersonId(*person),
                makes: false,
                asset: EventAsset::Number(7),
            };
            events.add(&of, ordinal, b"packed").unwrap();
        }
        let due = due.iter().map(|person| PersonId(*person)).collect();
        let mut ordered = events.finish(due).unwrap();
        let mut blocks = Vec::new();
        while let Some(block) = ordered.block(about).unwrap() {
            let last: Vec<(i64, bool)> = block
                .records()
                .map(|record| (record.person().0, record.0[12] != NO_EVENT))
                .collect();
            blocks.push(last);
        }
        blocks
    }

    #[test]
    fn people_come_in_order_with_those_who_have_no_event_between() {
        let blocks = collected(&[3, 1, 3, 9], &[1, 2, 10], 100);
        let event = |person| (person, true);
        let none = |person| (person, false);
        assert_eq!(
            blocks.concat(),
            [event(1), none(2), event(3), event(3), event(9), none(10)]
        );
    }

    #[test]
    fn no_person_is_in_two_blocks_save_one_who_is_too_large() {
        let blocks = collected(&[1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4], &[], 2);
        let people: Vec<Vec<i64>> = blocks
            .iter()
            .map(|block| block.iter().map(|(person, _)| *person).collect())
            .collect();
        assert_eq!(
            people,
            [vec![1, 2, 2, 2], vec![3, 3, 3, 3], vec![3, 3], vec![4]]
        );
    }
}
