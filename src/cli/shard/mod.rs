//! `bugle shard`: parts of the people on machines of their own.

mod merge;
mod split;
mod sum;

use clap::Subcommand;

use super::context::{CommandResult, Context};

/// What the help of `bugle shard` ends with.
pub(crate) const EXAMPLES: &str = "\
Examples:
  bugle shard split --shards 8 --people people.csv --events events.jsonl -o parts
  bugle shard merge parts --db whole.db

A shard is a folder with its part of each file and a database of its own. The
ordinary commands run in it, on any machine; `merge` makes one database again.";

/// A command on shards.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Cut person lists and event files by the keys of people
    Split(Box<split::Arguments>),
    /// Make one database of those of all shards
    Merge(merge::Arguments),
    /// Add up the dry runs of all shards, and ask the guards about the sum
    Sum(sum::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, context: &mut Context) -> CommandResult {
    match command {
        Command::Split(arguments) => split::run(&arguments, context),
        Command::Merge(arguments) => merge::run(&arguments, context),
        Command::Sum(arguments) => sum::run(&arguments, context),
    }
}
