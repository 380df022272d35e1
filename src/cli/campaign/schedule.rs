//! `bugle campaign schedule`: what is coming.

use clap::Args;

use crate::app::schedule::schedule;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::arguments::FormatName;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::exit::Exit;
use crate::domain::Duration;
use crate::domain::duration::Unit;
use crate::render::{Format, calendar, ics};

/// What `bugle campaign schedule` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign schedule
  bugle campaign schedule --from 2026-12-01 --until 2027-02-28
  bugle campaign schedule --format ics > campaigns.ics

Each run of every scheduled batch campaign is shown with its steps up to the
first wait, recurring campaigns included, which Marketo's own schedule view
leaves out. Trigger campaigns have no times and do not appear.")]
pub(crate) struct Arguments {
    /// From here on [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Up to here, included [default: four weeks later]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// How much is shown unless more is asked for.
const FOUR_WEEKS: Duration = Duration {
    count: 4,
    unit: Unit::Week,
};

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let from = match &arguments.from {
        Some(text) => instant(text, zone, "--from")?,
        None => context.now(zone)?,
    };
    let until = match &arguments.until {
        Some(text) => instant(text, zone, "--until")?,
        None => FOUR_WEEKS.after(from, zone),
    };
    let view = schedule(&store, &opened, from, until)?;
    if context.globals.format == FormatName::Ics {
        ics::write(&mut context.out, &view)?;
        return Ok(Exit::Done);
    }
    match context.format()? {
        Format::Table => {
            let look = context.look(zone);
            calendar::write(&mut context.out, &look, &view)?;
        }
        Format::Json | Format::Jsonl | Format::Csv => context.rows(zone, &view.occurrences)?,
    }
    Ok(Exit::Done)
}
