//! `bugle init`: writes a workspace to start from, and says what to do next.

use std::path::PathBuf;

use clap::Args;

use crate::app::init;
use crate::domain::Zone;

use super::context::{CommandResult, Context};
use super::exit::Exit;

/// What `bugle init` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle init
  bugle init my-campaigns

Writes a batch campaign and a trigger campaign with tests, their workspace, a
list of people, a file of events, and settings for git, GitHub and editors.
A folder that has one of these files is refused, and nothing is written.")]
pub(crate) struct Arguments {
    /// The folder; made if it is not there
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    context.format()?;
    let summary = init::init(&arguments.folder)?;
    context.sheet(&Zone::utc(), &summary)?;
    Ok(Exit::Done)
}
