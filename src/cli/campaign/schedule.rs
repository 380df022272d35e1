//! `bugle campaign schedule`: the coming runs of scheduled campaigns.

use std::io::Write as _;

use clap::Args;

use crate::app::schedule::{no_schedule, schedule};
use crate::app::show::show;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::domain::Duration;
use crate::domain::duration::Unit;
use crate::render::calendar::ScheduleLines;
use crate::render::page::{self, PageHead};
use crate::render::{Format, calendar, ics};

/// What `bugle campaign schedule` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign schedule
  bugle campaign schedule \"California newsletter\"
  bugle campaign schedule --all
  bugle campaign schedule --from 2026-12-01 --until 2027-02-28
  bugle campaign schedule --format ics > campaigns.ics
  bugle campaign schedule --format html > schedule.html

The runs of every scheduled batch campaign are shown with its steps up to the
first wait, recurring campaigns included, which Marketo's own schedule view
leaves out: a line for each rule, or with --all for each run. json, jsonl and
csv always have each run. Trigger campaigns have no times and do not appear;
with a NAME it says why.")]
pub(crate) struct Arguments {
    /// This campaign alone, and its mode
    name: Option<String>,
    /// From here on [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Up to here, included [default: four weeks later]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// A line for each run
    #[arg(long)]
    all: bool,
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
    let named = arguments.name.as_ref();
    let named = named.map(|name| no_schedule(&opened, name)).transpose()?;
    let only = named.as_ref().map(|(campaign, _)| *campaign);
    let why = named.and_then(|(_, why)| why);
    let view = schedule(&store, &opened, only, from, until)?;
    let is_table = context.globals.format == FormatName::Table;
    if let (Some(why), false) = (&why, is_table) {
        context.notices.notice(&format!("no schedule: {why}"));
    }
    if context.globals.format == FormatName::Ics {
        ics::write(&mut context.out, &view, zone)?;
        return Ok(Exit::Done);
    }
    if context.globals.format == FormatName::Html {
        let head = PageHead {
            at: context.now(zone)?,
            zone: zone.clone(),
        };
        let page = page::schedule(&head, &view);
        context.out.write_all(page.as_bytes())?;
        return Ok(Exit::Done);
    }
    match context.format()? {
        Format::Table => {
            let look = context.look(zone);
            if let Some(name) = &arguments.name {
                let detail = show(&store, &opened, name, context.now(zone)?)?;
                calendar::write_campaign(&mut context.out, &look, &detail, why.as_deref())?;
                if view.occurrences.is_empty() {
                    return Ok(Exit::Done);
                }
                writeln!(context.out)?;
            }
            let lines = if arguments.all {
                ScheduleLines::Occurrences
            } else {
                ScheduleLines::Rules
            };
            calendar::write(&mut context.out, &look, &view, lines)?;
        }
        Format::Json | Format::Jsonl | Format::Csv => context.rows(zone, &view.occurrences)?,
    }
    Ok(Exit::Done)
}
