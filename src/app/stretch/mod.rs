//! A stretch of time whose people are processed in ranges, in one transaction.
//!
//! One person's history never needs another's, with few exceptions. So a long stretch has two passes: the first finds, in
//! order of time, whom each event means (`resolve`); the second takes one person after the other through their events and
//! waits (`evaluator`), in ranges that several threads evaluate, and writes each page of the database once (`writing`).
//! Everyone is at one instant when the stretch is committed; what ends it earlier undoes it.
//!
//! [`Ranges::allowed`] says where people do meet; there, `timeline` processes everything in order of time, and the results
//! are the same where both are possible. `replay` and `advance` call it.

mod evaluator;
mod lookups;
mod resolve;
mod writing;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::control::Pass;
use super::seen_events::scratch_failed;
use super::threads::spawn;
use super::timeline::{End, Timeline};
use super::writer::{Keep, WriterError, WriterGone};
use super::{Control, Error, Session, address_dedup};
use crate::domain::{CampaignId, WaitId};
use crate::engine::Reaction;
use crate::intake::events::resolved::{
    EventsByPerson, PersonBlock, ResolvedEvents, ResolvedReader,
};
use crate::store::Store;
use crate::world::Journal;

pub(super) use evaluator::Task;
use evaluator::{Evaluator, Outcome};
pub(super) use resolve::{Meant, PackedEvents, Resolver};
use writing::{RangePart, StretchWork};
pub(super) use writing::{StretchWriter, with_stretch};

/// The connections by which people are read, a thread each.
pub(super) struct Ranges {
    readers: Vec<Store>,
    /// The one of the first pass.
    pub(super) finder: Store,
}

/// The people of a range on their way to a thread.
struct RangeWork {
    range: u64,
    blocks: Receiver<PersonBlock>,
    /// A journal with room.
    spare: Journal,
}

impl Ranges {
    /// Opens the connections; nothing where everything is to be processed in order of time.
    pub(super) fn open(store: &Store, session: &Session<'_>) -> Result<Option<Self>, Error> {
        let threads = session.bounds.threads;
        if threads == 0 {
            return Ok(None);
        }
        let readers = (0..threads).map(|_| store.reader());
        Ok(Some(Self {
            readers: readers.collect::<Result<_, _>>()?,
            finder: store.reader()?,
        }))
    }

    /// Returns whether no person's history needs another's in what comes next.
    ///
    /// They do meet where a flow changes keys or erases, and where somebody of a batch run wakes whose campaign may send an
    /// email, of which an address gets one: not where nobody shares an address, and no `events` come that may change that.
    pub(super) fn allowed(
        store: &Store,
        session: &Session<'_>,
        waited_in: &[CampaignId],
        events: bool,
    ) -> Result<bool, Error> {
        if session.engine.flows_meet(waited_in.iter().copied()) {
            return Ok(false);
        }
        let workspace = session.workspace();
        let waits = store.run_waits(session.bindings())?;
        let mut walked = waits
            .into_iter()
            .filter_map(|(campaign, finishes)| workspace.version(campaign, finishes));
        let may_meet = walked.any(address_dedup::sends_email);
        Ok(!may_meet || (!events && store.shared_addresses()?.is_empty()))
    }

    /// Lets the clock of everyone pass up to an instant, as one stretch without events.
    pub(super) fn elapse(
        &mut self,
        store: &mut Store,
        session: &Session<'_>,
        timeline: &mut Timeline<'_>,
        end: End,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let task = Task {
            needs: timeline.needs().clone(),
            began: timeline.watermark,
            ends: end.at(),
            reaction: Reaction::Ask,
            list_due: timeline.lists_due(),
            watch: timeline.tally.is_watched(),
        };
        let due = self.finder.due_people(task.ends)?;
        let pass = Pass {
            counts: [0, due.len() as u64],
            bar: [task.began.unwrap_or(task.ends), task.ends],
        };
        let mut source = ResolvedEvents::default()
            .finish(due)
            .map_err(|cause| scratch_failed(&cause))?;
        with_stretch(store, session, Keep::Written, |writer| {
            let reader = &ResolvedReader::of_nothing;
            self.apply(
                session,
                timeline,
                &task,
                &mut source,
                reader,
                writer,
                &pass,
                control,
            )?;
            timeline.reach_end(end);
            Ok(((), timeline.watermark))
        })?;
        control.passed(task.ends);
        Ok(())
    }

    /// Takes everyone through a stretch, and counts what they did in the timeline.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a stretch is made of: no two of them belong together"
    )]
    pub(super) fn apply(
        &mut self,
        session: &Session<'_>,
        timeline: &mut Timeline<'_>,
        task: &Task,
        source: &mut EventsByPerson,
        reader: &dyn Fn() -> ResolvedReader,
        writer: &StretchWriter,
        pass: &Pass,
        control: &mut Control<'_>,
    ) -> Result<(), WriterError> {
        let earlier = timeline.tally.lend_waits();
        let outcomes = self.evaluate(
            session, task, source, reader, writer, &earlier, pass, control,
        )?;
        let (mut tallies, mut due) = (Vec::new(), Vec::new());
        for outcome in outcomes {
            tallies.push(outcome.tally);
            due.extend(outcome.due);
        }
        timeline.tally.add_parts(earlier, tallies);
        timeline.add_due_rows(due);
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a stretch is made of: no two of them belong together"
    )]
    fn evaluate(
        &mut self,
        session: &Session<'_>,
        task: &Task,
        source: &mut EventsByPerson,
        reader: &dyn Fn() -> ResolvedReader,
        writer: &StretchWriter,
        earlier: &Arc<FxHashSet<WaitId>>,
        pass: &Pass,
        control: &mut Control<'_>,
    ) -> Result<Vec<Outcome>, WriterError> {
        let (mut done, all) = (0, source.records());
        let about = session.bounds.range;
        let most = self.readers.len() + UNDER_WAY;
        let next_block = |source: &mut EventsByPerson| {
            source.block(about).map_err(|cause| scratch_failed(&cause))
        };
        let Some(mut block) = next_block(source)? else {
            return Ok(Vec::new());
        };
        std::thread::scope(|scope| {
            // Small, so that nobody waits for a place in the queue while another thread has nothing to do.
            let (sender, queue) = sync_channel(1);
            let queue = Arc::new(Mutex::new(queue));
            let mut threads = Vec::new();
            for connection in &mut self.readers {
                let (queue, unpack, earlier) = (Arc::clone(&queue), reader(), Arc::clone(earlier));
                let work = writer.work.clone();
                threads.push(spawn(scope, move || {
                    let evaluator = Evaluator::new(session, task, connection, unpack, earlier);
                    ranges(evaluator, &queue, &work)
                })?);
            }
            // From here on its end alone says that no thread is left.
            drop(queue);
            let hand_out = || -> Result<(), WriterError> {
                let mut under_way = 0;
                for range in 0.. {
                    control.check_in_stretch()?;
                    control.in_pass(pass, done, all);
                    let mut spare = Journal::default();
                    while under_way >= most {
                        spare = writer.range_written()?;
                        under_way -= 1;
                    }
                    while let Some(journal) = writer.try_written() {
                        spare = journal;
                        under_way -= 1;
                    }
                    let (blocks, receiver) = sync_channel(1);
                    let work = RangeWork {
                        range,
                        blocks: receiver,
                        spare,
                    };
                    sender.send(work).map_err(|_| WriterGone)?;
                    under_way += 1;
                    loop {
                        let goes_on = block.goes_on;
                        done += block.count;
                        blocks.send(block).map_err(|_| WriterGone)?;
                        let Some(next) = next_block(source)? else {
                            return Ok(());
                        };
                        block = next;
                        if !goes_on {
                            break;
                        }
                    }
                }
                Ok(())
            };
            let handed_out = hand_out();
            drop(sender);
            outcomes(threads, handed_out)
        })
    }
}

/// Ranges that are evaluated already and wait to be written, or wait to be evaluated.
const UNDER_WAY: usize = 3;

/// Evaluates ranges as long as there are some. Where that fails, the writing thread keeps nothing.
fn ranges(
    mut evaluator: Evaluator<'_>,
    queue: &Mutex<Receiver<RangeWork>>,
    writer: &SyncSender<StretchWork>,
) -> Result<Outcome, WriterError> {
    let send = |work: StretchWork| writer.send(work).map_err(|_| WriterGone);
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        // The queue ends with the stretch.
        let Ok(RangeWork {
            range,
            blocks,
            spare,
        }) = next
        else {
            return Ok(evaluator.finish());
        };
        let part = |journal, last| {
            StretchWork::Part(RangePart {
                range,
                journal,
                last,
            })
        };
        for block in blocks {
            let done = evaluator.block(&block, |journal| send(part(journal, false)));
            if done.is_err() {
                // The thread that hands out ranges waits for this one to be written.
                send(StretchWork::Failed)?;
            }
            done?;
        }
        send(part(evaluator.journal(spare), true))?;
    }
}

/// Waits for the threads. What one of them failed of counts more than that others heard of it.
fn outcomes(
    threads: Vec<std::thread::ScopedJoinHandle<'_, Result<Outcome, WriterError>>>,
    handed_out: Result<(), WriterError>,
) -> Result<Vec<Outcome>, WriterError> {
    let mut outcomes = Vec::new();
    let mut failed = handed_out.err();
    for thread in threads {
        match thread.join() {
            Ok(Ok(outcome)) => outcomes.push(outcome),
            Ok(Err(WriterError::Own(error))) => failed = Some(WriterError::Own(error)),
            Ok(Err(WriterError::Writer)) => {
                failed.get_or_insert(WriterError::Writer);
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(outcomes),
    }
}
