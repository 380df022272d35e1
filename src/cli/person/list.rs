//! `bugle person list`: people who match, by the evaluator that campaigns use.

use std::io;
use std::ops::ControlFlow;

use clap::Args;

use crate::app::Control;
use crate::app::list_changes::{Between, list_changes};
use crate::app::list_people::{PeopleCursor, PeopleSelection, PeopleView};
use crate::app::then::AskedAt;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::domain::{Instant, Zone};
use crate::render::people::PeopleTable;
use crate::results::CountRow;

/// What `bugle person list` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle person list
  bugle person list --smart-list \"Unsubscribed People\" --count
  bugle person list --filter 'state: [CA, California]' --format csv
  bugle person list --columns email,lead_score --sort -lead_score --limit 20
  bugle person list --filter '{ lead_score: { at_least: 50 } }'
  bugle person list --smart-list \"Engaged buyers\" --at 2025-11-01
  bugle person list --smart-list \"Engaged buyers\" --changed-since 2025-11-01")]
pub(crate) struct Arguments {
    /// People in this named or system smart list
    #[arg(long, value_name = "NAME", conflicts_with = "filter")]
    smart_list: Option<String>,
    /// People for whom this filter holds, written as in a campaign file
    #[arg(long, value_name = "YAML", allow_hyphen_values = true)]
    filter: Option<String>,
    /// As people were at this instant, after all that happened up to then
    #[arg(long, value_name = "TIME", conflicts_with = "changed_since")]
    at: Option<String>,
    /// Who came and who went since this instant, when, and because of what
    #[arg(
        long,
        value_name = "TIME",
        conflicts_with_all = ["count", "columns", "sort", "limit"]
    )]
    changed_since: Option<String>,
    /// With --changed-since, up to here instead of now
    #[arg(long, value_name = "TIME", requires = "changed_since")]
    until: Option<String>,
    /// Print their number alone
    #[arg(long)]
    count: bool,
    /// Show these columns alone, in this order
    #[arg(
        long,
        value_name = "FIELD,…",
        value_delimiter = ',',
        conflicts_with = "count"
    )]
    columns: Vec<String>,
    /// Sort by this field, `-FIELD` from the greatest down; people without a value come last
    #[arg(
        long,
        value_name = "[-]FIELD",
        allow_hyphen_values = true,
        conflicts_with = "count"
    )]
    sort: Option<String>,
    /// Show at most so many people
    #[arg(long, value_name = "N", conflicts_with = "count")]
    limit: Option<usize>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let who = match (&arguments.smart_list, &arguments.filter) {
        (Some(name), _) => PeopleSelection::SmartList(name.clone()),
        (None, Some(filter)) => PeopleSelection::Filter(filter.clone()),
        (None, None) => PeopleSelection::Everyone,
    };
    let store = context.read()?;
    let people = PeopleCursor::of(&store, &who)?;
    let zone = people.zone().clone();
    let now = context.now(&zone)?;
    let seed = context.globals.seed;
    if let Some(since) = &arguments.changed_since {
        let between = between(since, arguments.until.as_deref(), now, &zone)?;
        let progress = context.progress_of("people", Some(store.count_people()?));
        let mut reached = |count| progress.reached(count);
        let mut control = Control::new(&context.stop, &mut reached);
        let rows = list_changes(&store, &people, between, seed, &mut control)?;
        drop(progress);
        context.rows(&zone, &rows)?;
        return Ok(Exit::Done);
    }
    let at = match &arguments.at {
        Some(text) => AskedAt::Past(instant(text, &zone, "--at")?),
        None => AskedAt::Now(now),
    };
    let (format, look) = (context.format()?, context.look(&zone));
    if arguments.count {
        let count = people.count(&store, at, seed, &who)?;
        context.sheet(&zone, &CountRow { count })?;
        return Ok(Exit::Done);
    }
    let view = people.view(&PeopleView {
        columns: arguments.columns.clone(),
        sort: arguments.sort.clone(),
        limit: arguments.limit,
    })?;
    let mut rows = PeopleTable::new(&mut context.out, format, &look, view.keys())?;
    rows.keep_columns(!arguments.columns.is_empty());
    let mut failed: Option<io::Error> = None;
    people.each(&store, at, seed, &view, |row| match rows.push(row) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    rows.finish()?;
    Ok(Exit::Done)
}

/// Reads the ends of the time in which people came and went.
fn between(since: &str, until: Option<&str>, now: Instant, zone: &Zone) -> Result<Between, Error> {
    let since = instant(since, zone, "--changed-since")?;
    let until = match until {
        Some(text) => instant(text, zone, "--until")?,
        None => now,
    };
    if until < since {
        return Err(Error::usage(
            format!("{since} is later than {until}"),
            "`--changed-since` names the earlier instant, and `--until` (or now) the later one",
        ));
    }
    Ok(Between { since, until })
}
