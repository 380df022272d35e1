//! `bugle campaign explain`: why a person qualifies for a campaign or does not.

use std::path::PathBuf;

use clap::Args;

use crate::app::explain::{
    ExplainAt, MatchScope, explain, explain_events, explain_everyone, explain_matches,
};
use crate::app::people::find;
use crate::app::reexports::events::{self, Events};
use crate::app::reexports::{Input, Store};
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::then::AskedAt;
use crate::app::{Control, Session};
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::person::report_shared_email;
use crate::cli::warnings;
use crate::domain::{Duration, Instant, Mode, Zone};
use crate::results::Explanation;

/// What `bugle campaign explain` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle campaign explain \"California newsletter\" --person ann@example.com
  bugle campaign explain trial-nurture --person ann@example.com --at 2026-11-09
  bugle campaign explain trial-nurture --person '#17' --format json
  bugle campaign explain pricing --person ann@example.com --event e-1001
  bugle campaign explain \"California newsletter\" --all
  bugle campaign explain pricing --all --since 2025-11-01
  bugle campaign explain pricing --all --events november.jsonl

Every rule is asked, also after one has failed: triggers against the newest
activity of their type in the person's log, filters against what is known now.
With --event, triggers are asked about that one row of the log, and everything
else on the very state on which campaigns were asked about it: with what the
event changed, before anything that followed from it. The row is named by the
event's id, else by its `activity_id`, as `bugle person log --format json`
shows them. The newest version of the campaign is asked, also about the past.

With --all, the filters are asked about everyone: for how many each holds, and
for how many this one filter alone decides, with what these people have. Of a
trigger campaign, they are asked about every match of its triggers: in the log,
or in what these events would leave there.")]
pub(crate) struct Arguments {
    /// The campaign
    name: String,
    /// The person: an email, `#17` for a `person_id`, or an `id`
    #[arg(long, value_name = "KEY", required_unless_present = "all")]
    person: Option<String>,
    /// Everyone: how many people each filter rejects, and which one decides
    #[arg(long, conflicts_with = "event")]
    all: bool,
    /// With --all, of a trigger campaign: as if these events happened now
    #[arg(long, value_name = "FILE", requires = "all", num_args = 1..)]
    events: Vec<PathBuf>,
    /// With --all, of a trigger campaign: matches in the log from here on
    #[arg(long, value_name = "TIME", requires = "all", conflicts_with = "events")]
    since: Option<String>,
    /// With --all, of a trigger campaign: how long after a filter was asked it is looked at again [default: 1 minute]
    #[arg(long, value_name = "DURATION", requires = "all")]
    within: Option<String>,
    /// As things were at this instant, after all that happened up to then
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// When campaigns were asked about this event: its id, or an `activity_id`
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    event: Option<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let store = context.read()?;
    let opened = StoredWorkspace::of(&store)?;
    let zone = &opened.workspace.zone;
    let moment = match (&arguments.at, &arguments.event) {
        (_, Some(id)) => ExplainAt::Event(id),
        (Some(text), None) => ExplainAt::Past(instant(text, zone, "--at")?),
        (None, None) => ExplainAt::Now(context.now(zone)?),
    };
    let session = context.session(&opened);
    let person = match &arguments.person {
        None => None,
        Some(key) => {
            let found = find(&store, key)?;
            report_shared_email(context, key, found);
            let name = &arguments.name;
            Some(explain(&store, &session, name, found.person, moment)?)
        }
    };
    if arguments.all {
        return everyone(arguments, person, &store, &session, context);
    }
    if let Some(explanation) = person {
        context.sheet(zone, &explanation)?;
    }
    Ok(Exit::Done)
}

/// Explains the campaign over everyone, or over every match of its triggers.
fn everyone(
    arguments: &Arguments,
    person: Option<Explanation>,
    store: &Store,
    session: &Session<'_>,
    context: &mut Context,
) -> CommandResult {
    let opened = session.opened();
    let zone = &opened.workspace.zone;
    let campaign = opened.find_valid(&arguments.name)?;
    let is_triggered = campaign.mode == Mode::Triggered;
    check(arguments, is_triggered)?;
    let progress = context.progress_of("people", Some(store.count_people()?));
    let mut reached = |count| progress.reached(count);
    let mut control = Control::new(&context.stop, &mut reached);
    let mut explained = if is_triggered {
        let scope = scope(arguments, context, zone)?;
        match events(arguments, scope.now, opened)? {
            None => explain_matches(store, session, campaign, scope, &mut control)?,
            Some(events) => {
                context.listen()?;
                warnings::data_faults(context.notices, events.rejected());
                explain_events(store, session, campaign, scope, events, &mut control)?
            }
        }
    } else {
        let moment = match &arguments.at {
            Some(text) => AskedAt::Past(instant(text, zone, "--at")?),
            None => AskedAt::Now(context.now(zone)?),
        };
        explain_everyone(store, session, campaign, moment, &mut control)?
    };
    drop(progress);
    explained.change = person.as_ref().and_then(|person| person.change.clone());
    explained.person = person;
    context.sheet(zone, &explained)?;
    Ok(Exit::Done)
}

/// Refuses options of the other mode.
fn check(arguments: &Arguments, is_triggered: bool) -> Result<(), Error> {
    if is_triggered {
        return match arguments.at {
            Some(_) => Err(Error::usage(
                "`--all --at` is about people at an instant, and the filters of a trigger campaign are asked at each match",
                "write `--since TIME`, or `--person KEY --at TIME` for one person",
            )),
            None => Ok(()),
        };
    }
    let given = [
        ("--events", !arguments.events.is_empty()),
        ("--since", arguments.since.is_some()),
        ("--within", arguments.within.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Error::usage(
            format!("`{option}` belongs to trigger campaigns"),
            "everyone is asked about at `--at TIME`, or now",
        )),
        None => Ok(()),
    }
}

/// Reads which matches are asked about.
fn scope(arguments: &Arguments, context: &Context, zone: &Zone) -> Result<MatchScope, Error> {
    let since = arguments.since.as_ref();
    let since = since.map(|text| instant(text, zone, "--since"));
    let within = arguments.within.as_deref().unwrap_or("1 minute");
    Ok(MatchScope {
        now: context.now(zone)?,
        since: since.transpose()?,
        within: Duration::parse(within).map_err(|advice| {
            Error::usage(format!("`--within {within}` is not a duration"), advice)
        })?,
    })
}

/// Opens the events that are to happen, where any are given.
fn events(
    arguments: &Arguments,
    now: Instant,
    opened: &StoredWorkspace,
) -> Result<Option<Events>, Error> {
    if arguments.events.is_empty() {
        return Ok(None);
    }
    let inputs: Vec<Input> = arguments.events.iter().map(Input::from_argument).collect();
    let options = events::Options {
        latest: Some(now),
        ..events::Options::default()
    };
    let workspace = &opened.workspace;
    let events = events::open(
        &inputs,
        &options,
        &workspace.activities,
        &workspace.fields,
        &workspace.zone,
        &events::Watch::new(&|_| {}),
    )?;
    Ok(Some(events))
}
