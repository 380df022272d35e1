//! `campaign advance`: lets the clock pass, and does all that is due on the way, each thing at its own instant.
//!
//! Due at one instant are first the waits, in the order in which they began, then the scheduled batch campaigns by
//! name. Everything done is recognised (a wait by its row, an occurrence by its run), so the command may be killed
//! at any instant, started again, and started as often as one likes.

use rustc_hash::FxHashSet;

use crate::domain::{Instant, WaitId};
use crate::engine::Tally;
use crate::results::{AdvanceSummary, DueRow};
use crate::store::Store;

use super::campaign_counts;
use super::scheduled::{Missed, Occurrences, RefusedOccurrence, note_next_runs, synced_once};
use super::stretch::Ranges;
use super::timeline::{End, Timeline};
use super::writer::Keep;
use super::writer::with_writer;
use super::{Control, Cutting, Error, Session, run_batch};

/// How the clock passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// The instant to reach.
    pub(crate) until: Instant,
    /// What happens to occurrences that lie before it.
    pub(crate) missed: Missed,
    /// Whether each thing that happens is listed, besides the counts.
    pub(crate) listed: bool,
}

/// What letting the clock pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Advanced {
    /// The counts.
    pub(crate) summary: AdvanceSummary,
    /// What happened, in order, where that was asked for.
    pub(crate) happened: Vec<DueRow>,
    /// Occurrences that were refused.
    pub(crate) refused: Vec<RefusedOccurrence>,
    /// Scheduled campaigns that no longer compile, and did not run.
    pub(crate) broken: Vec<String>,
    /// What the guards of runs leave to be said.
    pub(crate) notes: Vec<String>,
    /// Entries that the cascade limit cut, the first few.
    pub(crate) cuts: Vec<Cutting>,
}

/// Lets the clock pass up to an instant. A dry run gives a scratch copy of the database.
pub(crate) fn advance(
    store: &mut Store,
    session: &Session<'_>,
    options: &Options,
    control: &mut Control<'_>,
) -> Result<Advanced, Error> {
    run_batch::check_clock(store, options.until)?;
    let mut scheduled = Occurrences::new(store, session)?.up_to(options.until, options.missed);
    scheduled.finish_begun(store, Some(options.until), control)?;
    let mut timeline = Timeline::new(store, session, Keep::Written)?;
    timeline.tally.add_begun(scheduled.take_begun());
    if options.listed {
        timeline.list_due();
    }
    let timeline = synced_once(store, |store| {
        go(store, session, options, timeline, &mut scheduled, control)
    })?;
    note_next_runs(store, session.opened)?;
    Ok(summed_up(timeline, scheduled, session))
}

/// Lets the clock pass up to an instant while nothing scheduled runs, and returns what was counted; `begun` are waits that
/// were counted when they began.
pub(super) fn elapse(
    store: &mut Store,
    session: &Session<'_>,
    until: Instant,
    begun: FxHashSet<WaitId>,
    control: &mut Control<'_>,
) -> Result<Tally, Error> {
    let options = Options {
        until,
        missed: Missed::Skip,
        listed: false,
    };
    let mut timeline = Timeline::new(store, session, Keep::Written)?;
    timeline.tally.add_begun(begun);
    let mut scheduled = Occurrences::none(session);
    let timeline = synced_once(store, |store| {
        go(store, session, &options, timeline, &mut scheduled, control)
    })?;
    Ok(timeline.tally)
}

/// Lets the clock pass from one scheduled occurrence to the next.
fn go<'s>(
    store: &mut Store,
    session: &'s Session<'_>,
    options: &Options,
    mut timeline: Timeline<'s>,
    scheduled: &mut Occurrences<'_>,
    control: &mut Control<'_>,
) -> Result<Timeline<'s>, Error> {
    let mut ranges = Ranges::open(store, session)?;
    loop {
        let occurrence = scheduled.next_at();
        let end = occurrence.map_or(End::With(options.until), End::Before);
        // Few waits are faster in order of time: ranges pay off where pages would be written again and again.
        let many = store.more_are_due(end.at(), session.bounds.waits)?;
        match &mut ranges {
            Some(ranges)
                if many && Ranges::allowed(store, session, &timeline.waited_in, false)? =>
            {
                ranges.elapse(store, session, &mut timeline, end, control)?;
            }
            Some(_) | None => with_writer(store, session, |writer| {
                timeline.elapse(end.at(), writer, control)?;
                if occurrence.is_none() {
                    timeline.reach(options.until);
                }
                timeline.flush(writer)
            })?,
        }
        let Some(at) = occurrence else {
            return Ok(timeline);
        };
        scheduled.run(store, at, control)?;
        control.passed(at);
        timeline.renew(store, at)?;
        timeline.tally.add_begun(scheduled.take_begun());
    }
}

fn summed_up(
    mut timeline: Timeline<'_>,
    scheduled: Occurrences<'_>,
    session: &Session<'_>,
) -> Advanced {
    let runs = scheduled.outcome;
    let mut happened = timeline.take_due();
    // Both parts are in order, and at one instant waits come first: sorting is stable.
    happened.extend(runs.listed);
    happened.sort_by_key(|row| row.at);
    let tally = timeline.tally;
    let mut campaigns = tally.campaigns;
    campaign_counts::add(&mut campaigns, &runs.campaigns);
    let mut cuts = Cutting::all(session.workspace(), &tally.cuts);
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
            campaigns: campaign_counts::rows(session.workspace(), &campaigns),
        },
        happened,
        refused: runs.refused,
        broken: runs.broken,
        notes: runs.notes,
        cuts,
    }
}
