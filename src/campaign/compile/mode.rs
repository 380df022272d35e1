//! Derives the mode of a campaign, and checks which keys the mode allows.

use crate::diagnostic::{Code, Span};
use crate::domain::Mode;
use crate::source::Campaign;

use super::draft::Draft;

/// Reads the mode from the smart list.
pub(super) fn of(source: &Campaign) -> Mode {
    let triggers = source
        .smart_list
        .as_ref()
        .is_some_and(|list| !list.triggers.is_empty());
    if source.executable.is_some_and(|flag| flag.value) {
        Mode::Executable
    } else if triggers {
        Mode::Triggered
    } else {
        Mode::Batch
    }
}

/// Reports keys that a campaign of this mode must not have.
pub(super) fn check(source: &Campaign, mode: Mode, draft: &mut Draft) {
    let schedule = source.schedule.as_ref().map(|entry| entry.key_span);
    let max_people = source.max_people.map(|number| number.span);
    let guard = source.guard.as_ref().map(|entry| entry.key_span);
    let active = source.active.map(|flag| flag.span);
    let priority = source.priority.as_ref().map(|text| text.span);
    match mode {
        Mode::Batch => {
            has_smart_list(source, draft);
            trigger_only("active", active, draft);
            trigger_only("priority", priority, draft);
        }
        Mode::Triggered => {
            batch_only("schedule", schedule, draft);
            batch_only("max_people", max_people, draft);
            batch_only("guard", guard, draft);
        }
        Mode::Executable => {
            let triggers = source
                .smart_list
                .as_ref()
                .and_then(|list| list.triggers.first());
            not_in_executable("a trigger", triggers.map(|node| node.span), draft);
            not_in_executable("`schedule`", schedule, draft);
            not_in_executable("`max_people`", max_people, draft);
            not_in_executable("`guard`", guard, draft);
            not_in_executable("`active`", active, draft);
            not_in_executable("`priority`", priority, draft);
        }
    }
}

fn has_smart_list(source: &Campaign, draft: &mut Draft) {
    let list = source.smart_list.as_ref();
    if source.smart_list_unread || list.is_some_and(|list| !list.filters.is_empty()) {
        return;
    }
    let span = list.map_or(source.name.span, |list| list.span);
    draft.diagnostics.fault_with(
        Code::NoSmartList,
        span,
        format!("`{}` has neither a trigger nor a filter", source.name.value),
        "for everyone, write the filter `member_of_smart_list: All People`",
    );
}

fn trigger_only(key: &str, span: Option<Span>, draft: &mut Draft) {
    if let Some(span) = span {
        let message = format!("`{key}` belongs to trigger campaigns, and this is a batch campaign");
        let help = "take it out, or give the smart list a trigger";
        draft
            .diagnostics
            .fault_with(Code::TriggerOnly, span, message, help);
    }
}

fn batch_only(key: &str, span: Option<Span>, draft: &mut Draft) {
    if let Some(span) = span {
        let message = format!(
            "`{key}` belongs to batch campaigns, and a trigger makes this a trigger campaign"
        );
        let help = format!("take `{key}` or the triggers out");
        draft
            .diagnostics
            .fault_with(Code::BatchOnly, span, message, help);
    }
}

fn not_in_executable(what: &str, span: Option<Span>, draft: &mut Draft) {
    if let Some(span) = span {
        let message = format!("an executable campaign cannot have {what}");
        let help = "take it out, or take `executable: true` out";
        draft
            .diagnostics
            .fault_with(Code::NotInExecutable, span, message, help);
    }
}
