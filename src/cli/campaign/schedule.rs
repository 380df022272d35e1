//! `bugle campaign schedule`: the coming runs of scheduled campaigns.

use std::io::Write as _;

use clap::Args;

use crate::app::Control;
use crate::app::reexports::Store;
use crate::app::schedule::{no_schedule, schedule};
use crate::app::sending_load::{LoadRequest, sending_load};
use crate::app::show::show;
use crate::app::stored_workspace::StoredWorkspace;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::globals::FormatName;
use crate::cli::warnings;
use crate::domain::duration::Unit;
use crate::domain::{Duration, Instant};
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
  bugle campaign schedule --load --until 2026-12-31 --within '3 days'

The runs of every scheduled batch campaign are shown with its steps up to the
first wait, recurring campaigns included, which Marketo's own schedule view
leaves out: a line for each rule, or with --all for each run. json, jsonl and
csv always have each run. Trigger campaigns have no times and do not appear;
with a NAME it says why.

With --load, time passes on a private copy: scheduled campaigns run, and people
wake from their waits. There is a line for each day with mail.")]
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
    /// The mails of the coming days: how many, to how many people, and where they come too densely
    #[arg(long, conflicts_with_all = ["name", "from", "all"])]
    load: bool,
    /// With --load: within which time a second marketing mail collides with the one before [default: 24 hours]
    #[arg(long, value_name = "DURATION", requires = "load")]
    within: Option<String>,
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
    if arguments.load {
        return load(arguments, &store, &opened, (from, until), context);
    }
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

/// Shows the mails of the coming days.
fn load(
    arguments: &Arguments,
    store: &Store,
    opened: &StoredWorkspace,
    (now, until): (Instant, Instant),
    context: &mut Context,
) -> CommandResult {
    context.format()?;
    if until < now {
        return Err(Error::usage(
            format!("now is {now}, and `--until` lies before it"),
            "give a later instant",
        ));
    }
    let within = arguments.within.as_deref().unwrap_or("24 hours");
    let request = LoadRequest {
        now,
        until,
        within: Duration::parse(within).map_err(|advice| {
            Error::usage(format!("`--within {within}` is not a duration"), advice)
        })?,
    };
    context.listen()?;
    let session = context.session(opened);
    let zone = &opened.workspace.zone;
    let progress = context.progress_of_time("mails", zone, Some(now), until);
    let mut reached = |count| progress.reached(count);
    let passed = |passed| progress.passed(passed);
    let mut control = Control::new(&context.stop, &mut reached).with_time(&passed);
    let load = sending_load(store, &session, request, &mut control);
    drop(progress);
    let load = load?;
    warnings::refused_runs(context.notices, &load.refused, &load.broken);
    context.rows(zone, &load.days)?;
    Ok(Exit::Done)
}
