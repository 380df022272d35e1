//! Names in `workspace.yaml` and `program.yaml`: what they define, and what emails, webhooks and smart lists use.

use crate::source::workspace::Workspace as Written;
use crate::yaml::{MapEntry, Node};

use super::filters::filter;
use super::walk::Walk;
use super::{Access, NameKind, Part};

/// Notes every name in `workspace.yaml`.
pub(super) fn workspace(walk: &mut Walk<'_>) {
    let loaded = walk.loaded;
    let Some(file) = &loaded.workspace else {
        return;
    };
    walk.part = Part::Shared("workspace".to_owned());
    for (section, kind) in [
        ("fields", NameKind::Field),
        ("emails", NameKind::Email),
        ("programs", NameKind::Program),
        ("smart_lists", NameKind::SmartList),
        ("activities", NameKind::Activity),
        ("webhooks", NameKind::Webhook),
    ] {
        for entry in entries(file, section) {
            walk.note(kind, &entry.key, entry.key_span, Access::Defines);
        }
    }
    let lists = file.node.get("lists").and_then(Node::as_list);
    for list in lists.unwrap_or_default() {
        walk.note_values(NameKind::List, list, Access::Defines);
    }
    for channel in entries(file, "channels") {
        statuses(walk, channel.value.get("statuses"));
    }
    for email in entries(file, "emails") {
        walk.part = Part::Shared(format!("email {}", email.key));
        walk.note_tokens(&email.value);
    }
    for list in entries(file, "smart_lists") {
        let filters = list.value.get("filters").and_then(Node::as_list);
        for (index, one) in filters.unwrap_or_default().iter().enumerate() {
            walk.part = Part::Shared(format!("smart list {}, filter {}", list.key, index + 1));
            filter(walk, one);
        }
    }
    if let Some(never) = file.node.get("guard").and_then(|guard| guard.get("never")) {
        walk.part = Part::Shared("guard".to_owned());
        filter(walk, never);
    }
    for webhook in entries(file, "webhooks") {
        walk.part = Part::Shared(format!("webhook {}", webhook.key));
        walk.note_tokens(&webhook.value);
        let map = webhook.value.get("map").and_then(Node::as_map);
        for field in map.unwrap_or_default() {
            walk.note(NameKind::Field, &field.key, field.key_span, Access::Writes);
        }
    }
}

/// Notes the programs that folders are, and their statuses.
pub(super) fn programs(walk: &mut Walk<'_>) {
    let loaded = walk.loaded;
    for program in &loaded.programs {
        let name = &program.name;
        walk.part = Part::Shared(format!("program {}", name.value));
        walk.note(NameKind::Program, &name.value, name.span, Access::Defines);
        statuses(walk, program.statuses.as_ref());
    }
}

fn entries<'a>(file: &'a Written, section: &str) -> &'a [MapEntry] {
    let section = file.node.get(section);
    section.and_then(Node::as_map).unwrap_or_default()
}

fn statuses(walk: &mut Walk<'_>, statuses: Option<&Node>) {
    for status in statuses.and_then(Node::as_list).unwrap_or_default() {
        let name = status.get("name").unwrap_or(status);
        if let Some(text) = name.as_scalar() {
            walk.note(NameKind::Status, text, name.span, Access::Defines);
        }
    }
}
