//! Which events were taken before, so that a replay that is started again continues where it was.

use super::{Error, ErrorKind, UserError};
use crate::domain::Instant;
use crate::intake::data_error::{DataError, Faults};
use crate::intake::events::Events;
use crate::store::{Seen, Store};
use crate::world::Event;

/// What a database knows of events.
pub(super) struct SeenEvents {
    /// Events up to here may have been taken by an earlier replay.
    known_until: Option<Instant>,
    reader: Store,
}

impl SeenEvents {
    /// Makes it of the instant that events have reached, and a connection to read by.
    pub(super) fn new(known_until: Option<Instant>, reader: Store) -> Self {
        Self {
            known_until,
            reader,
        }
    }

    /// Refuses events that have the id and the instant of one that was taken, and are another, before anything is done.
    pub(super) fn refuse_conflicts(&self, events: &mut Events, most: usize) -> Result<(), Error> {
        let mut faults = Faults::default();
        loop {
            let chunk = read_chunk(events, most)?;
            let known = self.known(&chunk)?;
            let different = chunk.iter().zip(&known);
            for (event, _) in different.filter(|(_, known)| **known == Seen::Different) {
                let (file, line) = events.place(event);
                faults.push(DataError {
                    file,
                    line,
                    column: 1,
                    message: "an event with the id and the instant of one that was taken before, but other content".to_owned(),
                    help: Some("one id is one event: give it an id of its own, or take it away".to_owned()),
                });
            }
            // Events come in order of time: past the last one that may be known there is none.
            if known.len() < chunk.len() || chunk.is_empty() {
                break;
            }
        }
        events.rewind().map_err(|cause| scratch_failed(&cause))?;
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Error::Faults(faults))
        }
    }

    /// Says of those events of a chunk that may have been taken, which come first, whether they were.
    pub(super) fn known(&self, chunk: &[Event]) -> Result<Vec<Seen>, Error> {
        let old =
            chunk.partition_point(|event| self.known_until.is_some_and(|until| event.at <= until));
        let identities: Vec<_> = chunk[..old].iter().map(|event| event.identity).collect();
        Ok(self.reader.events_known(&identities)?)
    }
}

/// Reads the next events.
fn read_chunk(events: &mut Events, most: usize) -> Result<Vec<Event>, UserError> {
    let mut chunk = Vec::with_capacity(most);
    for event in events.by_ref().take(most) {
        chunk.push(event.map_err(|cause| scratch_failed(&cause))?);
    }
    Ok(chunk)
}

/// Reports that the scratch file of events cannot be read.
pub(super) fn scratch_failed(cause: &std::io::Error) -> UserError {
    let message = format!("cannot read the scratch file of events: {cause}");
    UserError::new(ErrorKind::Storage, message)
}
