//! A text as a tree that keeps how each value was written, with the places of everything.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Unsupported;
use super::gaps::{self, Gaps};

/// A text as read.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) documents: Vec<Document>,
    pub(super) gaps: Gaps,
}

/// One document.
#[derive(Debug)]
pub(super) struct Document {
    /// The place of its `---`.
    pub(super) marker: Option<usize>,
    pub(super) root: Value,
    /// Where the next document begins, or the text ends.
    pub(super) end: usize,
}

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Value {
    /// Its anchor and tag, in the order written.
    pub(super) properties: Vec<Range<usize>>,
    /// From its first character, properties included, to its last.
    pub(super) place: Range<usize>,
    pub(super) kind: Kind,
}

/// How a value is written.
#[derive(Debug)]
pub(super) enum Kind {
    /// Not at all.
    Nothing,
    /// `*name`
    Alias,
    /// On one line or several, plain or quoted: its text, and where it stands without properties.
    Scalar(ScalarStyle, String, Range<usize>),
    /// A `|` or `>` block: its text, its header, and where its lines end.
    Block(String, Range<usize>, usize),
    List(Vec<Item>, Option<Brackets>),
    Map(Vec<Entry>, Option<Brackets>),
}

/// The brackets of a list or mapping that has them: the places of the first, and after the second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brackets {
    pub(super) open: usize,
    pub(super) end: usize,
}

/// An item of a list.
#[derive(Debug)]
pub(super) struct Item {
    /// Where its dash stands; between brackets, where it begins.
    pub(super) start: usize,
    pub(super) value: Value,
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Value,
    pub(super) value: Value,
}

/// An event with the bytes it concerns.
type Placed<'a> = (Event<'a>, Range<usize>);

/// Reads a text that is known to be free of faults.
pub(super) fn read(text: &str) -> Result<Text, Unsupported> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let byte = |character: usize| starts.get(character).copied().unwrap_or(text.len());
    let mut events: Vec<Placed<'_>> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|_| Unsupported)?;
        let (start, end) = (byte(span.start.index()), byte(span.end.index()));
        events.push((event, start..end.max(start)));
    }
    let values: Vec<Range<usize>> = events
        .iter()
        .filter_map(|(event, place)| value_place(text, event, place))
        .collect();
    let gaps = gaps::find(text, &values);
    let mut reader = Reader {
        text,
        events: events.into_iter().peekable(),
        dashes: gaps.dashes.clone().into_iter(),
        properties: gaps.properties.clone().into_iter(),
        headers: gaps.headers.clone().into_iter(),
        at: 0,
    };
    let documents = reader.documents()?;
    Ok(Text { documents, gaps })
}

/// Returns where the text of a single value stands, without properties before it and comments after it.
fn value_place(text: &str, event: &Event<'_>, place: &Range<usize>) -> Option<Range<usize>> {
    let (style, known) = match event {
        Event::Scalar(_, style, anchor, tag) => (
            *style,
            usize::from(*anchor > 0) + usize::from(tag.is_some()),
        ),
        Event::Alias(_) => (ScalarStyle::Plain, 0),
        Event::Nothing
        | Event::StreamStart
        | Event::StreamEnd
        | Event::DocumentStart(_)
        | Event::DocumentEnd
        | Event::SequenceStart(..)
        | Event::SequenceEnd
        | Event::MappingStart(..)
        | Event::MappingEnd => return None,
    };
    if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
        // The place begins after the blanks of the first line that is not empty.
        let line = text[..place.start].rfind('\n').map_or(0, |feed| feed + 1);
        return (place.start < place.end).then_some(line..place.end);
    }
    let start = place.start + properties_length(&text[place.clone()], known);
    let written = &text[start..place.end];
    let length = match style {
        ScalarStyle::SingleQuoted => crate::yaml::document::quoted_length(written, b'\''),
        ScalarStyle::DoubleQuoted => crate::yaml::document::quoted_length(written, b'"'),
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => written.trim_end().len(),
    };
    let empty = matches!(event, Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty());
    (length > 0 && !empty).then_some(start..start + length)
}

/// Returns how long the properties before a value are, with the blanks and comments between them and the value.
fn properties_length(text: &str, known: usize) -> usize {
    let mut at = 0;
    for _ in 0..known {
        if !text[at..].starts_with(['&', '!']) {
            break;
        }
        at += gaps::word_length(&text[at..]);
        loop {
            let rest = &text[at..];
            let blanks = rest.len() - rest.trim_start().len();
            at += blanks;
            if blanks == 0 || !text[at..].starts_with('#') {
                break;
            }
            at += text[at..].find('\n').unwrap_or(text.len() - at);
        }
    }
    at
}

/// A text being read: its events, and what stands between its values.
struct Reader<'a, E: Iterator<Item = Placed<'a>>> {
    text: &'a str,
    events: std::iter::Peekable<E>,
    dashes: std::vec::IntoIter<usize>,
    properties: std::vec::IntoIter<Range<usize>>,
    headers: std::vec::IntoIter<Range<usize>>,
    /// Where the last token ended.
    at: usize,
}

impl<'a, E: Iterator<Item = Placed<'a>>> Reader<'a, E> {
    fn documents(&mut self) -> Result<Vec<Document>, Unsupported> {
        let mut documents: Vec<Document> = Vec::new();
        while let Some((event, place)) = self.events.next() {
            if let Event::DocumentStart(explicit) = event {
                let root = self.value()?;
                let marker = explicit.then_some(place.start);
                let begun = marker.unwrap_or(root.place.start);
                if let Some(before) = documents.last_mut() {
                    before.end = begun;
                }
                documents.push(Document {
                    marker,
                    root,
                    end: self.text.len(),
                });
            }
        }
        Ok(documents)
    }

    fn next(&mut self) -> Result<Placed<'a>, Unsupported> {
        self.events.next().ok_or(Unsupported)
    }

    /// Returns whether the next event ends the list or mapping that is open.
    fn ends(&mut self) -> bool {
        let next = self.events.peek();
        next.is_none_or(|(event, _)| matches!(event, Event::SequenceEnd | Event::MappingEnd))
    }

    /// Takes the anchor and the tag of a value.
    fn properties(&mut self, anchor: usize, tag: bool) -> Vec<Range<usize>> {
        let count = usize::from(anchor > 0) + usize::from(tag);
        self.properties.by_ref().take(count).collect()
    }

    fn value(&mut self) -> Result<Value, Unsupported> {
        let (event, place) = self.next()?;
        match event {
            Event::Alias(_) => {
                let place = value_place(self.text, &event, &place).ok_or(Unsupported)?;
                self.at = place.end;
                Ok(Value {
                    properties: Vec::new(),
                    place,
                    kind: Kind::Alias,
                })
            }
            Event::Scalar(ref text, style, anchor, ref tag) => {
                let properties = self.properties(anchor, tag.is_some());
                let written = value_place(self.text, &event, &place);
                self.scalar(properties, text.to_string(), style, written)
            }
            Event::SequenceStart(anchor, tag) => {
                let properties = self.properties(anchor, tag.is_some());
                self.list(properties, &place)
            }
            Event::MappingStart(anchor, tag) => {
                let properties = self.properties(anchor, tag.is_some());
                self.map(properties, &place)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Err(Unsupported),
        }
    }

    fn scalar(
        &mut self,
        properties: Vec<Range<usize>>,
        text: String,
        style: ScalarStyle,
        written: Option<Range<usize>>,
    ) -> Result<Value, Unsupported> {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let (start, kind) = if block {
            let header = self.headers.next().ok_or(Unsupported)?;
            let end = written.map_or(header.end, |lines| lines.end);
            self.at = end;
            (header.start, Kind::Block(text, header, end))
        } else if let Some(written) = written {
            self.at = written.end;
            (written.start, Kind::Scalar(style, text, written))
        } else {
            self.at = properties.last().map_or(self.at, |last| last.end);
            (self.at, Kind::Nothing)
        };
        let start = properties.first().map_or(start, |first| first.start);
        Ok(Value {
            properties,
            place: start..self.at,
            kind,
        })
    }

    /// Returns the bracket with which a list or mapping begins. The parser counts a comment behind it to it.
    fn open(&self, place: &Range<usize>, properties: usize) -> Option<usize> {
        let written = &self.text[place.clone()];
        let at = properties_length(written, properties);
        written[at..]
            .starts_with(['[', '{'])
            .then_some(place.start + at)
    }

    /// Takes the end of a list or mapping.
    fn close(&mut self, open: Option<usize>) -> Result<Option<Brackets>, Unsupported> {
        let (_, place) = self.next()?;
        Ok(open.map(|open| {
            // The parser counts a comment behind the bracket to it.
            self.at = place.start + 1;
            Brackets { open, end: self.at }
        }))
    }

    fn list(
        &mut self,
        properties: Vec<Range<usize>>,
        place: &Range<usize>,
    ) -> Result<Value, Unsupported> {
        let open = self.open(place, properties.len());
        let mut items = Vec::new();
        while !self.ends() {
            let dash = match open {
                Some(_) => None,
                None => Some(self.dashes.next().ok_or(Unsupported)?),
            };
            self.at = dash.map_or(self.at, |dash| dash + 1);
            let value = self.value()?;
            let start = dash.unwrap_or(value.place.start);
            items.push(Item { start, value });
        }
        let brackets = self.close(open)?;
        let first = items.first().map(|item| item.start);
        let start = open.or(first).unwrap_or(place.start);
        Ok(self.collection(properties, start, Kind::List(items, brackets)))
    }

    fn map(
        &mut self,
        properties: Vec<Range<usize>>,
        place: &Range<usize>,
    ) -> Result<Value, Unsupported> {
        let open = self.open(place, properties.len());
        let mut entries = Vec::new();
        while !self.ends() {
            let key = self.value()?;
            let value = self.value()?;
            entries.push(Entry { key, value });
        }
        let brackets = self.close(open)?;
        let first = entries.first().map(|entry| entry.key.place.start);
        let start = open.or(first).unwrap_or(place.start);
        Ok(self.collection(properties, start, Kind::Map(entries, brackets)))
    }

    fn collection(&self, properties: Vec<Range<usize>>, start: usize, kind: Kind) -> Value {
        let start = properties.first().map_or(start, |first| first.start);
        Value {
            properties,
            place: start..self.at.max(start),
            kind,
        }
    }
}
