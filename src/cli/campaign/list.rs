//! `bugle campaign list`: the stored campaigns at a glance.

use clap::Args;

use crate::app::list_campaigns::campaigns;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;

/// What `bugle campaign list` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign list
  bugle campaign list --format json")]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let rows = campaigns(&store, &opened)?;
    context.rows(&opened.workspace.zone, &rows)?;
    Ok(Exit::Done)
}
