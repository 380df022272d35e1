//! Answers to questions about a place in a text: from the protocol to `app::editor` and back.

use lsp_server::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use std::collections::BTreeMap;
use std::path::Path;

use crate::app::editor::Snapshot;
use crate::app::editor::rename::{Edit, bytes};
use crate::diagnostic::{FileId, Span};

use super::positions::Lines;
use super::protocol::{Location, Position, Range, TextEdit};
use super::refusal::Refusal;

/// Every question about a text that is answered.
pub(super) const METHODS: [&str; 4] = [
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/rename",
];

/// What a question is about, and how files are named.
pub(super) struct Asked<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// The text.
    pub(super) file: FileId,
    /// Names a file as the editor does.
    pub(super) uri: &'a dyn Fn(&Path) -> String,
}

/// Reads the parameters of a question.
pub(super) fn read<T: DeserializeOwned>(params: &Value) -> Result<T, Refusal> {
    T::deserialize(params)
        .map_err(|error| Refusal::new(ErrorCode::InvalidParams, error.to_string()))
}

impl Asked<'_> {
    pub(super) fn byte(&self, position: Position) -> usize {
        Lines::of(self.snapshot.text(self.file)).byte(position)
    }

    pub(super) fn range(&self, span: Span) -> Range {
        Lines::of(self.snapshot.text(span.file)).range(bytes(span))
    }

    fn locations(&self, spans: &[Span]) -> Value {
        let locations = spans.iter().map(|span| Location {
            uri: (self.uri)(self.snapshot.sources().path(span.file)),
            range: self.range(*span),
        });
        json!(locations.collect::<Vec<Location>>())
    }

    /// Answers where a name is defined.
    pub(super) fn definition(&self, at: Position) -> Value {
        self.locations(&self.snapshot.definitions(self.file, self.byte(at)))
    }

    /// Answers where a name is used.
    pub(super) fn references(&self, at: Position, with_definitions: bool) -> Value {
        let byte = self.byte(at);
        self.locations(&self.snapshot.uses(self.file, byte, with_definitions))
    }

    /// Answers whether a name can become another.
    pub(super) fn prepare_rename(&self, at: Position) -> Result<Value, Refusal> {
        let found = self.snapshot.renamed_at(self.file, self.byte(at));
        let (span, name) = found.map_err(|why| Refusal::new(ErrorCode::RequestFailed, why))?;
        Ok(json!({ "range": self.range(span), "placeholder": name }))
    }

    /// Answers what is to be written where for a name to become another.
    pub(super) fn rename(&self, at: Position, new: &str) -> Result<Value, Refusal> {
        let edits = self.snapshot.rename(self.file, self.byte(at), new);
        let edits = edits.map_err(|why| Refusal::new(ErrorCode::RequestFailed, why))?;
        Ok(self.changes(&edits))
    }

    /// Returns edits by file.
    pub(super) fn changes(&self, edits: &[Edit]) -> Value {
        let mut changes: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
        for Edit { span, text } in edits {
            let uri = (self.uri)(self.snapshot.sources().path(span.file));
            changes.entry(uri).or_default().push(TextEdit {
                range: self.range(*span),
                new_text: text.clone(),
            });
        }
        json!({ "changes": changes })
    }
}
