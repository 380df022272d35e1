//! `bugle person explain`: what happened to an email for one person, or why it was not sent.

use clap::Args;

use crate::app::explain::explain_email;
use crate::app::people::find;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;

/// What `bugle person explain` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle person explain ann@example.com --email trial-welcome
  bugle person explain '#17' --email Trial.Welcome --format json

The first line says what happened to the email, or why it was not sent; the rows
of the log that prove it follow. Why a campaign takes a person or does not is
what `bugle campaign explain` says.")]
pub(crate) struct Arguments {
    /// The person: an email, `#17` for a `person_id`, or an `id`
    key: String,
    /// The email, with or without the name of its program
    #[arg(long, value_name = "NAME")]
    email: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let now = context.now(zone)?;
    let found = find(&store, &arguments.key)?;
    super::report_shared_email(context, &arguments.key, found);
    let session = context.session(&opened);
    let explained = explain_email(&store, &session, found.person, &arguments.email, now)?;
    context.sheet(zone, &explained)?;
    Ok(Exit::Done)
}
