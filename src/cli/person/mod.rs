//! `bugle person`: everything about people.

mod delete;
mod explain;
mod list;
pub(crate) mod load;
mod log;
mod show;

use clap::Subcommand;

use super::context::{CommandResult, Context};

/// What the help of `bugle person` ends with.
pub(crate) const EXAMPLES: &str = "\
Examples:
  bugle person load fixtures/people.csv
  bugle person log ann@example.com
  bugle person list --filter 'state: CA'

A person's KEY with `@` is an email in any case, `#17` a person_id, anything
else an `id`.";

/// A command on people.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Load people from CSV files
    Load(load::Arguments),
    /// Print the activity log of one person
    Log(log::Arguments),
    /// Show one person: fields, lists, programs, campaigns, waits
    Show(show::Arguments),
    /// Say what happened to an email for one person, or why it was not sent
    Explain(explain::Arguments),
    /// List people who match
    List(list::Arguments),
    /// Erase a person and their log
    Delete(delete::Arguments),
}

/// Runs the command.
pub(crate) fn run(command: Command, context: &mut Context) -> CommandResult {
    match command {
        Command::Load(arguments) => load::run(&arguments, context),
        Command::Log(arguments) => log::run(&arguments, context),
        Command::Show(arguments) => show::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments, context),
        Command::List(arguments) => list::run(&arguments, context),
        Command::Delete(arguments) => delete::run(&arguments, context),
    }
}

/// Reports that a key means several people, and which of them is taken.
pub(super) fn report_shared_email(
    context: &Context,
    key: &str,
    found: crate::app::people::FoundPerson,
) {
    if found.people > 1 {
        context.notices.notice(&format!(
            "{} people have the key `{key}`; the first of them, #{}, is meant",
            found.people, found.person
        ));
    }
}
