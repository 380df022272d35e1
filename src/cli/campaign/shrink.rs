//! `bugle campaign shrink`: the smallest test that still shows what a person of the database shows.

use std::path::PathBuf;

use clap::Args;

use crate::app::settings::settings;
use crate::app::shrink::{Shrink, shrink, write};
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;

/// What `bugle campaign shrink` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign shrink --person ann@example.com --keep 'activities: [send_email]'
  bugle campaign shrink pricing --person '#17' --keep 'fields: { lead_score: 70 }'
  bugle campaign shrink --person 17 --keep 'qualified: 0' --output trial

What has happened to the person happens again in memory. Then everything is left
out that is not needed for what is kept: campaigns, steps, filters, settings,
fields, lists and events. What remains passes as a test of the campaign.

Personal values are replaced by others of the same shape; --show-values keeps
them. The database stays as it is.")]
pub(crate) struct Arguments {
    /// The campaign that has the test [default: one for which what is kept holds]
    name: Option<String>,
    /// The person: an email, `#17` for a `person_id`, or an `id`
    #[arg(long, value_name = "KEY")]
    person: String,
    /// What is kept: an entry of `expect`, as YAML; the person need not be named
    #[arg(long, value_name = "YAML")]
    keep: String,
    /// Write the files into this folder, which must have none of them
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    context.format()?;
    let store = context.read()?;
    let zone = settings(&store)?.zone;
    let wanted = Shrink {
        person: &arguments.person,
        keep: &arguments.keep,
        campaign: arguments.name.as_deref(),
        show_values: context.globals.show_values,
        now: context.now(&zone)?,
        seed: context.globals.seed,
    };
    let found = shrink(&store, wanted)?;
    match &arguments.output {
        Some(folder) => {
            write(&found, &context.globals.db, folder)?;
            let written = format!("the test is in `{}`", folder.display());
            context.notices.notice(&written);
        }
        None => context.sheet(&zone, &found)?,
    }
    Ok(Exit::Done)
}
