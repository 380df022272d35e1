//! `campaign plan`: what a change of campaigns does to people, by running both versions on copies of one database.
//!
//! Both sides live through the same: the same people, events and clock, by the one engine. Batch campaigns are compared
//! run by run (`batch`), everything else when all has happened, from the logs that differ from those of the original
//! (`compare`). Of each person no more is kept than a few bits, and of those who differ the number of a cause.

mod align;
mod batch;
mod cause;
mod compare;
mod definitions;
pub(crate) mod git;
mod ledger;
mod path;
mod report;
mod saved;
mod side;
mod trigger;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::campaign::Campaign;
use crate::diagnostic::{Diagnostics, Sources};
use crate::domain::text::same;
use crate::domain::{Instant, Mode, PersonNames};
use crate::intake::input::Input;
use crate::results::{CampaignChange, CampaignLoadRow, Plan, PlannedCause, PlannedGuard};
use crate::store::{MissingPolicy, Store};

use super::load_campaigns::{LostWaits, Moved};
use super::run_batch::check_clock;
use super::scheduled::schedules;
use super::{ChunkBounds, Control, Error, Session, StoredWorkspace};
use align::Pair;
use batch::{BatchPeople, BatchStop, SideRun};
use cause::Causes;
use compare::Comparison;
use report::{Names, campaigns, not_evaluated, waiting};
pub(crate) use saved::SavedPlan;
use side::{EventFiles, Loading, Side};

/// What is planned.
pub(crate) struct Request<'a> {
    /// The files of the change.
    pub(crate) paths: &'a [PathBuf],
    /// The files that they are compared with; none where that is what is loaded.
    pub(crate) against: Option<Against<'a>>,
    /// What a load does with campaigns whose file is gone.
    pub(crate) gone: MissingPolicy,
    /// What a load does with people whose wait is gone; none where a load would be refused.
    pub(crate) lost: Option<LostWaits>,
    /// The instant of the loads and of what runs now.
    pub(crate) now: Instant,
    /// Up to when time passes.
    pub(crate) until: Option<Instant>,
    /// The files of events.
    pub(crate) events: &'a [Input],
    /// The seed of samples.
    pub(crate) seed: u64,
    /// How much is done at once.
    pub(crate) bounds: ChunkBounds,
    /// How many people of each group are named.
    pub(crate) show: usize,
    /// Whether the plan is to be kept.
    pub(crate) save: bool,
}

/// Files that a change is compared with.
#[derive(Clone, Copy)]
pub(crate) struct Against<'a> {
    /// What they are called.
    pub(crate) name: &'a str,
    /// Where they are.
    pub(crate) paths: &'a [PathBuf],
    /// The folder or file that they were moved from, and where it is.
    pub(crate) moved: Option<Moved<'a>>,
}

/// A plan, and what else it found.
pub(crate) struct Planned {
    /// The plan.
    pub(crate) plan: Plan,
    /// Warnings of the files of the change.
    pub(crate) warnings: Diagnostics,
    /// These files.
    pub(crate) sources: Sources,
    /// What is worth knowing of the events.
    pub(crate) notes: Vec<String>,
    /// What is kept of it, where that was asked for.
    pub(crate) saved: Option<SavedPlan>,
}

/// Takes everyone who differs.
pub(crate) trait Differing {
    /// Takes one person.
    fn put(&mut self, row: &DifferingPerson<'_>) -> Result<(), Error>;
}

/// One person who differs in one campaign.
#[derive(Debug)]
pub(crate) struct DifferingPerson<'a> {
    /// The campaign.
    pub(crate) campaign: &'a str,
    /// The person.
    pub(crate) who: &'a PersonNames,
    /// `in`, `out` or `path`.
    pub(crate) change: &'static str,
    /// The cause.
    pub(crate) cause: &'a PlannedCause,
}

/// Compares a change with what it changes; the database stays as it is.
pub(crate) fn plan(
    original: &Store,
    request: &Request<'_>,
    people: Option<&mut dyn Differing>,
    control: &mut Control<'_>,
) -> Result<Planned, Error> {
    check_clock(original, request.now)?;
    let mut copies = [original.scratch()?, original.scratch()?];
    let lost = request.lost.unwrap_or(LostWaits::Keep);
    let loading = Loading {
        paths: request.paths,
        gone: request.gone,
        lost,
        now: request.now,
        moved: None,
    };
    if let Some(against) = request.against {
        let against = Loading {
            paths: against.paths,
            gone: MissingPolicy::Keep,
            lost,
            now: request.now,
            moved: against.moved,
        };
        for copy in &mut copies {
            against.load(copy)?;
        }
    }
    let loaded = loading.load(&mut copies[1])?;
    let opened = [
        StoredWorkspace::of(&copies[0])?,
        StoredWorkspace::of(&copies[1])?,
    ];
    let [before, after] = &opened;
    let session = |opened| Session::new(opened, request.seed, request.bounds);
    let sessions = [session(before), session(after)];
    let definitions =
        definitions::compare([&copies[0], &copies[1]], [before, after], &loaded.rows)?;
    let save = || SavedPlan::of(&copies[1], &sessions[1], request.now, control.stop());
    let saved = request.save.then(save).transpose()?;
    let latest = request.until.unwrap_or(request.now);
    let [one, two] = copies;
    let side = |store, session| Side {
        store,
        session,
        events: EventFiles::new(request.events, latest),
    };
    let pairs = Pair::all([before, after]);
    let mut work = Work {
        request,
        sides: [side(one, &sessions[0]), side(two, &sessions[1])],
        batches: pairs.iter().map(|_| BatchPeople::default()).collect(),
        pairs,
        loaded: &loaded.rows,
        causes: Causes::default(),
        guards: Vec::new(),
    };
    work.happen(control)?;
    let Work {
        sides,
        pairs,
        batches,
        mut causes,
        mut guards,
        ..
    } = work;
    // Those of one campaign stay in the order in which they are asked.
    guards.sort_by(|one, other| one.campaign.cmp(&other.campaign));
    let shares_numbers = request.against.is_none();
    let comparison = Comparison::new(original, &sides, &pairs, &mut causes, shares_numbers)?;
    let compared = comparison.go(&batches, control)?;
    let changed: Vec<String> = definitions
        .iter()
        .filter_map(|row| row.campaign.clone())
        .collect();
    let mut plan = Plan {
        change: listed(request.paths),
        against: request.against.map_or_else(
            || "what is loaded".to_owned(),
            |against| against.name.to_owned(),
        ),
        at: request.now,
        until: request.until,
        waiting: waiting(&loaded.rows, before, request.lost.is_none()),
        campaigns: Vec::new(),
        effects: compared.effects.clone(),
        mail: compared.mail,
        guards,
        not_evaluated: not_evaluated(&pairs, !request.events.is_empty()),
        definitions,
    };
    let mut names = Names {
        sides: &sides,
        show: request.show,
        people,
    };
    plan.campaigns = campaigns(&compared, &pairs, &causes, &changed, &mut names)?;
    Ok(Planned {
        plan,
        warnings: loaded.warnings,
        sources: loaded.sources,
        notes: sides[1].events.notes(),
        saved,
    })
}

/// Says which paths are meant.
fn listed(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(" ")
}

/// Both sides on their way.
struct Work<'a> {
    request: &'a Request<'a>,
    sides: [Side<'a>; 2],
    pairs: Vec<Pair<'a>>,
    loaded: &'a [CampaignLoadRow],
    batches: Vec<BatchPeople>,
    causes: Causes,
    guards: Vec<PlannedGuard>,
}

/// The runs of one instant on both sides, by pair.
type Runs = BTreeMap<u16, [SideRun; 2]>;

impl Work<'_> {
    /// Lets everything happen on both sides.
    fn happen(&mut self, control: &mut Control<'_>) -> Result<(), Error> {
        let Request { now, until, .. } = *self.request;
        let mut stops = self.occurrences()?;
        let now_runs = self.runs_now();
        let earlier: Vec<Instant> = stops.range(..=now).map(|(at, _)| *at).collect();
        for at in earlier {
            let runs = stops.remove(&at).unwrap_or_default();
            self.stop(at, at, runs, control)?;
        }
        self.stop(now.plus_micros(1), now, now_runs, control)?;
        for (at, runs) in stops {
            self.stop(at, at, runs, control)?;
        }
        if let Some(until) = until {
            self.stop(until.plus_micros(1), until, Runs::new(), control)?;
        }
        Ok(())
    }

    /// Lets both sides reach an instant, and runs what runs then.
    fn stop(
        &mut self,
        events_before: Instant,
        at: Instant,
        runs: Runs,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        for side in &mut self.sides {
            side.reach(events_before, at, control)?;
        }
        for (number, runs) in runs {
            control.check()?;
            let pair = &self.pairs[usize::from(number)];
            let stop = BatchStop {
                number,
                pair,
                at,
                runs,
                is_pruned: is_pruned(self.loaded, pair),
            };
            stop.go(
                &mut self.sides,
                &mut self.batches[usize::from(number)],
                &mut self.causes,
                &mut self.guards,
                control,
            )?;
        }
        Ok(())
    }

    /// Returns the batch campaigns that run now: all, or those without a schedule where time passes.
    fn runs_now(&self) -> Runs {
        let run = |pair: &Pair<'_>, side: usize| {
            let is_due = |campaign: &Campaign| {
                campaign.mode == Mode::Batch
                    && (self.request.until.is_none() || campaign.schedule.is_none())
            };
            let is_out = side == 1 && is_pruned(self.loaded, pair);
            match pair.sides[side] {
                Some(campaign) if is_due(campaign) && !is_out => SideRun::Now,
                Some(_) | None => SideRun::No,
            }
        };
        let pairs = (0..).zip(&self.pairs);
        pairs
            .map(|(number, pair)| (number, [run(pair, 0), run(pair, 1)]))
            .filter(|(_, runs)| runs.iter().any(|run| *run != SideRun::No))
            .collect()
    }

    /// Returns what is scheduled on either side up to the end.
    fn occurrences(&self) -> Result<BTreeMap<Instant, Runs>, Error> {
        let mut stops: BTreeMap<Instant, Runs> = BTreeMap::new();
        let Some(until) = self.request.until else {
            return Ok(stops);
        };
        for (side, Side { store, session, .. }) in self.sides.iter().enumerate() {
            let watermark = store.watermark()?;
            for (campaign, schedule, from) in schedules(session.opened) {
                let pairs = (0..).zip(&self.pairs);
                let mut pair = pairs.filter(|(_, pair)| same(&pair.name, &campaign.full_name));
                let Some((number, _)) = pair.next() else {
                    continue;
                };
                let after = watermark.map_or(from, |watermark| watermark.max(from));
                let occurrences = schedule.after(after, session.workspace().week_start);
                for occurrence in occurrences.take_while(|next| next.at <= until) {
                    let local = occurrence.local.format("%Y-%m-%dT%H:%M:%S").to_string();
                    if !store.has_run(&campaign.full_name, &local)? {
                        let runs = stops.entry(occurrence.at).or_default();
                        runs.entry(number).or_default()[side] = SideRun::Occurrence(local);
                    }
                }
            }
        }
        Ok(stops)
    }
}

fn is_pruned(loaded: &[CampaignLoadRow], pair: &Pair<'_>) -> bool {
    let mut rows = loaded.iter();
    rows.any(|row| row.change == CampaignChange::Pruned && same(&row.campaign, &pair.name))
}
