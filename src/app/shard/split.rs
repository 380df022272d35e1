//! `shard split`: person lists and event files, cut by the keys of people.
//!
//! Everything is read twice. First the keys are joined that mean one person (an id and the email beside it, an email and
//! the one that an event changes it to), and every line is checked as `person load` and `replay-events` check it. Then rows
//! and lines go, as they stand, to the shard of the key that stands for their person. So whatever events do to keys, all
//! that concerns a person is in one shard, and in the order of its file.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::dividers::{Giving, Joining};
use super::manifest::{Manifest, NAME, ShardParts, folder_name};
use super::parts::{Shards, shard_of, table_failed};
use crate::app::{Control, Error, ErrorKind, UserError};
use crate::campaign::Workspace;
use crate::domain::FieldCatalogue;
use crate::files::{self, NewFolder, Place};
use crate::intake::data_error::{self, Faults};
use crate::intake::events::{self, Events, Reading, Watch};
use crate::intake::input::Input;
use crate::intake::people::key::KeyChoice;
use crate::intake::people::{self, NewColumns, PeopleReader};
use crate::intake::rejects::Rejects;
use crate::intake::shards::links::Links;
use crate::intake::shards::parts::Packing;
use crate::results::{ShardKind, ShardRow};
use crate::store;

/// The most shards of one split: each has a file open while a file is cut.
pub(crate) const MOST_SHARDS: usize = 500;

/// The roles of an event, under which no column of people is renamed.
const ROLES: [&str; 5] = ["at", "person", "type", "attributes", "*"];

/// How many rows are read between two looks at the stop flag.
const CHECKED: u64 = 4_096;

/// What is to be cut, and how.
#[derive(Debug)]
pub(crate) struct Options<'a> {
    /// How many shards are made.
    pub(crate) shards: usize,
    /// The person lists.
    pub(crate) people: &'a [Input],
    /// By what each of them knows people.
    pub(crate) keys: Vec<KeyChoice>,
    /// The event files.
    pub(crate) events: &'a [Input],
    /// How lists are read; `--map` is for the events as well.
    pub(crate) lists: people::Options,
    /// How events are read.
    pub(crate) reading: events::Options,
    /// Where bad rows and lines go; without it one of them refuses everything.
    pub(crate) rejects: Option<Place>,
    /// The folder that is made.
    pub(crate) folder: &'a Path,
}

/// What was made.
#[derive(Debug)]
pub(crate) struct Split {
    /// A row a shard.
    pub(crate) shards: Vec<ShardRow>,
    /// The bad rows and lines that were set aside.
    pub(crate) rejected: Faults,
    /// The instant of the last event.
    pub(crate) last_event: Option<String>,
}

/// Cuts files into shards.
pub(crate) fn split(
    options: &Options<'_>,
    workspace: &Workspace,
    catalogue: &FieldCatalogue,
    watch: &Watch<'_>,
    control: &mut Control<'_>,
) -> Result<Split, Error> {
    let names = names(options)?;
    let rejects = options.rejects.as_ref().map(Rejects::create).transpose()?;
    let mut cutting = Cutting {
        options,
        workspace,
        catalogue: catalogue.clone(),
        links: Links::default(),
        rejects,
        rejected: Faults::default(),
        faults: Faults::default(),
        rows: 0,
        control,
    };
    let mut columns = Vec::with_capacity(options.people.len());
    for (list, key) in options.people.iter().zip(&options.keys) {
        columns.push(cutting.join_list(list, key)?);
    }
    let events = cutting.join_events(watch)?;
    cutting.refuse_faults()?;
    let folder = NewFolder::create(options.folder)?;
    let mut shards = Shards::create(folder, options.shards)?;
    for ((list, name), columns) in options.people.iter().zip(&names).zip(columns) {
        cutting.cut_list(list, name, columns, &mut shards)?;
    }
    cutting.refuse_faults()?;
    cutting.cut_events(&names[options.people.len()..], &mut shards, watch)?;
    cutting.finish(shards, events)
}

/// Returns the name that each file has in a shard: its own. Two files of one name would be one there.
fn names(options: &Options<'_>) -> Result<Vec<String>, UserError> {
    let usage = |message: String, help: &str| UserError::new(ErrorKind::Usage, message).help(help);
    if options.keys.contains(&KeyChoice::Row) {
        return Err(usage(
            "`--key row` names people by the rows of one file, and a part of it has other rows"
                .to_owned(),
            "name the columns that people are known by: `--key first,last`",
        ));
    }
    let mut names: Vec<String> = vec![NAME.to_owned()];
    for input in options.people.iter().chain(options.events) {
        let Some(path) = input.path().filter(|_| input.is_repeatable()) else {
            let name = input.name();
            return Err(usage(
                format!("`{name}` is no file: each shard has its part under the name of the file"),
                "write it to a file first; it may be packed with gzip or zstd",
            ));
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if names.contains(&name.to_string()) || name.starts_with("bugle.db") {
            return Err(usage(
                format!("a shard would have two files called `{name}`"),
                "give one of them another name",
            ));
        }
        names.push(name.into_owned());
    }
    Ok(names.split_off(1))
}

/// A split in progress.
struct Cutting<'a, 'c> {
    options: &'a Options<'a>,
    workspace: &'a Workspace,
    catalogue: FieldCatalogue,
    links: Links,
    rejects: Option<Rejects>,
    rejected: Faults,
    faults: Faults,
    rows: u64,
    control: &'a mut Control<'c>,
}

/// How a list is read, which is the same both times.
type ListOptions = people::Options;

impl Cutting<'_, '_> {
    /// Reads a list for the first time: joins the keys of each row, and finds every fault.
    fn join_list(
        &mut self,
        list: &Input,
        key: &KeyChoice,
    ) -> Result<Option<(ListOptions, NewColumns)>, Error> {
        let options = match self.list_options(list) {
            Ok(options) => ListOptions {
                key: key.clone(),
                ..options
            },
            Err(data_error::Error::Faulty(faults)) => {
                self.faults.append(faults);
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let mut reader = match PeopleReader::open(list, &options, &mut self.catalogue) {
            Ok(reader) => reader,
            Err(data_error::Error::Faulty(faults)) => {
                self.faults.append(faults);
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let columns = NewColumns::of(&reader, self.options.shards);
        let mut batch = reader.batch();
        while let Some(keys) = reader.next_row(&mut batch, self.rejects.as_mut())? {
            if let Some(also) = keys.also {
                self.links.join(keys.person, also).map_err(table_failed)?;
            }
            self.count_row()?;
        }
        let read = reader.finish();
        if self.rejects.is_some() && !read.unusable {
            self.rejected.append(read.faults);
        } else {
            self.faults.append(read.faults);
        }
        Ok(Some((options, columns)))
    }

    /// Returns how one list is read: renamings of columns that it has not are those of other files.
    fn list_options(&self, list: &Input) -> Result<ListOptions, data_error::Error> {
        let mut options = self.options.lists.clone();
        if !options.renames.is_empty() {
            let headers = people::headers(list, &options)?;
            options.renames = options.renames.only(|from, to| {
                headers.iter().any(|header| header == from) && !ROLES.contains(&to)
            });
        }
        // Rows of one key are in one shard, where `person load` looks at them.
        options.allow_repeats = true;
        Ok(options)
    }

    /// Reads the events for the first time.
    fn join_events(&mut self, watch: &Watch<'_>) -> Result<Option<Events>, Error> {
        if self.options.events.is_empty() {
            return Ok(None);
        }
        let elsewhere = self.renamed_in_lists()?;
        let options = events::Options {
            elsewhere,
            ..self.options.reading.clone()
        };
        let rejects = self.rejects.take();
        let mut joining = Joining {
            links: &mut self.links,
        };
        let reading = Reading {
            inputs: self.options.events,
            options: &options,
            activities: &self.workspace.activities,
            fields: &self.workspace.fields,
            zone: &self.workspace.zone,
        };
        match reading.join_keys(watch, rejects, &mut joining) {
            Ok(events) => {
                self.rejected.append(events.rejected().clone());
                Ok(Some(events))
            }
            Err(data_error::Error::Faulty(faults)) => {
                self.faults.append(faults);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the names of `--map` that some list has.
    fn renamed_in_lists(&self) -> Result<BTreeSet<String>, Error> {
        let mut renamed = BTreeSet::new();
        for list in self.options.people {
            let headers = people::headers(list, &self.options.lists)?;
            let sources = self.options.lists.renames.sources();
            let known = sources.filter(|source| headers.iter().any(|header| header == source));
            renamed.extend(known.map(str::to_owned));
        }
        Ok(renamed)
    }

    fn refuse_faults(&mut self) -> Result<(), Error> {
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Error::Faults(std::mem::take(&mut self.faults)))
    }

    fn count_row(&mut self) -> Result<(), Error> {
        self.rows += 1;
        if self.rows.is_multiple_of(CHECKED) {
            self.control.check()?;
            self.control.reached(self.rows);
        }
        Ok(())
    }

    /// Reads a list once more, and gives each shard its rows.
    fn cut_list(
        &mut self,
        list: &Input,
        name: &str,
        read_before: Option<(ListOptions, NewColumns)>,
        shards: &mut Shards,
    ) -> Result<(), Error> {
        let Some((options, mut columns)) = read_before else {
            return Ok(());
        };
        let mut reader = PeopleReader::open(list, &options, &mut self.catalogue)?;
        let mut parts = shards.begin(name, packing(list)?)?;
        let mut header = reader.header().to_vec();
        if !header.ends_with(b"\n") {
            header.push(b'\n');
        }
        parts.everywhere(&header)?;
        let mut batch = reader.batch();
        while let Some(keys) = reader.next_row(&mut batch, None)? {
            let shard = shard_of(&self.links, keys.person, self.options.shards)?;
            columns.see(&reader, shard);
            parts.row(shard, b"", reader.raw_row(), b"\n")?;
            self.count_row()?;
        }
        for fault in columns.differing(&list.name()) {
            self.faults.push(fault);
        }
        Ok(shards.end(parts, ShardKind::People)?)
    }

    /// Reads the events once more, and gives each shard its lines.
    fn cut_events(
        &mut self,
        names: &[String],
        shards: &mut Shards,
        watch: &Watch<'_>,
    ) -> Result<(), Error> {
        for (input, name) in self.options.events.iter().zip(names) {
            let inputs = std::slice::from_ref(input);
            let reading = Reading {
                inputs,
                options: &self.options.reading,
                activities: &self.workspace.activities,
                fields: &self.workspace.fields,
                zone: &self.workspace.zone,
            };
            let mut giving = Giving {
                file: input.name(),
                links: &self.links,
                shards: self.options.shards,
                json: None,
                parts: shards.begin(name, packing(input)?)?,
            };
            reading.divide(watch, &mut giving)?;
            let parts = giving.finish()?;
            shards.end(parts, ShardKind::Events)?;
            self.control.check()?;
        }
        Ok(())
    }

    /// Writes the manifests and the empty databases, and gives everything its name.
    fn finish(self, shards: Shards, events: Option<Events>) -> Result<Split, Error> {
        let Shards { folder, parts } = shards;
        let span = events.as_ref().and_then(|events| events.extent().span);
        let manifest = Manifest::new(parts, span);
        let databases: Vec<(PathBuf, String)> = manifest
            .parts
            .iter()
            .map(|part| {
                let path = folder.at(&PathBuf::from(folder_name(part.shard)).join("bugle.db"));
                (path, manifest.name_of(part.shard))
            })
            .collect();
        store::begin_shards(&databases)?;
        for part in &manifest.parts {
            let own = manifest.of_shard(part);
            write(
                &folder,
                &PathBuf::from(folder_name(part.shard)).join(NAME),
                &own,
            )?;
        }
        write(&folder, Path::new(NAME), &manifest)?;
        match (events, self.rejects) {
            (Some(mut events), _) => {
                let aside = events.take_set_aside();
                folder.finish()?;
                aside.publish()?;
            }
            (None, Some(mut rejects)) => {
                rejects.sync()?;
                folder.finish()?;
                rejects.publish()?;
            }
            (None, None) => folder.finish()?,
        }
        let rows = manifest
            .parts
            .iter()
            .map(|part| row(self.options.folder, part));
        Ok(Split {
            shards: rows.collect(),
            rejected: self.rejected,
            last_event: manifest.last_event,
        })
    }
}

fn write(folder: &NewFolder, path: &Path, manifest: &Manifest) -> Result<(), files::Error> {
    let mut file = folder.file(path)?;
    let written = file.write_all(manifest.to_text().as_bytes());
    written.map_err(files::Error::at(&folder.at(path)))?;
    folder.sync(path, &file)
}

fn row(folder: &Path, part: &ShardParts) -> ShardRow {
    let count = |kind| {
        let files = part.files.iter().filter(|file| file.kind == kind);
        files.map(|file| file.rows).sum()
    };
    ShardRow {
        shard: part.shard as u64,
        folder: folder.join(folder_name(part.shard)).display().to_string(),
        people: count(ShardKind::People),
        events: count(ShardKind::Events),
        bytes: part.files.iter().map(|file| file.bytes).sum(),
    }
}

fn packing(input: &Input) -> Result<Packing, data_error::Error> {
    let opened = input.open(&std::sync::Arc::default());
    let stream = opened.map_err(|cause| data_error::Error::unreadable(&input.name(), cause))?;
    Ok(stream.packing())
}
