//! Event files: JSONL, CSV and Marketo's bulk activity extract, read into events in order of time.
//!
//! [`open`] reads and checks every line of every file before the first event is given out, so that a file with a bad
//! line is refused whole. Meanwhile events are kept packed ([`record`]), in memory or in scratch files, and put in
//! order ([`order`]); [`Events`] then unpacks them one by one. Nothing here knows people or the database: whether
//! a person exists and an event was taken before is for the replay to say.

mod cells;
mod check;
mod complete;
mod divide;
mod divided;
mod divider;
mod identity;
mod items;
pub(crate) mod json;
mod keys;
mod line_error;
mod lines;
mod mapping;
mod names;
mod order;
mod paths;
mod preset;
mod raw_event;
mod read;
mod read_state;
mod record;
pub(crate) mod resolved;
mod reuse;
#[cfg(test)]
mod tests;
mod timestamp;
mod values;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::domain::{ActivityCatalogue, ActivityTypeId, FieldCatalogue, Instant, Key, Zone};
use crate::files::Place;

use super::data_error::{DataError, Error, Faults};
use super::input::Input;
use super::rejects::Rejects;
use super::renames::Renames;
use crate::world::Event;

use check::Rules;
pub(crate) use divide::Reading;
use divider::Divided;
pub(crate) use divider::{Divider, FileForm};
use identity::{IdentityVerdict, Judge};
use order::Ordered;
pub(crate) use preset::Preset;
use read_state::ReadState;
use reuse::Reuse;

/// How many bytes of packed events are kept in memory unless a test says otherwise.
pub(crate) const BUDGET: usize = 160 << 20;

/// How event files are to be read.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Other names of columns and keys (`--map`).
    pub(crate) renames: Renames,
    /// The activity type of every line (`--type`); a column or key `type` is then an attribute.
    pub(crate) activity: Option<ActivityTypeId>,
    /// The system whose events the files hold (`--from`); without it, each file is recognised by its first event.
    pub(crate) preset: Option<Preset>,
    /// Other names of activity types (`--type-map`).
    pub(crate) types: BTreeMap<String, String>,
    /// The latest instant an event may have.
    pub(crate) latest: Option<Instant>,
    /// Where malformed lines go (`--rejects`); without it one of them refuses everything.
    pub(crate) rejects: Option<Place>,
    /// Where events of unknown types go (`--unknown`); every event then also carries its line, so that those of
    /// unknown people can follow.
    pub(crate) unknown: Option<Place>,
    /// How many bytes of the files have been read, as they are stored.
    pub(crate) read: Arc<AtomicU64>,
    /// Whether files are hashed, by which those that `--unknown` wrote are recognised.
    pub(crate) hashing: bool,
    /// How many bytes of packed events may stay in memory.
    pub(crate) budget: usize,
    /// Names of [`Self::renames`] that other files of the command have, so that none of these need have them.
    pub(crate) elsewhere: BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            renames: Renames::default(),
            activity: None,
            preset: None,
            types: BTreeMap::new(),
            latest: None,
            rejects: None,
            unknown: None,
            read: Arc::default(),
            hashing: false,
            budget: BUDGET,
            elsewhere: BTreeSet::new(),
        }
    }
}

/// How many lines there were, and the outcome of those that are not events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Lines that are not blank, headers not counted.
    pub(crate) read: u64,
    /// Lines that say what an earlier line said, by the same id.
    pub(crate) repeated: u64,
    /// Lines whose activity type no catalogue has.
    pub(crate) unknown_type: u64,
    /// Lines set aside as malformed.
    pub(crate) rejected: u64,
}

/// What becomes known while files are read, also where they are refused in the end.
pub(crate) struct Watch<'a> {
    /// Is given the count of lines so far.
    pub(crate) reached: &'a dyn Fn(u64),
    /// The files whose format was recognised by their first event.
    pub(crate) recognised: RefCell<Vec<(String, Preset)>>,
}

impl<'a> Watch<'a> {
    /// Makes one that gives the count of lines to `reached`.
    pub(crate) fn new(reached: &'a dyn Fn(u64)) -> Self {
        Self {
            reached,
            recognised: RefCell::default(),
        }
    }
}

/// How many events there are, and how much time they cover.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Their number.
    pub(crate) events: u64,
    /// The instants of the first and the last one.
    pub(crate) span: Option<[Instant; 2]>,
}

impl Extent {
    /// Takes in the next event in order of time.
    fn add(&mut self, at: Instant) {
        self.events += 1;
        self.span = Some([self.span.map_or(at, |[first, _]| first), at]);
    }
}

/// The events of some files, in order of time; those of one instant in order of files and lines.
#[derive(Debug)]
pub(crate) struct Events {
    ordered: Ordered,
    judge: Judge,
    keys: Vec<Vec<Key>>,
    reuse: Reuse,
    counts: Counts,
    extent: Extent,
    rejected: Faults,
    set_aside: SetAside,
    unknown_types: BTreeMap<String, u64>,
    /// What the files are called.
    files: Vec<String>,
    /// The hash of each file's bytes, where it is wanted.
    hashes: Vec<Option<u64>>,
    /// Those from here on are not given out.
    end: Option<Instant>,
}

/// Reads and checks event files.
///
/// An error names every fault of every file, or the file that cannot be read.
pub(crate) fn open(
    inputs: &[Input],
    options: &Options,
    activities: &ActivityCatalogue,
    fields: &FieldCatalogue,
    zone: &Zone,
    watch: &Watch<'_>,
) -> Result<Events, Error> {
    open_for(inputs, options, activities, fields, zone, watch, None)
}

/// Does the same, and gives the keys that lines join to a divider, where there is one.
fn open_for<'c>(
    inputs: &[Input],
    options: &'c Options,
    activities: &'c ActivityCatalogue,
    fields: &'c FieldCatalogue,
    zone: &'c Zone,
    watch: &'c Watch<'c>,
    divided: Option<Divided<'c>>,
) -> Result<Events, Error> {
    let rules = Rules {
        activities,
        fields,
        zone,
        renames: &options.renames,
        activity: options.activity,
        latest: options.latest,
        keep_lines: options.unknown.is_some(),
        types: &options.types,
        notes_keys: divided.is_some(),
    };
    let mut reading = ReadState::new(rules, options, watch)?;
    if let Some(divided) = divided {
        reading.divider = Some(divided.divider);
        reading.rejects = divided.rejects;
    }
    for input in inputs {
        reading.file(input)?;
    }
    reading.unused_renames(inputs);
    let read = reading.finish().map_err(scratch_failed)?;
    let mut events = Events {
        ordered: read.ordered,
        judge: Judge::default(),
        keys: keys(activities),
        reuse: Reuse::default(),
        counts: read.counts,
        extent: Extent::default(),
        rejected: read.faults,
        set_aside: SetAside {
            rejects: read.rejects,
            unknown: read.unknown,
        },
        unknown_types: read.unknown_types,
        files: inputs.iter().map(Input::name).collect(),
        hashes: read.hashes,
        end: None,
    };
    let conflicts = events.conflicts().map_err(scratch_failed)?;
    if read.refused || !conflicts.is_empty() {
        events.rejected.append(conflicts);
        return Err(events.rejected.into());
    }
    if let Some(rejects) = &mut events.set_aside.rejects {
        // All of them are known: a full disk is better found before anything is taken.
        rejects.sync()?;
    }
    Ok(events)
}

impl Events {
    /// Returns what was counted; it is final before the first event is given out.
    pub(crate) fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns how many there are, and how much time they cover.
    pub(crate) fn extent(&self) -> Extent {
        self.extent
    }

    /// Returns the names of activity types that no catalogue has, and how many lines had each.
    pub(crate) fn unknown_types(&self) -> &BTreeMap<String, u64> {
        &self.unknown_types
    }

    /// Returns what was wrong with the lines that were set aside as malformed.
    pub(crate) fn rejected(&self) -> &Faults {
        &self.rejected
    }

    /// Returns the hash of each file's bytes, in the order of the command line, where it was wanted.
    pub(crate) fn hashes(&self) -> &[Option<u64>] {
        &self.hashes
    }

    /// Hands over the files of lines that are not taken; those of unknown people are still to come.
    pub(crate) fn take_set_aside(&mut self) -> SetAside {
        std::mem::take(&mut self.set_aside)
    }

    /// Finds events of one id and instant that differ, counts those that do not and all others, and starts again.
    fn conflicts(&mut self) -> io::Result<Faults> {
        let mut conflicts = Faults::default();
        let files = &self.files;
        let name = |file: u32| files.get(file as usize).cloned().unwrap_or_default();
        while let Some(record) = self.ordered.next()? {
            let head = record::head(record);
            match self.judge.judge(&head) {
                IdentityVerdict::New(_) => self.extent.add(head.at),
                IdentityVerdict::Repeated => self.counts.repeated += 1,
                IdentityVerdict::Conflict((file, line)) => conflicts.push(DataError {
                    file: name(head.place.0),
                    line: head.place.1,
                    column: 1,
                    message: format!(
                        "an event with the id and the instant of {}:{line}, but other content",
                        name(file)
                    ),
                    help: Some("one id is one event: take one of the two away".to_owned()),
                }),
            }
        }
        self.rewind()?;
        Ok(conflicts)
    }

    /// Returns the next event, and gives it as it is packed to `keep`; nothing at the end.
    pub(crate) fn next_packed(&mut self, mut keep: impl FnMut(&[u8])) -> io::Result<Option<Event>> {
        while let Some(record) = self.ordered.next()? {
            let head = record::head(record);
            if self.end.is_some_and(|end| head.at >= end) {
                return Ok(None);
            }
            match self.judge.judge(&head) {
                IdentityVerdict::New(ordinal) => {
                    keep(record);
                    let event = record::unpack(record, ordinal, &self.keys, &mut self.reuse);
                    return Ok(Some(event));
                }
                IdentityVerdict::Repeated | IdentityVerdict::Conflict(_) => {}
            }
        }
        Ok(None)
    }

    /// Gives out only those before an instant.
    pub(crate) fn end_before(&mut self, end: Instant) {
        self.end = Some(end);
    }

    /// Starts again with the first event.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        self.judge = Judge::default();
        self.ordered.rewind()
    }

    /// Returns the file and the line in which an event stands.
    pub(crate) fn place(&self, event: &Event) -> (String, u64) {
        let (file, line) = event.place;
        let name = self.files.get(file as usize).cloned();
        (name.unwrap_or_default(), line)
    }
}

impl Iterator for Events {
    /// An event, or the reason why the scratch file cannot be read.
    type Item = io::Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_packed(|_| {}).transpose()
    }
}

/// Returns the attributes of every type, as records number them.
fn keys(activities: &ActivityCatalogue) -> Vec<Vec<Key>> {
    activities
        .iter()
        .map(|(_, activity)| {
            let attributes = activity.attributes.iter();
            attributes.map(|a| Key::clone(&a.key)).collect()
        })
        .collect()
}

/// The files of lines that were not taken: nobody sees them before they are published.
#[derive(Debug, Default)]
pub(crate) struct SetAside {
    rejects: Option<Rejects>,
    unknown: Option<Rejects>,
}

impl SetAside {
    /// Adds the line of an event of an unknown person, where there is a file for it.
    pub(crate) fn add_unknown(&mut self, line: &str) -> Result<(), Error> {
        match &mut self.unknown {
            Some(unknown) => unknown.copy(line.as_bytes()),
            None => Ok(()),
        }
    }

    /// Waits until the disk has the events of unknown people and types, and returns the hash of their file, if there are any.
    pub(crate) fn sync_unknown(&mut self) -> Result<Option<u64>, Error> {
        let Some(unknown) = &mut self.unknown else {
            return Ok(None);
        };
        unknown.sync()?;
        Ok(unknown.hash())
    }

    /// Gives the files their names, once the other events are taken.
    pub(crate) fn publish(mut self) -> Result<(), Error> {
        let mut files = [self.rejects.take(), self.unknown.take()];
        // All of them on the disk before the first has its name.
        files.iter_mut().flatten().try_for_each(Rejects::sync)?;
        files.into_iter().flatten().try_for_each(Rejects::publish)
    }
}

fn scratch_failed(cause: io::Error) -> Error {
    Error::unreadable("scratch file", cause)
}
