//! `bugle campaign advance`: lets the clock pass, and does all that is due on the way.

use clap::{Args, ValueEnum};

use crate::app::Control;
use crate::app::advance::{Advanced, Options, advance};
use crate::app::reexports::Store;
use crate::app::scheduled::Missed;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::progress::ProgressDisplay;
use crate::cli::warnings;
use crate::domain::{Instant, Zone};

/// What `bugle campaign advance` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign advance
  bugle campaign advance --dry-run
  bugle campaign advance --until \"2026-12-24 18:00\"
  bugle campaign advance --missed last

Waits end and scheduled campaigns run, each at its own instant, up to now. Run
from cron every minute this is the scheduler: nothing is done twice, and what
was interrupted is finished by the next one.")]
pub(crate) struct Arguments {
    /// Up to here instead of now
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Which of the scheduled runs whose time has gone by are made up for
    #[arg(long, value_enum, default_value_t = MissedName::All, value_name = "WHICH")]
    missed: MissedName,
    /// Change nothing, and list what would happen
    #[arg(long)]
    dry_run: bool,
}

/// Which missed runs are made up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MissedName {
    /// Each at its own instant
    All,
    /// The last one of each campaign
    Last,
    /// None
    Skip,
}

/// Runs the command; a dry run works on a private copy of the database, and lists what would happen.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let mut store = if arguments.dry_run {
        let copy = context.read()?.scratch()?;
        context.listen()?;
        copy
    } else {
        context.write_existing("campaign advance")?
    };
    let opened = StoredWorkspace::of(&store)?;
    opened.mark_invalid(&mut store)?;
    let zone = &opened.workspace.zone;
    let options = options(arguments, context, zone)?;
    let session = context.session(&opened);
    let progress = progress(context, &store, zone, options.until)?;
    let mut reached = |count| progress.reached(count);
    let passed = |at| progress.passed(at);
    let mut control = Control::new(&context.stop, &mut reached).with_time(&passed);
    let advanced = advance(&mut store, &session, &options, &mut control)?;
    drop(progress);
    if arguments.dry_run {
        context.rows(zone, &advanced.happened)?;
    } else {
        context.sheet(zone, &advanced.summary)?;
    }
    Ok(exit(&advanced, context))
}

/// Begins showing how far time has passed since the last event or advance, or since the first thing that is due.
fn progress(
    context: &Context,
    store: &Store,
    zone: &Zone,
    until: Instant,
) -> Result<ProgressDisplay, Error> {
    let from = match store.watermark()? {
        Some(watermark) => Some(watermark),
        None => store.next_due()?,
    };
    Ok(context.progress_of_time("people", zone, from, until))
}

fn options(arguments: &Arguments, context: &Context, zone: &Zone) -> Result<Options, Error> {
    Ok(Options {
        until: match &arguments.until {
            Some(text) => instant(text, zone, "--until")?,
            None => context.now(zone)?,
        },
        missed: match arguments.missed {
            MissedName::All => Missed::All,
            MissedName::Last => Missed::Last,
            MissedName::Skip => Missed::Skip,
        },
        listed: arguments.dry_run,
    })
}

/// Reports what was cut or refused, and how the command ends.
fn exit(advanced: &Advanced, context: &Context) -> Exit {
    warnings::cut_entries(context.notices, &advanced.cuts);
    warnings::notes(context.notices, &advanced.notes);
    warnings::refused_runs(context.notices, &advanced.refused, &advanced.broken);
    if !advanced.refused.is_empty() {
        Exit::Guard
    } else if advanced.summary.cut > 0 || !advanced.broken.is_empty() {
        Exit::SetAside
    } else {
        Exit::Done
    }
}
