//! Scheduled batch campaigns: which occurrences are due, and their runs.
//!
//! An occurrence is known by its campaign and local time, and has one run. It is due when it lies after the later of
//! the watermark and the load that brought its schedule. `advance` and `replay` let time pass up to it and then have
//! it run here; neither rules nor writing of a run live here, but in `run_batch`.

use std::collections::BTreeMap;
use std::iter::Peekable;

use rustc_hash::FxHashSet;

use crate::campaign::recurrence::Occurrence;
use crate::campaign::{Campaign, Schedule};
use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, Mode, Text, WaitId};
use crate::engine::CampaignTally;
use crate::results::{DueKind, DueRow};
use crate::store::Store;

use super::campaign_counts;
use super::run_batch::{self, BatchRun, run_batch};
use super::stored_workspace::StoredWorkspace;
use super::{Control, Cutting, Error, Session};

/// What happens to occurrences whose time went by while nobody let the clock pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Missed {
    /// All run, each at its own instant.
    #[default]
    All,
    /// The last one of each campaign runs, at its own instant.
    Last,
    /// None runs; one at the very instant reached is not missed.
    Skip,
}

/// An occurrence that did not run because of a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedOccurrence {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// When it was due.
    pub(crate) at: Instant,
    /// Every broken guard with its numbers.
    pub(crate) why: String,
}

/// What the runs did.
#[derive(Debug, Default)]
pub(super) struct OccurrenceOutcome {
    pub(super) runs: u64,
    pub(super) entries: u64,
    pub(super) cut: u64,
    pub(super) cuts: Vec<Cutting>,
    pub(super) refused: Vec<RefusedOccurrence>,
    pub(super) broken: Vec<String>,
    /// What the guards of those that ran leave to be said.
    pub(super) notes: Vec<String>,
    pub(super) listed: Vec<DueRow>,
    pub(super) campaigns: BTreeMap<CampaignId, CampaignTally>,
    /// The waits that were begun and that nobody has taken over yet.
    begun: FxHashSet<WaitId>,
}

/// The occurrences to come, in order, and the outcome of those before.
pub(super) struct Occurrences<'o> {
    session: &'o Session<'o>,
    upcoming: Vec<Upcoming<'o>>,
    /// Whether matches of triggers are kept.
    watches: bool,
    pub(super) outcome: OccurrenceOutcome,
}

/// One campaign's occurrences to come.
struct Upcoming<'o> {
    campaign: &'o Campaign,
    occurrences: Peekable<Box<dyn Iterator<Item = Occurrence> + 'o>>,
}

impl<'o> Occurrences<'o> {
    /// Finds the occurrences to come, from the present state of a database.
    pub(super) fn new(store: &Store, session: &'o Session<'o>) -> Result<Self, Error> {
        let opened = session.opened;
        let watermark = store.watermark()?;
        let mut upcoming: Vec<Upcoming<'o>> = schedules(opened)
            .map(|(campaign, schedule, from)| {
                let after = watermark.map_or(from, |watermark| watermark.max(from));
                let occurrences: Box<dyn Iterator<Item = Occurrence>> =
                    Box::new(schedule.after(after, opened.workspace.week_start));
                Upcoming {
                    campaign,
                    occurrences: occurrences.peekable(),
                }
            })
            .collect();
        upcoming.sort_by(|a, b| a.campaign.full_name.cmp(&b.campaign.full_name));
        let outcome = OccurrenceOutcome {
            broken: broken(opened),
            ..OccurrenceOutcome::default()
        };
        Ok(Self {
            session,
            upcoming,
            watches: false,
            outcome,
        })
    }

    /// Makes one for work in which nothing scheduled runs.
    pub(super) fn none(session: &'o Session<'o>) -> Self {
        Self {
            session,
            upcoming: Vec::new(),
            watches: false,
            outcome: OccurrenceOutcome::default(),
        }
    }

    /// Says whether matches of triggers are kept.
    pub(super) fn watch(&mut self, watches: bool) {
        self.watches = watches;
    }

    /// Keeps those up to an instant, without the missed ones that are not wanted.
    pub(super) fn up_to(mut self, until: Instant, missed: Missed) -> Self {
        for upcoming in &mut self.upcoming {
            let all = &mut upcoming.occurrences;
            let kept: Vec<Occurrence> =
                std::iter::from_fn(|| all.next_if(|occurrence| occurrence.at <= until)).collect();
            let first = match missed {
                Missed::All => 0,
                Missed::Last => kept.len().saturating_sub(1),
                Missed::Skip => kept.partition_point(|occurrence| occurrence.at < until),
            };
            let kept: Box<dyn Iterator<Item = Occurrence>> = Box::new(kept.into_iter().skip(first));
            upcoming.occurrences = kept.peekable();
        }
        self
    }

    /// Returns the instant of the next occurrence.
    pub(super) fn next_at(&mut self) -> Option<Instant> {
        self.upcoming
            .iter_mut()
            .filter_map(|upcoming| upcoming.occurrences.peek())
            .map(|occurrence| occurrence.at)
            .min()
    }

    /// Runs what is due at an instant, by campaign name; what has had its run is passed over.
    ///
    /// A run that is refused is noted and does not hinder the others.
    pub(super) fn run(
        &mut self,
        store: &mut Store,
        at: Instant,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let due: Vec<(&Campaign, Occurrence)> = self
            .upcoming
            .iter_mut()
            .filter_map(|upcoming| {
                let occurrence = upcoming.occurrences.next_if(|due| due.at <= at)?;
                Some((upcoming.campaign, occurrence))
            })
            .collect();
        for (campaign, occurrence) in due {
            let local = occurrence.local.format("%Y-%m-%dT%H:%M:%S").to_string();
            if !store.has_run(&campaign.full_name, &local)? {
                self.run_one(store, campaign, at, local, control)?;
            }
        }
        Ok(())
    }

    /// Takes the waits that the runs have begun.
    pub(super) fn take_begun(&mut self) -> FxHashSet<WaitId> {
        std::mem::take(&mut self.outcome.begun)
    }

    /// Finishes the occurrence that an earlier command was killed in; any other unfinished run stands in the way.
    pub(super) fn finish_begun(
        &mut self,
        store: &mut Store,
        until: Option<Instant>,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let Some(run) = store.unfinished_run()? else {
            return Ok(());
        };
        let in_time = until.is_none_or(|until| run.begun.at <= until);
        match &run.begun.occurrence {
            Some(local) if in_time => {
                let campaign = self.session.opened.find_valid(&run.begun.campaign)?;
                self.run_one(store, campaign, run.begun.at, local.clone(), control)
            }
            Some(_) | None => Err(super::unfinished(store, &run)),
        }
    }

    fn run_one(
        &mut self,
        store: &mut Store,
        campaign: &Campaign,
        at: Instant,
        local: String,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        control.check()?;
        let options = run_batch::Options {
            now: at,
            purpose: run_batch::Purpose::Real,
            only: None,
            allow: Vec::new(),
            watch: self.watches,
            occurrence: Some(local),
            command: None,
            approved: None,
            verdicts: None,
        };
        let name = campaign.full_name.to_string();
        match run_batch(store, self.session, campaign.id, options, control)? {
            BatchRun::Ran(ran) => {
                self.outcome.runs += 1;
                self.outcome.entries += ran.entries;
                self.outcome.cut += ran.summary.counts.cut;
                self.outcome.cuts.extend(ran.cuts);
                self.outcome.notes.extend(ran.notes);
                self.outcome.begun.extend(ran.begun);
                campaign_counts::add(&mut self.outcome.campaigns, &ran.campaigns);
                self.outcome.listed.push(DueRow {
                    at,
                    kind: DueKind::Run,
                    campaign: name,
                    person_id: None,
                    email: None,
                    id: None,
                    person: None,
                    step: None,
                });
            }
            BatchRun::Refused(refused) => {
                let run_batch::Audience {
                    not_matched,
                    excluded,
                    qualified,
                } = refused.audience;
                let counts = self.outcome.campaigns.entry(campaign.id).or_default();
                counts.triggered += not_matched + excluded + qualified;
                counts.filters += not_matched;
                counts.excluded += excluded;
                counts.refused += qualified;
                self.outcome.refused.push(RefusedOccurrence {
                    campaign: name,
                    at,
                    why: refused.to_string(),
                });
            }
        }
        Ok(())
    }
}

/// Does some work that makes very many small commits, each of them whole, and waits for the disk once at its end: before
/// anything of it is reported, also that it failed.
pub(super) fn synced_once<T>(
    store: &mut Store,
    work: impl FnOnce(&mut Store) -> Result<T, Error>,
) -> Result<T, Error> {
    store.sync_later()?;
    let done = work(store);
    let synced = store.sync_now();
    let done = done?;
    synced?;
    Ok(done)
}

/// Notes when each scheduled campaign runs next, after the watermark.
pub(super) fn note_next_runs(store: &mut Store, opened: &StoredWorkspace) -> Result<(), Error> {
    let Some(watermark) = store.watermark()? else {
        return Ok(());
    };
    let week_start = opened.workspace.week_start;
    let changed: Vec<(Text, Option<Instant>)> = schedules(opened)
        .filter_map(|(campaign, schedule, from)| {
            let next = schedule.after(watermark.max(from), week_start).next();
            let next = next.map(|occurrence| occurrence.at);
            let noted = opened.row(campaign.id).next_run_at;
            (next != noted).then(|| (campaign.full_name.clone(), next))
        })
        .collect();
    if !changed.is_empty() {
        store.set_next_runs(&changed)?;
    }
    Ok(())
}

/// Returns the scheduled campaigns whose stored version no longer compiles: their occurrences go by without a run.
fn broken(opened: &StoredWorkspace) -> Vec<String> {
    opened
        .workspace
        .campaigns
        .iter()
        .filter(|campaign| opened.is_invalid(campaign.id))
        .map(|campaign| opened.row(campaign.id))
        .filter(|row| row.scheduled_from.is_some())
        .map(|row| row.full_name.to_string())
        .collect()
}

/// Returns the batch campaigns that have a schedule, with the load that brought it.
pub(super) fn schedules(
    opened: &StoredWorkspace,
) -> impl Iterator<Item = (&Campaign, &Schedule, Instant)> {
    opened.workspace.campaigns.iter().filter_map(|campaign| {
        let schedule = campaign.schedule.as_ref()?;
        let row = opened.row(campaign.id);
        debug_assert!(same(&row.full_name, &campaign.full_name));
        let runs = campaign.mode == Mode::Batch && !opened.is_invalid(campaign.id);
        Some((campaign, schedule, row.scheduled_from.filter(|_| runs)?))
    })
}
