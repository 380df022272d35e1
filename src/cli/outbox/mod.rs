//! `bugle outbox`: what flows have sent.

mod export;
mod list;
mod messages;

use clap::Subcommand;

use super::context::{CommandResult, Context};

/// What the help of `bugle outbox` ends with.
pub(crate) const EXAMPLES: &str = "\
Examples:
  bugle outbox list --campaign california-newsletter
  bugle outbox export --maildir sent
  bugle outbox export --mbox sent.mbox --since 2026-12-01

Nothing is sent: an email that a flow sends is a message in the database.";

/// A command on what flows have sent.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the messages that flows have sent, oldest first
    List(list::Arguments),
    /// Write the messages as MIME, into a Maildir or an mbox
    Export(export::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, context: &mut Context) -> CommandResult {
    match command {
        Command::List(arguments) => list::run(&arguments, context),
        Command::Export(arguments) => export::run(&arguments, context),
    }
}
