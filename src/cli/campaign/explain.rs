//! `bugle campaign explain`: why a person qualifies for a campaign or does not.

use clap::Args;

use crate::app::explain::{ExplainAt, explain};
use crate::app::people::find;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::exit::Exit;
use crate::cli::person::report_shared_email;

/// What `bugle campaign explain` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign explain \"California newsletter\" --person ann@example.com
  bugle campaign explain trial-nurture --person ann@example.com --at 2026-11-09
  bugle campaign explain trial-nurture --person '#17' --format json
  bugle campaign explain pricing --person ann@example.com --event e-1001

Every rule is asked, also after one has failed: triggers against the newest
activity of their type in the person's log, filters against what is known now.
With --event, triggers are asked about that one row of the log, and everything
else on the very state on which campaigns were asked about it: with what the
event changed, before anything that followed from it. The row is named by the
event's id, else by its `activity_id`, as `bugle person log --format json`
shows them. The newest version of the campaign is asked, also about the past.")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    /// The person: an email, `#17` for a `person_id`, or an `id`
    #[arg(long, value_name = "KEY")]
    person: String,
    /// As things were at this instant, after all that happened up to then
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// When campaigns were asked about this event: its id, or an `activity_id`
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    event: Option<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let moment = match (&arguments.at, &arguments.event) {
        (_, Some(id)) => ExplainAt::Event(id),
        (Some(text), None) => ExplainAt::Past(instant(text, zone, "--at")?),
        (None, None) => ExplainAt::Now(context.now(zone)?),
    };
    let found = find(&store, &arguments.person)?;
    report_shared_email(context, &arguments.person, found);
    let session = context.session(&opened);
    let explanation = explain(&store, &session, &arguments.name, found.person, moment)?;
    context.sheet(zone, &explanation)?;
    Ok(Exit::Done)
}
