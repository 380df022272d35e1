//! `bugle outbox list`: what flows have sent, a row a message.

use clap::Args;

use super::messages;
use crate::app::outbox::list;
use crate::app::settings::settings;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::cli::stream::stream;

/// What `bugle outbox list` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle outbox list
  bugle outbox list --person ann@example.com
  bugle outbox list --campaign california-newsletter --reverse --limit 10
  bugle outbox list --type send_alert --format jsonl")]
pub(crate) struct Arguments {
    #[command(flatten)]
    messages: messages::Arguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let workspace = settings(&store)?;
    let wanted = arguments.messages.wanted(&store, &workspace, context)?;
    stream(context, &workspace.zone, |each| {
        list(&store, &wanted, |row| each(&row))
    })?;
    Ok(Exit::Done)
}
