//! What a replay has read of its events and not yet taken.
//!
//! Both ways to process a stretch take from here, so that each may follow the other.

use crate::app::UserError;
use crate::app::seen_events::scratch_failed;
use crate::app::stretch::PackedEvents;
use crate::app::writer::WriterError;
use crate::domain::Instant;
use crate::intake::events::Events;
use crate::world::{Event, EventStanding};

use super::Replay;

/// Events that were read and not yet taken, in order of time, with what they are packed into.
#[derive(Debug, Default)]
pub(super) struct ReadAhead {
    events: Vec<Event>,
    /// Where each begins in the packed ones, and where the last one ends.
    starts: Vec<usize>,
    packed: Vec<u8>,
    /// How many have been taken.
    taken: usize,
}

impl ReadAhead {
    /// Reads the next events, at most so many.
    fn read(events: &mut Events, most: usize) -> Result<Self, UserError> {
        let mut chunk = Self::default();
        while chunk.events.len() < most {
            chunk.starts.push(chunk.packed.len());
            let keep = |record: &[u8]| chunk.packed.extend_from_slice(record);
            match events
                .next_packed(keep)
                .map_err(|cause| scratch_failed(&cause))?
            {
                Some(event) => chunk.events.push(event),
                None => return Ok(chunk),
            }
        }
        chunk.starts.push(chunk.packed.len());
        Ok(chunk)
    }

    /// Keeps the events that are to be taken, each with what earlier replays have made of it.
    fn retain(&mut self, standings: Vec<Option<EventStanding>>) {
        let (mut kept, mut starts, mut packed) = (Vec::new(), Vec::new(), Vec::new());
        if standings.iter().all(Option::is_some) {
            for (event, standing) in self.events.iter_mut().zip(standings) {
                event.standing = standing.unwrap_or_default();
            }
            return;
        }
        let events = std::mem::take(&mut self.events).into_iter();
        for ((mut event, standing), place) in events.zip(standings).zip(self.starts.windows(2)) {
            let Some(standing) = standing else { continue };
            event.standing = standing;
            kept.push(event);
            starts.push(packed.len());
            packed.extend_from_slice(&self.packed[place[0]..place[1]]);
        }
        starts.push(packed.len());
        (self.events, self.starts, self.packed) = (kept, starts, packed);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.taken == self.events.len()
    }

    /// Takes the events before an instant, at most so many.
    pub(super) fn before(&mut self, next: Option<Instant>, most: u64) -> PackedEvents<'_> {
        let rest = &self.events[self.taken..];
        let before = rest.partition_point(|event| next.is_none_or(|next| event.at < next));
        let before = before.min(usize::try_from(most).unwrap_or(usize::MAX));
        let first = self.taken;
        self.taken += before;
        PackedEvents {
            events: &self.events[first..self.taken],
            starts: &self.starts[first..=self.taken],
            packed: &self.packed,
        }
    }
}

impl Replay<'_> {
    /// Reads events that are not known yet, unless some are there; returns whether there are any.
    pub(super) fn fill(&mut self, most: usize) -> Result<bool, WriterError> {
        while self.ahead.is_empty() {
            let mut chunk = ReadAhead::read(&mut self.events, most)?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let standings = self.standings(&chunk.events)?;
            // What is left out is done with.
            self.done += standings.iter().filter(|one| one.is_none()).count() as u64;
            chunk.retain(standings);
            self.ahead = chunk;
        }
        Ok(true)
    }
}
