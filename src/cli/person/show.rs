//! `bugle person show`: one person as they are now, or as they were.

use clap::Args;

use crate::app::past::show_at;
use crate::app::people::find;
use crate::app::settings::settings;
use crate::app::show_person::show;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::exit::Exit;

/// What `bugle person show` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle person show ann@example.com
  bugle person show ann@example.com --at 2026-11-09
  bugle person show #17 --format json")]
pub(crate) struct Arguments {
    /// The person: an email, `#17` for a `person_id`, or an `id`
    key: String,
    /// As it was at this instant
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let zone = settings(&store)?.zone;
    let found = find(&store, &arguments.key)?;
    super::report_shared_email(context, &arguments.key, found);
    let detail = match &arguments.at {
        None => show(&store, found.person)?,
        Some(text) => show_at(&store, found.person, instant(text, &zone, "--at")?)?,
    };
    context.sheet(&zone, &detail)?;
    Ok(Exit::Done)
}
