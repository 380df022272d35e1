//! `bugle campaign list`: the stored campaigns at a glance.

use clap::Args;

use crate::app::list_campaigns::{campaigns, idle};
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::domain::Duration;

/// What `bugle campaign list` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign list
  bugle campaign list --format json
  bugle campaign list --idle 90 days   trigger campaigns that nobody entered")]
pub(crate) struct Arguments {
    /// Only trigger campaigns that nobody has entered in this time: 90 days
    #[arg(long, num_args = 1..=2, value_name = "DURATION")]
    idle: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    context.note_scratch(&store)?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let rows = if arguments.idle.is_empty() {
        campaigns(&store, &opened)?
    } else {
        let written = arguments.idle.join(" ");
        let duration = Duration::parse(&written).map_err(|advice| {
            Error::usage(format!("`--idle {written}` is not a duration"), advice)
        })?;
        let since = duration.before(context.now(zone)?, zone);
        idle(&store, &opened, since)?
    };
    context.rows(zone, &rows)?;
    Ok(Exit::Done)
}
