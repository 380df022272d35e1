//! `bugle shard sum`: the dry runs of all shards, added up.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::app::reexports::Input;
use crate::app::shard_sum::{broken, sum};
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::domain::Zone;

/// What `bugle shard sum` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle shard sum parts/*/dry.json
  bugle shard sum parts/*/dry.json --format json > approved.json
  bugle campaign run \"California newsletter\" --approved ../../approved.json

The files are what `bugle campaign run NAME --dry-run --format json` printed in
each shard. Guards are asked about the people of all shards together; if one is
broken, the exit code is 7.")]
pub(crate) struct Arguments {
    /// The results of the shards; `-` is standard input, which may hold several
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    context.format()?;
    let inputs: Vec<Input> = arguments.files.iter().map(Input::from_argument).collect();
    let sums = sum(&inputs)?;
    context.sheets(&Zone::utc(), &sums)?;
    let broken = broken(&sums);
    if broken.is_empty() {
        return Ok(Exit::Done);
    }
    // The sum comes before the reason why a run would be refused.
    context.out.flush()?;
    Err(crate::app::Error::Problems(broken).into())
}
