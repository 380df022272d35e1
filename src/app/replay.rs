//! `campaign replay-events`: events through active trigger campaigns, in order of time.
//!
//! Events are taken in chunks, each one transaction with its watermark. An event that was taken is known by its
//! identity, so a replay needs no cursor: started again with the same files it goes on where it was.

use std::collections::BTreeSet;

use crate::campaign::Workspace;
use crate::domain::Instant;
pub use crate::engine::Reaction;
use crate::engine::{Engine, Taken};
use crate::intake::events::Events;
use crate::results::ReplaySummary;
use crate::store::{Known, Store};
use crate::world::Event;

use super::opened::Opened;
use super::timeline::{Keep, Timeline};
use super::writer::{Failure, Writer, beside};
use super::{Bounds, Cutting, Error, Kind, Problem, Stop};

/// How events are replayed.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The seed of samples.
    pub seed: u64,
    /// Let waits up to here elapse after the last event.
    pub until: Option<Instant>,
    /// Whether campaigns react.
    pub reaction: Reaction,
    /// What becomes of rows that a campaign of Marketo's caused.
    pub effects: Effects,
    /// Write nothing.
    pub dry_run: bool,
    /// How much is done between two commits.
    pub bounds: Bounds,
}

/// What becomes of rows that name the Marketo campaign that caused them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effects {
    /// Those of loaded campaigns are left out, since our flow makes them; others are taken as events.
    #[default]
    ByCampaign,
    /// All are left out.
    Skip,
    /// All are taken.
    Take,
}

/// What a replay did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The counts.
    pub summary: ReplaySummary,
    /// Entries that the cascade limit cut, the first few.
    pub cuts: Vec<Cutting>,
}

/// How many rows a chunk of events may make, against one of people: cascades may make many of one event.
const CASCADED: usize = 8;

/// Replays events.
pub fn replay(
    store: &mut Store,
    opened: &Opened,
    mut events: Events,
    options: &Options,
    stop: &Stop,
    progress: &mut dyn FnMut(u64),
) -> Result<Replayed, Error> {
    super::refuse_unfinished(store)?;
    let engine = Engine::new(
        &opened.workspace,
        |campaign| opened.is_active(campaign),
        options.seed,
    );
    let keep = if options.dry_run {
        Keep::Dropped
    } else {
        Keep::Written
    };
    let mut timeline = Timeline::new(store, engine, opened.bindings.clone(), keep, options.bounds)?;
    let counts = events.counts();
    let mut unknown = events.take_unknown();
    let mut work = Replay {
        known_until: timeline.watermark,
        reader: store.reader()?,
        ours: marketo_ids(&opened.workspace),
        options,
        summary: ReplaySummary {
            read: counts.read,
            already_taken: counts.repeated,
            unknown_type: counts.unknown_type,
            rejected: counts.rejected,
            ..ReplaySummary::default()
        },
    };
    beside(store, opened.bindings.clone(), |writer| {
        let mut done = 0;
        loop {
            stop.check()?;
            let chunk = work.next_chunk(&mut events)?;
            if chunk.is_empty() {
                break;
            }
            done += chunk.len() as u64;
            work.take_chunk(
                &mut timeline,
                &chunk,
                writer,
                &mut |event| match &mut unknown {
                    Some(file) => {
                        file.add(event.line.as_deref().unwrap_or_default())
                            .map_err(|cause| {
                                Problem::new(
                                    Kind::Storage,
                                    format!("cannot write the file of unknown events: {cause}"),
                                )
                            })
                    }
                    None => Ok(()),
                },
            )?;
            progress(done);
        }
        if let Some(until) = options.until {
            timeline.elapse(until, writer)?;
            timeline.flush(writer)?;
        }
        Ok(())
    })?;
    if let Some(file) = unknown {
        file.finish().map_err(|cause| {
            Problem::new(
                Kind::Storage,
                format!("cannot write the file of unknown events: {cause}"),
            )
        })?;
    }
    let tally = timeline.tally;
    work.summary.entries = tally.entries;
    work.summary.waits = tally.waits;
    work.summary.cut = tally.cut;
    Ok(Replayed {
        summary: work.summary,
        cuts: Cutting::all(&opened.workspace, &tally.cuts),
    })
}

struct Replay<'o> {
    /// Events up to here may have been taken by an earlier replay.
    known_until: Option<Instant>,
    reader: Store,
    /// The ids in Marketo of loaded campaigns.
    ours: BTreeSet<i64>,
    options: &'o Options,
    summary: ReplaySummary,
}

impl Replay<'_> {
    /// Reads the next events that are not known yet; none means there are no more.
    fn next_chunk(&mut self, events: &mut Events) -> Result<Vec<Event>, Failure> {
        loop {
            let mut chunk = Vec::with_capacity(self.options.bounds.events);
            for event in events.by_ref().take(self.options.bounds.events) {
                chunk.push(event.map_err(|cause| {
                    Problem::new(
                        Kind::Storage,
                        format!("cannot read the scratch file of events: {cause}"),
                    )
                })?);
            }
            if chunk.is_empty() {
                return Ok(chunk);
            }
            self.leave_out(&mut chunk)?;
            if !chunk.is_empty() {
                return Ok(chunk);
            }
        }
    }

    /// Leaves out what was taken before, and effects of our own campaigns.
    fn leave_out(&mut self, chunk: &mut Vec<Event>) -> Result<(), Failure> {
        let old =
            chunk.partition_point(|event| self.known_until.is_some_and(|until| event.at <= until));
        let identities: Vec<_> = chunk[..old]
            .iter()
            .map(|event| event.identity.clone())
            .collect();
        let mut known = self.reader.events_known(&identities)?;
        known.resize(chunk.len(), Known::New);
        for (event, known) in chunk.iter().zip(&known) {
            if *known == Known::Different {
                let (_, line) = event.place;
                return Err(Problem::new(
                    Kind::Files,
                    format!(
                        "the event of line {line} has the id and the instant of one that was taken before, but other content"
                    ),
                )
                .help("one id is one event: give it an id of its own, or take it away")
                .into());
            }
        }
        let before = chunk.len();
        let mut verdicts = known.iter();
        chunk.retain(|_| verdicts.next() == Some(&Known::New));
        self.summary.already_taken += (before - chunk.len()) as u64;
        let before = chunk.len();
        chunk.retain(|event| !self.is_effect(event));
        self.summary.skipped_effects += (before - chunk.len()) as u64;
        Ok(())
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

    fn take_chunk(
        &mut self,
        timeline: &mut Timeline<'_>,
        chunk: &[Event],
        writer: &Writer,
        set_aside: &mut dyn FnMut(&Event) -> Result<(), Problem>,
    ) -> Result<(), Failure> {
        timeline.prepare(chunk, writer)?;
        for event in chunk {
            let late = timeline
                .watermark
                .is_some_and(|watermark| event.at < watermark);
            match timeline.take(event, self.options.reaction) {
                Taken::Done => {
                    self.summary.taken += 1;
                    self.summary.late += u64::from(late);
                }
                Taken::UnknownPerson => {
                    self.summary.unknown_person += 1;
                    set_aside(event)?;
                }
            }
            if timeline.pending_rows() >= self.options.bounds.rows * CASCADED {
                timeline.hand_over(writer)?;
            }
        }
        timeline.flush(writer)
    }
}

fn marketo_ids(workspace: &Workspace) -> BTreeSet<i64> {
    workspace
        .campaigns
        .iter()
        .filter_map(|campaign| campaign.marketo_id)
        .collect()
}
