//! `bugle campaign plan`: what a change of campaigns would do, and to whom.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::app::Control;
use crate::app::load_campaigns::{LostWaits, Moved};
use crate::app::outputs::{Output, Outputs};
use crate::app::plan::git::Revision;
use crate::app::plan::{Against, Request, plan};
use crate::app::reexports::{Input, MissingPolicy};
use crate::app::settings::settings;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::difference_file::DifferenceFile;
use crate::cli::error::{Error, diagnostics};
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::cli::warnings;
use crate::render::markdown;

/// What `bugle campaign plan` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign plan campaigns/
  bugle campaign plan campaigns/ --show 5
  bugle campaign plan campaigns/ --until 2026-12-31 --events november.jsonl
  bugle campaign plan campaigns/ --against released/ --fail-on-change
  bugle campaign plan campaigns/ --against-git main
  bugle campaign plan campaigns/ --format markdown > comment.md
  bugle campaign plan campaigns/ --out letter.plan

Both versions run on private copies of the database, with the same people and
clock: batch campaigns now, trigger campaigns over the events. With --until,
scheduled campaigns run at their occurrences instead, and waits go on. What
differs is exact: the same people as loading and running would take.

The exit code is 7 where a guard is broken after the change. With
--fail-on-change, it is so too where anything differs for people.")]
pub(crate) struct Arguments {
    /// The files and folders of the change; a folder is read with all beneath it
    #[arg(default_value = "campaigns/")]
    paths: Vec<PathBuf>,
    /// Compare with these files [default: what is loaded]
    #[arg(long, value_name = "PATH")]
    against: Option<PathBuf>,
    /// Compare with these paths as they are in this commit, branch or tag, read with `git`
    #[arg(long, value_name = "REV", conflicts_with = "against")]
    against_git: Option<String>,
    /// Let time pass up to here: occurrences of schedules, and waits
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Let these events happen, by which trigger campaigns are evaluated
    #[arg(long, value_name = "FILE", num_args = 1..)]
    events: Vec<PathBuf>,
    /// Take out of use campaigns whose file is gone from under these paths
    #[arg(long)]
    prune: bool,
    /// What happens to people whose wait is not in the new version
    #[arg(long, value_enum, value_name = "WHAT")]
    waiting: Option<WaitingPolicy>,
    /// Name so many people of each group
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    show: usize,
    /// Write a CSV row for everyone who differs: campaign, change and cause
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// Keep the plan in this file, for `campaign run NAME --plan FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 7 if anything differs for people
    #[arg(long)]
    fail_on_change: bool,
}

/// What happens to people whose wait is not in the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WaitingPolicy {
    /// They finish the version they are in
    Keep,
    /// Their wait ends now, and nothing follows
    Drop,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let inputs: Vec<Input> = arguments.events.iter().map(Input::from_argument).collect();
    refuse_standard_input(arguments)?;
    let mut outputs = Outputs::new(&context.globals.db, &inputs).spare_paths(
        arguments
            .paths
            .iter()
            .chain(&arguments.against)
            .map(PathBuf::as_path),
    );
    let people = arguments.people.as_ref().map(|path| {
        outputs.admit(Output {
            what: "the people who differ",
            option: "--people",
            path,
        })
    });
    let people = people.transpose()?;
    let out = arguments.out.as_ref().map(|path| {
        outputs.admit(Output {
            what: "the plan",
            option: "--out",
            path,
        })
    });
    let out = out.transpose()?;
    let store = context.read()?;
    context.listen()?;
    outputs.spare_stored(&store)?;
    let zone = settings(&store)?.zone;
    let now = context.now(&zone)?;
    let until = arguments.until.as_ref();
    let until = until
        .map(|text| instant(text, &zone, "--until"))
        .transpose()?;
    if until.is_some_and(|until| until < now) {
        return Err(Error::usage(
            format!("now is {now}, and `--until` lies before it"),
            "give a later instant",
        ));
    }
    let revision = arguments.against_git.as_ref();
    let revision = revision.map(|revision| Revision::read(revision, &arguments.paths));
    let compared = Compared {
        name: (arguments.against.as_ref())
            .map(|path| path.display().to_string())
            .or_else(|| arguments.against_git.clone()),
        revision: revision.transpose()?,
        paths: arguments.against.iter().cloned().collect(),
    };
    let request = Request {
        paths: &arguments.paths,
        against: compared.against(&arguments.paths),
        gone: if arguments.prune {
            MissingPolicy::Prune
        } else {
            MissingPolicy::Keep
        },
        lost: arguments.waiting.map(|policy| match policy {
            WaitingPolicy::Keep => LostWaits::Keep,
            WaitingPolicy::Drop => LostWaits::Drop,
        }),
        now,
        until,
        events: &inputs,
        seed: context.globals.seed,
        bounds: context.bounds(),
        show: arguments.show,
        save: out.is_some(),
    };
    let progress = context.progress("people");
    let mut reached = |count| progress.reached(count);
    let mut control = Control::new(&context.stop, &mut reached);
    let mut file = people.as_ref().map(DifferenceFile::create).transpose()?;
    let sink = file.as_mut().map(|file| file as _);
    let planned = plan(&store, &request, sink, &mut control);
    drop(progress);
    let planned = planned?;
    if let Some(file) = file {
        file.publish()?;
    }
    if let (Some(saved), Some(place)) = (&planned.saved, &out) {
        saved.write(place)?;
    }
    diagnostics(context.notices, &planned.warnings, &planned.sources);
    warnings::notes(context.notices, &planned.notes);
    let plan = &planned.plan;
    if context.globals.format == FormatName::Markdown {
        let look = context.look(&zone);
        markdown::plan(&mut context.out, &look, plan)?;
    } else {
        context.sheet(&zone, plan)?;
    }
    let is_refused = arguments.fail_on_change && plan.changes_people();
    Ok(if plan.breaks_a_guard() || is_refused {
        Exit::Guard
    } else {
        Exit::Done
    })
}

/// Events are read once for each side.
fn refuse_standard_input(arguments: &Arguments) -> Result<(), Error> {
    let mut files = arguments.events.iter();
    if files.any(|file| file.as_os_str() == "-") {
        return Err(Error::usage(
            "both sides read the events, and standard input can be read only once",
            "save them as a file",
        ));
    }
    Ok(())
}

/// What a change is compared with, where that is named.
struct Compared {
    name: Option<String>,
    revision: Option<Revision>,
    paths: Vec<PathBuf>,
}

impl Compared {
    /// Returns the files, as if they lay where those of the change lie.
    fn against<'a>(&'a self, change: &'a [PathBuf]) -> Option<Against<'a>> {
        let name = self.name.as_deref()?;
        if let Some(revision) = &self.revision {
            return Some(Against {
                name,
                paths: revision.paths(),
                moved: Some(Moved {
                    from: revision.folder(),
                    to: Path::new(""),
                }),
            });
        }
        let moved = match (self.paths.as_slice(), change) {
            ([from], [to]) => Some(Moved { from, to }),
            _ => None,
        };
        Some(Against {
            name,
            paths: &self.paths,
            moved,
        })
    }
}
