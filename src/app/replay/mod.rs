//! `campaign replay-events`: events through active trigger campaigns, in order of time.
//!
//! Events are taken in stretches of time whose people are processed in ranges (`stretches`), or, where people meet, in chunks
//! and in order of time: each is one transaction with its watermark. An event that was taken is known by its identity, so a
//! replay needs no cursor: started again with the same files it continues where it was. Where scheduled campaigns run as well,
//! the events before each occurrence are written first, and its waits with them.

mod read_ahead;
mod stretches;

use std::collections::BTreeSet;

use crate::campaign::Workspace;
use crate::domain::Instant;
use crate::domain::hash::StableHasher;
use crate::engine::EventOutcome;
pub(crate) use crate::engine::Reaction;
use crate::intake::data_error;
use crate::intake::events::{Events, SetAside};
use crate::results::ReplaySummary;
use crate::store::{MatchRow, Seen, Store};
use crate::world::directory::KeySlot;
use crate::world::{Event, EventStanding};

use super::campaign_counts;
use super::scheduled::{Occurrences, RefusedOccurrence, note_next_runs, synced_once};
use super::seen_events::SeenEvents;
use super::stretch::Ranges;
use super::timeline::Timeline;
use super::writer::{Keep, Writer, WriterError, with_writer};
use super::{Control, Cutting, Error, Session};

use read_ahead::ReadAhead;
use stretches::Stretched;

/// How events are replayed.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command"
)]
pub(crate) struct Options {
    /// Let the clock pass up to here after the last event.
    pub(crate) until: Option<Instant>,
    /// Run scheduled batch campaigns between the events.
    pub(crate) scheduled: bool,
    /// Whether campaigns react.
    pub(crate) reaction: Reaction,
    /// What happens to rows that a campaign of Marketo's caused.
    pub(crate) effects: Effects,
    /// Try events again that an earlier replay has set aside.
    pub(crate) retry: bool,
    /// Write nothing.
    pub(crate) dry_run: bool,
    /// Give out every match of a trigger.
    pub(crate) watch: bool,
}

impl Options {
    /// Returns those of a replay that no option of the command line changes.
    pub(crate) fn plain() -> Self {
        Self {
            until: None,
            scheduled: false,
            reaction: Reaction::Ask,
            effects: Effects::ByCampaign,
            retry: false,
            dry_run: false,
            watch: false,
        }
    }
}

/// What happens to rows that name the Marketo campaign that caused them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Effects {
    /// Those of loaded campaigns are left out, since our flow makes them; others are taken as events.
    #[default]
    ByCampaign,
    /// All are left out.
    Skip,
    /// All are taken.
    Take,
}

/// What a replay did.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Replayed {
    /// The counts.
    pub(crate) summary: ReplaySummary,
    /// Entries that the cascade limit cut, the first few.
    pub(crate) cuts: Vec<Cutting>,
    /// Scheduled occurrences that were refused.
    pub(crate) refused: Vec<RefusedOccurrence>,
    /// What the guards of runs leave to be said.
    pub(crate) notes: Vec<String>,
    /// Scheduled campaigns that no longer compile, and did not run.
    pub(crate) broken: Vec<String>,
}

/// How many rows a chunk of events may make, against one of people: cascades may make many of one event.
const CASCADED: usize = 8;

/// The first chunk's part of a whole one.
const FIRST: usize = 8;

/// Returns what the same replay is known by: the bytes of its files, how they are read, and what is done with the events.
/// Nothing where the files were not hashed.
pub(crate) fn identity(events: &Events, read_as: &str, options: &Options) -> Option<u64> {
    let mut hash = StableHasher::default();
    for file in events.hashes() {
        hash.part(&(*file)?.to_le_bytes());
    }
    let Options {
        until,
        scheduled,
        reaction,
        effects,
        retry,
        dry_run: _,
        watch: _,
    } = options;
    let done = format!("{until:?} {scheduled} {reaction:?} {effects:?} {retry}");
    hash.part(read_as.as_bytes());
    hash.part(done.as_bytes());
    Some(hash.finish())
}

/// Replays events.
///
/// A dry run in which scheduled campaigns are to run works on a copy of the database, since each run starts from
/// what the events before it have changed. `matched` takes the matches of triggers in the end, where they are wanted.
pub(crate) fn replay(
    store: &mut Store,
    session: &Session<'_>,
    events: Events,
    options: &Options,
    matched: &mut dyn FnMut(MatchRow) -> Result<(), Error>,
    control: &mut Control<'_>,
) -> Result<Replayed, Error> {
    let mut copy;
    let (store, keep) = if options.dry_run && options.scheduled {
        copy = store.scratch()?;
        (&mut copy, Keep::Written)
    } else if options.dry_run {
        (store, Keep::Dropped)
    } else {
        (store, Keep::Written)
    };
    if options.watch && options.dry_run {
        store.keep_matches_for_now()?;
    }
    let replayed = go(store, session, events, options, keep, control)?;
    if options.watch {
        store.matches(matched)?;
    }
    Ok(replayed)
}

fn go(
    store: &mut Store,
    session: &Session<'_>,
    events: Events,
    options: &Options,
    keep: Keep,
    control: &mut Control<'_>,
) -> Result<Replayed, Error> {
    let mut scheduled = if options.scheduled {
        Occurrences::new(store, session)?
    } else {
        Occurrences::none(session)
    };
    if options.scheduled {
        scheduled.finish_begun(store, None, control)?;
    } else {
        super::refuse_unfinished(store)?;
    }
    scheduled.watch(options.watch);
    let mut work = Replay::new(store, session, events, options, keep)?;
    work.timeline.tally.add_begun(scheduled.take_begun());
    if options.scheduled {
        synced_once(store, |store| work.go(store, &mut scheduled, control))?;
    } else {
        work.go(store, &mut scheduled, control)?;
    }
    let unknown = work.set_aside.sync_unknown()?;
    if keep == Keep::Written {
        note_next_runs(store, session.opened)?;
        // Noted first: a file that has its name is known.
        if let Some(hash) = unknown {
            store.note_unknown_file(hash)?;
        }
    }
    work.finish(scheduled)
}

/// A replay on its way.
struct Replay<'o> {
    session: &'o Session<'o>,
    options: &'o Options,
    timeline: Timeline<'o>,
    events: Events,
    /// Where events go that are about nobody known.
    set_aside: SetAside,
    before: SeenEvents,
    /// The ids in Marketo of loaded campaigns.
    ours: BTreeSet<i64>,
    /// Whether the events of each file come for a second try, since `--unknown` wrote it.
    second_try: Vec<bool>,
    summary: ReplaySummary,
    /// Events read and not yet taken.
    ahead: ReadAhead,
    /// The watermark at the beginning of the present stretch.
    began: Option<Instant>,
    done: u64,
}

impl<'o> Replay<'o> {
    fn new(
        store: &Store,
        session: &'o Session<'o>,
        mut events: Events,
        options: &'o Options,
        keep: Keep,
    ) -> Result<Self, Error> {
        let mut timeline = Timeline::new(store, session, keep)?;
        if options.watch {
            timeline.tally.watch();
        }
        let set_aside = events.take_set_aside();
        let counts = events.counts();
        let reader = store.reader()?;
        let second_try = events
            .hashes()
            .iter()
            .map(|hash| {
                let unknown = hash.map(|hash| reader.is_unknown_file(hash)).transpose()?;
                Ok(options.retry || unknown == Some(true))
            })
            .collect::<Result<_, Error>>()?;
        let before = SeenEvents::new(timeline.watermark, reader);
        before.refuse_conflicts(&mut events, session.bounds.events)?;
        Ok(Self {
            session,
            second_try,
            options,
            timeline,
            set_aside,
            before,
            ours: marketo_ids(session.workspace()),
            summary: ReplaySummary {
                read: counts.read,
                already_taken: counts.repeated,
                unknown_type: counts.unknown_type,
                rejected: counts.rejected,
                ..ReplaySummary::default()
            },
            events,
            ahead: ReadAhead::default(),
            began: None,
            done: 0,
        })
    }

    /// Takes the events from one scheduled occurrence to the next.
    fn go(
        &mut self,
        store: &mut Store,
        scheduled: &mut Occurrences<'_>,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let session = self.session;
        let mut ranges = Ranges::open(store, session)?;
        loop {
            let next = scheduled.next_at();
            let by_ranges = Ranges::allowed(store, session, &self.timeline.waited_in, true)?;
            let pause = match &mut ranges {
                Some(ranges) if by_ranges => loop {
                    match self.stretch(store, ranges, next, control)? {
                        Stretched::More => {}
                        Stretched::Occurrence(at) => break Some(at),
                        Stretched::All => break None,
                    }
                },
                Some(_) | None => with_writer(store, session, |writer| {
                    self.until_next(next, writer, control)
                })?,
            };
            let Some(at) = pause else { return Ok(()) };
            let mut silent = |_| {};
            scheduled.run(store, at, &mut Control::new(control.stop(), &mut silent))?;
            control.passed(at);
            self.timeline.renew(store, at)?;
            self.timeline.tally.add_begun(scheduled.take_begun());
        }
    }

    /// Adds up what the events and the scheduled runs between them did.
    fn finish(self, scheduled: Occurrences<'_>) -> Result<Replayed, Error> {
        self.set_aside.publish()?;
        let (tally, runs) = (self.timeline.tally, scheduled.outcome);
        let workspace = self.session.workspace();
        let mut campaigns = tally.campaigns;
        campaign_counts::add(&mut campaigns, &runs.campaigns);
        let mut cuts = Cutting::all(workspace, &tally.cuts);
        cuts.extend(runs.cuts);
        cuts.sort_by_key(|cut| cut.at);
        Ok(Replayed {
            summary: ReplaySummary {
                campaigns: campaign_counts::rows(workspace, &campaigns),
                entries: tally.entries + runs.entries,
                waits: tally.waits,
                runs: runs.runs,
                cut: tally.cut + runs.cut,
                ..self.summary
            },
            cuts,
            refused: runs.refused,
            notes: runs.notes,
            broken: runs.broken,
        })
    }

    /// Takes events up to the next occurrence, whose instant is returned once it is due; nothing when all is done.
    fn until_next(
        &mut self,
        next: Option<Instant>,
        writer: &Writer,
        control: &mut Control<'_>,
    ) -> Result<Option<Instant>, WriterError> {
        loop {
            control.check()?;
            if !self.fill(self.chunk_size())? {
                break;
            }
            let mut ahead = std::mem::take(&mut self.ahead);
            let events = ahead.before(next, u64::MAX).events;
            if !events.is_empty() {
                self.take_chunk(events, writer)?;
                self.done += events.len() as u64;
                control.reached(self.done);
                if let Some(watermark) = self.timeline.watermark {
                    control.passed(watermark);
                }
            }
            self.ahead = ahead;
            if let (Some(next), false) = (next, self.ahead.is_empty()) {
                self.timeline.elapse(next, writer, control)?;
                return Ok(Some(next));
            }
        }
        let Some(until) = self.options.until else {
            return Ok(None);
        };
        let next = next.filter(|next| *next <= until);
        self.timeline
            .elapse(next.unwrap_or(until), writer, control)?;
        if next.is_none() {
            self.timeline.reach(until);
            self.timeline.flush(writer)?;
        }
        Ok(next)
    }

    /// Returns how many events are taken next: few at first, so that the writing thread is soon at work, and while
    /// the log is short, pages that two chunks touch are few.
    fn chunk_size(&self) -> usize {
        let most = self.session.bounds.events;
        let so_far = usize::try_from(self.done).unwrap_or(most);
        so_far.clamp(most.div_ceil(FIRST), most)
    }

    /// Says of each event of a chunk what earlier replays have made of it; nothing of those that are left out, which are
    /// counted: what was taken before, and effects of our own campaigns.
    fn standings(&mut self, chunk: &[Event]) -> Result<Vec<Option<EventStanding>>, WriterError> {
        let mut known = self.before.known(chunk)?;
        known.resize(chunk.len(), Seen::New);
        let (mut taken, mut effects) = (0, 0);
        let standing = |(event, seen): (&Event, Seen)| {
            let standing = self.standing(event, seen);
            taken += u64::from(standing.is_none());
            let effect = standing.is_some() && self.is_effect(event);
            effects += u64::from(effect);
            standing.filter(|_| !effect)
        };
        let standings = chunk.iter().zip(known).map(standing).collect();
        self.summary.already_taken += taken;
        self.summary.skipped_effects += effects;
        Ok(standings)
    }

    /// Returns what earlier replays have made of an event; nothing where it was taken.
    fn standing(&self, event: &Event, seen: Seen) -> Option<EventStanding> {
        let file = event.place.0 as usize;
        match seen {
            Seen::New => Some(EventStanding::New),
            Seen::SetAside if self.second_try.get(file) != Some(&true) => {
                Some(EventStanding::SetAside)
            }
            Seen::SetAside | Seen::Mended => Some(EventStanding::Retried),
            Seen::Taken | Seen::Different => None,
        }
    }

    fn is_effect(&self, event: &Event) -> bool {
        let Some(campaign) = event.marketo_campaign else {
            return false;
        };
        match self.options.effects {
            Effects::ByCampaign => self.ours.contains(&campaign),
            Effects::Skip => true,
            Effects::Take => false,
        }
    }

    fn take_chunk(&mut self, chunk: &[Event], writer: &Writer) -> Result<(), WriterError> {
        let mut rest = chunk;
        while !rest.is_empty() {
            let places = self.timeline.prepare(rest, writer)?;
            for (event, place) in rest.iter().zip(&places) {
                self.take(event, *place)?;
                if self.timeline.pending_rows() >= self.session.bounds.rows * CASCADED {
                    self.timeline.hand_over(writer)?;
                }
            }
            rest = &rest[places.len()..];
        }
        self.timeline.flush(writer)
    }

    fn take(&mut self, event: &Event, place: KeySlot) -> Result<(), data_error::Error> {
        let watermark = self.timeline.watermark;
        let late = watermark.is_some_and(|watermark| event.at < watermark);
        if event.standing == EventStanding::SetAside {
            // What it leads to must not depend on who has become known since: the same files have the same outcome.
            return self.set_aside(event);
        }
        match self.timeline.take(event, place, self.options.reaction) {
            EventOutcome::Done => {
                self.summary.taken += 1;
                self.summary.late += u64::from(late);
                Ok(())
            }
            EventOutcome::UnknownPerson => self.set_aside(event),
        }
    }

    fn set_aside(&mut self, event: &Event) -> Result<(), data_error::Error> {
        self.summary.unknown_person += 1;
        self.set_aside
            .add_unknown(event.line.as_deref().unwrap_or_default())
    }
}

fn marketo_ids(workspace: &Workspace) -> BTreeSet<i64> {
    workspace
        .campaigns
        .iter()
        .filter_map(|campaign| campaign.marketo_id)
        .collect()
}
