//! Names in the tests of campaigns.

use crate::source::Campaign;
use crate::yaml::{MapEntry, Node};

use super::filters::kind_of;
use super::walk::Walk;
use super::{Access, NameKind, Part};

/// Notes every name in the tests of a campaign.
pub(super) fn tests<'a>(walk: &mut Walk<'a>, place: usize, campaign: &'a Campaign) {
    walk.campaign = Some(place);
    walk.program = campaign.in_program().map(|program| program.value.as_str());
    walk.part = Part::Whole;
    for case in items(campaign.tests.as_ref()) {
        if let Some(with) = case.get("with") {
            walk.note_values(NameKind::Campaign, with, Access::Reads);
        }
        for entry in items(case.get("people")).iter().flat_map(entries) {
            person(walk, entry);
        }
        for event in items(case.get("events")) {
            self::event(walk, event);
        }
        for expected in items(case.get("expect")) {
            expectation(walk, expected);
        }
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    node.and_then(Node::as_list).unwrap_or_default()
}

fn entries(node: &Node) -> &[MapEntry] {
    node.as_map().unwrap_or_default()
}

fn person(walk: &mut Walk<'_>, entry: &MapEntry) {
    match entry.key.as_str() {
        "lists" => walk.note_values(NameKind::List, &entry.value, Access::Reads),
        "email" | "id" => {}
        field => walk.note(NameKind::Field, field, entry.key_span, Access::Reads),
    }
}

fn event(walk: &mut Walk<'_>, event: &Node) {
    for entry in entries(event) {
        match (entry.key.as_str(), kind_of(&entry.key)) {
            ("type", _) => walk.note_values(NameKind::Activity, &entry.value, Access::Reads),
            ("attributes", _) => self::event(walk, &entry.value),
            (_, Some(kind)) => walk.note_values(kind, &entry.value, Access::Reads),
            (_, None) => {}
        }
    }
}

fn expectation(walk: &mut Walk<'_>, expected: &Node) {
    for entry in entries(expected) {
        let value = &entry.value;
        match entry.key.as_str() {
            "activities" | "not_activities" => {
                walk.note_values(NameKind::Activity, value, Access::Reads);
            }
            "lists" | "not_lists" => walk.note_values(NameKind::List, value, Access::Reads),
            "fields" => {
                for field in entries(value) {
                    walk.note(NameKind::Field, &field.key, field.key_span, Access::Reads);
                }
            }
            "statuses" => {
                for program in entries(value) {
                    let span = program.key_span;
                    walk.note(NameKind::Program, &program.key, span, Access::Reads);
                    walk.note_values(NameKind::Status, &program.value, Access::Reads);
                }
            }
            "mails" => {
                for mail in items(Some(value)) {
                    let name = mail.get("email").unwrap_or(mail);
                    walk.note_values(NameKind::Email, name, Access::Reads);
                }
            }
            _ => {}
        }
    }
}
