//! `bugle campaign members`: who passed a campaign and when, or who waits in it until when.

use clap::Args;

use crate::app::list_campaigns::{members, waiting, waiting_at};
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::exit::Exit;
use crate::cli::stream::stream;

/// What `bugle campaign members` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign members \"California newsletter\"
  bugle campaign members trial-nurture --waiting
  bugle campaign members trial-nurture --at 2025-11-15")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    /// Who is in a wait, in the order in which they go on
    #[arg(long)]
    waiting: bool,
    /// As things were at this instant, after all that happened up to then
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let campaign = opened.find(&arguments.name)?;
    let at = arguments.at.as_ref();
    let at = at.map(|text| instant(text, zone, "--at")).transpose()?;
    let name = &campaign.full_name;
    match (arguments.waiting, at) {
        (false, at) => stream(context, zone, |each| members(&store, name, at, each))?,
        (true, None) => context.rows(zone, &waiting(&store, name)?)?,
        (true, Some(at)) => {
            let session = context.session(&opened);
            let rows = waiting_at(&store, &session, campaign, at)?;
            context.rows(zone, &rows)?;
        }
    }
    Ok(Exit::Done)
}
