//! The tree of commands.

use clap::{Parser, Subcommand};

use super::globals::Globals;
use super::{
    campaign, completions, db, demo, explain, init, lsp, man, outbox, person, schema, shard,
};

/// Smart campaigns as code: validate, run, replay and explain them on local files.
#[derive(Debug, Parser)]
#[command(
    name = "bugle",
    bin_name = "bugle",
    version,
    long_version = env!("BUGLE_VERSION"),
    propagate_version = false,
    disable_help_subcommand = true,
    max_term_width = 80,
    arg_required_else_help = true,
    subcommand_required = true,
    after_help = "\
Examples:
  bugle demo
  bugle campaign validate campaigns/
  bugle campaign load campaigns/
  bugle person load fixtures/people.csv
  bugle campaign run \"California newsletter\"
  bugle campaign replay-events fixtures/events.jsonl
  bugle person log ann@example.com

Exit codes:
  0 done                    4 not found, or not allowed now
  1 faulty files            5 another command is writing
  2 usage                   6 done, with something set aside
  3 input or database       7 refused by a guard
  70 a fault of the program, 129, 130, 143 interrupted"
)]
pub(crate) struct Cli {
    /// What is to be done.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub(crate) globals: Globals,
}

/// A command, or a family of them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Campaigns: check, store, run, replay, inspect
    #[command(subcommand, after_help = campaign::EXAMPLES)]
    Campaign(campaign::Command),
    /// People: load, inspect, erase
    #[command(subcommand, after_help = person::EXAMPLES)]
    Person(person::Command),
    /// What flows have sent: list it, write it as messages
    #[command(subcommand, after_help = outbox::EXAMPLES)]
    Outbox(outbox::Command),
    /// Write a sample workspace and run a first session on it
    Demo(demo::Arguments),
    /// Write a workspace to start from
    Init(init::Arguments),
    /// Explain a diagnostic code
    Explain(explain::Arguments),
    /// Print a JSON Schema by which editors complete and check files
    Schema(schema::Arguments),
    /// Answer an editor while campaign files are written
    Lsp(lsp::Arguments),
    /// The database file: check, back up, dump
    #[command(subcommand, after_help = db::EXAMPLES)]
    Db(db::Command),
    /// Parts of the people on machines of their own: cut files, merge databases
    #[command(subcommand, after_help = shard::EXAMPLES)]
    Shard(shard::Command),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print a manual page
    Man(man::Arguments),
}
