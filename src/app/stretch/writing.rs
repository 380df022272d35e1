//! The writing thread of a stretch: everything it is given is one transaction, and ranges are written in their order.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::app::threads::spawn;
use crate::app::writer::{Keep, WriterError, WriterGone, joined};
use crate::app::{Error, Session};
use crate::domain::Instant;
use crate::store::{self, Store};
use crate::world::Journal;

/// What the writing thread is given.
pub(super) enum StretchWork {
    /// The identities of events, in order of time.
    Identities(Journal),
    /// What some people of a range did.
    Part(RangePart),
    /// An evaluation has failed: nothing is to be kept.
    Failed,
    /// All is there: make it so, with the watermark as it now is.
    Commit(Option<Instant>),
}

/// A part of what the people of a range did.
pub(super) struct RangePart {
    /// The number of the range, from 0.
    pub(super) range: u64,
    pub(super) journal: Journal,
    /// Whether the range ends with it.
    pub(super) last: bool,
}

/// The way to the writing thread of a stretch.
pub(in crate::app) struct StretchWriter {
    pub(super) work: SyncSender<StretchWork>,
    /// A journal with room for each range that was written.
    written: Receiver<Journal>,
}

impl StretchWriter {
    /// Hands over some work; waits while the thread is behind.
    pub(super) fn send(&self, work: StretchWork) -> Result<(), WriterGone> {
        self.work.send(work).map_err(|_| WriterGone)
    }

    /// Hands over the identities of events, in order of time.
    pub(in crate::app) fn note(&self, identities: Journal) -> Result<(), WriterGone> {
        self.send(StretchWork::Identities(identities))
    }

    /// Waits until one more range has been written, and returns its journal, empty.
    pub(super) fn range_written(&self) -> Result<Journal, WriterGone> {
        self.written.recv().map_err(|_| WriterGone)
    }

    /// Returns the journal of a range that was written meanwhile.
    pub(super) fn try_written(&self) -> Option<Journal> {
        self.written.try_recv().ok()
    }
}

/// Journals that may wait for the writing thread.
const AHEAD: usize = 2;

/// Runs the work of a stretch with its writing thread beside it. Once it returns a watermark, all is committed; where it
/// fails, nothing of it was done.
pub(in crate::app) fn with_stretch<T>(
    store: &mut Store,
    session: &Session<'_>,
    keep: Keep,
    work: impl FnOnce(&StretchWriter) -> Result<(T, Option<Instant>), WriterError>,
) -> Result<T, Error> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        let (done, written) = channel();
        let thread = spawn(scope, move || match keep {
            Keep::Written => {
                let mut stretch = store.begin_stretch(session.bindings())?;
                match write(&receiver, &done, |journal| stretch.put(journal))? {
                    Wish::Commit(watermark) => stretch.commit(watermark),
                    Wish::Undo => Ok(()),
                }
            }
            Keep::Dropped => {
                let bindings = session.bindings();
                let put = |journal: &Journal| store.put_matches(journal, bindings);
                write(&receiver, &done, put).map(|_| ())
            }
        })?;
        let result = {
            let writer = StretchWriter {
                work: sender,
                written,
            };
            work(&writer).and_then(|(value, watermark)| {
                writer.send(StretchWork::Commit(watermark))?;
                Ok(value)
            })
        };
        joined(thread, result)
    })
}

/// What is to become of what was written.
enum Wish {
    /// It is made so, with the watermark as it now is.
    Commit(Option<Instant>),
    /// It is undone.
    Undo,
}

/// Writes what comes, ranges in their order; returns what is to become of it.
fn write(
    work: &Receiver<StretchWork>,
    done: &Sender<Journal>,
    mut put: impl FnMut(&Journal) -> store::Result<()>,
) -> store::Result<Wish> {
    let mut next = 0;
    // What comes before its turn; bounded by the number of ranges that are under way.
    let mut early: BTreeMap<u64, Vec<RangePart>> = BTreeMap::new();
    for work in work {
        let part = match work {
            StretchWork::Identities(journal) => {
                put(&journal)?;
                continue;
            }
            StretchWork::Part(part) => part,
            StretchWork::Failed => return Ok(Wish::Undo),
            StretchWork::Commit(watermark) => return Ok(Wish::Commit(watermark)),
        };
        if part.range != next {
            early.entry(part.range).or_default().push(part);
            continue;
        }
        let mut turn = vec![part];
        while !turn.is_empty() {
            for mut part in turn {
                put(&part.journal)?;
                if part.last {
                    next += 1;
                    part.journal.clear();
                    // The other side may have stopped listening.
                    let _ = done.send(part.journal);
                }
            }
            turn = early.remove(&next).unwrap_or_default();
        }
    }
    Ok(Wish::Undo)
}
