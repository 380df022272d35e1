//! `bugle campaign members`: who passed a campaign and when, or who waits in it until when.

use clap::Args;

use crate::app::list_campaigns::{members, waiting};
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::cli::stream::stream;

/// What `bugle campaign members` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign members \"California newsletter\"
  bugle campaign members trial-nurture --waiting")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    /// Who is in a wait, in the order in which they go on
    #[arg(long)]
    waiting: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let campaign = &opened.find(&arguments.name)?.full_name;
    if arguments.waiting {
        let rows = waiting(&store, campaign)?;
        context.rows(zone, &rows)?;
    } else {
        stream(context, zone, |each| members(&store, campaign, each))?;
    }
    Ok(Exit::Done)
}
