//! From the parser's events to documents whose aliases are still edges.
//!
//! Nothing is copied here, so that a file cannot grow by being read; `expand` makes the tree, within a budget.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::expand::{Budget, expand};
use super::places::SourceMap;
use super::raw::{Document, Index, RawKind, RawScalar};
use super::tag::{TagMeaning, TagTarget, meaning, unknown};
use super::{MAX_BYTES, MAX_DEPTH, MAX_NODES, Node, parser_messages};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Span};

/// How many faults of syntax one file may have before reading stops.
const MAX_RESUMED: usize = 50;

/// Reads all documents of a file, going on at the next `---` after a fault of syntax.
pub(super) fn read_all(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Vec<Node> {
    let places = SourceMap::new(file, text);
    if text.len() > MAX_BYTES {
        let message = "the file is larger than 4 MiB";
        diagnostics.push(Diagnostic::new(Code::YamlLimit, places.span(0, 0), message));
        return Vec::new();
    }
    if let Some(control) = parser_messages::first_control(text, &places) {
        diagnostics.push(control);
        return Vec::new();
    }
    let mut documents = Vec::new();
    let mut budget = Budget::new();
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut from = Some(bom);
    for _ in 0..MAX_RESUMED {
        let Some(start) = from else { break };
        let mut stream = DocumentStream::new(text, start, &places, diagnostics);
        let end = stream.read(&mut |document, diagnostics| {
            documents.extend(expand(&document, &mut budget, diagnostics));
        });
        from = match end {
            End::Whole | End::Limit => None,
            End::Syntax { at } => next_marker(text, start, at),
        };
    }
    documents
}

/// Finds the `---` at which to go on after a fault at `at`, in a stream that was read from `start`.
///
/// The fault may lie at the marker itself, where the document before it was left open.
fn next_marker(text: &str, start: usize, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let lines = bytes.get(at.saturating_sub(1)..)?;
    let places = line_starts(lines).map(|line| at.saturating_sub(1) + line);
    places.filter(|line| *line > start).find(|line| {
        bytes[*line..].starts_with(b"---")
            && bytes.get(line + 3).is_none_or(u8::is_ascii_whitespace)
    })
}

/// Returns the places just after each line feed.
fn line_starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let feeds = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    feeds.map(|(at, _)| at + 1)
}

/// How reading a stream of documents ended.
enum End {
    Whole,
    Limit,
    /// At a fault of syntax at this byte.
    Syntax {
        at: usize,
    },
}

/// A list or mapping that has begun.
struct Open {
    index: Index,
    /// Its bracket, where it has one.
    bracket: Option<Span>,
    anchor: usize,
    children: Vec<Index>,
    mapping: bool,
}

/// A stream of documents being read, and the document that is in progress.
struct DocumentStream<'a> {
    text: &'a str,
    start: usize,
    first_character: usize,
    places: &'a SourceMap,
    diagnostics: &'a mut Diagnostics,
    values: Vec<RawScalar>,
    open: Vec<Open>,
    anchors: HashMap<usize, Index>,
}

impl<'a> DocumentStream<'a> {
    fn new(
        text: &'a str,
        start: usize,
        places: &'a SourceMap,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            text,
            start,
            first_character: places.character(start),
            places,
            diagnostics,
            values: Vec::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
        }
    }

    /// Reads until the end or a fault, giving every whole document to `take`.
    fn read(&mut self, take: &mut dyn FnMut(Document, &mut Diagnostics)) -> End {
        let mut parser = Parser::new_from_str(&self.text[self.start..]);
        while let Some(next) = parser.next_event() {
            let (event, span) = match next {
                Ok((event, span)) => (event, self.span(span)),
                Err(error) => {
                    let at = self.syntax_fault(&error);
                    return End::Syntax { at };
                }
            };
            match event {
                Event::DocumentStart(_) => {
                    self.values.clear();
                    self.anchors.clear();
                }
                Event::DocumentEnd => self.finish(take),
                Event::StreamEnd => break,
                Event::Nothing | Event::StreamStart => {}
                Event::Alias(anchor) => self.alias(anchor, span),
                Event::Scalar(text, style, anchor, tag) => {
                    self.scalar(&text, style, anchor, tag.as_deref(), span);
                }
                Event::SequenceStart(anchor, tag) => {
                    self.begin(false, anchor, tag.as_deref(), span);
                }
                Event::MappingStart(anchor, tag) => self.begin(true, anchor, tag.as_deref(), span),
                Event::SequenceEnd | Event::MappingEnd => self.end(span),
            }
            if let Some(limit) = self.limit(span) {
                self.diagnostics.push(limit);
                return End::Limit;
            }
        }
        End::Whole
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let byte =
            |marker: saphyr_parser::Marker| self.places.byte(self.first_character + marker.index());
        let (start, end) = (byte(span.start), byte(span.end));
        let end = start + self.text[start..end.max(start)].trim_end().len();
        self.places.span(start, end)
    }

    fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn limit(&self, span: Span) -> Option<Diagnostic> {
        let message = if self.open.len() > MAX_DEPTH {
            format!("lists and mappings nest more than {MAX_DEPTH} deep")
        } else if self.values.len() > MAX_NODES {
            format!("the file holds more than {MAX_NODES} values")
        } else {
            return None;
        };
        Some(Diagnostic::new(Code::YamlLimit, span, message))
    }

    /// Puts a value into the list or mapping that is open.
    fn add(&mut self, span: Span, kind: RawKind, anchor: usize) -> Index {
        let index = self.values.len();
        self.values.push(RawScalar { span, kind });
        if anchor > 0 {
            self.anchors.insert(anchor, index);
        }
        if let Some(open) = self.open.last_mut() {
            open.children.push(index);
        }
        index
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let kind = if let Some(index) = self.anchors.get(&anchor) {
            RawKind::Alias(*index)
        } else {
            self.diagnostics.push(parser_messages::unknown_anchor(span));
            RawKind::Null
        };
        self.add(span, kind, 0);
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let span = self.scalar_span(style, text.is_empty(), span);
        let meaning = self.check_tag(tag, TagTarget::Scalar, span);
        let plain = style == ScalarStyle::Plain && meaning != TagMeaning::Text;
        let nothing = plain && matches!(text, "" | "~") || meaning == TagMeaning::Null;
        let kind = if nothing {
            RawKind::Null
        } else {
            RawKind::Scalar(text.to_owned(), plain)
        };
        self.add(span, kind, anchor);
    }

    /// Narrows a scalar's span to its text: the parser adds a comment after quotes, and what follows to nothing.
    fn scalar_span(&self, style: ScalarStyle, empty: bool, span: Span) -> Span {
        let (slice, start) = (self.slice(span), span.start as usize);
        let length = match style {
            ScalarStyle::Plain if empty && !slice.starts_with(['&', '!']) => 0,
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => slice.len(),
            ScalarStyle::SingleQuoted => quoted_length(slice, b'\''),
            ScalarStyle::DoubleQuoted => quoted_length(slice, b'"'),
        };
        self.places.span(start, start + length)
    }

    fn begin(&mut self, mapping: bool, anchor: usize, tag: Option<&Tag>, span: Span) {
        let shape = if mapping {
            TagTarget::Map
        } else {
            TagTarget::List
        };
        self.check_tag(tag, shape, span);
        let bracket = self
            .slice(span)
            .ends_with(['[', '{'])
            .then(|| self.places.span(span.end as usize - 1, span.end as usize));
        let index = self.add(span, RawKind::Null, anchor);
        self.open.push(Open {
            index,
            bracket,
            anchor,
            children: Vec::new(),
            mapping,
        });
    }

    /// Closes the innermost list or mapping. It spans its brackets or, without them, its content.
    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else { return };
        let first = open.children.first().map(|index| self.values[*index].span);
        let last = open.children.last().map(|index| self.values[*index].span);
        let begun = self.values[open.index].span;
        let start = match (open.bracket, first) {
            (None, Some(first)) if open.mapping => first.start,
            (None, _) if open.anchor == 0 => begun.start,
            (Some(bracket), _) => bracket.start,
            (None, _) => begun.start,
        };
        let end = match open.bracket {
            Some(_) => span.end,
            None => last.map_or(begun.end, |last| last.end),
        };
        let kind = if open.mapping {
            let pairs = open.children.chunks_exact(2);
            RawKind::Map(pairs.map(|pair| (pair[0], pair[1])).collect())
        } else {
            RawKind::List(open.children)
        };
        self.values[open.index] = RawScalar {
            span: self.places.span(start as usize, end as usize),
            kind,
        };
    }

    /// Gives away the document that has ended, unless it holds nothing but comments.
    fn finish(&mut self, take: &mut dyn FnMut(Document, &mut Diagnostics)) {
        self.open.clear();
        self.anchors.clear();
        let values = std::mem::take(&mut self.values);
        let empty = values.first().is_none_or(|root| {
            matches!(root.kind, RawKind::Null) && self.slice(root.span).is_empty()
        });
        if !empty {
            take(Document { values, root: 0 }, self.diagnostics);
        }
    }

    /// Reports what the parser says and returns where.
    fn syntax_fault(&mut self, error: &saphyr_parser::ScanError) -> usize {
        let at = self
            .places
            .byte(self.first_character + error.marker().index());
        let after_tab = error.info().contains("tab") && self.text[..at].ends_with('\t');
        let at = at - usize::from(after_tab);
        let bracket = self.open.iter().rev().find_map(|open| open.bracket);
        let ended = self.text[at..].trim().is_empty()
            || self.text[..at].ends_with('\n') && self.text[at..].starts_with("---");
        let fault = match bracket {
            Some(bracket) if ended => parser_messages::unclosed(bracket, self.slice(bracket)),
            bracket => {
                let fault =
                    parser_messages::syntax(error.info(), self.character(at), self.line(at));
                bracket.into_iter().fold(fault, |fault, bracket| {
                    fault.related(bracket, "this is still open")
                })
            }
        };
        self.diagnostics.push(fault);
        at
    }

    /// Returns the span of the character at a byte; after the content of the file, that of its last character.
    fn character(&self, at: usize) -> Span {
        let content = self.text.trim_end();
        let at = match content.char_indices().next_back() {
            Some((last, _)) if at >= content.len() => last,
            Some(_) | None => at,
        };
        let width = self.text[at..].chars().next().map_or(0, char::len_utf8);
        self.places.span(at, at + width)
    }

    /// Returns the line up to a byte and on to its end.
    fn line(&self, at: usize) -> &'a str {
        let start = self.text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        let end = self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |feed| at + feed);
        &self.text[start..end]
    }

    fn check_tag(&mut self, tag: Option<&Tag>, shape: TagTarget, span: Span) -> TagMeaning {
        let Some(tag) = tag else {
            return TagMeaning::None;
        };
        if let Some(meaning) = meaning(tag, shape) {
            return meaning;
        }
        self.diagnostics.push(unknown(tag, span));
        TagMeaning::None
    }
}

/// Returns where a quoted scalar ends; an anchor or a tag may stand before its quotes.
pub(super) fn quoted_length(slice: &str, quote: u8) -> usize {
    let bytes = slice.as_bytes();
    let opening = bytes.iter().position(|byte| *byte == quote).unwrap_or(0);
    let mut at = opening + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte != quote => {}
            _ if quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            _ => return at + 1,
        }
        at += 1;
    }
    bytes.len()
}
