//! Writes a tree in canonical layout, with each comment at its place.
//!
//! Comments are taken in order: those on lines of their own before the key, item or marker that follows them, or at the
//! end of the list or mapping that they are indented with; those behind something at the end of its line.

use std::ops::Range;

use super::Unsupported;
use super::gaps::{Comment, blank_before, column};
use super::scalar::{self, Around};
use super::tree::{Brackets, Document, Entry, Item, Kind, Text, Value};

/// How long a line may become where values between brackets are brought together from several lines.
const WIDTH: usize = 100;
/// How much deeper lists and mappings stand than what they belong to.
const STEP: usize = 2;

/// Returns the text of a tree. Shapes that are not laid out are refused.
pub(super) fn print(text: &str, source: &Text) -> Result<String, Unsupported> {
    let mut printer = Printer {
        text,
        comments: &source.gaps.comments,
        next: 0,
        out: String::with_capacity(text.len() + 64),
        fresh: true,
        end_kept: false,
    };
    let mut directives = source.gaps.directives.iter().peekable();
    for (index, document) in source.documents.iter().enumerate() {
        let mut directed = false;
        let begin = document.marker.unwrap_or(document.root.place.start);
        while let Some(line) = directives.next_if(|line| line.start < begin) {
            printer.comments_before(line.start, 0);
            printer.out.push_str(text[line.clone()].trim_end());
            printer.out.push('\n');
            directed = true;
        }
        printer.document(document, index > 0 || directed)?;
    }
    printer.comments_before(text.len() + 1, 0);
    Ok(printer.out)
}

/// A text being written.
pub(super) struct Printer<'a> {
    pub(super) text: &'a str,
    comments: &'a [Comment],
    /// The first comment that is not written yet.
    next: usize,
    out: String,
    /// Nothing stands yet in the document, list or mapping that was begun last.
    fresh: bool,
    /// The value before keeps the empty lines at its end.
    end_kept: bool,
}

/// Where in the new text a value is written, and which place of the old text follows it.
#[derive(Clone, Copy)]
struct Position {
    /// The column of the key or dash that it belongs to.
    indent: usize,
    /// Where that key or dash ends in the old text.
    after: usize,
    /// Where the next key, item or document begins in the old text.
    limit: usize,
}

/// Whether the first entry is written into the line that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    OpenLine,
    OwnLine,
}

impl Printer<'_> {
    fn document(&mut self, document: &Document, marked: bool) -> Result<(), Unsupported> {
        if let Some(marker) = document.marker {
            self.comments_before(marker, 0);
        }
        if marked {
            self.out.push_str("---");
            self.end_line(document.marker.map_or(usize::MAX, |marker| marker + 3));
            self.fresh = true;
        }
        let root = &document.root;
        let position = Position {
            indent: 0,
            after: root.place.start,
            limit: document.end,
        };
        let block = self.is_block(root, 0);
        if !root.properties.is_empty() && block {
            self.comments_before(root.place.start, 0);
            let after = self.properties(&root.properties);
            self.end_line(after.unwrap_or(root.place.start));
        }
        match &root.kind {
            Kind::Nothing if root.properties.is_empty() => {}
            Kind::List(..) | Kind::Map(..) if block => {
                self.collection(root, position, 0, First::OwnLine)?;
            }
            Kind::Nothing
            | Kind::Alias
            | Kind::Scalar(..)
            | Kind::Block(..)
            | Kind::List(..)
            | Kind::Map(..) => {
                self.comments_before(root.place.start, 0);
                self.single(root, position)?;
            }
        }
        self.comments_before(document.end, 0);
        Ok(())
    }

    /// Writes every comment that stands before a place, each on a line of its own.
    fn comments_before(&mut self, place: usize, indent: usize) {
        while let Some(comment) = self.comments.get(self.next) {
            if comment.start >= place {
                break;
            }
            self.comment_line(comment.start, indent);
        }
    }

    /// Writes the next comment on a line of its own.
    fn comment_line(&mut self, start: usize, indent: usize) {
        self.empty_line(start);
        self.indent(indent);
        let comment = &self.comments[self.next];
        self.out.push_str(&comment.text);
        self.out.push('\n');
        self.next += 1;
    }

    /// Writes the comments at the end of a list or mapping that are indented with it.
    fn comments_at_end(&mut self, own_column: usize, limit: usize, indent: usize) {
        let outer = (limit < self.text.len()).then(|| column(self.text, limit));
        while let Some(comment) = self.comments.get(self.next) {
            let inside =
                comment.column >= own_column && outer.is_none_or(|outer| comment.column > outer);
            if comment.start >= limit || !comment.own_line || !inside {
                break;
            }
            self.comment_line(comment.start, indent);
        }
    }

    /// Ends a line, with the comment that stands behind a place in the old one.
    fn end_line(&mut self, after: usize) {
        if let Some(comment) = self.comments.get(self.next)
            && !comment.own_line
            && comment.start >= after
            && !self.text[after..comment.start].contains('\n')
        {
            self.out.push(' ');
            self.out.push_str(&comment.text);
            self.next += 1;
        }
        self.out.push('\n');
    }

    /// Writes the empty line that stands before a place, unless something begins here.
    fn empty_line(&mut self, place: usize) {
        let kept = std::mem::take(&mut self.end_kept);
        if !std::mem::take(&mut self.fresh) && !kept && blank_before(self.text, place) {
            self.out.push('\n');
        }
    }

    fn indent(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    /// Returns whether a comment comes before a place.
    fn comment_before(&self, place: usize) -> bool {
        let next = self.comments.get(self.next);
        next.is_some_and(|comment| comment.start < place)
    }

    /// Writes an anchor and a tag, and returns where they end in the old text.
    fn properties(&mut self, properties: &[Range<usize>]) -> Option<usize> {
        for (index, property) in properties.iter().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            self.out.push_str(&self.text[property.clone()]);
        }
        properties.last().map(|last| last.end)
    }

    /// Returns whether a value is written as lines below its key or dash.
    fn is_block(&self, value: &Value, begins: usize) -> bool {
        let (empty, brackets) = match &value.kind {
            Kind::List(items, brackets) => (items.is_empty(), brackets),
            Kind::Map(entries, brackets) => (entries.is_empty(), brackets),
            Kind::Nothing | Kind::Alias | Kind::Scalar(..) | Kind::Block(..) => return false,
        };
        let Some(brackets) = brackets else {
            return !empty;
        };
        let within = brackets.open..brackets.end;
        let several_lines = self.text[within.clone()].contains('\n');
        if empty || !several_lines {
            return false;
        }
        let commented = self.comments.iter().any(|c| within.contains(&c.start));
        let one_line = self.brackets(value);
        commented || one_line.is_none_or(|line| begins + line.chars().count() > WIDTH)
    }

    /// Writes what follows a key or a dash, up to the end of the line or of the lines below it.
    fn value(&mut self, value: &Value, position: Position) -> Result<(), Unsupported> {
        let begins = self.open_line() + 1;
        if self.is_block(value, begins) {
            return self.below(value, position);
        }
        if matches!(value.kind, Kind::Nothing) && value.properties.is_empty() {
            self.end_line(position.after);
            return Ok(());
        }
        if self.comment_before(value.place.start) {
            // A comment between a key and its value keeps its place.
            self.end_line(position.after);
            self.fresh = true;
            self.comments_before(value.place.start, position.indent + STEP);
            self.indent(position.indent + STEP);
        } else {
            self.out.push(' ');
        }
        self.single(value, position)
    }

    /// Returns how long the line is that is open.
    fn open_line(&self) -> usize {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        line.chars().count()
    }

    /// Writes a list or mapping below its key or dash; that of a dash begins in its line.
    fn below(&mut self, value: &Value, position: Position) -> Result<(), Unsupported> {
        let mut after = position.after;
        let indent = position.indent + STEP;
        let dash = self.out.ends_with('-');
        if !value.properties.is_empty() {
            self.out.push(' ');
            after = self.properties(&value.properties).unwrap_or(after);
        } else if dash && !self.comment_before(first_place(value)) {
            self.out.push(' ');
            self.fresh = false;
            return self.collection(value, position, indent, First::OpenLine);
        }
        if let Some(brackets) = brackets_of(value) {
            after = brackets.open + 1;
        }
        if self.comment_before(first_place(value)) {
            self.end_line(after);
        } else {
            self.out.push('\n');
        }
        self.fresh = true;
        self.collection(value, position, indent, First::OwnLine)
    }

    /// Writes the items of a list or the entries of a mapping.
    fn collection(
        &mut self,
        value: &Value,
        position: Position,
        indent: usize,
        first: First,
    ) -> Result<(), Unsupported> {
        let brackets = brackets_of(value);
        let limit = brackets.map_or(position.limit, |brackets| brackets.end);
        match &value.kind {
            Kind::List(items, _) => self.items(items, indent, limit, first)?,
            Kind::Map(entries, _) => self.entries(entries, indent, limit, first)?,
            Kind::Nothing | Kind::Alias | Kind::Scalar(..) | Kind::Block(..) => {
                return Err(Unsupported);
            }
        }
        if let Some(brackets) = brackets {
            self.comments_before(brackets.end, indent);
            self.comment_behind(brackets.end, indent);
        } else {
            let own_column = column(self.text, first_place(value));
            self.comments_at_end(own_column, position.limit, indent);
        }
        Ok(())
    }

    /// Writes the comment behind brackets that are no more, on a line of its own.
    fn comment_behind(&mut self, after: usize, indent: usize) {
        if let Some(comment) = self.comments.get(self.next)
            && !comment.own_line
            && !self.text[after..comment.start].contains('\n')
        {
            self.indent(indent);
            self.out.push_str(&comment.text);
            self.out.push('\n');
            self.next += 1;
        }
    }

    fn items(
        &mut self,
        items: &[Item],
        indent: usize,
        limit: usize,
        first: First,
    ) -> Result<(), Unsupported> {
        for (index, item) in items.iter().enumerate() {
            self.begin(item.start, indent, index, first);
            self.out.push('-');
            let dashed =
                self.text[item.start..].starts_with('-') && item.start < item.value.place.start;
            let position = Position {
                indent,
                after: if dashed { item.start + 1 } else { item.start },
                limit: items.get(index + 1).map_or(limit, |next| next.start),
            };
            self.value(&item.value, position)?;
        }
        Ok(())
    }

    fn entries(
        &mut self,
        entries: &[Entry],
        indent: usize,
        limit: usize,
        first: First,
    ) -> Result<(), Unsupported> {
        for (index, entry) in entries.iter().enumerate() {
            let start = entry.key.place.start;
            self.begin(start, indent, index, first);
            let key = self.key(&entry.key, Around::Block)?;
            self.out.push_str(&key);
            self.out.push(':');
            let next = entries.get(index + 1);
            let position = Position {
                indent,
                after: entry.key.place.end,
                limit: next.map_or(limit, |next| next.key.place.start),
            };
            self.value(&entry.value, position)?;
        }
        Ok(())
    }

    /// Begins an item or entry: with the comments before it, on a line of its own unless one is open for it.
    fn begin(&mut self, start: usize, indent: usize, index: usize, first: First) {
        if index > 0 || first == First::OwnLine {
            self.comments_before(start, indent);
            self.empty_line(start);
            self.indent(indent);
        }
        self.fresh = false;
    }

    /// Returns a key as it is written, without the colon.
    pub(super) fn key(&self, key: &Value, around: Around) -> Result<String, Unsupported> {
        match &key.kind {
            Kind::Scalar(..) | Kind::Alias => {
                let written = self.brackets_value(key, around).ok_or(Unsupported)?;
                let alias = matches!(key.kind, Kind::Alias);
                Ok(if alias { written + " " } else { written })
            }
            Kind::Nothing | Kind::Block(..) | Kind::List(..) | Kind::Map(..) => Err(Unsupported),
        }
    }

    /// Writes a value that begins in the line that is open, and ends its last line.
    fn single(&mut self, value: &Value, position: Position) -> Result<(), Unsupported> {
        let after = self.properties(&value.properties);
        if after.is_some() && !matches!(value.kind, Kind::Nothing) {
            self.out.push(' ');
        }
        match &value.kind {
            Kind::Nothing => self.end_line(after.unwrap_or(position.after)),
            Kind::Scalar(_, _, written) if self.text[written.clone()].contains('\n') => {
                for (index, line) in scalar::lines(&self.text[written.clone()])
                    .iter()
                    .enumerate()
                {
                    if index > 0 {
                        self.out.push('\n');
                        if !line.is_empty() {
                            self.indent(position.indent + STEP);
                        }
                    }
                    self.out.push_str(line);
                }
                self.end_line(written.end);
            }
            Kind::Block(text, header, end) => self.block(text, header, *end, position.indent),
            Kind::Alias | Kind::Scalar(..) | Kind::List(..) | Kind::Map(..) => {
                let written = self
                    .without_properties(value, Around::Block)
                    .ok_or(Unsupported)?;
                self.out.push_str(&written);
                self.end_line(value.place.end);
            }
        }
        Ok(())
    }

    fn block(&mut self, text: &str, header: &Range<usize>, end: usize, indent: usize) {
        let block = scalar::block(self.text, text, header, end);
        self.out.push_str(&block.header);
        self.end_line(header.end);
        for line in &block.lines {
            if !line.is_empty() {
                self.indent(indent + STEP);
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.end_kept = block.keeps_end;
    }
}

/// Returns where the first item or key of a list or mapping begins.
fn first_place(value: &Value) -> usize {
    let first = match &value.kind {
        Kind::List(items, _) => items.first().map(|item| item.start),
        Kind::Map(entries, _) => entries.first().map(|entry| entry.key.place.start),
        Kind::Nothing | Kind::Alias | Kind::Scalar(..) | Kind::Block(..) => None,
    };
    first.unwrap_or(value.place.start)
}

/// Returns the brackets that a list or mapping was written with.
fn brackets_of(value: &Value) -> Option<Brackets> {
    match &value.kind {
        Kind::List(_, brackets) | Kind::Map(_, brackets) => *brackets,
        Kind::Nothing | Kind::Alias | Kind::Scalar(..) | Kind::Block(..) => None,
    }
}
