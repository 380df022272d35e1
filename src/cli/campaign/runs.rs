//! `bugle campaign runs`: batch runs and their outcomes.

use clap::Args;

use crate::app::list_campaigns::runs;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;

/// What `bugle campaign runs` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign runs
  bugle campaign runs \"California newsletter\" --format csv")]
pub(crate) struct Arguments {
    /// The campaign; all of them where none is named
    name: Option<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let campaign = match &arguments.name {
        None => None,
        Some(name) => Some(opened.find(name)?.full_name.as_ref()),
    };
    let rows = runs(&store, campaign)?;
    context.rows(&opened.workspace.zone, &rows)?;
    Ok(Exit::Done)
}
