//! `campaign run`: a batch campaign over everyone, now.
//!
//! One thread reads people, this one judges and walks them in their order, a third writes. What a chunk did
//! and how far it got are one transaction; a run that was killed is finished by the same command.

mod counts;
mod guard;
mod running;
mod source;

use std::collections::BTreeMap;

use crate::campaign::Campaign;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{CampaignId, Instant, Mode, PersonId, PersonNames, RunId};
use crate::engine::{BatchVerdict, CampaignTally, Engine, Tally, needs_of};
use crate::results::RunSummary;
use crate::store::{NewRun, RunCounts, RunState, Store, StoredRun};
use crate::world::{Layout, LogRow, NextNumbers, World};

use super::address_dedup;
use super::stored_workspace::StoredWorkspace;
use super::writer::with_writer;
use super::{ChunkBounds, Cutting, Error, ErrorKind, Stop, UserError};
pub(super) use guard::audience;
use guard::guard;
pub(crate) use guard::{Audience, RefusedRun};
use running::Running;
use source::PeopleSource;

/// How a batch campaign is run.
pub(crate) struct Options<'a> {
    /// The instant of the whole run.
    pub(crate) now: Instant,
    /// The seed of samples.
    pub(crate) seed: u64,
    /// Write nothing.
    pub(crate) dry_run: bool,
    /// Only these people.
    pub(crate) only: Option<Vec<PersonId>>,
    /// The local time of the schedule that it stands for.
    pub(crate) occurrence: Option<String>,
    /// Takes the verdicts.
    pub(crate) verdicts: Option<&'a mut dyn Verdicts>,
    /// How much is done between two commits.
    pub(crate) bounds: ChunkBounds,
}

/// What takes the verdict on every person that a run judges.
pub(crate) trait Verdicts {
    /// Takes one verdict; they come in order of person.
    fn put(&mut self, judged: &JudgedPerson<'_>) -> Result<(), Error>;

    /// Makes what was taken last. It is called once all are taken, before the run is committed as finished: a run that is
    /// known to be finished has its verdicts on the disk.
    fn sync(&mut self) -> Result<(), Error>;
}

/// One person that was judged.
#[derive(Debug)]
pub(crate) struct JudgedPerson<'a> {
    /// The person.
    pub(crate) who: PersonNames,
    /// The verdict.
    pub(crate) verdict: BatchVerdict,
    /// The first filter that does not hold, as it was written.
    pub(crate) reason: Option<String>,
    /// The rows that the walk left, those of other campaigns included.
    pub(crate) activities: &'a [LogRow],
}

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BatchRun {
    /// It took people in.
    Ran(Ran),
    /// It was refused by `max_people`.
    Refused(RefusedRun),
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The counts.
    pub(crate) summary: RunSummary,
    /// Entries into campaigns, those that followed from it included.
    pub(crate) entries: u64,
    /// Entries that the cascade limit cut, the first few.
    pub(crate) cuts: Vec<Cutting>,
    /// What happened in each campaign.
    pub(crate) campaigns: BTreeMap<CampaignId, CampaignTally>,
    /// Why the run itself would be refused, in a dry run.
    pub(crate) refused: Option<RefusedRun>,
}

/// Runs a batch campaign.
pub(crate) fn run_batch(
    store: &mut Store,
    opened: &StoredWorkspace,
    campaign: CampaignId,
    mut options: Options<'_>,
    stop: &Stop,
    progress: &mut dyn FnMut(u64),
) -> Result<BatchRun, Error> {
    let campaign = opened.workspace.campaign(campaign);
    check_mode(campaign, opened)?;
    let resumed = resume(store, campaign, &options)?;
    if let Some(run) = &resumed {
        (options.now, options.seed) = (run.begun.at, run.begun.seed);
    } else {
        check_clock(store, options.now)?;
    }
    let engine = Engine::new(
        &opened.workspace,
        |campaign| opened.is_active(campaign),
        options.seed,
    );
    let mut needs = needs_of(&engine, [campaign.id]);
    if options.verdicts.is_some() {
        needs.fields.extend([EMAIL, ID]);
    }
    let maximum = campaign.max_people.or(opened.workspace.max_people);
    let mut refused = None;
    if let (Some(maximum), None) = (maximum, &resumed)
        && let Some(refusal) = guard(store, opened, &engine, campaign, &options, maximum)?
    {
        if options.occurrence.is_some() {
            store.refuse_run(&new_run(campaign, &options))?;
        }
        if options.occurrence.is_some() || !options.dry_run {
            return Ok(BatchRun::Refused(refusal));
        }
        refused = Some(refusal);
    }
    let run = match resumed {
        Some(run) => Some(run),
        None if options.dry_run => None,
        None => Some(begin(store, campaign, &options)?),
    };
    let id = run.as_ref().map_or(RunId(0), |run| run.id);
    let served = address_dedup::of_batch(store, campaign, run.as_ref(), &opened.bindings)?;
    let layout = Layout::of(needs.fields.iter().copied(), &opened.workspace.fields);
    let next = NextNumbers {
        person: store.next_person()?,
        wait: store.next_wait()?,
    };
    let workspace = &opened.workspace;
    let world = World::new(
        layout,
        needs,
        workspace.lists.clone(),
        workspace.program_names.clone(),
        next,
    );
    let people = PeopleSource::of(store, opened, &options)?;
    let mut work = Running {
        engine: &engine,
        campaign,
        run: id,
        at: options.now,
        world,
        served,
        counts: run
            .as_ref()
            .map(|run| run.counts.clone())
            .unwrap_or_default(),
        last_person: run.as_ref().map_or(PersonId(0), |run| run.last_person),
        tally: Tally::default(),
        dry_run: options.dry_run,
        bounds: options.bounds,
        verdicts: options.verdicts.take(),
    };
    with_writer(store, opened.bindings.clone(), |writer| {
        work.go(people, writer, stop, progress)
    })?;
    let cuts = Cutting::all(workspace, &work.tally.cuts);
    let mut summary = counts::summary(campaign, &work.counts);
    summary.run_id = (!options.dry_run).then_some(id.0);
    summary.cut = work.tally.cut;
    Ok(BatchRun::Ran(Ran {
        summary,
        entries: work.tally.entries,
        cuts,
        campaigns: work.tally.campaigns,
        refused,
    }))
}

/// Refuses a campaign that does not run on demand.
fn check_mode(campaign: &Campaign, opened: &StoredWorkspace) -> Result<(), UserError> {
    let (message, help) = match campaign.mode {
        Mode::Batch => return Ok(()),
        Mode::Triggered if opened.is_active(campaign.id) => (
            format!(
                "`{}` is a trigger campaign: it takes one person at a time when a trigger fires",
                campaign.full_name
            ),
            "it is active: `bugle campaign replay-events FILE` feeds it events".to_owned(),
        ),
        Mode::Triggered => (
            format!(
                "`{}` is a trigger campaign: it takes one person at a time when a trigger fires",
                campaign.full_name
            ),
            format!(
                "activate it with `bugle campaign activate \"{}\"`, then replay events",
                campaign.full_name
            ),
        ),
        Mode::Executable => (
            format!(
                "`{}` is executable: only `execute_campaign` of another campaign runs it",
                campaign.full_name
            ),
            "run the campaign that executes it".to_owned(),
        ),
    };
    Err(UserError::new(ErrorKind::State, message).help(help))
}

/// Refuses to run before the watermark: the clock does not go back.
pub(super) fn check_clock(store: &Store, now: Instant) -> Result<(), Error> {
    match store.watermark()? {
        Some(watermark) if now < watermark => Err(UserError::new(
            ErrorKind::State,
            format!("now is {now}, but events up to {watermark} have happened: the clock does not go back"),
        )
        .help(format!("give a later instant, such as `--now {watermark}`"))
        .into()),
        Some(_) | None => Ok(()),
    }
}

/// Finds the unfinished run that this command goes on with; another one stands in the way.
fn resume(
    store: &Store,
    campaign: &Campaign,
    options: &Options<'_>,
) -> Result<Option<StoredRun>, Error> {
    let Some(run) = store.unfinished_run()? else {
        return Ok(None);
    };
    let same = run.begun.campaign == campaign.full_name
        && run.begun.version == campaign.version
        && run.begun.only == options.only
        && run.begun.occurrence == options.occurrence;
    if same && !options.dry_run {
        return Ok(Some(run));
    }
    Err(super::unfinished(&run).into())
}

fn new_run(campaign: &Campaign, options: &Options<'_>) -> NewRun {
    NewRun {
        campaign: campaign.full_name.clone(),
        version: campaign.version,
        at: options.now,
        seed: options.seed,
        only: options.only.clone(),
        occurrence: options.occurrence.clone(),
    }
}

fn begin(
    store: &mut Store,
    campaign: &Campaign,
    options: &Options<'_>,
) -> Result<StoredRun, Error> {
    let begun = new_run(campaign, options);
    let id = store.begin_run(&begun)?;
    Ok(StoredRun {
        id,
        begun,
        last_person: PersonId(0),
        state: RunState::Running,
        counts: RunCounts::default(),
        waiting: 0,
    })
}
