//! `bugle campaign advance`: lets the clock pass; from cron it is the scheduler.

use clap::{Args, ValueEnum};

use crate::app::Bounds;
use crate::app::advance::{Options, advance, rehearse};
use crate::app::opened::Opened;
use crate::app::scheduled::Missed;
use crate::cli::context::{Context, Ended, instant};
use crate::cli::exit::Exit;
use crate::cli::setbacks;

/// What `bugle campaign advance` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign advance
  bugle campaign advance --until 2026-12-24 --dry-run
  */5 * * * *  bugle campaign advance --quiet     in a crontab

Due waits and due batch occurrences happen in order, each at its own instant.")]
pub struct Arguments {
    /// The instant to reach [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Which of several missed occurrences of one campaign run
    #[arg(long, value_enum, default_value_t = MissedName::All, value_name = "WHICH")]
    missed: MissedName,
    /// Write nothing, and list what would happen
    #[arg(long)]
    dry_run: bool,
}

/// What becomes of missed occurrences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MissedName {
    All,
    Last,
    Skip,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Ended {
    let mut store = context.write_existing("campaign advance")?;
    let opened = Opened::of(&store)?;
    let zone = &opened.workspace.zone;
    let options = Options {
        until: match &arguments.until {
            Some(text) => instant(text, zone, "--until")?,
            None => context.now(zone)?,
        },
        missed: match arguments.missed {
            MissedName::All => Missed::All,
            MissedName::Last => Missed::Last,
            MissedName::Skip => Missed::Skip,
        },
        seed: context.globals.seed,
        bounds: Bounds::default(),
    };
    let progress = context.progress("waits and people");
    let mut reached = |count| progress.reached(count);
    let done = if arguments.dry_run {
        rehearse(&store, &options, &context.stop, &mut reached)?
    } else {
        advance(&mut store, &opened, &options, &context.stop, &mut reached)?
    };
    drop(progress);
    setbacks::cuts(context.notices, &done.cuts);
    setbacks::refusals(context.notices, &done.refused);
    if arguments.dry_run {
        context.rows(zone, &done.happened)?;
    } else {
        context.sheet(zone, &done.summary)?;
    }
    Ok(match (done.refused.is_empty(), done.summary.cut) {
        (false, _) => Exit::Guard,
        (true, 0) => Exit::Done,
        (true, _) => Exit::SetAside,
    })
}
