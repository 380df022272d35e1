//! Answers to questions about a place in a text: from the protocol to `app::editor` and back.

use lsp_server::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use std::collections::BTreeMap;
use std::path::Path;

use crate::app::editor::Snapshot;
use crate::app::editor::complete::CompletionKind;
use crate::app::editor::rename::{Edit, bytes};
use crate::app::reexports::FileRole;
use crate::diagnostic::{FileId, Span};

use super::positions::Lines;
use super::protocol::{CompletionItem, Location, Position, Range, TextEdit};
use super::publish;
use super::refusal::Refusal;

/// Every question about a text that is answered.
pub(super) const METHODS: [&str; 7] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/codeAction",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/prepareRename",
    "textDocument/rename",
];

/// What a question is about, and how files are named.
pub(super) struct Asked<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Where names are taken from: the same, or what it was before a file was half written.
    pub(super) names: &'a Snapshot,
    /// The text.
    pub(super) file: FileId,
    /// What the text is for.
    pub(super) role: FileRole,
    /// Names a file as the editor does.
    pub(super) uri: Box<dyn Fn(&Path) -> String + 'a>,
}

/// What is shown of a place.
pub(super) struct HoverAnswer {
    text: String,
    range: Range,
    /// The filter that stands there.
    pub(super) filter: Option<String>,
}

impl HoverAnswer {
    /// Adds a paragraph.
    pub(super) fn add(&mut self, text: &str) {
        self.text.push_str("\n\n");
        self.text.push_str(text);
    }

    /// Returns it as the protocol has it.
    pub(super) fn value(&self) -> Value {
        let contents = json!({ "kind": "markdown", "value": self.text });
        json!({ "contents": contents, "range": self.range })
    }
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
        let mut files: BTreeMap<FileId, (String, Lines<'_>)> = BTreeMap::new();
        let locations = spans.iter().map(|span| {
            let (uri, lines) = files.entry(span.file).or_insert_with(|| {
                let path = self.snapshot.sources().path(span.file);
                ((self.uri)(path), Lines::of(self.snapshot.text(span.file)))
            });
            Location {
                uri: uri.clone(),
                range: lines.range(bytes(*span)),
            }
        });
        json!(locations.collect::<Vec<Location>>())
    }

    /// Answers what is known of a place.
    pub(super) fn hover(&self, at: Position) -> Option<HoverAnswer> {
        let hover = self.snapshot.hover(self.file, self.role, self.byte(at))?;
        Some(HoverAnswer {
            text: hover.text,
            range: Lines::of(self.snapshot.text(self.file)).range(hover.bytes),
            filter: hover.filter,
        })
    }

    /// Answers what may be written at a place.
    pub(super) fn completions(&self, at: Position) -> Value {
        let text = self.snapshot.text(self.file);
        let lines = Lines::of(text);
        let found = self.names.completions(text, self.role, lines.byte(at));
        let items = found.into_iter().zip(0..).map(|(found, place)| {
            let edit = TextEdit {
                range: lines.range(found.bytes),
                new_text: found.text,
            };
            CompletionItem {
                kind: match found.kind {
                    CompletionKind::Key => 10,
                    CompletionKind::Value => 12,
                    CompletionKind::Name => 18,
                    CompletionKind::Token => 6,
                },
                filter_text: found.label.clone(),
                label: found.label,
                sort_text: format!("{place:05}"),
                documentation: found.about,
                text_edit: edit,
            }
        });
        let items: Vec<CompletionItem> = items.collect();
        json!({ "isIncomplete": false, "items": items })
    }

    /// Answers what mends the faults in a range.
    pub(super) fn code_actions(&self, range: Range) -> Value {
        let bytes = self.byte(range.start)..self.byte(range.end);
        let fixes = self.snapshot.fixes(self.file, bytes).into_iter();
        let actions = fixes.map(|fix| {
            let fault = publish::fault(self.snapshot, fix.fault, &self.uri);
            json!({
                "title": fix.title,
                "kind": "quickfix",
                "diagnostics": [fault],
                "isPreferred": fix.is_only,
                "edit": self.changes(&[fix.edit]),
            })
        });
        Value::Array(actions.collect())
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
