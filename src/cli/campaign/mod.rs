//! `bugle campaign`: everything about campaigns.

mod abort;
mod activate;
mod advance;
mod explain;
mod fmt;
mod list;
mod load;
mod log;
mod members;
mod plan;
pub(crate) mod replay_events;
mod report;
mod run;
mod runs;
mod schedule;
mod show;
mod shrink;
mod test;
mod validate;
mod watch;
mod where_used;

use clap::Subcommand;

use super::context::{CommandResult, Context};
use crate::app::activate::Activation;

/// What the help of `bugle campaign` ends with.
pub(crate) const EXAMPLES: &str = "\
Examples:
  bugle campaign validate campaigns/
  bugle campaign load campaigns/
  bugle campaign run \"California newsletter\" --dry-run
  bugle campaign replay-events fixtures/events.jsonl

A campaign is named by `Program.Campaign`, by its bare name where that is
unique, by its slug (`california-newsletter`), or by its file.";

/// A command on campaigns.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check campaign files, without a database
    Validate(validate::Arguments),
    /// Check campaign files and store them
    Load(load::Arguments),
    /// Show what a change of campaign files would do, and to whom
    Plan(plan::Arguments),
    /// List the stored campaigns
    List(list::Arguments),
    /// Show a campaign in plain words
    Show(show::Arguments),
    /// Run batch campaigns now
    Run(run::Arguments),
    /// Feed event files to active trigger campaigns
    ReplayEvents(replay_events::Arguments),
    /// Let time pass: process waits and scheduled runs that are due
    Advance(advance::Arguments),
    /// Let events start trigger campaigns
    Activate(activate::Arguments),
    /// Stop events from starting trigger campaigns
    Deactivate(activate::Arguments),
    /// Show the coming runs of scheduled campaigns
    Schedule(schedule::Arguments),
    /// List batch runs
    Runs(runs::Arguments),
    /// End a run that is unfinished or holds people in a wait
    Abort(abort::Arguments),
    /// Print a campaign's log over all people
    Log(log::Arguments),
    /// List who entered a campaign, or who waits in it
    Members(members::Arguments),
    /// Run the tests of campaign files, in memory
    Test(test::Arguments),
    /// Check and test campaign files whenever one is saved
    Watch(watch::Arguments),
    /// Find the smallest test that shows what a person of the database shows
    Shrink(shrink::Arguments),
    /// List where the files define, read and write a name
    WhereUsed(where_used::Arguments),
    /// Put campaign files into canonical layout
    Fmt(fmt::Arguments),
    /// Report what has become of campaigns, as a funnel or as a page
    Report(report::Arguments),
    /// Explain why a person qualifies for a campaign or does not
    Explain(explain::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, context: &mut Context) -> CommandResult {
    match command {
        Command::Validate(arguments) => validate::run(&arguments, context),
        Command::Load(arguments) => load::run(&arguments, context),
        Command::Plan(arguments) => plan::run(&arguments, context),
        Command::List(arguments) => list::run(&arguments, context),
        Command::Show(arguments) => show::run(&arguments, context),
        Command::Run(arguments) => run::run(&arguments, context),
        Command::ReplayEvents(arguments) => replay_events::run(&arguments, context),
        Command::Advance(arguments) => advance::run(&arguments, context),
        Command::Activate(arguments) => activate::run(&arguments, Activation::Activate, context),
        Command::Deactivate(arguments) => {
            activate::run(&arguments, Activation::Deactivate, context)
        }
        Command::Schedule(arguments) => schedule::run(&arguments, context),
        Command::Runs(arguments) => runs::run(&arguments, context),
        Command::Abort(arguments) => abort::run(&arguments, context),
        Command::Log(arguments) => log::run(&arguments, context),
        Command::Members(arguments) => members::run(&arguments, context),
        Command::Test(arguments) => test::run(&arguments, context),
        Command::Watch(arguments) => watch::run(&arguments, context),
        Command::Shrink(arguments) => shrink::run(&arguments, context),
        Command::WhereUsed(arguments) => where_used::run(&arguments, context),
        Command::Fmt(arguments) => fmt::run(&arguments, context),
        Command::Report(arguments) => report::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments, context),
    }
}
