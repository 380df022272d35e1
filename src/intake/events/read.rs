//! Reads event files one after the other and counts what happens to each line.
//!
//! JSONL is checked by several workers at once, a block of lines each, while this thread stores what they made of the
//! blocks before and reads those that come next. The order of the blocks is kept, so nothing depends on who is
//! faster. CSV rows can only be distinguished by reading from the top, so one worker checks them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read};
use std::num::NonZero;

use crate::diagnostic::suggest::did_you_mean;
use crate::domain::hash::StableHasher;
use crate::intake::data_error::{DataError, Error, Faults, TOLD};
use crate::intake::input::Input;
use crate::intake::rejects::Rejects;

use super::check::{Checked, Checker, Rules};
use super::items::{self, Items, JsonLayout};
use super::json;
use super::line_error::LineError;
use super::lines::{LONGEST, LineBlock, Lines};
use super::order::{Ordered, Sorter};
use super::preset::Preset;
use super::{Counts, Options, scratch_failed};

/// The most workers that are of use; the disk is slower than more of them.
const WORKERS: usize = 8;

/// How much of a file is looked at to recognise its format.
const SNIFFED: u64 = 64 << 10;

/// What was read so far.
#[derive(Debug)]
pub(super) struct ReadState<'c> {
    rules: Rules<'c>,
    checkers: Vec<Checker<'c>>,
    files: u32,
    preset: Option<Preset>,
    recognised: Vec<(String, Preset)>,
    sorter: Sorter,
    counts: Counts,
    faults: Faults,
    refused: bool,
    rejects: Option<Rejects>,
    unknown: Option<Rejects>,
    hashing: bool,
    hashes: Vec<Option<u64>>,
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
    /// The files whose format was recognised, and which it is.
    pub(crate) recognised: Vec<(String, Preset)>,
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
}

impl ParsedLines {
    fn malformed(&mut self, fault: DataError, verbatim: &[u8]) {
        self.malformed += 1;
        self.rejects
            .extend_from_slice(format!("# {fault}\n").as_bytes());
        if self.faults.len() < TOLD {
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
    pub(crate) fn new(rules: Rules<'c>, options: &Options) -> Result<Self, Error> {
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self {
            rules,
            checkers: (0..workers.min(WORKERS))
                .map(|_| Checker::new(rules))
                .collect(),
            files: 0,
            preset: options.preset,
            recognised: Vec::new(),
            sorter: Sorter::new(options.budget),
            counts: Counts::default(),
            faults: Faults::default(),
            refused: false,
            rejects: options.rejects.as_ref().map(Rejects::create).transpose()?,
            unknown: options.unknown.as_ref().map(Rejects::create).transpose()?,
            hashing: options.hashing,
            hashes: Vec::new(),
        })
    }

    /// Reads one file.
    pub(crate) fn file(&mut self, input: &Input) -> Result<(), Error> {
        let name = input.name();
        let unreadable = |cause| Error::unreadable(&name, cause);
        let mut stream = Hashing {
            stream: input.open().map_err(unreadable)?,
            hash: self.hashing.then(StableHasher::default),
        };
        let mut head = Vec::new();
        stream
            .by_ref()
            .take(SNIFFED)
            .read_to_end(&mut head)
            .map_err(unreadable)?;
        let number = self.files;
        self.files += 1;
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
        let read = match text.trim_ascii_start().first() {
            None if (head.len() as u64) < SNIFFED => Ok(()),
            None | Some(b'{' | b'[') => self.json_file(&name, number, text, &mut stream),
            Some(_) if self.preset.is_some_and(|preset| preset != Preset::Marketo) => {
                self.refuse(not_json(&name, self.preset));
                Ok(())
            }
            Some(_) => {
                let whole = Cursor::new(&head).chain(&mut stream);
                super::cells::read(self, &name, number, whole)
            }
        };
        self.hashes.push(stream.hash.map(StableHasher::finish));
        read
    }

    /// Reads a file of JSON: an event a line, or an envelope.
    fn json_file(
        &mut self,
        name: &str,
        number: u32,
        head: &[u8],
        stream: impl Read,
    ) -> Result<(), Error> {
        let layout = items::layout(head.trim_ascii_start());
        let preset = self.preset.or_else(|| self.detect(name, head, layout));
        let whole = Cursor::new(head).chain(stream);
        match layout {
            JsonLayout::Lines => {
                let mut lines = Lines::new(whole, LONGEST);
                self.json(name, number, preset, move || lines.next())
            }
            JsonLayout::Envelope => {
                let mut items = Items::new(whole);
                self.json(name, number, preset, move || items.next())
            }
            JsonLayout::PrettyPrinted => {
                self.refuse(DataError {
                    file: name.to_owned(),
                    line: 1,
                    column: 1,
                    message: "one event over several lines".to_owned(),
                    help: Some(
                        "write each event on one line, or all of them in one JSON array".to_owned(),
                    ),
                });
                Ok(())
            }
        }
    }

    /// Recognises a preset by the first event.
    fn detect(&mut self, name: &str, head: &[u8], layout: JsonLayout) -> Option<Preset> {
        let first = match layout {
            JsonLayout::Lines => head
                .trim_ascii_start()
                .split(|b| *b == b'\n')
                .next()?
                .to_vec(),
            JsonLayout::Envelope => {
                let block = Items::new(head).next().ok()??;
                block.bytes.split(|b| *b == b'\n').next()?.to_vec()
            }
            JsonLayout::PrettyPrinted => return None,
        };
        let first = String::from_utf8(first).ok()?;
        let preset = Preset::detect(&json::object(first.trim()).ok()?)?;
        self.recognised.push((name.to_owned(), preset));
        Some(preset)
    }

    fn json(
        &mut self,
        name: &str,
        number: u32,
        preset: Option<Preset>,
        mut next_block: impl FnMut() -> io::Result<Option<LineBlock>>,
    ) -> Result<(), Error> {
        let workers = self.checkers.len();
        let mut next = || -> Result<Vec<LineBlock>, Error> {
            let mut blocks = Vec::with_capacity(workers);
            while blocks.len() < workers {
                match next_block().map_err(|cause| Error::unreadable(name, cause))? {
                    Some(block) => blocks.push(block),
                    None => break,
                }
            }
            Ok(blocks)
        };
        let mut blocks = next()?;
        let mut checked: Vec<ParsedLines> = Vec::new();
        let mut checkers = std::mem::take(&mut self.checkers);
        while !blocks.is_empty() || !checked.is_empty() {
            let now = std::mem::take(&mut blocks);
            let before = std::mem::take(&mut checked);
            std::thread::scope(|scope| -> Result<(), Error> {
                let work = now.iter().zip(&mut checkers);
                let handles = work
                    .map(|(block, checker)| {
                        std::thread::Builder::new().spawn_scoped(scope, move || {
                            check_block(checker, block, preset, name, number)
                        })
                    })
                    .collect::<io::Result<Vec<_>>>()
                    .map_err(|cause| {
                        let cause = format!("the system starts no thread: {cause}");
                        Error::unreadable(name, io::Error::other(cause))
                    })?;
                for sorted in before {
                    self.take(sorted)?;
                }
                blocks = next()?;
                for handle in handles {
                    match handle.join() {
                        Ok(sorted) => checked.push(sorted),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                Ok(())
            })?;
        }
        self.checkers = checkers;
        Ok(())
    }

    /// Stores what a worker made of some lines.
    pub(crate) fn take(&mut self, sorted: ParsedLines) -> Result<(), Error> {
        self.counts.read += sorted.read;
        self.counts.unknown_type += sorted.unknown_types;
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
            recognised: self.recognised,
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

/// A file being read, and hashed on the way where that is wanted.
struct Hashing<R> {
    stream: R,
    hash: Option<StableHasher>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        if let Some(hash) = &mut self.hash {
            hash.piece(&buffer[..count]);
        }
        Ok(count)
    }
}

/// Checks the lines of a block.
fn check_block(
    checker: &mut Checker<'_>,
    block: &LineBlock,
    preset: Option<Preset>,
    name: &str,
    file: u32,
) -> ParsedLines {
    let mut sorted = ParsedLines {
        records: Vec::with_capacity(block.bytes.len() * 3 / 2),
        ..ParsedLines::default()
    };
    if block.too_long {
        let message = format!("a line of more than {} MiB", LONGEST >> 20);
        let line = block.starts.last().map_or(block.line, |start| start.0);
        let fault = fault(name, (line, 1), &[], LineError::new(0, message));
        sorted.line(Err(fault), &[], None);
        return sorted;
    }
    let mut index = 0;
    let mut each = |bytes: &[u8], text: Option<&str>| {
        let start = match block.starts.get(index) {
            Some(start) => *start,
            None => (block.line + index as u64, 1),
        };
        index += 1;
        if bytes.trim_ascii().is_empty() {
            return;
        }
        let text = text.map_or_else(|| std::str::from_utf8(bytes), Ok);
        let outcome = text
            .map_err(|e| {
                LineError::new(e.valid_up_to(), "not UTF-8").help("save the file as UTF-8")
            })
            .and_then(|text| checker.json(text, (file, start.0), preset, &mut sorted.records))
            .map_err(|error| fault(name, start, bytes, error));
        let again = checker.keeps_lines().then_some(text.unwrap_or_default());
        sorted.line(outcome, bytes, again);
    };
    if let Ok(text) = std::str::from_utf8(&block.bytes) {
        for part in text.split('\n') {
            let part = part.strip_suffix('\r').unwrap_or(part);
            each(part.as_bytes(), Some(part));
        }
    } else {
        for part in block.bytes.split(|b| *b == b'\n') {
            each(part.strip_suffix(b"\r").unwrap_or(part), None);
        }
    }
    sorted
}

/// Makes the error of a line that begins at `start`. The carriage returns of an item are the line feeds of its file.
fn fault(name: &str, start: (u64, u64), bytes: &[u8], mut error: LineError) -> DataError {
    let (mut line, mut column) = start;
    let mut rest = bytes;
    while let Some(feed) = rest[..error.at.min(rest.len())]
        .iter()
        .position(|b| *b == b'\r')
    {
        line += 1;
        column = 1;
        error.at -= feed + 1;
        rest = &rest[feed + 1..];
    }
    DataError {
        file: name.to_owned(),
        line,
        column: column - 1 + error.column(rest),
        message: error.message,
        help: error.help,
    }
}

fn not_json(name: &str, preset: Option<Preset>) -> DataError {
    let preset = preset.map_or("", Preset::name);
    DataError {
        file: name.to_owned(),
        line: 1,
        column: 1,
        message: format!("`--from {preset}` reads JSON, and this file is not JSON"),
        help: Some("leave `--from` away, and name columns with `--map` where needed".to_owned()),
    }
}
