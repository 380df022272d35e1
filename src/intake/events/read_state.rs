//! What event files have given so far: records, counts, faults and lines that are set aside.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::diagnostic::suggest::did_you_mean;
use crate::intake::data_error::{DataError, Error, Faults, MAX_REPORTED};
use crate::intake::input::Input;
use crate::intake::rejects::Rejects;

use super::check::{Checked, Checker, Rules};
use super::divided::DividedLines;
use super::divider::Divider;
use super::order::{Ordered, Sorter};
use super::preset::Preset;
use super::{Counts, Options, Watch, scratch_failed};

/// The most workers that are of use; the disk is slower than more of them.
const WORKERS: usize = 8;

/// What was read so far.
pub(super) struct ReadState<'c> {
    rules: Rules<'c>,
    pub(super) checkers: Vec<Checker<'c>>,
    pub(super) files: u32,
    pub(super) preset: Option<Preset>,
    sorter: Sorter,
    counts: Counts,
    faults: Faults,
    refused: bool,
    pub(super) rejects: Option<Rejects>,
    unknown: Option<Rejects>,
    pub(super) hashing: bool,
    pub(super) hashes: Vec<Option<u64>>,
    /// How many bytes have been read.
    pub(super) read: Arc<AtomicU64>,
    pub(super) watch: &'c Watch<'c>,
    /// What the files are cut by, where they are.
    pub(super) divider: Option<&'c mut dyn Divider>,
    /// Whether lines are handed to the divider and nothing else becomes of them.
    pub(super) hands_over: bool,
    elsewhere: &'c BTreeSet<String>,
}

/// What was read in all.
#[derive(Debug)]
pub(super) struct Done {
    /// The records.
    pub(crate) ordered: Ordered,
    /// What was counted.
    pub(crate) counts: Counts,
    /// What was wrong.
    pub(crate) faults: Faults,
    /// Some fault refuses everything.
    pub(crate) refused: bool,
    /// The malformed lines.
    pub(crate) rejects: Option<Rejects>,
    /// The lines of unknown types.
    pub(crate) unknown: Option<Rejects>,
    /// The names of these types, and how many lines had each.
    pub(crate) unknown_types: BTreeMap<String, u64>,
    /// The hash of each file's bytes, where it is wanted.
    pub(crate) hashes: Vec<Option<u64>>,
}

/// What a worker made of some lines.
#[derive(Debug, Default)]
pub(super) struct ParsedLines {
    /// The records, in order of lines.
    pub(crate) records: Vec<u8>,
    /// Lines that are not blank.
    pub(crate) read: u64,
    /// Lines of unknown types, as they go to `--unknown`.
    pub(crate) unknown: Vec<u8>,
    /// How many these are.
    pub(crate) unknown_types: u64,
    /// Malformed lines, each after what is wrong with it, as they go to `--rejects`.
    pub(crate) rejects: Vec<u8>,
    /// What is wrong with the first of them.
    pub(crate) faults: Vec<DataError>,
    /// How many these are.
    pub(crate) malformed: u64,
    /// Whom each well-formed line is about, where the files are cut.
    pub(super) divided: DividedLines,
}

impl ParsedLines {
    fn malformed(&mut self, fault: DataError, verbatim: &[u8]) {
        self.malformed += 1;
        self.rejects
            .extend_from_slice(format!("# {fault}\n").as_bytes());
        if self.faults.len() < MAX_REPORTED {
            self.faults.push(fault);
        }
        self.rejects.extend_from_slice(verbatim);
        self.rejects.push(b'\n');
    }

    /// Takes the outcome of one line; `verbatim` is the line of the file, `again` what can be fed in again.
    pub(crate) fn line(
        &mut self,
        checked: Result<Checked, DataError>,
        verbatim: &[u8],
        again: Option<&str>,
    ) {
        self.read += 1;
        match checked {
            Ok(Checked::Packed) => {}
            Ok(Checked::UnknownType) => {
                self.unknown_types += 1;
                if let Some(again) = again {
                    self.unknown.extend_from_slice(again.as_bytes());
                    self.unknown.push(b'\n');
                }
            }
            Err(fault) => self.malformed(fault, verbatim),
        }
    }
}

impl<'c> ReadState<'c> {
    /// Makes one that has read nothing.
    pub(crate) fn new(
        rules: Rules<'c>,
        options: &'c Options,
        watch: &'c Watch<'c>,
    ) -> Result<Self, Error> {
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self {
            rules,
            checkers: (0..workers.min(WORKERS))
                .map(|_| Checker::new(rules))
                .collect(),
            files: 0,
            preset: options.preset,
            sorter: Sorter::new(options.budget),
            counts: Counts::default(),
            faults: Faults::default(),
            refused: false,
            rejects: options.rejects.as_ref().map(Rejects::create).transpose()?,
            unknown: options.unknown.as_ref().map(Rejects::create).transpose()?,
            hashing: options.hashing,
            hashes: Vec::new(),
            read: Arc::clone(&options.read),
            watch,
            divider: None,
            hands_over: false,
            elsewhere: &options.elsewhere,
        })
    }

    /// Stores what a worker made of some lines.
    pub(crate) fn take(&mut self, sorted: ParsedLines) -> Result<(), Error> {
        if let Some(divider) = &mut self.divider {
            sorted.divided.give(&mut **divider, self.hands_over)?;
        }
        if self.hands_over {
            return Ok(());
        }
        self.counts.read += sorted.read;
        self.counts.unknown_type += sorted.unknown_types;
        (self.watch.reached)(self.counts.read);
        let listed = sorted.faults.len() as u64;
        for fault in sorted.faults {
            self.faults.push(fault);
        }
        self.faults.count(sorted.malformed - listed);
        match &mut self.rejects {
            Some(rejects) => {
                self.counts.rejected += sorted.malformed;
                rejects.lines(&sorted.rejects)?;
            }
            None => self.refused |= sorted.malformed > 0,
        }
        if let Some(unknown) = &mut self.unknown {
            unknown.lines(&sorted.unknown)?;
        }
        self.sorter.add(sorted.records).map_err(scratch_failed)
    }

    /// Takes a fault of a whole file, which refuses everything.
    pub(crate) fn refuse(&mut self, fault: DataError) {
        self.refused = true;
        self.faults.push(fault);
    }

    /// Returns a worker for lines that come one by one.
    pub(crate) fn checker(&mut self) -> &mut Checker<'c> {
        &mut self.checkers[0]
    }

    /// Returns what lines are checked against.
    pub(crate) fn rules(&self) -> Rules<'c> {
        self.rules
    }

    /// Refuses a renaming of what no file has: it is misspelt, or the file is not the one meant.
    pub(crate) fn unused_renames(&mut self, inputs: &[Input]) {
        if self.counts.read == 0 {
            return;
        }
        let unused: Vec<&str> = self
            .rules
            .renames
            .sources()
            .filter(|source| !self.elsewhere.contains(*source))
            .filter(|source| {
                !self
                    .checkers
                    .iter()
                    .any(|checker| checker.has_renamed(source))
            })
            .collect();
        let paths: BTreeSet<&String> = self.checkers.iter().flat_map(Checker::paths).collect();
        let helps: Vec<Option<String>> = unused
            .iter()
            .map(|source| did_you_mean(source, paths.iter().map(|path| path.as_str())))
            .collect();
        for (source, help) in unused.into_iter().zip(helps) {
            self.refuse(DataError {
                file: inputs.first().map(Input::name).unwrap_or_default(),
                line: 1,
                column: 1,
                message: format!("no column or key `{source}`, which `--map` renames"),
                help,
            });
        }
    }

    /// Puts the records in order.
    pub(crate) fn finish(self) -> io::Result<Done> {
        let mut unknown_types = BTreeMap::new();
        for (name, count) in self.checkers.iter().flat_map(Checker::unknown) {
            *unknown_types.entry(name.clone()).or_default() += count;
        }
        Ok(Done {
            unknown_types,
            ordered: self.sorter.finish()?,
            counts: self.counts,
            faults: self.faults,
            refused: self.refused,
            rejects: self.rejects,
            unknown: self.unknown,
            hashes: self.hashes,
        })
    }
}
