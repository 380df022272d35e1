//! `bugle person delete`: erases a person; what remains has no personal data.

use clap::Args;

use crate::app::delete_person::delete_person;
use crate::app::settings::settings;
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::Error;
use crate::cli::exit::Exit;

/// What `bugle person delete` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle person delete ann@example.com --yes
  bugle person delete #17 --yes

Their fields, log, lists, memberships, waits and emails are erased. Their events
are known again and not taken a second time.")]
pub(crate) struct Arguments {
    /// The person: an email, `#17` for a `person_id`, or an `id`
    key: String,
    /// Confirm: this cannot be undone
    #[arg(long)]
    yes: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    if !arguments.yes {
        return Err(Error::usage(
            "erasing a person cannot be undone",
            "add `--yes` if that is what you want",
        ));
    }
    let mut store = context.write_existing("person delete")?;
    let now = context.now(&settings(&store)?.zone)?;
    let person = delete_person(&mut store, &arguments.key, now)?;
    context.notices.notice(&format!("erased person #{person}"));
    Ok(Exit::Done)
}
