//! `bugle person log`: what happened to one person, oldest first.

use clap::Args;

use crate::app::log::of_person;
use crate::app::people::find;
use crate::app::settings::settings;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::cli::selection;
use crate::cli::stream::stream;

/// What `bugle person log` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle person log ann@example.com
  bugle person log #17 --type send_email --reverse --limit 10
  bugle person log ann@example.com --campaign trial-nurture
  bugle person log 0031 --since 2026-11-01 --format jsonl

In the column `step`, `2:1` is the first choice of step 2, and `2:0` its default.")]
pub(crate) struct Arguments {
    /// The person: an email, `#17` for a `person_id`, or an `id`
    key: String,
    /// Only what this campaign's steps did
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    #[command(flatten)]
    rows: selection::Arguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let workspace = settings(&store)?;
    let selection = arguments.rows.selection(&workspace)?;
    let found = find(&store, &arguments.key)?;
    super::report_shared_email(context, &arguments.key, found);
    let campaign = match &arguments.campaign {
        Some(name) => Some(StoredWorkspace::of(&store)?.find(name)?.full_name.clone()),
        None => None,
    };
    stream(context, &workspace.zone, |each| {
        of_person(
            &store,
            found.person,
            campaign.as_deref(),
            &selection,
            |row| each(&row),
        )
    })?;
    Ok(Exit::Done)
}
