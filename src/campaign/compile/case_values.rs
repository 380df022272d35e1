//! The values that tests of campaigns name: fields with their values, static lists, activity types.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Span};
use crate::domain::{ActivityTypeId, FieldId, ListId, Value};
use crate::source::{Spanned, name, reader};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::assets;
use super::draft::Draft;

/// Reads one static list or several.
pub(super) fn lists(node: &Node, key: &str, draft: &mut Draft) -> Vec<ListId> {
    texts(node, key, draft)
        .into_iter()
        .filter_map(|list| draft.list(&list.value, list.span))
        .collect()
}

/// Reads one text or several.
pub(super) fn texts(node: &Node, key: &str, draft: &mut Draft) -> Vec<Spanned<String>> {
    let diagnostics = &mut draft.diagnostics;
    let nodes = match &node.kind {
        NodeKind::Scalar { .. } => std::slice::from_ref(node),
        NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Null => {
            reader::list(node, key, diagnostics).unwrap_or_default()
        }
    };
    nodes
        .iter()
        .filter_map(|node| name::name(node, key, diagnostics))
        .collect()
}

/// Reads a field and its value; `NULL` is not a value.
pub(super) fn field(entry: &MapEntry, draft: &mut Draft) -> Option<(FieldId, Option<Value>)> {
    let field = assets::field(&entry.key, entry.key_span, draft)?;
    let text = match &entry.value.kind {
        NodeKind::Null => return Some((field, None)),
        NodeKind::Scalar { text, plain: true } if text.eq_ignore_ascii_case("null") => {
            return Some((field, None));
        }
        NodeKind::Scalar { text, .. } => text,
        NodeKind::List(_) | NodeKind::Map(_) => {
            let message = format!(
                "`{}` is a single value, not {}",
                entry.key,
                entry.value.describe()
            );
            draft
                .diagnostics
                .fault(Code::WrongShape, entry.value.span, message);
            return None;
        }
    };
    let known = draft.workspace.fields.field(field);
    match Value::parse(text, known.field_type, &draft.workspace.zone) {
        Ok(value) => Some((field, Some(value))),
        Err(expected) => {
            let message = format!(
                "`{text}` does not fit `{}`, whose type is {}",
                known.name,
                known.field_type.name()
            );
            let help = format!("write {expected}");
            draft
                .diagnostics
                .fault_with(Code::WrongType, entry.value.span, message, help);
            None
        }
    }
}

pub(super) fn activity(written: &str, span: Span, draft: &mut Draft) -> Option<ActivityTypeId> {
    if let Some(found) = draft.workspace.activities.find(written) {
        return Some(found);
    }
    let known = draft.workspace.activities.iter();
    let help =
        did_you_mean(written, known.map(|(_, known)| known.name.as_ref())).unwrap_or_else(|| {
            "the catalogue names them all: `open_email`, `fill_out_form`, …".to_owned()
        });
    let message = format!("there is no activity type `{written}`");
    draft
        .diagnostics
        .fault_with(Code::UnknownTrigger, span, message, help);
    None
}

/// Reads one activity type or several.
pub(super) fn types(node: &Node, key: &str, draft: &mut Draft) -> Vec<ActivityTypeId> {
    texts(node, key, draft)
        .iter()
        .filter_map(|name| activity(&name.value, name.span, draft))
        .collect()
}
