//! `bugle shard split`: person lists and event files, cut by the keys of people.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use clap::Args;

use crate::app::Control;
use crate::app::log::activity_type;
use crate::app::outputs::{Output, Outputs};
use crate::app::reexports::events::{self, Preset};
use crate::app::reexports::person_lists;
use crate::app::reexports::person_lists::formats::{
    BooleanWords, DateFormat, Formats, NumberFormat,
};
use crate::app::reexports::person_lists::key::KeyChoice;
use crate::app::reexports::{Input, Store};
use crate::app::settings::{reserved_names, settings};
use crate::app::shard::split::{MOST_SHARDS, Options, split};
use crate::app::type_map;
use crate::cli::campaign::replay_events::preset;
use crate::cli::context::{CommandResult, Context};
use crate::cli::error::Error;
use crate::cli::exit::Exit;
use crate::cli::globals::renames;
use crate::cli::person::load::delimiter;
use crate::cli::warnings;

/// What `bugle shard split` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bugle shard split --shards 8 --people people.csv --events events.jsonl -o parts
  bugle shard split --shards 16 --people crm.csv.gz --key lead_no -o parts
  bugle shard split --shards 4 --people p.csv --events e.jsonl --db team.db -o parts

Each shard has its part of each file under the file's own name, and an empty
database. All that concerns a person is in one shard, in the order of the files.
The fields and the time zone are those of the workspace in `--db`, if it is
there.")]
pub(crate) struct Arguments {
    /// How many shards are made
    #[arg(long, value_name = "N", value_parser = shards)]
    shards: usize,
    /// Person lists: CSV files, also packed with gzip or zstd
    #[arg(long, num_args = 1.., value_name = "FILE", required_unless_present = "events")]
    people: Vec<PathBuf>,
    /// Event files: JSONL, CSV or Marketo extracts, also packed
    #[arg(long, num_args = 1.., value_name = "FILE")]
    events: Vec<PathBuf>,
    /// The folder that is made, with a folder for each shard
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// The column or columns by which the lists know people; given once, or once for each list in order [default: email,
    /// or id where there is none]
    #[arg(long, value_parser = KeyChoice::parse, value_name = "COLUMN[,COLUMN]")]
    key: Vec<KeyChoice>,
    /// Read a column, a key or a path under another name, as `person load` and `replay-events` will
    #[arg(long, value_name = "FROM=TO")]
    map: Vec<String>,
    /// What separates cells of the lists: `,`, `;` or `tab` [default: seen from the header]
    #[arg(long, value_parser = delimiter, value_name = "CHARACTER")]
    delimiter: Option<u8>,
    /// How dates are written in the lists, as strftime has it
    #[arg(long, value_parser = DateFormat::parse, value_name = "FORMAT")]
    date_format: Option<DateFormat>,
    /// How 1000.5 is written in the lists
    #[arg(long, value_parser = NumberFormat::parse, value_name = "EXAMPLE")]
    number_format: Option<NumberFormat>,
    /// The words for true and false in the lists
    #[arg(long, value_parser = BooleanWords::parse, value_name = "TRUE/FALSE")]
    booleans: Option<BooleanWords>,
    /// Read the event files as those of this system [default: recognised by the first event]
    #[arg(long, value_name = "SYSTEM", value_parser = preset)]
    from: Option<Preset>,
    /// Rename activity types by a YAML file of `"Order Completed": won_deal`
    #[arg(long, value_name = "FILE")]
    type_map: Option<PathBuf>,
    /// The activity type of every event
    #[arg(long = "type", value_name = "NAME")]
    activity: Option<String>,
    /// Copy bad rows and malformed lines to this file instead of refusing everything
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Reads the number of shards.
fn shards(text: &str) -> Result<usize, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=MOST_SHARDS).contains(number));
    number.ok_or_else(|| format!("write a whole number from 1 to {MOST_SHARDS}"))
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, context: &mut Context) -> CommandResult {
    let people: Vec<Input> = arguments.people.iter().map(Input::from_argument).collect();
    let events: Vec<Input> = arguments.events.iter().map(Input::from_argument).collect();
    let inputs: Vec<Input> = people.iter().chain(&events).cloned().collect();
    let mut outputs = Outputs::new(&context.globals.db, &inputs);
    let rejects = arguments.rejects.as_ref().map(|path| {
        outputs.admit(Output {
            what: "bad rows",
            option: "--rejects",
            path,
        })
    });
    let rejects = rejects.transpose()?;
    admit_folder(arguments, &mut outputs)?;
    context.listen()?;
    let store = match context.globals.db.try_exists() {
        Ok(false) if !context.globals.db_named => Store::imagine(&context.globals.db)?,
        Ok(_) | Err(_) => context.read()?,
    };
    outputs.spare_stored(&store)?;
    let workspace = settings(&store)?;
    let mut catalogue = workspace.fields.clone();
    store.merge_fields(&mut catalogue)?;
    let read = Arc::new(AtomicU64::new(0));
    let names = renames(&arguments.map)?;
    let activity = arguments.activity.as_ref();
    let activity = activity.map(|name| activity_type(name, &workspace.activities));
    let types = match &arguments.type_map {
        None => BTreeMap::new(),
        Some(path) => type_map::read(path)?,
    };
    for name in types.values() {
        activity_type(name, &workspace.activities)?;
    }
    let options = Options {
        shards: arguments.shards,
        people: &people,
        events: &events,
        keys: keys(arguments)?,
        lists: person_lists::Options {
            delimiter: arguments.delimiter,
            key: KeyChoice::default(),
            allow_repeats: true,
            formats: Formats {
                date: arguments.date_format.clone(),
                number: arguments.number_format.clone(),
                booleans: arguments.booleans.clone(),
            },
            renames: names.clone(),
            zone: workspace.zone.clone(),
            members: None,
            read: Arc::clone(&read),
            reserved: reserved_names(&workspace),
            show_values: context.globals.show_values,
        },
        reading: events::Options {
            preset: arguments.from,
            types,
            renames: names,
            activity: activity.transpose()?,
            read: Arc::clone(&read),
            ..events::Options::default()
        },
        rejects,
        folder: &arguments.output,
    };
    // Every file is read twice.
    let sizes = inputs.iter().map(|input| Some(input.size()? * 2));
    let progress = context.progress_of_bytes("rows", sizes.sum(), &read);
    let reached_lines = |lines| progress.reached(lines);
    let watch = events::Watch::new(&reached_lines);
    let mut reached = |rows| progress.reached(rows);
    let mut control = Control::new(&context.stop, &mut reached);
    let made = split(&options, &workspace, &catalogue, &watch, &mut control);
    let recognised = watch.recognised.take();
    drop(progress);
    let mut said = Vec::new();
    for (file, preset) in recognised {
        if !said.contains(&file) {
            let preset = preset.name();
            context
                .notices
                .notice(&format!("{file} is read as events of `--from {preset}`"));
            said.push(file);
        }
    }
    let made = made?;
    warnings::data_faults(context.notices, &made.rejected);
    if let Some(last) = made.last_event {
        context.notices.notice(&format!(
            "the last event is of {last}: `replay-events --until {last}` takes every shard up to there"
        ));
    }
    context.rows(&workspace.zone, &made.shards)?;
    Ok(if made.rejected.is_empty() {
        Exit::Done
    } else {
        Exit::SetAside
    })
}

/// Returns the key of each list.
fn keys(arguments: &Arguments) -> Result<Vec<KeyChoice>, Error> {
    let lists = arguments.people.len();
    match arguments.key.as_slice() {
        [] => Ok(vec![KeyChoice::default(); lists]),
        [key] => Ok(vec![key.clone(); lists]),
        keys if keys.len() == lists => Ok(keys.to_vec()),
        keys => Err(Error::usage(
            format!(
                "`--key` is given {} times, and there are {lists} lists",
                keys.len()
            ),
            "give it once for all lists, or once for each, in the order of the lists",
        )),
    }
}

/// Refuses a folder that is in use or holds something: shards of two splits in one folder would be taken for one.
fn admit_folder(arguments: &Arguments, outputs: &mut Outputs) -> Result<(), Error> {
    let folder = &arguments.output;
    outputs.admit_folder(Output {
        what: "shards",
        option: "--output",
        path: folder,
    })?;
    let holds_something =
        std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if holds_something {
        return Err(Error::usage(
            format!("`{}` is not empty", folder.display()),
            "name a folder that is not there yet, or an empty one",
        ));
    }
    Ok(())
}
