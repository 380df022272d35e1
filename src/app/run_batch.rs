//! `campaign run`: a batch campaign over everyone, now.
//!
//! One thread reads people, this one judges and walks them in their order, a third writes. What a chunk did
//! and how far it got are one transaction; a run that was killed is finished by the same command.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, sync_channel};

use crate::campaign::{Campaign, Mode};
use crate::domain::{CampaignId, Instant, PersonId, RunId};
use crate::engine::{Engine, Served, Tally, Verdict, needs_of};
use crate::results::{ReasonCount, RunSummary, StepCount};
use crate::store::{
    Bindings, NewRun, Run, RunCounts, RunProgress, RunState, StepCounts, Store, Wanted,
};
use crate::world::{Activity, Layout, Needs, NextNumbers, Person, World};

use super::opened::Opened;
use super::served::{of_run, sends_email};
use super::writer::{Failure, Work, Writer, beside};
use super::{Bounds, Cutting, Error, Kind, Problem, Stop};

/// How a batch campaign is run.
pub struct Options<'a> {
    /// The instant of the whole run.
    pub now: Instant,
    /// The seed of samples.
    pub seed: u64,
    /// Write nothing.
    pub dry_run: bool,
    /// Only these people.
    pub only: Option<Vec<PersonId>>,
    /// The local time of the schedule that it stands for.
    pub occurrence: Option<String>,
    /// Is told of every person that was judged.
    pub each: Option<&'a mut Each<'a>>,
    /// How much is done between two commits.
    pub bounds: Bounds,
}

/// Is told of every person that a run judged.
pub type Each<'a> = dyn FnMut(&Judged<'_>) -> Result<(), Error> + 'a;

/// One person that was judged.
#[derive(Debug)]
pub struct Judged<'a> {
    /// Who.
    pub person: PersonId,
    /// The address, where there is one.
    pub email: Option<&'a str>,
    /// The verdict.
    pub verdict: Verdict,
    /// The first filter that does not hold, as it was written.
    pub reason: Option<String>,
    /// The rows that the walk left, those of other campaigns included.
    pub activities: &'a [(PersonId, u32, Activity)],
    /// The campaign.
    pub campaign: CampaignId,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// The counts.
    pub summary: RunSummary,
    /// Entries into campaigns, those that followed from it included.
    pub entries: u64,
    /// Entries that the cascade limit cut, the first few.
    pub cuts: Vec<Cutting>,
}

/// Runs a batch campaign.
pub fn run_batch(
    store: &mut Store,
    opened: &Opened,
    campaign: CampaignId,
    mut options: Options<'_>,
    stop: &Stop,
    progress: &mut dyn FnMut(u64),
) -> Result<Ran, Error> {
    let campaign = opened.workspace.campaign(campaign);
    check_mode(campaign)?;
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
    let needs = needs_of(&engine, [campaign.id]);
    let maximum = campaign.max_people.or(opened.workspace.max_people);
    if let (Some(maximum), None) = (maximum, &resumed)
        && let Some(refusal) = guard(store, opened, &engine, campaign, &options, maximum)?
    {
        if options.occurrence.is_some() {
            store.refuse_run(&new_run(campaign, &options))?;
        }
        return Err(refusal.into());
    }
    let run = match resumed {
        Some(run) => Some(run),
        None if options.dry_run => None,
        None => Some(begin(store, campaign, &options)?),
    };
    let id = run.as_ref().map_or(RunId(0), |run| run.id);
    let served = served(store, campaign, run.as_ref(), &opened.bindings)?;
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
    let people = Source {
        reader: store.reader()?,
        bindings: opened.bindings.clone(),
        only: options.only.clone(),
        people_at_once: options.bounds.people,
    };
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
        each: options.each.take(),
    };
    beside(store, opened.bindings.clone(), |writer| {
        work.go(people, writer, stop, progress)
    })?;
    let cuts = Cutting::all(workspace, &work.tally.cuts);
    let mut summary = summary(campaign, &work.counts);
    summary.run_id = (!options.dry_run).then_some(id.0);
    summary.cut = work.tally.cut;
    Ok(Ran {
        summary,
        entries: work.tally.entries,
        cuts,
    })
}

/// Refuses a campaign that does not run on demand.
fn check_mode(campaign: &Campaign) -> Result<(), Problem> {
    let (message, help) = match campaign.mode {
        Mode::Batch => return Ok(()),
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
    Err(Problem::new(Kind::State, message).help(help))
}

/// Refuses to run before the watermark: the clock does not go back.
pub(super) fn check_clock(store: &Store, now: Instant) -> Result<(), Error> {
    match store.watermark()? {
        Some(watermark) if now < watermark => Err(Problem::new(
            Kind::State,
            format!("now is {now}, but events up to {watermark} have happened: the clock does not go back"),
        )
        .help(format!("give a later instant, such as `--now {watermark}`"))
        .into()),
        Some(_) | None => Ok(()),
    }
}

/// Finds the unfinished run that this command goes on with; another one stands in the way.
fn resume(store: &Store, campaign: &Campaign, options: &Options<'_>) -> Result<Option<Run>, Error> {
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

fn begin(store: &mut Store, campaign: &Campaign, options: &Options<'_>) -> Result<Run, Error> {
    let begun = new_run(campaign, options);
    let id = store.begin_run(&begun)?;
    Ok(Run {
        id,
        begun,
        last_person: PersonId(0),
        state: RunState::Running,
        counts: RunCounts::default(),
        waiting: 0,
    })
}

/// Returns why the whole run is refused, where more people qualify than it may have.
fn guard(
    store: &Store,
    opened: &Opened,
    engine: &Engine<'_>,
    campaign: &Campaign,
    options: &Options<'_>,
    maximum: u64,
) -> Result<Option<Problem>, Error> {
    let mut needs = Needs::default();
    campaign.filter.needs(&mut needs);
    let layout = Layout::of(needs.fields.iter().copied(), &opened.workspace.fields);
    let workspace = &opened.workspace;
    let next = NextNumbers {
        person: PersonId(1),
        wait: crate::domain::WaitId(1),
    };
    let world = World::new(
        layout,
        needs,
        workspace.lists.clone(),
        workspace.program_names.clone(),
        next,
    );
    let mut source = Source {
        reader: store.reader()?,
        bindings: opened.bindings.clone(),
        only: options.only.clone(),
        people_at_once: options.bounds.people,
    };
    let (mut after, mut qualified) = (PersonId(0), 0);
    loop {
        let people = source.read(after, &world)?;
        let Some(last) = people.last() else { break };
        after = last.id;
        qualified += people
            .iter()
            .filter(|person| {
                engine.judge(campaign, &world, person, options.now) == Verdict::Qualified
            })
            .count() as u64;
    }
    if qualified <= maximum {
        return Ok(None);
    }
    let refusal = Problem::new(
        Kind::Guard,
        format!(
            "{qualified} people qualify for `{}`, but max_people is {maximum}: nobody entered",
            campaign.full_name
        ),
    );
    Ok(Some(refusal.help(
        "narrow the smart list, or raise max_people where that many are meant",
    )))
}

/// Finds the addresses that people share, where the campaign sends email, and whom the run has served already.
fn served(
    store: &Store,
    campaign: &Campaign,
    run: Option<&Run>,
    bindings: &Bindings,
) -> Result<Served, Error> {
    if !sends_email(campaign) {
        return Ok(Served::default());
    }
    match run.filter(|run| run.last_person > PersonId(0)) {
        Some(run) => of_run(run.id, store, bindings),
        None => Ok(Served::new(store.shared_addresses()?)),
    }
}

/// Where the people of a run come from.
struct Source {
    reader: Store,
    bindings: Bindings,
    only: Option<Vec<PersonId>>,
    people_at_once: usize,
}

impl Source {
    /// Reads the next people in order; none means there are no more.
    fn read(&mut self, after: PersonId, world: &World) -> Result<Vec<Person>, crate::store::Error> {
        let (mut lists, mut programs) = (world.lists.clone(), world.programs.clone());
        self.read_into(
            after,
            world.layout(),
            world.needs(),
            &mut lists,
            &mut programs,
        )
    }

    fn read_into(
        &mut self,
        after: PersonId,
        layout: &Layout,
        needs: &Needs,
        lists: &mut crate::world::Names,
        programs: &mut crate::world::Names,
    ) -> Result<Vec<Person>, crate::store::Error> {
        let mut wanted = Wanted {
            layout,
            needs,
            bindings: &mut self.bindings,
            lists,
            programs,
        };
        match &self.only {
            None => self
                .reader
                .people_after(Some(after), self.people_at_once, &mut wanted),
            Some(only) => {
                let rest: Vec<PersonId> = only
                    .iter()
                    .copied()
                    .filter(|person| *person > after)
                    .take(self.people_at_once)
                    .collect();
                self.reader.people(&rest, &mut wanted)
            }
        }
    }
}

/// A run on its way.
struct Running<'a, 'w, 'e> {
    engine: &'a Engine<'w>,
    campaign: &'a Campaign,
    run: RunId,
    at: Instant,
    world: World,
    served: Served,
    counts: RunCounts,
    last_person: PersonId,
    tally: Tally,
    dry_run: bool,
    bounds: Bounds,
    each: Option<&'a mut Each<'e>>,
}

impl Running<'_, '_, '_> {
    /// Reads on one thread, works on this one, writes on the writer's.
    fn go(
        &mut self,
        mut source: Source,
        writer: &Writer,
        stop: &Stop,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Failure> {
        let (layout, needs) = (self.world.layout().clone(), self.world.needs().clone());
        let (mut lists, mut programs) = (self.world.lists.clone(), self.world.programs.clone());
        let mut after = self.last_person;
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(2);
            scope.spawn(move || {
                loop {
                    let people =
                        source.read_into(after, &layout, &needs, &mut lists, &mut programs);
                    let last = people
                        .as_ref()
                        .ok()
                        .and_then(|people| people.last())
                        .map(|person| person.id);
                    // The receiver is gone where the work has ended early.
                    if sender.send(people).is_err() {
                        return;
                    }
                    match last {
                        Some(last) => after = last,
                        None => return,
                    }
                }
            });
            self.work(&receiver, writer, stop, progress)
        })
    }

    fn work(
        &mut self,
        people: &Receiver<Result<Vec<Person>, crate::store::Error>>,
        writer: &Writer,
        stop: &Stop,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Failure> {
        let (mut done, mut passed_by) = (0, 0);
        for chunk in people {
            let chunk = chunk?;
            if chunk.is_empty() {
                break;
            }
            done += chunk.len() as u64;
            passed_by += chunk.len();
            for person in chunk {
                self.take(person)?;
            }
            if self.world.journal().activities.len() >= self.bounds.rows
                || passed_by >= self.bounds.passed_by
            {
                passed_by = 0;
                self.hand_over(RunState::Running, writer)?;
                stop.check()?;
            }
            progress(done);
        }
        self.hand_over(RunState::Finished, writer)
    }

    /// Judges one person, and walks those who qualify.
    fn take(&mut self, person: Person) -> Result<(), Error> {
        let id = person.id;
        self.last_person = id;
        let verdict = self
            .engine
            .judge(self.campaign, &self.world, &person, self.at);
        self.counts.matched += u64::from(verdict != Verdict::NotMatched);
        self.counts.excluded += u64::from(verdict == Verdict::Excluded);
        self.counts.qualified += u64::from(verdict == Verdict::Qualified);
        let told = self.each.is_some().then(|| self.told(&person, verdict));
        let before = self.world.journal().activities.len();
        if verdict == Verdict::Qualified {
            self.world.admit(person);
            self.engine.enter(
                &mut self.world,
                self.campaign,
                id,
                &mut crate::engine::BatchEntry {
                    run: self.run,
                    at: self.at,
                    served: &mut self.served,
                },
                &mut self.tally,
            );
            self.world.dismiss(id);
        }
        if let (Some(each), Some((email, reason))) = (self.each.as_mut(), told) {
            each(&Judged {
                person: id,
                email: email.as_deref(),
                verdict,
                reason,
                activities: &self.world.journal().activities[before..],
                campaign: self.campaign.id,
            })?;
        }
        Ok(())
    }

    /// Returns what is told of a person: the address, and the first filter that fails.
    fn told(&self, person: &Person, verdict: Verdict) -> (Option<String>, Option<String>) {
        let email = person
            .field(self.world.layout(), crate::domain::field::EMAIL)
            .map(|email| email.to_text().to_string());
        let reason = match verdict {
            Verdict::NotMatched => {
                self.engine
                    .first_failing(self.campaign, &self.world, person, self.at)
            }
            Verdict::Excluded => Some("qualification rule".to_owned()),
            Verdict::Qualified => None,
        };
        (email, reason)
    }

    /// Ends a chunk: hands over the journal with the progress made.
    fn hand_over(&mut self, state: RunState, writer: &Writer) -> Result<(), Failure> {
        add_counts(&mut self.counts, self.campaign, &mut self.tally);
        let journal = self.world.take_journal();
        if self.dry_run {
            return Ok(());
        }
        let progress = RunProgress {
            run: self.run,
            last_person: self.last_person,
            state,
            counts: self.counts.clone(),
        };
        writer.send(Work {
            journal,
            lists: self.world.lists.clone(),
            programs: self.world.programs.clone(),
            watermark: None,
            run: Some(progress),
        })?;
        Ok(())
    }
}

/// Moves what was counted since the last chunk into the counts of the run.
fn add_counts(counts: &mut RunCounts, campaign: &Campaign, tally: &mut Tally) {
    counts.waiting += std::mem::take(&mut tally.waiting);
    counts.finished += std::mem::take(&mut tally.finished);
    counts.blocked_people += std::mem::take(&mut tally.blocked_people);
    for (reason, count) in std::mem::take(&mut tally.blocked) {
        *counts.blocked.entry(reason.to_string()).or_default() += count;
    }
    if counts.steps.is_empty() {
        counts.steps = (1..)
            .zip(&campaign.flow)
            .map(|(step, written)| StepCounts {
                step,
                name: written.name.to_owned(),
                ..StepCounts::default()
            })
            .collect();
    }
    let steps: BTreeMap<_, _> = std::mem::take(&mut tally.steps);
    for ((_, step), [succeeded, skipped, failed]) in
        steps.into_iter().filter(|((id, _), _)| *id == campaign.id)
    {
        if let Some(counts) = counts.steps.get_mut(step.saturating_sub(1) as usize) {
            counts.succeeded += succeeded;
            counts.skipped += skipped;
            counts.failed += failed;
        }
    }
}

fn summary(campaign: &Campaign, counts: &RunCounts) -> RunSummary {
    RunSummary {
        campaign: campaign.full_name.to_string(),
        run_id: None,
        matched: counts.matched,
        excluded: counts.excluded,
        qualified: counts.qualified,
        blocked: counts.blocked_people,
        waiting: counts.waiting,
        finished: counts.finished,
        steps: counts
            .steps
            .iter()
            .map(|step| StepCount {
                step: step.step,
                name: step.name.clone(),
                succeeded: step.succeeded,
                skipped: step.skipped,
                failed: step.failed,
            })
            .collect(),
        blocked_by: counts
            .blocked
            .iter()
            .map(|(reason, count)| ReasonCount {
                reason: reason.clone(),
                count: *count,
            })
            .collect(),
        cut: 0,
    }
}
