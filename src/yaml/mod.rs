//! YAML as a tree with positions: the only user of the YAML parser.
//!
//! A scalar keeps its text as written; its type is decided by its place (see `source`). Aliases and `<<` are
//! resolved here, within a budget. Faults of syntax, duplicate keys and limits are reported here, all in one pass.
//! `source` and the compilers of campaigns and filters read the nodes; [`canonical()`] writes them again. [`laid_out`] lays out
//! a text with its comments. [`text_map()`] reads small files in which places do not matter, and [`written_entry`] writes a
//! filter that a command makes. [`written()`] writes whole values.

mod canonical;
mod decode;
mod document;
mod expand;
mod layout;
mod parser_messages;
mod places;
mod raw;
mod tag;
mod text_map;
mod written;

use crate::diagnostic::visible::visible;
use crate::diagnostic::{Diagnostics, FileId, Span};

pub(crate) use canonical::canonical;
pub(crate) use decode::decode;
pub(crate) use layout::{Unsupported, laid_out};
pub(crate) use text_map::{text_map, written_entry};
pub(crate) use written::written;

/// The largest file that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 4 * 1024 * 1024;
/// How deep lists and mappings may nest, aliases included.
pub(crate) const MAX_DEPTH: usize = 64;
/// How many values a file may hold, each alias counted as all that it stands for.
pub(crate) const MAX_NODES: usize = 100_000;

/// One value of a document and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Where it stands; a value that an alias brings stands at its anchor.
    pub(crate) span: Span,
    /// The value: nothing, a text, a list or a mapping.
    pub(crate) kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// Nothing after the key, or `~`.
    ///
    /// A plain `null` or `NULL` is a scalar, since it is a value of its own in `value: NULL`.
    Null,
    /// A single value: its text, and whether it was written plain, without quotes or block style.
    Scalar {
        /// The text, unescaped.
        text: String,
        /// Not quoted, so that `[`, `null` and numbers could have had a meaning.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order written.
    Map(Vec<MapEntry>),
}

/// A key of a mapping and what stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MapEntry {
    /// The key's text.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) key_span: Span,
    /// What stands after it; nothing stands where its key does.
    pub(crate) value: Node,
}

impl Node {
    /// Returns the entries of a mapping.
    pub(crate) fn as_map(&self) -> Option<&[MapEntry]> {
        match &self.kind {
            NodeKind::Map(entries) => Some(entries),
            NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) => None,
        }
    }

    /// Returns the items of a list.
    pub(crate) fn as_list(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::List(items) => Some(items),
            NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::Map(_) => None,
        }
    }

    /// Returns the text of a single value.
    pub(crate) fn as_scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// Returns what stands after a key of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns a key of a mapping and what stands after it.
    pub(crate) fn entry(&self, key: &str) -> Option<&MapEntry> {
        self.as_map()?.iter().find(|entry| entry.key == key)
    }

    /// Returns whether nothing stands here, or `~`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// Says what stands here, for messages: "nothing", "a list", "a mapping", or a short form of the text in backticks.
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            NodeKind::Null => "nothing".to_owned(),
            NodeKind::Scalar { text, .. } => format!("`{}`", shortened(text)),
            NodeKind::List(_) => "a list".to_owned(),
            NodeKind::Map(_) => "a mapping".to_owned(),
        }
    }
}

/// Returns the first line of a text, at most 40 characters of it, with `…` for what is left out.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    let cut = if short.len() < text.trim_end().len() {
        "…"
    } else {
        ""
    };
    format!("{}{cut}", visible(&short))
}

/// Reads every document of a file. Faults go to `diagnostics`; documents that could be read are returned.
///
/// Documents that hold nothing but comments are left out. After a fault of syntax reading goes on at the next `---`.
/// A byte-order mark is skipped; spans are byte ranges of `text` as given.
pub(crate) fn parse(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Vec<Node> {
    document::read_all(file, text, diagnostics)
}

#[cfg(test)]
mod tests;
