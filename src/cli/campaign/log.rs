//! `bugle campaign log`: what one campaign's steps did, over all people.

use clap::Args;

use crate::app::log::of_campaign;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::cli::selection;
use crate::cli::stream::stream;
use crate::render::log::CampaignActivity;

/// What `bugle campaign log` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign log \"California newsletter\"
  bugle campaign log trial-nurture --type send_email --since 2026-11-01
  bugle campaign log trial-nurture --reverse --limit 20 --format jsonl

In the column `step`, `2:1` is the first choice of step 2, and `2:0` its default.")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    #[command(flatten)]
    rows: selection::Arguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let selection = arguments.rows.selection(&opened.workspace)?;
    let campaign = &opened.find(&arguments.name)?.full_name;
    stream(context, &opened.workspace.zone, |each| {
        of_campaign(&store, campaign, &selection, |row| {
            each(&CampaignActivity(row))
        })
    })?;
    Ok(Exit::Done)
}
