//! Where a byte of a text lies: under which keys, and whether a key or a value is written there.
//!
//! The text may be half written, so that no parser would read it. Lines are looked at from the beginning of the document up
//! to the byte, by their indentation, and brackets by their order. What is wrong elsewhere in the text does not matter.

mod flow;

use std::collections::BTreeSet;
use std::ops::Range;

use flow::Flow;

/// A step from the document down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app::editor) enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an entry of a list.
    Item,
}

/// What is written at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app::editor) enum Expected {
    /// A key of a mapping.
    Key,
    /// A value after a key.
    Value,
    /// An entry of a list: a value, or the first key of a mapping.
    Either,
}

/// Where a byte lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app::editor) struct Place {
    /// The way there.
    pub(in crate::app::editor) path: Vec<Step>,
    pub(in crate::app::editor) expected: Expected,
    /// The bytes of the word that is being written, as far as it goes.
    pub(in crate::app::editor) word: Range<usize>,
    /// The keys that stand before it in the same mapping.
    pub(in crate::app::editor) beside: BTreeSet<String>,
    /// Whether it stands between brackets.
    pub(in crate::app::editor) in_brackets: bool,
}

/// A key or entry that is open on the lines above.
#[derive(Debug)]
struct Frame {
    /// The column of the key, or of the `-`.
    column: usize,
    step: Step,
    /// The keys that were seen below it.
    keys: BTreeSet<String>,
}

/// The lines up to some byte.
#[derive(Debug)]
struct Outline<'a> {
    text: &'a str,
    frames: Vec<Frame>,
    /// The keys of the document.
    keys: BTreeSet<String>,
    /// The column of the key whose text stands on the lines below it.
    block: Option<usize>,
    /// The brackets that are open, and the column of the key they belong to.
    flow: Option<(Flow, usize)>,
}

/// Returns where a byte lies; nothing within a comment.
pub(in crate::app::editor) fn place(text: &str, byte: usize) -> Option<Place> {
    let byte = text.floor_char_boundary(byte.min(text.len()));
    let mut outline = Outline {
        text,
        frames: Vec::new(),
        keys: BTreeSet::new(),
        block: None,
        flow: None,
    };
    let mut start = document(text, byte);
    loop {
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = start..end - usize::from(text[start..end].ends_with('\r'));
        if byte <= end {
            return outline.at(line, byte);
        }
        outline.pass(line);
        start = end + 1;
    }
}

/// Returns where the document begins that a byte lies in.
fn document(text: &str, byte: usize) -> usize {
    let before = &text[..byte];
    let marker = before.rfind("\n---").map(|at| at + 1);
    let marker = marker.or_else(|| before.starts_with("---").then_some(0));
    let after = |at: usize| text[at..].find('\n').map(|feed| at + feed + 1);
    marker.and_then(after).filter(|at| *at <= byte).unwrap_or(0)
}

/// A key at the beginning of a text, and where its colon is.
struct WrittenKey {
    key: String,
    colon: usize,
}

impl Outline<'_> {
    /// Takes a whole line.
    fn pass(&mut self, line: Range<usize>) {
        if self.is_text(&line) {
            return;
        }
        if self.goes_on(&line)
            && let Some((flow, _)) = &mut self.flow
        {
            flow.pass(self.text, line);
            if flow.is_closed() {
                self.flow = None;
            }
            return;
        }
        let Some((start, column)) = self.entries(&line, line.end) else {
            return;
        };
        let rest = &self.text[start..line.end];
        match key(rest) {
            Some(WrittenKey { key, colon }) => {
                self.open_key(key, column);
                self.value(start + colon + 1..line.end, column);
            }
            None => self.value(start..line.end, column),
        }
    }

    /// Returns whether a line belongs to a text that stands on several lines.
    fn is_text(&mut self, line: &Range<usize>) -> bool {
        let Some(column) = self.block else {
            return false;
        };
        let written = &self.text[line.clone()];
        if written.trim().is_empty() || indent(written) > column {
            return true;
        }
        self.block = None;
        false
    }

    /// Returns whether a line stands between brackets that are open. A bracket that was never closed ends where a line begins
    /// further out with a key or an entry.
    fn goes_on(&mut self, line: &Range<usize>) -> bool {
        let Some((_, column)) = &self.flow else {
            return false;
        };
        let written = &self.text[line.clone()];
        let trimmed = written.trim_start();
        let begins = trimmed.starts_with("- ") || key(trimmed).is_some();
        if indent(written) <= *column && begins {
            self.flow = None;
        }
        self.flow.is_some()
    }

    /// Takes the `- ` at the beginning of a line up to some byte; returns where the rest begins, and its column.
    fn entries(&mut self, line: &Range<usize>, until: usize) -> Option<(usize, usize)> {
        let written = &self.text[line.clone()];
        let mut column = indent(written);
        let rest = |column: usize| written.get(column..).unwrap_or_default();
        if rest(column).trim().is_empty() || rest(column).starts_with('#') {
            return None;
        }
        while (rest(column).starts_with("- ") || rest(column) == "-") && line.start + column < until
        {
            self.close(|frame| {
                frame.column > column || frame.column == column && frame.step == Step::Item
            });
            self.frames.push(Frame {
                column,
                step: Step::Item,
                keys: BTreeSet::new(),
            });
            let after = &rest(column)[1..];
            column += 1 + (after.len() - after.trim_start_matches(' ').len());
        }
        Some((line.start + column, column))
    }

    fn close(&mut self, ends: impl Fn(&Frame) -> bool) {
        while self.frames.last().is_some_and(&ends) {
            self.frames.pop();
        }
    }

    fn open_key(&mut self, key: String, column: usize) {
        self.close(|frame| frame.column >= column);
        self.keys_here().insert(key.clone());
        self.frames.push(Frame {
            column,
            step: Step::Key(key),
            keys: BTreeSet::new(),
        });
    }

    fn keys_here(&mut self) -> &mut BTreeSet<String> {
        match self.frames.last_mut() {
            Some(frame) => &mut frame.keys,
            None => &mut self.keys,
        }
    }

    /// Takes what stands behind a key or `-`, as far as it concerns the lines below.
    fn value(&mut self, bytes: Range<usize>, column: usize) {
        let start = bytes.start + without_properties(&self.text[bytes.clone()]);
        let written = &self.text[start..bytes.end];
        if written.starts_with(['|', '>']) {
            self.block = Some(column);
        } else if written.starts_with(['{', '[']) {
            let mut flow = Flow::default();
            flow.pass(self.text, start..bytes.end);
            if !flow.is_closed() {
                self.flow = Some((flow, column));
            }
        }
    }

    fn path(&self) -> Vec<Step> {
        self.frames.iter().map(|frame| frame.step.clone()).collect()
    }

    /// Returns where a byte of the line lies.
    fn at(mut self, line: Range<usize>, byte: usize) -> Option<Place> {
        let byte = byte.min(line.end);
        if self.is_text(&line) {
            return Some(Place {
                path: self.path(),
                expected: Expected::Value,
                word: byte..byte,
                beside: BTreeSet::new(),
                in_brackets: false,
            });
        }
        if self.goes_on(&line)
            && let Some((flow, _)) = self.flow.take()
        {
            return flow.at(self.text, line, byte, self.path());
        }
        let written = &self.text[line.clone()];
        let Some((start, column)) = self.entries(&line, byte) else {
            if byte > line.start + indent(written) {
                return None;
            }
            // An empty line: its columns up to the byte say where it belongs.
            return Some(self.key_at(byte..byte, byte - line.start));
        };
        let rest = &self.text[start..line.end];
        let is_entry = self.frames.last().is_some_and(|frame| {
            frame.step == Step::Item
                && frame.column < column
                && start > line.start + indent(written)
        });
        match key(rest) {
            Some(WrittenKey { colon, .. }) if byte <= start + colon => {
                let mut place = self.key_at(start..start + colon, column);
                place.beside.extend(keys_below(self.text, line.end, column));
                Some(place)
            }
            Some(WrittenKey { key, colon }) => {
                self.open_key(key, column);
                self.in_value(start + colon + 1..line.end, byte, Expected::Value)
            }
            None if is_entry => self.in_value(start..line.end, byte, Expected::Either),
            None => Some(self.key_at(start..line.end, column)),
        }
    }

    fn key_at(&mut self, word: Range<usize>, column: usize) -> Place {
        self.close(|frame| frame.column >= column);
        Place {
            path: self.path(),
            expected: Expected::Key,
            word: trimmed(self.text, word),
            beside: self.keys_here().clone(),
            in_brackets: false,
        }
    }

    fn in_value(self, bytes: Range<usize>, byte: usize, expected: Expected) -> Option<Place> {
        let start = bytes.start + without_properties(&self.text[bytes.clone()]);
        if self.text[start..bytes.end].starts_with(['{', '[']) && byte > start {
            return Flow::default().at(self.text, start..bytes.end, byte, self.path());
        }
        let end = self.text[bytes.clone()]
            .find(" #")
            .map_or(bytes.end, |comment| bytes.start + comment);
        if byte > end {
            return None;
        }
        let start = start.min(byte).max(bytes.start);
        Some(Place {
            path: self.path(),
            expected,
            word: word_at(self.text, start..end.max(start), byte),
            beside: BTreeSet::new(),
            in_brackets: false,
        })
    }
}

/// Returns the keys of the same mapping on the lines below.
fn keys_below(text: &str, from: usize, column: usize) -> BTreeSet<String> {
    let lines = text.get(from + 1..).unwrap_or_default().lines();
    let lines = lines.filter(|line| !line.trim().is_empty());
    let here = lines.take_while(|line| indent(line) >= column && !line.starts_with("---"));
    let here = here.filter(|line| indent(line) == column);
    here.filter_map(|line| key(line.trim_start()))
        .map(|written| written.key)
        .collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns where a value begins behind blanks, anchors and tags.
fn without_properties(value: &str) -> usize {
    let mut at = indent(value);
    while value[at..].starts_with(['&', '!']) {
        let Some(blank) = value[at..].find(' ') else {
            return value.len();
        };
        at += blank;
        at += indent(&value[at..]);
    }
    at
}

/// Returns the key that a line begins with; nothing where it does not begin with one.
fn key(line: &str) -> Option<WrittenKey> {
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let close = 1 + line[1..].find(quote)?;
        let colon = close + 1 + line[close + 1..].find(|c| c != ' ')?;
        return line[colon..].starts_with(':').then(|| WrittenKey {
            key: line[1..close].to_owned(),
            colon,
        });
    }
    if line.starts_with(['{', '[', '#', '&', '*', '!', '|', '>', '%']) {
        return None;
    }
    let ends = |at: &usize| line[at + 1..].is_empty() || line[at + 1..].starts_with(' ');
    let mut colons = line.match_indices(':').map(|(at, _)| at);
    let colon = colons.find(ends)?;
    let key = line[..colon].trim_end();
    (!key.is_empty() && !key.contains(" #")).then(|| WrittenKey {
        key: key.to_owned(),
        colon,
    })
}

/// Returns the word that a byte lies in or next to, without blanks and quotes; nothing at the byte where there is none.
fn word_at(text: &str, word: Range<usize>, byte: usize) -> Range<usize> {
    let word = trimmed(text, word);
    if (word.start..=word.end).contains(&byte) {
        word
    } else {
        byte..byte
    }
}

/// Takes blanks and quotes off the ends of a word.
pub(in crate::app::editor) fn trimmed(text: &str, word: Range<usize>) -> Range<usize> {
    let written = &text[word.clone()];
    let body = written.trim();
    let start = word.start + written.find(body).unwrap_or(0);
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        return start..start + body.len();
    };
    let inner = body[1..].strip_suffix(quote).unwrap_or(&body[1..]);
    start + 1..start + 1 + inner.len()
}
