//! `campaign advance`: lets the clock pass, and does all that is due on the way, each thing at its own instant.
//!
//! Due at one instant are first the waits, in the order in which they began, then the scheduled batch campaigns by
//! name. Everything done is recognised (a wait by its row, an occurrence by its run), so the command may be killed
//! at any instant, started again, and started as often as one likes.

use crate::domain::Instant;
use crate::engine::Engine;
use crate::results::{AdvanceSummary, DueRow};
use crate::store::Store;

use super::campaign_counts;
use super::scheduled::{Missed, Occurrences, RefusedOccurrence, note_next_runs};
use super::stored_workspace::StoredWorkspace;
use super::timeline::{Keep, Timeline};
use super::writer::with_writer;
use super::{ChunkBounds, Cutting, Error, Stop, run_batch};

/// How the clock passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// The instant to reach.
    pub(crate) until: Instant,
    /// What happens to occurrences that lie before it.
    pub(crate) missed: Missed,
    /// The seed of samples.
    pub(crate) seed: u64,
    /// How much is done between two commits.
    pub(crate) bounds: ChunkBounds,
}

/// What letting the clock pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Advanced {
    /// The counts.
    pub(crate) summary: AdvanceSummary,
    /// What happened, in order; only a rehearsal tells.
    pub(crate) happened: Vec<DueRow>,
    /// Occurrences that were refused.
    pub(crate) refused: Vec<RefusedOccurrence>,
    /// Scheduled campaigns that no longer compile, and did not run.
    pub(crate) broken: Vec<String>,
    /// Entries that the cascade limit cut, the first few.
    pub(crate) cuts: Vec<Cutting>,
}

/// Whether each thing that happens is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tell {
    /// It is.
    Each,
    /// The counts are enough.
    Counts,
}

/// Lets the clock pass up to an instant.
pub(crate) fn advance(
    store: &mut Store,
    opened: &StoredWorkspace,
    options: &Options,
    stop: &Stop,
    progress: &mut dyn FnMut(u64),
) -> Result<Advanced, Error> {
    pass(store, opened, options, Tell::Counts, stop, progress)
}

/// Does it all on a copy of the database, and tells each thing that would happen; the copy is gone afterwards.
pub(crate) fn rehearse(
    store: &Store,
    options: &Options,
    stop: &Stop,
    progress: &mut dyn FnMut(u64),
) -> Result<Advanced, Error> {
    run_batch::check_clock(store, options.until)?;
    let mut copy = store.scratch()?;
    let opened = StoredWorkspace::of(&copy)?;
    pass(&mut copy, &opened, options, Tell::Each, stop, progress)
}

fn pass(
    store: &mut Store,
    opened: &StoredWorkspace,
    options: &Options,
    tell: Tell,
    stop: &Stop,
    progress: &mut dyn FnMut(u64),
) -> Result<Advanced, Error> {
    run_batch::check_clock(store, options.until)?;
    let mut scheduled = Occurrences::new(store, opened, options.seed, options.bounds)?
        .up_to(options.until, options.missed);
    scheduled.finish_begun(store, Some(options.until), stop, progress)?;
    let engine = Engine::new(
        &opened.workspace,
        |campaign| opened.is_active(campaign),
        options.seed,
    );
    let mut timeline = Timeline::new(store, engine, opened, Keep::Written, options.bounds)?;
    if tell == Tell::Each {
        timeline.tell();
    }
    loop {
        let occurrence = scheduled.next_at();
        with_writer(store, opened.bindings.clone(), |writer| {
            timeline.elapse(occurrence.unwrap_or(options.until), writer, stop)?;
            if occurrence.is_none() {
                timeline.reach(options.until);
            }
            timeline.flush(writer)
        })?;
        let Some(at) = occurrence else { break };
        scheduled.run(store, at, stop, progress)?;
        timeline = timeline.renewed(store, at)?;
    }
    note_next_runs(store, opened)?;
    Ok(told(timeline, scheduled, opened))
}

fn told(
    mut timeline: Timeline<'_>,
    scheduled: Occurrences<'_>,
    opened: &StoredWorkspace,
) -> Advanced {
    let runs = scheduled.outcome;
    let mut happened = timeline.take_due();
    // Both parts are in order, and at one instant waits come first: sorting is stable.
    happened.extend(runs.told);
    happened.sort_by_key(|row| row.at);
    let tally = timeline.tally;
    let mut campaigns = tally.campaigns;
    campaign_counts::add(&mut campaigns, &runs.campaigns);
    let mut cuts = Cutting::all(&opened.workspace, &tally.cuts);
    cuts.extend(runs.cuts);
    cuts.sort_by_key(|cut| cut.at);
    Advanced {
        summary: AdvanceSummary {
            waits: tally.waits,
            runs: runs.runs,
            entries: tally.entries + runs.entries,
            watermark: timeline.watermark,
            cut: tally.cut + runs.cut,
            refused: runs.refused.len() as u64,
            campaigns: campaign_counts::rows(&opened.workspace, &campaigns),
        },
        happened,
        refused: runs.refused,
        broken: runs.broken,
        cuts,
    }
}
