//! `bugle campaign replay-events`: event files through active trigger campaigns, in order of time.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::{Args, ValueEnum};

use crate::app::Control;
use crate::app::log::{activity_type, nearest_activity};
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::events::{self, Extent, Preset};
use crate::app::reexports::{Input, Place, Store};
use crate::app::replay::{Effects, Options, Reaction, identity, replay};
use crate::app::run_batch::command::database_option;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::type_map;
use crate::cli::context::{CommandResult, Context, instant};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::globals::renames;
use crate::cli::match_file::MatchFile;
use crate::cli::next;
use crate::cli::progress::ProgressDisplay;
use crate::cli::warnings;
use crate::domain::text::counted;
use crate::domain::{ActivityCatalogue, Instant, Zone};

/// What `bugle campaign replay-events` takes.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[command(after_help = "\
Examples:
  bugle campaign replay-events fixtures/events.jsonl
  bugle campaign replay-events november.csv.gz december.csv.gz
  bugle campaign replay-events deals.csv --type deal_won --map won_date=at
  bugle campaign replay-events segment.jsonl --map context.traits.email=person \\
      --type-map types.yaml
  bugle campaign replay-events old.jsonl --history
  bugle campaign replay-events november.csv --dry-run --people matches.csv
  bugle campaign replay-events 2026.jsonl --scheduled --until 2027-01-01
  zcat events.gz | bugle campaign replay-events - --unknown later.jsonl

Events are taken in order of time and known again: replaying a file twice is
replaying it once.")]
pub(crate) struct Arguments {
    /// JSONL, CSV or Marketo extracts, also packed with gzip or zstd; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Allow events up to here, and let waits up to here elapse after the last one
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Run scheduled batch campaigns between the events, each at its own instant
    #[arg(long, conflicts_with = "history")]
    scheduled: bool,
    /// Log and apply the events as what did happen, and start no campaign
    #[arg(long)]
    history: bool,
    /// What happens to rows that a campaign of Marketo's caused [default: those of loaded campaigns are skipped, with `--history` none]
    #[arg(long, value_enum, value_name = "CHOICE")]
    effects: Option<EffectsName>,
    /// Read a column, a key or a path (`traits.email`, `properties.*=*`) under another name
    #[arg(long, value_name = "FROM=TO")]
    map: Vec<String>,
    /// Read the files as events of this system [default: recognised by the first event]
    #[arg(long, value_name = "SYSTEM", value_parser = preset)]
    from: Option<Preset>,
    /// Rename activity types by a YAML file of `"Order Completed": won_deal`
    #[arg(long, value_name = "FILE")]
    type_map: Option<PathBuf>,
    /// The activity type of every line
    #[arg(long = "type", value_name = "NAME")]
    activity: Option<String>,
    /// Keep events of unknown people and types in this file, for a second try
    #[arg(long, value_name = "FILE")]
    unknown: Option<PathBuf>,
    /// Try events again that were set aside because their person was unknown
    #[arg(long)]
    retry: bool,
    /// Copy malformed lines to this file instead of refusing everything
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Write a CSV row a match of a trigger: verdict, reason, and what each step did
    #[arg(long, value_name = "FILE", conflicts_with = "history")]
    people: Option<PathBuf>,
    /// Write nothing to the database, and print what would happen
    #[arg(long)]
    dry_run: bool,
}

/// What happens to effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EffectsName {
    Skip,
    Take,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let inputs: Vec<Input> = arguments.files.iter().map(Input::from_argument).collect();
    let mut outputs = Outputs::new(&context.globals.db, &inputs);
    let set_aside = SetAsidePlaces::of(arguments, &mut outputs)?;
    let people = arguments.people.as_ref().map(|path| {
        outputs.admit(Output {
            what: "the matches",
            option: "--people",
            path,
        })
    });
    let people = people.transpose()?;
    let mut store = context.write_existing("campaign replay-events")?;
    outputs.spare_stored(&store)?;
    let opened = StoredWorkspace::of(&store)?;
    opened.mark_invalid(&mut store)?;
    let workspace = &opened.workspace;
    let until = match &arguments.until {
        Some(text) => Some(instant(text, &workspace.zone, "--until")?),
        None => None,
    };
    let latest = match until {
        Some(until) => until,
        None => context.now(&workspace.zone)?,
    };
    let read = Arc::new(AtomicU64::new(0));
    let sizes = inputs.iter().map(Input::size);
    let reading_progress = context.progress_of_bytes("events", sizes.sum(), &read);
    let reached = |lines| reading_progress.reached(lines);
    let watch = events::Watch::new(&reached);
    let events = events::open(
        &inputs,
        &events::Options {
            hashing: people.is_some()
                || store.has_unknown_files()?
                || store.unfinished_matches()?.is_some(),
            read,
            ..reading(arguments, set_aside, &opened, latest)?
        },
        &workspace.activities,
        &workspace.fields,
        &workspace.zone,
        &watch,
    );
    let recognised = watch.recognised.take();
    drop(reading_progress);
    for (file, preset) in recognised {
        let preset = preset.name();
        context
            .notices
            .notice(&format!("{file} is read as events of `--from {preset}`"));
    }
    let events = events?;
    warnings::data_faults(context.notices, events.rejected());
    unknown_types(context, events.unknown_types(), &workspace.activities);
    let options = options(arguments, until);
    let session = context.session(&opened);
    let progress = progress(&options, events.extent(), &store, &workspace.zone, context)?;
    let mut reached = |count| progress.reached(count);
    let passed = |passed| progress.passed(passed);
    let mut control = Control::new(&context.stop, &mut reached).with_time(&passed);
    let identity = events_identity(arguments, &events, &options);
    if people.is_none() {
        forget_matches(&mut store, identity)?;
    }
    let begin = |place| MatchFile::begin(place, &mut store, identity, workspace);
    let mut file = people.as_ref().map(begin).transpose()?;
    let mut matched = |row| file.as_mut().map_or(Ok(()), |file| file.put(row));
    let replayed = replay(
        &mut store,
        &session,
        events,
        &options,
        &mut matched,
        &mut control,
    )?;
    drop(progress);
    if let (Some(file), Some(path)) = (file, &arguments.people)
        && file.finish(&mut store)?
    {
        context.notices.notice(&format!(
            "`{}` has the matches of this command already",
            path.display()
        ));
    }
    warnings::cut_entries(context.notices, &replayed.cuts);
    warnings::notes(context.notices, &replayed.notes);
    warnings::refused_runs(context.notices, &replayed.refused, &replayed.broken);
    let summary = &replayed.summary;
    context.sheet(&workspace.zone, summary)?;
    if !arguments.dry_run {
        let commands = next::after_replay(summary);
        next::show(context, &commands, &database_option(&store))?;
    }
    let aside = summary.rejected + summary.unknown_person + summary.unknown_type + summary.cut;
    Ok(if !replayed.refused.is_empty() {
        Exit::Guard
    } else if aside > 0 || !replayed.broken.is_empty() {
        Exit::SetAside
    } else {
        Exit::Done
    })
}

/// Returns what the same command is known by; nothing of a dry run.
fn events_identity(
    arguments: &Arguments,
    events: &events::Events,
    options: &Options,
) -> Option<u64> {
    let Arguments {
        map,
        from,
        type_map,
        activity,
        ..
    } = arguments;
    let read_as = format!("{map:?} {from:?} {type_map:?} {activity:?}");
    let identity = identity(events, &read_as, options);
    identity.filter(|_| !options.dry_run)
}

/// Forgets the matches that the same command has left, since it goes on without reporting its own.
fn forget_matches(store: &mut Store, identity: Option<u64>) -> Result<(), Error> {
    if identity.is_some() && store.unfinished_matches()? == identity {
        store.forget_matches()?;
    }
    Ok(())
}

/// Begins showing how far a replay has come: by its events, or, where what is scheduled takes its time as well, by the time
/// that has passed.
fn progress(
    options: &Options,
    extent: Extent,
    store: &Store,
    zone: &Zone,
    context: &Context,
) -> Result<ProgressDisplay, Error> {
    let Some([first, last]) = extent.span.filter(|_| options.scheduled) else {
        return Ok(context.progress_of_events(zone, extent.events));
    };
    let from = store.watermark()?.unwrap_or(first);
    let until = options.until.map_or(last, |until| until.max(last));
    Ok(context.progress_of_time("events", zone, Some(from), until))
}

/// Reads the name of a preset.
pub(crate) fn preset(name: &str) -> Result<Preset, String> {
    let known = || Preset::ALL.into_iter();
    known().find(|preset| preset.name() == name).ok_or_else(|| {
        let names: Vec<&str> = known().map(Preset::name).collect();
        format!("one of {} is expected", names.join(", "))
    })
}

/// Names of unknown types that are reported one by one.
const MAX_REPORTED: usize = 5;

/// Warns of types that nobody knows, those of most events first: a misspelt name would set aside a whole file silently.
fn unknown_types(context: &Context, names: &BTreeMap<String, u64>, activities: &ActivityCatalogue) {
    let mut names: Vec<(&String, &u64)> = names.iter().collect();
    names.sort_by_key(|(_, events)| Reverse(**events));
    for (name, events) in names.iter().take(MAX_REPORTED) {
        let events = counted(**events, "event", "events");
        let nearest = nearest_activity(name, activities);
        let help = nearest.map_or_else(String::new, |nearest| format!("; {nearest}"));
        context.notices.warning(&format!(
            "{events} of the unknown type `{name}` set aside{help}"
        ));
    }
    if let Some(more) = names
        .len()
        .checked_sub(MAX_REPORTED)
        .filter(|more| *more > 0)
    {
        let types = counted(more as u64, "unknown type", "unknown types");
        context.notices.warning(&format!("and {types} more"));
    }
}

/// Where lines go that are not taken.
struct SetAsidePlaces {
    rejects: Option<Place>,
    unknown: Option<Place>,
}

impl SetAsidePlaces {
    fn of(arguments: &Arguments, outputs: &mut Outputs) -> Result<Self, Error> {
        let mut admit = |what, option, path: &Option<PathBuf>| {
            let output = path.as_ref().map(|path| Output { what, option, path });
            output.map(|output| outputs.admit(output)).transpose()
        };
        Ok(Self {
            rejects: admit("malformed lines", "--rejects", &arguments.rejects)?,
            unknown: admit(
                "events of unknown people and types",
                "--unknown",
                &arguments.unknown,
            )?,
        })
    }
}

fn options(arguments: &Arguments, until: Option<Instant>) -> Options {
    Options {
        until,
        scheduled: arguments.scheduled,
        reaction: if arguments.history {
            Reaction::Quiet
        } else {
            Reaction::Ask
        },
        effects: match arguments.effects {
            // No flow of ours makes them then.
            None if arguments.history => Effects::Take,
            None => Effects::ByCampaign,
            Some(EffectsName::Skip) => Effects::Skip,
            Some(EffectsName::Take) => Effects::Take,
        },
        retry: arguments.retry,
        dry_run: arguments.dry_run,
        watch: arguments.people.is_some(),
    }
}

fn reading(
    arguments: &Arguments,
    set_aside: SetAsidePlaces,
    opened: &StoredWorkspace,
    latest: Instant,
) -> Result<events::Options, Error> {
    let activities = &opened.workspace.activities;
    let activity = match &arguments.activity {
        None => None,
        Some(name) => Some(activity_type(name, activities)?),
    };
    let types = match &arguments.type_map {
        None => BTreeMap::new(),
        Some(path) => type_map::read(path)?,
    };
    for name in types.values() {
        activity_type(name, activities)?;
    }
    Ok(events::Options {
        preset: arguments.from,
        types,
        renames: renames(&arguments.map)?,
        activity,
        latest: Some(latest),
        rejects: set_aside.rejects,
        unknown: set_aside.unknown,
        ..events::Options::default()
    })
}
