//! `bugle campaign run`: batch campaigns over everyone, now.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::load_campaigns::{LostWaits, load_campaigns};
use crate::app::outputs::{Output, Outputs};
use crate::app::people::find;
use crate::app::reexports::{Input, MissingPolicy, Store};
use crate::app::run_batch::{BatchRun, Options, Ran, run_batch};
use crate::app::settings::settings;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::{Control, UserError};
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::cli::verdict_file::VerdictFile;
use crate::cli::warnings;
use crate::domain::{Instant, PersonId};

/// What `bugle campaign run` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign run \"California newsletter\"
  bugle campaign run campaigns/trial.yaml --dry-run
  bugle campaign run trial --dry-run --people verdicts.csv
  bugle campaign run trial --person ann@example.com

A campaign file is loaded first. A run that was interrupted is finished by the
same command.")]
pub(crate) struct Arguments {
    /// The batch campaigns, in order
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Write nothing to the database, and print what would happen
    #[arg(long)]
    dry_run: bool,
    /// Write a CSV row a person: verdict, reason, and what each step did
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Run for this person alone; may be given several times
    #[arg(long, value_name = "KEY")]
    person: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let files = arguments.names.iter().map(Path::new);
    let files: Vec<&Path> = files.filter(|name| name.is_file()).collect();
    let inputs: Vec<Input> = files.iter().map(Input::from_argument).collect();
    let mut outputs = Outputs::new(&context.globals.db, &inputs).spare_paths(files);
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
    let judged = match &only {
        Some(people) => people.len() as u64,
        None => store.count_people()?,
    };
    let mut file = people.as_ref().map(VerdictFile::create).transpose()?;
    let mut ran = Vec::new();
    for campaign in campaigns {
        let options = Options {
            now,
            dry_run: arguments.dry_run,
            only: only.clone(),
            occurrence: None,
            verdicts: None,
        };
        let mut run = |options: Options<'_>| -> Result<Ran, Error> {
            let progress = context.progress_of("people", Some(judged));
            let mut reached = |count| progress.reached(count);
            let mut control = Control::new(&context.stop, &mut reached);
            let done = run_batch(&mut store, &session, campaign.id, options, &mut control)?;
            match done {
                BatchRun::Ran(ran) => Ok(*ran),
                BatchRun::Refused(refused) => Err(UserError::from(refused).into()),
            }
        };
        ran.push(match &mut file {
            None => run(options)?,
            Some(file) => {
                let mut verdicts = file.begin(campaign)?;
                let verdicts = Some(&mut verdicts as _);
                run(Options {
                    verdicts,
                    ..options
                })?
            }
        });
    }
    if let Some(file) = file {
        file.publish()?;
    }
    for one in &ran {
        warnings::cut_entries(context.notices, &one.cuts);
    }
    let cut = ran.iter().any(|one| one.summary.cut > 0);
    let (summaries, refused): (Vec<_>, Vec<_>) = ran
        .into_iter()
        .map(|one| (one.summary, one.refused))
        .unzip();
    context.sheets(&opened.workspace.zone, &summaries)?;
    let refused: Vec<UserError> = refused.into_iter().flatten().map(UserError::from).collect();
    if !refused.is_empty() {
        // The counts come before the reason why the run would not do that.
        context.out.flush()?;
        return Err(crate::app::Error::Problems(refused).into());
    }
    Ok(if cut { Exit::SetAside } else { Exit::Done })
}

/// Loads the names that are files, and returns the names of all that is to run.
fn load_files(
    arguments: &Arguments,
    store: &mut Store,
    now: Instant,
    context: &Context,
) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for name in &arguments.names {
        let path = Path::new(name);
        // A dry run writes nothing, so it can only mean a file that was loaded before.
        if arguments.dry_run || !path.is_file() {
            names.push(name.clone());
            continue;
        }
        let loaded = load_campaigns(
            store,
            &[path.to_owned()],
            MissingPolicy::Keep,
            LostWaits::Refuse,
            now,
        )?;
        diagnostics(context.notices, &loaded.warnings, &loaded.sources);
        for sentence in &loaded.waiting {
            context.notices.notice(sentence);
        }
        names.extend(loaded.rows.into_iter().map(|row| row.campaign));
    }
    Ok(names)
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
