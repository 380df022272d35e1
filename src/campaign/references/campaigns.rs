//! Names in campaigns: their smart lists and the steps of their flows.

use crate::source::{Campaign, campaign::Step};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::filters::{filter, kind_of};
use super::walk::Walk;
use super::{Access, NameKind, Part};

/// Notes every name in a campaign.
pub(super) fn campaign<'a>(walk: &mut Walk<'a>, place: usize, campaign: &'a Campaign) {
    walk.campaign = Some(place);
    walk.program = campaign.in_program().map(|program| program.value.as_str());
    walk.part = Part::Whole;
    let name = &campaign.name;
    walk.note(NameKind::Campaign, &name.value, name.span, Access::Defines);
    if let Some(program) = &campaign.program {
        walk.note(
            NameKind::Program,
            &program.value,
            program.span,
            Access::Reads,
        );
    }
    if let Some(list) = &campaign.smart_list {
        for (index, trigger) in list.triggers.iter().enumerate() {
            walk.part = Part::Trigger(index + 1);
            filter(walk, trigger);
        }
        for (index, one) in list.filters.iter().enumerate() {
            walk.part = Part::Filter(index + 1);
            filter(walk, one);
        }
    }
    let steps = campaign.flow.iter().flat_map(|flow| &flow.steps);
    for (index, one) in steps.enumerate() {
        walk.part = Part::Step(index + 1);
        step(walk, one);
    }
    if let Some(never) = (campaign.guard.as_ref()).and_then(|guard| guard.value.get("never")) {
        walk.part = Part::Guard;
        filter(walk, never);
    }
}

fn step(walk: &mut Walk<'_>, step: &Step) {
    let name = step.name.value.as_str();
    walk.note(NameKind::Activity, name, step.name.span, Access::Writes);
    match &step.value.kind {
        NodeKind::Map(parameters) => step_parameters(walk, step, parameters),
        NodeKind::Scalar { .. } => bare(walk, name, &step.value),
        NodeKind::List(_) | NodeKind::Null => {}
    }
    // Some steps concern what they do not name.
    let names = |key: &str| has_parameter(&step.value, key);
    match name {
        "change_score" if !names("field") => {
            walk.note(
                NameKind::Field,
                "lead_score",
                step.name.span,
                Access::Writes,
            );
        }
        "change_program_status"
        | "change_status_in_progression"
        | "change_program_success"
        | "change_program_member_data"
            if !names("program") =>
        {
            if let Some(program) = walk.program {
                walk.note(NameKind::Program, program, step.name.span, Access::Writes);
            }
        }
        _ => {}
    }
}

/// Returns whether a step has a parameter, be it in one of its choices.
fn has_parameter(value: &Node, key: &str) -> bool {
    let choices = value.get("choices").and_then(Node::as_list);
    let choices = choices.unwrap_or_default().iter();
    let places = choices.chain(value.get("default")).chain([value]);
    places.into_iter().any(|place| place.get(key).is_some())
}

fn step_parameters(walk: &mut Walk<'_>, step: &Step, parameters: &[MapEntry]) {
    for parameter in parameters {
        match (parameter.key.as_str(), &parameter.value.kind) {
            ("choices", NodeKind::List(choices)) => {
                for entry in choices.iter().filter_map(Node::as_map).flatten() {
                    if entry.key == "if" {
                        filter(walk, &entry.value);
                    } else {
                        self::parameter(walk, &step.name.value, entry);
                    }
                }
            }
            ("default", NodeKind::Map(entries)) => {
                for entry in entries {
                    self::parameter(walk, &step.name.value, entry);
                }
            }
            _ => self::parameter(walk, &step.name.value, parameter),
        }
    }
}

/// Notes what a bare value behind a step's name stands for.
fn bare(walk: &mut Walk<'_>, step: &str, value: &Node) {
    match named_by_bare_value(step) {
        Some(kind) => named(walk, kind, value),
        None => walk.note_tokens(value),
    }
}

/// Returns what the bare value behind a step's name is the name of.
pub(in crate::campaign) fn named_by_bare_value(step: &str) -> Option<NameKind> {
    match step {
        "send_email" | "send_alert" => Some(NameKind::Email),
        "add_to_list" | "remove_from_list" => Some(NameKind::List),
        "change_program_status" | "change_status_in_progression" => Some(NameKind::Status),
        "request_campaign" | "execute_campaign" | "remove_from_flow" => Some(NameKind::Campaign),
        "call_webhook" => Some(NameKind::Webhook),
        _ => None,
    }
}

fn parameter(walk: &mut Walk<'_>, step: &str, entry: &MapEntry) {
    // The field of a membership is not a field of the person.
    let of_member = step == "change_program_member_data" && entry.key == "field";
    match kind_of(&entry.key).filter(|_| !of_member) {
        Some(kind) => named(walk, kind, &entry.value),
        None => walk.note_tokens(&entry.value),
    }
}

/// Notes what a step writes; `this` is the campaign itself.
fn named(walk: &mut Walk<'_>, kind: NameKind, value: &Node) {
    let own = value.as_scalar() == Some("this") && kind == NameKind::Campaign;
    match walk.campaign.filter(|_| own) {
        Some(place) => {
            let name = walk.loaded.campaigns[place].full_name();
            walk.note(kind, &name, value.span, Access::Writes);
        }
        None => walk.note_values(kind, value, Access::Writes),
    }
}
