//! Envelopes: a file that is one JSON array, or one object with a list of events under a key such as `result`.
//!
//! The file is read as a stream: an item at a time, in bounded memory. Line feeds inside an item become carriage returns,
//! which are blanks in JSON as well, so that an item is a line for the readers that follow; its place in the file is kept.

use std::io::{self, Read};

use crate::intake::data_error::DataError;

use super::lines::{BLOCK, LONGEST, LineBlock};

/// The keys under which systems put lists of events.
const LIST_KEYS: [&[u8]; 4] = [b"result", b"data", b"events", b"batch"];

/// Keys that only an event has. An object with one of them before the list is an event and no envelope.
const EVENT_KEYS: [&[u8]; 8] = [
    b"at",
    b"person",
    b"specversion",
    b"messageId",
    b"marketoGUID",
    b"event_id",
    b"userId",
    b"attributes",
];

/// What a file of JSON is, by its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JsonLayout {
    /// One event a line.
    Lines,
    /// A list of events, or an object that has one.
    Envelope,
    /// One object over several lines, without a list of events.
    PrettyPrinted,
}

/// Recognises the layout from the first bytes of a file, from which blanks are trimmed.
pub(super) fn layout(head: &[u8]) -> JsonLayout {
    if head.first() == Some(&b'[') {
        return JsonLayout::Envelope;
    }
    if list_begins(head) {
        JsonLayout::Envelope
    } else if is_broken_after_first_line(head) {
        JsonLayout::PrettyPrinted
    } else {
        JsonLayout::Lines
    }
}

/// Returns whether the first object has a list under one of [`LIST_KEYS`], before any key that only an event has.
fn list_begins(head: &[u8]) -> bool {
    let mut scan = Scan::default();
    let mut key = Vec::new();
    for (index, byte) in head.iter().enumerate() {
        let inside = scan.in_text;
        let ends = scan.ends_text(*byte);
        if scan.depth == 1 && inside && !ends {
            key.push(*byte);
        }
        scan.step(*byte);
        if scan.depth == 0 {
            return false;
        }
        if scan.depth == 1 && !inside && scan.in_text {
            key.clear();
        }
        let rest = head[index + 1..].trim_ascii_start();
        if scan.depth == 1
            && ends
            && let Some(value) = rest.strip_prefix(b":")
        {
            if EVENT_KEYS.contains(&key.as_slice()) {
                return false;
            }
            if LIST_KEYS.contains(&key.as_slice()) && value.trim_ascii_start().starts_with(b"[") {
                return true;
            }
        }
    }
    false
}

/// Returns whether the first line is the beginning of an object that goes on below it, as pretty printers write it.
fn is_broken_after_first_line(head: &[u8]) -> bool {
    let Some(end) = head.iter().position(|b| *b == b'\n') else {
        return false;
    };
    let line = head[..end].trim_ascii_end();
    let mut scan = Scan::default();
    for byte in line {
        scan.step(*byte);
    }
    scan.depth > 0 && matches!(line.last(), Some(b'{' | b'[' | b','))
}

/// Follows brackets and texts of JSON.
#[derive(Debug, Default)]
struct Scan {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Scan {
    /// Returns whether a byte ends the text that is open.
    fn ends_text(&self, byte: u8) -> bool {
        self.in_text && !self.escaped && byte == b'"'
    }

    fn step(&mut self, byte: u8) {
        if self.in_text {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_text = false;
            }
            return;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// The items of an envelope, in blocks.
#[derive(Debug)]
pub(super) struct Items<R> {
    bytes: io::Bytes<io::BufReader<R>>,
    scan: Scan,
    /// The depth at which items lie: inside the list.
    list_depth: Option<u32>,
    key: Vec<u8>,
    line: u64,
    column: u64,
    ended: bool,
    /// Where something stands that belongs to no list and no object.
    stray: Option<(u64, u64)>,
}

/// What is wrong with an envelope as a whole, and where: line and character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EnvelopeFault {
    /// The file ends before its list or object does.
    Cut(u64, u64),
    /// Something stands beside them.
    Stray(u64, u64),
}

impl EnvelopeFault {
    /// Names the file in which it is. What is missing is not known, so that nothing of the file is taken.
    pub(super) fn of(self, file: &str) -> DataError {
        let (at, message, help) = match self {
            Self::Cut(line, column) => (
                (line, column),
                "the file ends before its list of events does",
                "it was cut: get it again as a whole",
            ),
            Self::Stray(line, column) => (
                (line, column),
                "this belongs neither to a list of events nor to an object that has one",
                "remove it; events without brackets around them stand one on each line",
            ),
        };
        DataError {
            file: file.to_owned(),
            line: at.0,
            column: at.1,
            message: message.to_owned(),
            help: Some(help.to_owned()),
        }
    }
}

impl<R: Read> Items<R> {
    /// Makes one for a file whose layout is [`JsonLayout::Envelope`].
    pub(super) fn new(reader: R) -> Self {
        Self {
            bytes: io::BufReader::with_capacity(BLOCK, reader).bytes(),
            scan: Scan::default(),
            list_depth: None,
            key: Vec::new(),
            line: 1,
            column: 0,
            ended: false,
            stray: None,
        }
    }

    /// Returns what is wrong with the file as a whole, once it is read to its end.
    pub(super) fn fault(&self) -> Option<EnvelopeFault> {
        if let Some((line, column)) = self.stray {
            return Some(EnvelopeFault::Stray(line, column));
        }
        let is_open = self.scan.depth > 0 || self.scan.in_text;
        is_open.then_some(EnvelopeFault::Cut(self.line, self.column + 1))
    }

    /// Returns the next items; nothing at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<LineBlock>> {
        let mut block = LineBlock {
            line: self.line,
            bytes: Vec::new(),
            too_long: false,
            starts: Vec::new(),
        };
        while block.bytes.len() < BLOCK && self.item(&mut block)? {
            if block.too_long {
                break;
            }
        }
        Ok((!block.starts.is_empty()).then_some(block))
    }

    /// Reads one item into a block; false at the end of the file.
    fn item(&mut self, block: &mut LineBlock) -> io::Result<bool> {
        let start = block.bytes.len();
        let mut begun = false;
        while let Some(byte) = self.byte()? {
            let inside = self.scan.in_text;
            let before = self.scan.depth;
            if self.list_depth.is_none() {
                self.find_list(byte, inside);
                continue;
            }
            let list = self.list_depth.unwrap_or(1);
            self.scan.step(byte);
            let ends = !inside && before == list && matches!(byte, b',' | b']');
            if ends {
                if byte == b']' {
                    // Items of a later list under such a key count as well.
                    self.list_depth = None;
                }
                if begun {
                    block.bytes.push(b'\n');
                    return Ok(true);
                }
                continue;
            }
            if !begun {
                if byte.is_ascii_whitespace() {
                    continue;
                }
                begun = true;
                block.starts.push((self.line, self.column));
            }
            block.bytes.push(match byte {
                b'\n' => b'\r',
                b'\r' => b' ',
                other => other,
            });
            if block.bytes.len() - start > LONGEST {
                block.too_long = true;
                return Ok(true);
            }
        }
        if begun {
            block.bytes.push(b'\n');
        }
        Ok(begun)
    }

    /// Looks for the beginning of the list.
    fn find_list(&mut self, byte: u8, inside: bool) {
        let begins = byte.is_ascii_whitespace() || matches!(byte, b'[' | b'{');
        if self.scan.depth == 0 && !begins {
            self.stray.get_or_insert((self.line, self.column));
        }
        let ends_text = self.scan.ends_text(byte);
        if self.scan.depth == 1 && inside && !ends_text {
            self.key.push(byte);
        }
        if self.scan.depth == 1 && !inside && byte == b'"' {
            self.key.clear();
        }
        self.scan.step(byte);
        if inside || byte != b'[' {
            return;
        }
        let at_root = self.scan.depth == 1;
        let under_key = self.scan.depth == 2 && LIST_KEYS.contains(&self.key.as_slice());
        if at_root || under_key {
            self.list_depth = Some(self.scan.depth);
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.ended {
            return Ok(None);
        }
        let Some(byte) = self.bytes.next().transpose()? else {
            self.ended = true;
            return Ok(None);
        };
        // A continuation byte of UTF-8 is not a character of its own.
        if byte & 0xc0 != 0x80 {
            self.column += 1;
        }
        if byte == b'\n' {
            self.line += 1;
            self.column = 0;
        }
        Ok(Some(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<(u64, u64, String)> {
        let mut items = Items::new(text.as_bytes());
        let mut found = Vec::new();
        while let Some(block) = items.next().unwrap() {
            let text = String::from_utf8(block.bytes).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), block.starts.len());
            for (line, start) in lines.iter().zip(block.starts) {
                found.push((start.0, start.1, (*line).to_owned()));
            }
        }
        found
    }

    #[test]
    fn items_of_an_array_keep_their_place() {
        let found = items("[ {\"a\": 1},\n  {\"b\": [1, 2]}\n]\n");
        assert_eq!(
            found,
            [
                (1, 3, "{\"a\": 1}".to_owned()),
                (2, 3, "{\"b\": [1, 2]}".to_owned())
            ]
        );
    }

    #[test]
    fn the_list_of_an_envelope_is_found_under_its_key() {
        let found = items(
            "{\"requestId\": \"[{\", \"warnings\": [1], \"result\": [{\"a\": \"]\"}], \"more\": [2]}",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].2, "{\"a\": \"]\"}");
    }

    #[test]
    fn a_file_that_is_cut_or_has_more_is_faulty() {
        let fault = |text: &str| {
            let mut items = Items::new(text.as_bytes());
            while items.next().unwrap().is_some() {}
            items.fault()
        };
        assert_eq!(fault("[{}, {}]\n"), None);
        assert_eq!(fault("[{}]\n[{}]"), None);
        assert_eq!(fault("{\"data\": [{}], \"next\": null}"), None);
        assert_eq!(fault("[{}, "), Some(EnvelopeFault::Cut(1, 6)));
        assert_eq!(fault("[{\"a\": \"x"), Some(EnvelopeFault::Cut(1, 10)));
        assert_eq!(fault("{\"data\": [{}]\n"), Some(EnvelopeFault::Cut(2, 1)));
        assert_eq!(fault("[{}],\n"), Some(EnvelopeFault::Stray(1, 5)));
    }

    #[test]
    fn the_layout_is_seen_from_the_beginning() {
        let cases = [
            ("[{}]", JsonLayout::Envelope),
            (
                "{\"success\":true,\"result\":[{\"a\":1}]}",
                JsonLayout::Envelope,
            ),
            ("{\n  \"result\": [\n", JsonLayout::Envelope),
            ("{\"at\":1,\"data\":[{}]}", JsonLayout::Lines),
            ("{\"at\":1}\n{\"at\":2}\n", JsonLayout::Lines),
            (
                "{\n  \"at\": 1,\n  \"x\": 2\n}\n",
                JsonLayout::PrettyPrinted,
            ),
            ("{\"at\": oops\n{\"at\": 1}", JsonLayout::Lines),
        ];
        for (text, expected) in cases {
            assert_eq!(layout(text.as_bytes()), expected, "{text}");
        }
    }
}
