//! `bugle person list`: people who match, by the evaluator that campaigns use.

use std::io;
use std::ops::ControlFlow;

use clap::Args;

use crate::app::list_people::{PeopleCursor, PeopleSelection};
use crate::cli::context::{CommandResult, Context};
use crate::cli::exit::Exit;
use crate::render;
use crate::results::CountRow;

/// What `bugle person list` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle person list
  bugle person list --smart-list \"Unsubscribed People\" --count
  bugle person list --filter 'state: [CA, California]' --format csv
  bugle person list --filter '{ lead_score: { at_least: 50 } }'")]
pub struct Arguments {
    /// People in this named or system smart list
    #[arg(long, value_name = "NAME", conflicts_with = "filter")]
    smart_list: Option<String>,
    /// People for whom this filter holds, written as in a campaign file
    #[arg(long, value_name = "YAML")]
    filter: Option<String>,
    /// Print their number alone
    #[arg(long)]
    count: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
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
    let (format, look) = (context.format()?, context.look(&zone));
    if arguments.count {
        let count = people.each(&store, now, seed, |_| ControlFlow::Continue(()))?;
        context.sheet(&zone, &CountRow { count })?;
        return Ok(Exit::Done);
    }
    let mut rows =
        render::people::PeopleTable::new(&mut context.out, format, &look, people.keys())?;
    let mut failed: Option<io::Error> = None;
    people.each(&store, now, seed, |row| match rows.push(row) {
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
