//! The parts of the protocol's messages that are used: what is read of questions, and what answers are made of.
//!
//! Answers are checked in tests against types that are generated from the protocol's own model.

use serde::{Deserialize, Serialize};

/// A place in a text; columns count UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Position {
    pub(super) line: u32,
    pub(super) character: u32,
}

/// From one place to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Range {
    pub(super) start: Position,
    pub(super) end: Position,
}

/// Names a text.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct TextName {
    pub(super) uri: String,
}

/// A text that is opened.
#[derive(Debug, Deserialize)]
pub(super) struct OpenedText {
    pub(super) uri: String,
    #[serde(default)]
    pub(super) version: i64,
    pub(super) text: String,
}

/// Names a version of a text.
#[derive(Debug, Deserialize)]
pub(super) struct VersionName {
    pub(super) uri: String,
    #[serde(default)]
    pub(super) version: Option<i64>,
}

/// `textDocument/didOpen`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DidOpen {
    pub(super) text_document: OpenedText,
}

/// `textDocument/didChange`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DidChange {
    pub(super) text_document: VersionName,
    pub(super) content_changes: Vec<Change>,
}

/// A new text for a range, or the whole new text.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    pub(super) range: Option<Range>,
    pub(super) text: String,
}

/// `textDocument/didClose`, `didSave` and what else names a text alone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfText {
    pub(super) text_document: TextName,
}

/// A fault as editors show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fault {
    pub(super) range: Range,
    /// 1 is an error, 2 a warning.
    pub(super) severity: u8,
    pub(super) code: &'static str,
    pub(super) source: &'static str,
    pub(super) message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_information: Vec<Related>,
}

/// Another place that matters for a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Related {
    pub(super) location: Location,
    pub(super) message: String,
}

/// A place in some text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Location {
    pub(super) uri: String,
    pub(super) range: Range,
}

/// A new text for a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TextEdit {
    pub(super) range: Range,
    pub(super) new_text: String,
}

/// A question about a place in a text.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AtPlace {
    pub(super) position: Position,
    /// Of `textDocument/rename`.
    #[serde(default)]
    pub(super) new_name: String,
    /// Of `textDocument/references`.
    #[serde(default)]
    pub(super) context: ReferenceContext,
}

/// Which references are wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReferenceContext {
    #[serde(default)]
    pub(super) include_declaration: bool,
}

/// A question about a range of a text.
#[derive(Debug, Deserialize)]
pub(super) struct OfRange {
    pub(super) range: Range,
}

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CompletionItem {
    pub(super) label: String,
    /// What kind of thing, by the number that the protocol has for it.
    pub(super) kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) documentation: Option<String>,
    pub(super) sort_text: String,
    pub(super) filter_text: String,
    pub(super) text_edit: TextEdit,
}
