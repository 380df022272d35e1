//! The writing thread: commits journals while the next people are processed.
//!
//! Each journal is one transaction with the progress made. A failed write ends the work; what was committed
//! before stays, and the same command continues from there.

use std::cell::{Cell, RefCell};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::ScopedJoinHandle;

use crate::app::threads::spawn;
use crate::app::{Error, Session};
use crate::domain::Instant;
use crate::store::{Bindings, CommitProgress, RunProgress, Store};
use crate::world::Journal;

/// Whether journals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// The changes of people are written.
    Written,
    /// They are dropped, but for the matches that are to be reported: a dry run, which keeps everyone it has touched in
    /// memory.
    Dropped,
}

/// A journal and the progress that is committed with it.
#[derive(Debug)]
pub(super) struct JournalBatch {
    /// What was changed.
    pub(super) journal: Journal,
    /// Whether it is written; of a dry run, the matches of triggers are.
    pub(super) keep: Keep,
    /// The watermark as it now is.
    pub(super) watermark: Option<Instant>,
    /// The batch run it belongs to.
    pub(super) run: Option<RunProgress>,
}

/// The way to the writing thread.
#[derive(Debug)]
pub(super) struct Writer {
    work: SyncSender<JournalBatch>,
    written: Receiver<Journal>,
    pending: Cell<u64>,
    spare: RefCell<Option<Journal>>,
}

/// The writing thread has ended; its own error says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WriterGone;

/// Journals that may wait for the writing thread; each is bounded, and so is the memory.
const AHEAD: usize = 1;

impl Writer {
    /// Hands over a journal; waits while the thread is behind.
    pub(super) fn send(&self, work: JournalBatch) -> Result<(), WriterGone> {
        self.pending.set(self.pending.get() + 1);
        self.work.send(work).map_err(|_| WriterGone)
    }

    /// Waits until everything handed over is committed.
    pub(super) fn drain(&self) -> Result<(), WriterGone> {
        while self.pending.get() > 0 {
            self.receive(self.written.recv().map_err(|_| WriterGone)?);
        }
        Ok(())
    }

    /// Returns an empty journal, with the room of one that was written if there is one.
    pub(super) fn spare(&self) -> Journal {
        while let Ok(journal) = self.written.try_recv() {
            self.receive(journal);
        }
        self.spare.take().unwrap_or_default()
    }

    fn receive(&self, journal: Journal) {
        self.pending.set(self.pending.get() - 1);
        self.spare.replace(Some(journal));
    }
}

/// Runs some work with a writing thread beside it, and waits until all it handed over is committed.
///
/// A fault of the writing thread is reported before one of the work, since it is the cause.
pub(super) fn with_writer<T>(
    store: &mut Store,
    session: &Session<'_>,
    work: impl FnOnce(&Writer) -> Result<T, WriterError>,
) -> Result<T, Error> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        let (done, written) = channel();
        let bindings = session.bindings();
        let thread = spawn(scope, move || write_all(store, bindings, &receiver, &done))?;
        let result = {
            let writer = Writer {
                work: sender,
                written,
                pending: Cell::new(0),
                spare: RefCell::new(None),
            };
            work(&writer)
        };
        joined(thread, result)
    })
}

/// Waits for a writing thread after the work beside it; a fault of the thread is the cause of one of the work.
pub(super) fn joined<T>(
    thread: ScopedJoinHandle<'_, crate::store::Result<()>>,
    result: Result<T, WriterError>,
) -> Result<T, Error> {
    match thread.join() {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(error.into()),
        Err(panic) => std::panic::resume_unwind(panic),
    }
    result.map_err(|failure| match failure {
        WriterError::Own(error) => error,
        // The thread ends early with an error only, which was returned above.
        WriterError::Writer => Error::from(super::UserError::new(
            super::ErrorKind::Program,
            "the writing thread ended early",
        )),
    })
}

/// Why work beside a writing thread ended.
#[derive(Debug)]
pub(super) enum WriterError {
    /// By itself.
    Own(Error),
    /// The writing thread ended.
    Writer,
}

impl From<WriterGone> for WriterError {
    fn from(_: WriterGone) -> Self {
        Self::Writer
    }
}

impl<E: Into<Error>> From<E> for WriterError {
    fn from(error: E) -> Self {
        Self::Own(error.into())
    }
}

fn write_all(
    store: &mut Store,
    bindings: &Bindings,
    work: &Receiver<JournalBatch>,
    done: &Sender<Journal>,
) -> Result<(), crate::store::Error> {
    for mut work in work {
        let progress = CommitProgress {
            watermark: work.watermark,
            run: work.run.as_ref(),
        };
        match work.keep {
            Keep::Written => store.write(&work.journal, bindings, progress)?,
            Keep::Dropped => store.put_matches(&work.journal, bindings)?,
        }
        work.journal.clear();
        // The other side may have stopped listening; what is handed over is written all the same.
        let _ = done.send(work.journal);
    }
    Ok(())
}
