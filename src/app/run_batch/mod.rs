//! `campaign run`: a batch campaign over everyone, now.
//!
//! One thread reads people, this one judges and walks them in their order, a third writes. What a chunk did
//! and how far it got are one transaction; a run that was killed is finished by the same command. Where guards
//! are set, everyone is judged before the first one enters, and once: the run takes the verdicts from there.

mod approval;
pub(crate) mod command;
mod counts;
mod guards;
mod judged;
mod refused;
mod running;
mod source;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::campaign::Campaign;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{
    CampaignId, GuardName, Instant, Mode, PersonId, PersonNames, RunCounts, Text, WaitId,
};
use crate::engine::{BatchVerdict, CampaignTally, RunTally, Tally, needs_of};
use crate::results::{GuardRow, RunSummary};
use crate::store::{CommandPlace, NewRun, RunState, Store, StoredRun, Written};
use crate::world::LogRow;

use super::address_dedup;
use super::stored_workspace::StoredWorkspace;
use super::writer::with_writer;
use super::{Control, Cutting, Error, ErrorKind, Session, UserError};
pub(crate) use approval::Approval;
pub(crate) use command::{CommandProgress, GivenCommand, RunPlace};
pub(super) use counts::add_flows;
use guards::GuardOutcome;
pub(super) use guards::ask as ask_guards;
pub(crate) use judged::Audience;
pub(super) use judged::Judged;
pub(crate) use refused::RefusedRun;
use running::Running;
use source::PeopleSource;

/// How a batch campaign is run.
pub(crate) struct Options<'a> {
    /// The instant of the whole run.
    pub(crate) now: Instant,
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// Only these people.
    pub(crate) only: Option<Vec<PersonId>>,
    /// Guards that may be broken.
    pub(crate) allow: Vec<GuardName>,
    /// The guards, where they were asked about the people of all shards.
    pub(crate) approved: Option<&'a Approval>,
    /// Note the matches of triggers.
    pub(crate) watch: bool,
    /// The local time of the schedule that it stands for.
    pub(crate) occurrence: Option<String>,
    /// The command that it is a part of; none where a schedule begins it, and in a dry run.
    pub(crate) command: Option<RunPlace<'a>>,
    /// Takes the verdicts.
    pub(crate) verdicts: Option<&'a mut dyn Verdicts>,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It happens.
    Real,
    /// Nothing is written, and a refusal is reported with the counts.
    DryRun,
    /// The same on a copy of the database, where it is written, so that more can follow from it.
    Rehearsal,
}

/// What takes the verdict on every person that a run judges.
pub(crate) trait Verdicts {
    /// Takes one verdict; they come in order of person.
    fn put(&mut self, judged: &JudgedPerson<'_>) -> Result<(), Error>;

    /// Makes what was taken last, and returns how much was written. It is called before each commit: what is known to be
    /// done has its verdicts on the disk.
    fn sync(&mut self) -> Result<Written, Error>;
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
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BatchRun {
    /// It took people in.
    Ran(Box<Ran>),
    /// It was refused by a guard.
    Refused(RefusedRun),
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ran {
    /// The counts.
    pub(crate) summary: RunSummary,
    /// Entries into campaigns, those that followed from it included.
    pub(crate) entries: u64,
    /// Entries that the cascade limit cut, the first few.
    pub(crate) cuts: Vec<Cutting>,
    /// What the flows of the run itself did.
    pub(crate) flows: RunTally,
    /// The waits that a scheduled run, or a rehearsed one, has begun.
    pub(crate) begun: FxHashSet<WaitId>,
    /// What happened in each campaign.
    pub(crate) campaigns: BTreeMap<CampaignId, CampaignTally>,
    /// Why the run itself would be refused, in a dry run.
    pub(crate) refused: Option<RefusedRun>,
    /// What its guards leave to be said.
    pub(crate) notes: Vec<String>,
}

/// Runs a batch campaign.
pub(crate) fn run_batch(
    store: &mut Store,
    session: &Session<'_>,
    campaign: CampaignId,
    mut options: Options<'_>,
    control: &mut Control<'_>,
) -> Result<BatchRun, Error> {
    let campaign = session.workspace().campaign(campaign);
    check_mode(campaign, session.opened)?;
    let Some(run) = resume(store, campaign, &options)? else {
        check_clock(store, options.now)?;
        return begin(store, session, campaign, options, None, control);
    };
    options.now = run.begun.at;
    let session = session.with_seed(run.begun.seed);
    if run.last_person == PersonId(0) {
        return begin(store, &session, campaign, options, Some(run), control);
    }
    let ran = take_in(store, &session, campaign, options, None, Some(run), control)?;
    Ok(BatchRun::Ran(Box::new(ran)))
}

/// Begins a run, unless a guard refuses it; it may have a row already, and nobody in it.
fn begin(
    store: &mut Store,
    session: &Session<'_>,
    campaign: &Campaign,
    options: Options<'_>,
    run: Option<StoredRun>,
    control: &mut Control<'_>,
) -> Result<BatchRun, Error> {
    let (mut judged, mut refused) = (None, None);
    let mut guarded = Guarded::default();
    if campaign.guards.are_set() {
        let (only, stop) = (options.only.as_deref(), control.stop());
        let everyone = Judged::of(store, session, campaign, options.now, only, stop)?;
        let mut outcomes = guards::ask(store, campaign, &everyone, only.is_some())?;
        match options.approved {
            Some(approved) => outcomes = approved.outcomes(campaign, &outcomes)?,
            None if options.purpose == Purpose::Real && only.is_none() => {
                approval::refuse_part(store, campaign, options.occurrence.is_some())?;
            }
            None => {}
        }
        guarded = Guarded::of(outcomes, &options.allow);
        let broken = std::mem::take(&mut guarded.broken);
        if !broken.is_empty() {
            let refusal = RefusedRun {
                campaign: Text::clone(&campaign.full_name),
                audience: everyone.audience,
                broken,
            };
            if let Some(run) = &run {
                store.forget_run(run.id)?;
            }
            if options.occurrence.is_some() {
                store.refuse_run(&new_run(session, campaign, &options))?;
            }
            if options.occurrence.is_some() || options.purpose == Purpose::Real {
                return Ok(BatchRun::Refused(refusal));
            }
            refused = Some(refusal);
        }
        judged = Some(everyone);
    }
    let run = match run {
        None if options.purpose != Purpose::DryRun => {
            Some(record(store, session, campaign, &options)?)
        }
        run => run,
    };
    let mut run = run;
    if let Some(run) = &mut run {
        run.counts.allowed.clone_from(&guarded.allowed);
    }
    let mut ran = take_in(store, session, campaign, options, judged, run, control)?;
    ran.refused = refused;
    ran.notes = guarded.notes;
    ran.summary.guards = guarded.rows;
    Ok(BatchRun::Ran(Box::new(ran)))
}

/// Runs a batch campaign on a copy of the database, for people who were judged already and whatever its guards say.
pub(super) fn run_judged(
    store: &mut Store,
    session: &Session<'_>,
    campaign: &Campaign,
    options: Options<'_>,
    judged: Judged,
    control: &mut Control<'_>,
) -> Result<Ran, Error> {
    let run = record(store, session, campaign, &options)?;
    take_in(
        store,
        session,
        campaign,
        options,
        Some(judged),
        Some(run),
        control,
    )
}

/// What the guards of a run found.
#[derive(Default)]
struct Guarded {
    rows: Vec<GuardRow>,
    /// Those that refuse the run.
    broken: Vec<(GuardName, String)>,
    /// Those that are broken and may be.
    allowed: Vec<GuardName>,
    notes: Vec<String>,
}

impl Guarded {
    fn of(outcomes: Vec<GuardOutcome>, allow: &[GuardName]) -> Self {
        let mut guarded = Self::default();
        for GuardOutcome { row, fault, note } in outcomes {
            let guard = row.guard;
            guarded.rows.push(row);
            guarded.notes.extend(note);
            match fault {
                Some(fault) if allow.contains(&guard) => {
                    guarded.notes.push(format!("{fault}: allowed"));
                    if !guarded.allowed.contains(&guard) {
                        guarded.allowed.push(guard);
                    }
                }
                Some(fault) => guarded.broken.push((guard, fault)),
                None => {}
            }
        }
        guarded
    }
}

/// Judges everyone who was not judged yet, and takes in those who qualify; without a run nothing is written.
fn take_in(
    store: &mut Store,
    session: &Session<'_>,
    campaign: &Campaign,
    mut options: Options<'_>,
    judged: Option<Judged>,
    run: Option<StoredRun>,
    control: &mut Control<'_>,
) -> Result<Ran, Error> {
    let mut needs = needs_of(&session.engine, [campaign.id]);
    let verdicts = options.verdicts.take();
    let few = judged.as_ref().and_then(Judged::few);
    let only = match verdicts {
        // Everyone is to be reported, with their names.
        Some(_) => {
            needs.fields.extend([EMAIL, ID]);
            None
        }
        None => few,
    };
    if options.watch {
        needs.fields.extend([EMAIL, ID]);
    }
    let only = only.or_else(|| options.only.as_deref().map(judged::people));
    let people = PeopleSource::of(store, session, only)?;
    let mut work = Running {
        session,
        campaign,
        run: run.as_ref().map(|run| run.id),
        at: options.now,
        world: session.world(store, needs)?,
        served: address_dedup::of_batch(store, session, campaign, run.as_ref())?,
        judged,
        last_person: run.as_ref().map_or(PersonId(0), |run| run.last_person),
        counts: run.map(|run| run.counts).unwrap_or_default(),
        next: options.command.and_then(|command| command.next()),
        // The end of what these begin is counted by the same command.
        tally: if options.occurrence.is_some() || options.purpose == Purpose::Rehearsal {
            Tally::with_waits()
        } else {
            Tally::default()
        },
        flows: RunTally::default(),
        verdicts,
    };
    if options.watch {
        work.tally.watch();
    }
    with_writer(store, session, |writer| work.go(people, writer, control))?;
    let cuts = Cutting::all(session.workspace(), &work.tally.cuts);
    Ok(Ran {
        summary: RunSummary {
            campaign: campaign.full_name.to_string(),
            run_id: work.run.map(|run| run.0),
            counts: work.counts.clone(),
            is_dry: options.purpose != Purpose::Real,
            ..RunSummary::default()
        },
        flows: std::mem::take(&mut work.flows),
        entries: work.tally.entries,
        cuts,
        begun: work.tally.take_begun(),
        campaigns: work.tally.campaigns,
        refused: None,
        notes: Vec::new(),
    })
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

/// Finds the unfinished run that this command continues; an unfinished run of another kind is an error.
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
        && run.begun.occurrence == options.occurrence
        && run.begun.command == options.command.and_then(|command| command.stored());
    if same && options.purpose == Purpose::Real {
        return Ok(Some(run));
    }
    Err(super::unfinished(store, &run))
}

fn new_run(session: &Session<'_>, campaign: &Campaign, options: &Options<'_>) -> NewRun {
    NewRun {
        campaign: campaign.full_name.clone(),
        version: campaign.version,
        at: options.now,
        seed: session.seed,
        only: options.only.clone(),
        occurrence: options.occurrence.clone(),
        command: options.command.and_then(|command| command.stored()),
    }
}

fn record(
    store: &mut Store,
    session: &Session<'_>,
    campaign: &Campaign,
    options: &Options<'_>,
) -> Result<StoredRun, Error> {
    let mut begun = new_run(session, campaign, options);
    let id = match options.command {
        Some(RunPlace {
            given,
            id: None,
            place,
            ..
        }) => {
            let (id, command) = store.begin_command(given, place, &begun)?;
            begun.command = Some(CommandPlace { command, place });
            id
        }
        Some(_) | None => store.begin_run(&begun)?,
    };
    Ok(StoredRun {
        id,
        begun,
        last_person: PersonId(0),
        state: RunState::Running,
        counts: RunCounts::default(),
        waiting: 0,
        written: None,
    })
}
