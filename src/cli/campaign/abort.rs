//! `bugle campaign abort`: ends an unfinished batch run, or the waits of a run.

use clap::Args;

use crate::app::abort::abort;
use crate::app::settings::settings;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::domain::RunId;

/// What `bugle campaign abort` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign abort 3

What the run has done stands; who waits in it leaves the flow, and the log of
each says so.")]
pub(crate) struct Arguments {
    /// The run's number, as `campaign runs` lists it
    run: i64,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let mut store = context.write_existing("campaign abort")?;
    let zone = settings(&store)?.zone;
    let now = context.now(&zone)?;
    let row = abort(&mut store, RunId(arguments.run), now)?;
    context.rows(&zone, &[row])?;
    Ok(Exit::Done)
}
