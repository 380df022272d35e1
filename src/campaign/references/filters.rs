//! Names in triggers, filters and the conditions of choices.

use crate::diagnostic::Span;
use crate::domain::ActivityType;
use crate::yaml::{Node, NodeKind};

use super::walk::Walk;
use super::{Access, NameKind};

/// Notes the names in a filter, the condition of a choice, or a trigger.
pub(super) fn filter(walk: &mut Walk<'_>, node: &Node) {
    match &node.kind {
        NodeKind::Scalar { text, .. } => entry(walk, text, node.span, None),
        NodeKind::Map(entries) => {
            for one in entries {
                entry(walk, &one.key, one.key_span, Some(&one.value));
            }
        }
        NodeKind::List(filters) => filters.iter().for_each(|one| filter(walk, one)),
        NodeKind::Null => {}
    }
}

fn entry(walk: &mut Walk<'_>, key: &str, span: Span, value: Option<&Node>) {
    match key {
        "all" | "any" => {
            if let Some(filters) = value {
                filter(walk, filters);
            }
            return;
        }
        "random_sample" => return,
        "program_status" => {
            if let Some(program) = walk.program {
                walk.note(NameKind::Program, program, span, Access::Reads);
            }
        }
        _ => {}
    }
    match (named_by_filter(key), value) {
        (Some(kind), Some(value)) => {
            walk.note_values(kind, value, Access::Reads);
            if let Some(status) = value.get("status").filter(|_| kind == NameKind::Program) {
                walk.note_values(NameKind::Status, status, Access::Reads);
            }
        }
        (Some(_), None) => {}
        (None, _) => field_or_activity(walk, key, span, value),
    }
}

fn field_or_activity(walk: &mut Walk<'_>, key: &str, span: Span, value: Option<&Node>) {
    let workspace = walk.workspace;
    let activity = key.strip_prefix("not_").unwrap_or(key);
    match (
        workspace.fields.find(key),
        workspace.activities.find(activity),
    ) {
        (None, Some(id)) => {
            walk.note(NameKind::Activity, activity, span, Access::Reads);
            if let Some(value) = value {
                constraints(walk, workspace.activities.get(id), value);
            }
        }
        (Some(_) | None, _) => walk.note(NameKind::Field, key, span, Access::Reads),
    }
}

/// Notes the names in the constraints of an activity; a bare value is one on its primary attribute.
fn constraints(walk: &mut Walk<'_>, activity: &ActivityType, value: &Node) {
    if let NodeKind::Map(constraints) = &value.kind {
        for constraint in constraints {
            if let Some(attribute) = activity.attribute(&constraint.key)
                && let Some(kind) = kind_of(&attribute.key)
            {
                walk.note_values(kind, &constraint.value, Access::Reads);
            }
        }
    } else if let Some(kind) = activity.primary.as_ref().and_then(|p| kind_of(&p.key)) {
        walk.note_values(kind, value, Access::Reads);
    }
}

/// Returns what the values of a filter on a membership name.
pub(super) fn named_by_filter(filter: &str) -> Option<NameKind> {
    match filter {
        "member_of_list" => Some(NameKind::List),
        "member_of_smart_list" => Some(NameKind::SmartList),
        "member_of_smart_campaign" => Some(NameKind::Campaign),
        "member_of_program" => Some(NameKind::Program),
        "program_status" => Some(NameKind::Status),
        _ => None,
    }
}

/// Returns what the values of an attribute, or of a step's parameter, name.
pub(super) fn kind_of(key: &str) -> Option<NameKind> {
    match key {
        "field" => Some(NameKind::Field),
        "list" => Some(NameKind::List),
        "program" => Some(NameKind::Program),
        "email" => Some(NameKind::Email),
        "campaign" => Some(NameKind::Campaign),
        "status" | "new_status" | "old_status" | "previous_status" => Some(NameKind::Status),
        "webhook" => Some(NameKind::Webhook),
        _ => None,
    }
}
