//! Reads event files one after the other, and hands what becomes of their lines to [`ReadState`].
//!
//! JSONL is checked by several workers at once, a block of lines each, while this thread stores what they made of the
//! blocks before and reads those that come next. The order of the blocks is kept, so nothing depends on who is
//! faster. CSV rows can only be distinguished by reading from the top, so one worker checks them.

use std::io::{self, Cursor, Read};

use crate::domain::hash::StableHasher;
use crate::intake::data_error::{DataError, Error};
use crate::intake::input::Input;

use super::check::Checker;
use super::divider::FileForm;
use super::items::{self, Items, JsonLayout};
use super::json;
use super::line_error::LineError;
use super::lines::{LONGEST, LineBlock, Lines};
use super::preset::Preset;
use super::read_state::{ParsedLines, ReadState};

/// How much of a file is looked at to recognise its format.
const SNIFFED: u64 = 64 << 10;

impl ReadState<'_> {
    /// Reads one file.
    pub(crate) fn file(&mut self, input: &Input) -> Result<(), Error> {
        let name = input.name();
        let unreadable = |cause| Error::unreadable(&name, cause);
        let mut stream = Hashing {
            stream: input.open(&self.read).map_err(unreadable)?,
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
            None if (head.len() as u64) < SNIFFED => self.begin_file(FileForm::EMPTY),
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
        self.begin_file(FileForm::Json {
            is_list: layout == JsonLayout::Envelope,
            preset: preset.filter(|_| self.preset.is_none()),
            is_given: self.preset.is_some(),
        })?;
        let whole = Cursor::new(head).chain(stream);
        match layout {
            JsonLayout::Lines => {
                let mut lines = Lines::new(whole, LONGEST);
                self.json(name, number, preset, move || lines.next())
            }
            JsonLayout::Envelope => {
                let mut items = Items::new(whole);
                self.json(name, number, preset, || items.next())?;
                if let Some(fault) = items.fault() {
                    self.refuse(fault.of(name));
                }
                Ok(())
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

    /// Says what the next lines are lines of, where the files are cut.
    pub(super) fn begin_file(&mut self, form: FileForm<'_>) -> Result<(), Error> {
        match &mut self.divider {
            Some(divider) if self.hands_over => divider.begin(form),
            Some(_) | None => Ok(()),
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
        let recognised = (name.to_owned(), preset);
        self.watch.recognised.borrow_mut().push(recognised);
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
        if checker.rules.notes_keys {
            sorted
                .divided
                .note(&mut checker.keys, outcome.is_ok(), bytes);
        }
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
