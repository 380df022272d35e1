//! `bugle shard merge`: one database of those of all shards.

use std::path::PathBuf;

use clap::Args;

use crate::app::Control;
use crate::app::shard::merge::merge;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::domain::Zone;

/// What `bugle shard merge` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle shard merge parts --db whole.db
  bugle shard merge /mnt/*/shard-* --db whole.db

Each folder has the manifest that `bugle shard split` wrote and the `bugle.db` on
which its commands ran. All shards must have had the same commands; a person who
is in two of them is refused. `--db` names a new file.")]
pub(crate) struct Arguments {
    /// The folders of all shards, or the folder of the split
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    context.format()?;
    context.listen()?;
    let progress = context.progress("people");
    let mut reached = |people| progress.reached(people);
    let mut control = Control::new(&context.stop, &mut reached);
    let merged = merge(&arguments.folders, &context.globals.db, &mut control)?;
    drop(progress);
    context.summaries(&Zone::utc(), &[merged])?;
    Ok(Exit::Done)
}
