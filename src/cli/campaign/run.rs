//! `bugle campaign run`: batch campaigns over everyone, now.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::app::load_campaigns::{LostWaits, load_campaigns, stored_as};
use crate::app::outputs::{Output, Outputs};
use crate::app::people::find;
use crate::app::plan::SavedPlan;
use crate::app::reexports::{Campaign, Input, MissingPolicy, Place, Store, reason};
use crate::app::rehearse_run::{Until, rehearse_run};
use crate::app::run_batch::command::{NOWHERE, database_option, part_gone, verdicts_gone};
use crate::app::run_batch::{
    Approval, BatchRun, CommandProgress, GivenCommand, Options, Purpose, Ran, run_batch,
};
use crate::app::settings::settings;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::{Control, Session, UserError};
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::csv_file::CsvFile;
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::cli::next;
use crate::cli::verdict_file::VerdictFile;
use crate::cli::warnings;
use crate::domain::text::counted;
use crate::domain::{GuardName, Instant, PersonId, Zone};
use crate::results::{CampaignChange, RunSummary};

/// What `bugle campaign run` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign run \"California newsletter\"
  bugle campaign run campaigns/trial.yaml --dry-run
  bugle campaign run trial --dry-run --people verdicts.csv
  bugle campaign run trial --dry-run --until done
  bugle campaign run trial --person ann@example.com
  bugle campaign run trial --allow max_change
  bugle campaign run trial --plan trial.plan

A campaign file is loaded first. A run that was interrupted is finished by the
same command. A command with the same `--now` as one that is done repeats
nothing, and shows what that one did.

With `--until`, a dry run is done on a private copy of the database, where time
passes: the steps after a wait have their counts, and each wait shows how many
people it held and when they wake. What the flow starts in trigger campaigns
happens as well, and nothing scheduled runs.")]
pub(crate) struct Arguments {
    /// The batch campaigns, in order
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Write nothing to the database, and print what would happen
    #[arg(long)]
    dry_run: bool,
    /// Let the dry run go on through waits, up to TIME or until nobody waits
    #[arg(
        long,
        value_name = "TIME|done",
        requires = "dry_run",
        conflicts_with = "people"
    )]
    until: Option<String>,
    /// Write a CSV row a person: verdict, reason, and what each step did
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Let a guard be broken, which the run keeps; may be given several times
    #[arg(long, value_name = "GUARD", value_parser = guard_name())]
    allow: Vec<GuardName>,
    /// Ask the guards about the people of all shards, as `bugle shard sum --format json` has added them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["person", "dry_run"])]
    approved: Option<PathBuf>,
    /// Run for this person alone; may be given several times
    #[arg(long, value_name = "KEY")]
    person: Vec<String>,
    /// Do exactly what `campaign plan --out FILE` has planned, or refuse
    #[arg(long, value_name = "FILE", conflicts_with = "person")]
    plan: Option<PathBuf>,
    /// Run once more, though this very command was finished before
    #[arg(long, conflicts_with = "dry_run")]
    again: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let files = arguments.names.iter().map(Path::new);
    let files: Vec<&Path> = files.filter(|name| name.is_file()).collect();
    let inputs: Vec<Input> = files.iter().map(Input::from_argument).collect();
    let planned = arguments.plan.as_deref();
    let mut outputs =
        Outputs::new(&context.globals.db, &inputs).spare_paths(files.into_iter().chain(planned));
    let planned = planned.map(SavedPlan::read).transpose()?;
    let people = arguments.people.as_ref().map(|path| {
        outputs.admit(Output {
            what: "the verdicts",
            option: "--people",
            path,
        })
    });
    let people = people.transpose()?;
    let mut store = context.write_existing("campaign run")?;
    outputs.spare_stored(&store)?;
    let now = context.now(&settings(&store)?.zone)?;
    let names = load_files(arguments, &mut store, now, context)?;
    let opened = StoredWorkspace::of(&store)?;
    opened.mark_invalid(&mut store)?;
    let campaigns = names
        .iter()
        .map(|name| opened.find_valid(name))
        .collect::<Result<Vec<_>, _>>()?;
    let session = context.session(&opened);
    let only = test_people(arguments, &store)?;
    let allow = arguments.allow.clone();
    let until = arguments.until.as_deref();
    let until = until.map(|text| end(text, &opened.workspace.zone));
    let until = until.transpose()?;
    let approved = arguments.approved.as_deref().map(Approval::read);
    let approved = approved.transpose()?;
    let work = if arguments.dry_run {
        Work {
            now,
            only,
            allow,
            approved,
            until,
            command: None,
        }
    } else {
        let given = GivenCommand {
            campaigns: campaigns.iter().map(|campaign| campaign.id).collect(),
            now,
            only: only.clone(),
            people_file: people.as_ref().map(Place::whole_path),
            again: arguments.again,
        };
        let command = CommandProgress::of(&store, &session, &given)?;
        Work {
            now: command.now(),
            only,
            allow,
            approved,
            until,
            command: Some(command),
        }
    };
    // What was begun is as planned already.
    let has_begun = (work.command.as_ref()).is_some_and(CommandProgress::has_begun);
    if let Some(planned) = planned.filter(|_| !has_begun) {
        for campaign in &campaigns {
            planned.check(&store, &session, campaign, work.now, &context.stop)?;
        }
    }
    let file = people
        .as_ref()
        .map(|place| verdicts(place, work.command.as_ref(), context));
    let file = file.transpose()?.flatten();
    let (ran, typed) = work.run(&campaigns, file, &mut store, &session, context)?;
    for one in &ran {
        warnings::notes(context.notices, &one.notes);
        warnings::cut_entries(context.notices, &one.cuts);
        if until == Some(Until::Done) {
            still_waiting(&one.summary, context);
        }
    }
    let cut = ran.iter().any(|one| one.summary.counts.cut > 0);
    let (summaries, refused): (Vec<_>, Vec<_>) = ran
        .into_iter()
        .map(|one| (one.summary, one.refused))
        .unzip();
    let written = context.sheets(&opened.workspace.zone, &summaries);
    written
        .and_then(|()| Ok(context.out.flush()?))
        .map_err(|error| lost(error, typed.as_deref()))?;
    let refused = refused.into_iter().flatten();
    let refused: Vec<UserError> = refused.flat_map(|refused| refused.problems()).collect();
    if !refused.is_empty() {
        // The counts come before the reason why the run would not do that.
        context.out.flush()?;
        return Err(crate::app::Error::Problems(refused).into());
    }
    if let [run, ..] = summaries.as_slice() {
        next::show(context, &next::after_run(run), &database_option(&store))?;
    }
    Ok(if cut { Exit::SetAside } else { Exit::Done })
}

/// Reads the name of a guard.
fn guard_name() -> impl TypedValueParser<Value = GuardName> {
    let named = |name: String| {
        let mut all = GuardName::ALL.into_iter();
        all.find(|guard| guard.name() == name)
            .ok_or_else(|| format!("no guard is named `{name}`"))
    };
    PossibleValuesParser::new(GuardName::ALL.map(GuardName::name)).try_map(named)
}

/// Reads how far a dry run goes on.
fn end(text: &str, zone: &Zone) -> Result<Until, Error> {
    if text == "done" {
        return Ok(Until::Done);
    }
    Ok(Until::Instant(instant(text, zone, "--until")?))
}

/// Says how many people of a run still wait at the end of the longest dry run.
fn still_waiting(summary: &RunSummary, context: &Context) {
    if let Some(rehearsed) = &summary.rehearsed
        && summary.counts.waiting > 0
    {
        let waiting = summary.counts.waiting;
        let people = counted(waiting, "person", "people");
        let wait = if waiting == 1 { "waits" } else { "wait" };
        context.notices.notice(&format!(
            "{people} of `{}` still {wait} at {}, where `--until done` ends",
            summary.campaign, rehearsed.until
        ));
    }
}

/// The runs of one command.
struct Work {
    now: Instant,
    only: Option<Vec<PersonId>>,
    /// Guards that may be broken.
    allow: Vec<GuardName>,
    approved: Option<Approval>,
    /// How far a dry run goes on.
    until: Option<Until>,
    /// None in a dry run.
    command: Option<CommandProgress>,
}

impl Work {
    /// Runs the campaigns in order; those that the command has finished are passed over. Returns what they did, and how the
    /// command is typed that shows it again.
    fn run(
        mut self,
        campaigns: &[&Campaign],
        mut file: Option<VerdictFile>,
        store: &mut Store,
        session: &Session<'_>,
        context: &Context,
    ) -> Result<(Vec<Ran>, Option<String>), Error> {
        let judged = match &self.only {
            Some(people) => people.len() as u64,
            None => store.count_people()?,
        };
        let mut ran = Vec::new();
        for (place, campaign) in campaigns.iter().copied().enumerate() {
            if let Some(done) = self.done(place, campaign, context) {
                ran.push(done);
                continue;
            }
            let is_begun = (self.command.as_ref()).is_some_and(|command| command.is_begun(place));
            let mut rows = file.as_mut().map(|file| file.rows(campaign, is_begun));
            let options = Options {
                now: self.now,
                purpose: match &self.command {
                    Some(_) => Purpose::Real,
                    None => Purpose::DryRun,
                },
                only: self.only.clone(),
                allow: self.allow.clone(),
                approved: self.approved.as_ref(),
                watch: false,
                occurrence: None,
                command: (self.command.as_ref()).map(|command| command.place(place)),
                verdicts: rows.as_mut().map(|rows| rows as _),
            };
            let progress = context.progress_of("people", Some(judged));
            let mut reached = |count| progress.reached(count);
            let mut control = Control::new(&context.stop, &mut reached);
            let run = match self.until {
                None => run_batch(store, session, campaign.id, options, &mut control),
                Some(until) => {
                    rehearse_run(store, session, campaign.id, options, until, &mut control)
                }
            };
            match run? {
                BatchRun::Ran(one) => {
                    if let Some(command) = &mut self.command {
                        command.note(store, &one.summary)?;
                    }
                    ran.push(*one);
                }
                BatchRun::Refused(refused) => {
                    // The campaigns before it have run: their verdicts stand.
                    if let Some(file) = file.filter(|_| !ran.is_empty()) {
                        file.publish()?;
                    }
                    return Err(crate::app::Error::from(refused).into());
                }
            }
        }
        if let Some(file) = file {
            file.publish()?;
        }
        let typed = self.command.as_ref().map(|command| command.typed(store));
        Ok((ran, typed))
    }

    /// Returns what a campaign did that the command has finished before.
    fn done(&self, place: usize, campaign: &Campaign, context: &Context) -> Option<Ran> {
        let summary = self.command.as_ref()?.summary_of(place, campaign)?;
        let run = summary.run_id.unwrap_or_default();
        context.notices.notice(&format!(
            "`{}` is not run again: run {run} of this very command is finished; `--again` runs it once more",
            summary.campaign
        ));
        Some(Ran {
            summary,
            ..Ran::default()
        })
    }
}

/// Says of a result that could not be written how it is shown again: the runs are done, and are not to be repeated.
fn lost(error: Error, typed: Option<&str>) -> Error {
    match (error, typed) {
        (Error::Output(cause), Some(typed)) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Error::Message {
                exit: Exit::Storage,
                message: format!("cannot write the result: {}", reason(&cause)),
                help: Some(format!(
                    "all is done; `{typed}` shows the counts again, and repeats nothing"
                )),
            }
        }
        (error, _) => error,
    }
}

/// Opens the file of verdicts, to go on where an interrupted command has stopped; none where all of it is in its place.
fn verdicts(
    place: &Place,
    command: Option<&CommandProgress>,
    context: &Context,
) -> Result<Option<VerdictFile>, Error> {
    let lasts = command.is_some();
    let Some(command) = command.filter(|command| command.has_begun()) else {
        return Ok(Some(VerdictFile::create(place, lasts)?));
    };
    let path = place.whole_path();
    if !place.is_file() {
        if path != NOWHERE {
            context
                .notices
                .notice("the verdicts of those who were dealt with before are not written again");
        }
        return Ok(Some(VerdictFile::create(place, lasts)?));
    }
    let Some(written) = command.written() else {
        return Err(verdicts_gone(&path).into());
    };
    let is_finished = command.is_finished();
    if is_finished && CsvFile::is_published(place, written)? {
        return Ok(None);
    }
    match VerdictFile::resume(place, written)? {
        Some(file) => Ok(Some(file)),
        None if is_finished => Err(verdicts_gone(&path).into()),
        None => Err(part_gone(&path).into()),
    }
}

/// Loads the names that are files, all or none, and returns the names of all that is to run.
fn load_files(
    arguments: &Arguments,
    store: &mut Store,
    now: Instant,
    context: &Context,
) -> Result<Vec<String>, Error> {
    // A dry run writes nothing, so a file can only mean one that was loaded before.
    let is_file = |name: &&String| !arguments.dry_run && Path::new(name).is_file();
    let mut files: Vec<PathBuf> = Vec::new();
    for file in arguments.names.iter().filter(is_file).map(PathBuf::from) {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    let campaigns = campaigns_of(&files, store, now, context)?;
    let mut names = Vec::new();
    for name in &arguments.names {
        match campaigns.get(Path::new(name)) {
            Some(of_file) => names.extend(of_file.iter().cloned()),
            None => names.push(name.clone()),
        }
    }
    Ok(names)
}

/// Loads files, and returns the campaigns of each.
///
/// Where a run stands unfinished nothing is loaded: the files of the command that it belongs to were loaded before.
fn campaigns_of(
    files: &[PathBuf],
    store: &mut Store,
    now: Instant,
    context: &Context,
) -> Result<BTreeMap<PathBuf, Vec<String>>, Error> {
    let mut campaigns = BTreeMap::new();
    if store.unfinished_run()?.is_some() {
        for file in files {
            if let Some(stored) = stored_as(store, file)? {
                campaigns.insert(file.clone(), stored);
            }
        }
    }
    if campaigns.len() == files.len() {
        return Ok(campaigns);
    }
    let loaded = load_campaigns(store, files, MissingPolicy::Keep, LostWaits::Refuse, now)?;
    diagnostics(context.notices, &loaded.warnings, &loaded.sources);
    for sentence in &loaded.waiting {
        context.notices.notice(sentence);
    }
    for file in files {
        let path = file.strip_prefix(".").unwrap_or(file);
        let of_file = loaded.rows.iter().filter(|row| {
            // What is no longer in the file stays as it is, and does not run.
            let is_there = match row.change {
                CampaignChange::Added | CampaignChange::Changed | CampaignChange::Unchanged => true,
                CampaignChange::Missing | CampaignChange::Pruned => false,
            };
            is_there && [path, file.as_path()].contains(&Path::new(&row.file))
        });
        let names = of_file.map(|row| row.campaign.clone()).collect();
        campaigns.insert(file.clone(), names);
    }
    Ok(campaigns)
}

/// Finds the people that a run is limited to, in order of person.
fn test_people(arguments: &Arguments, store: &Store) -> Result<Option<Vec<PersonId>>, Error> {
    if arguments.person.is_empty() {
        return Ok(None);
    }
    let mut people = arguments
        .person
        .iter()
        .map(|key| Ok(find(store, key)?.person))
        .collect::<Result<Vec<_>, Error>>()?;
    people.sort_unstable();
    people.dedup();
    Ok(Some(people))
}
