//! Filters that no one can meet, and filters that others make superfluous. Warnings: they do not stop a load.

use crate::campaign::Trigger;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::filter::Filter;
use crate::filter::compile::Places;
use crate::source::campaign::SmartList;
use crate::yaml::Node;

use super::draft::Draft;

/// Checks the filters of a smart list that were compiled without a fault.
pub(super) fn smart_list(written: &SmartList, filter: &Filter, draft: &mut Draft) {
    let places = Places::of_list(&written.filters, written.logic.as_ref(), written.span);
    check(filter, &places, "`logic: any`", draft);
}

/// Checks the condition of a choice; returns whether no one can meet it.
pub(super) fn condition(node: &Node, filter: &Filter, draft: &mut Draft) -> bool {
    check(filter, &Places::of(node), ANY, draft)
}

/// Reports triggers whose constraints no activity meets.
pub(super) fn triggers(written: &SmartList, triggers: &[Trigger], draft: &mut Draft) {
    for (trigger, node) in triggers.iter().zip(&written.triggers) {
        if draft.reason().apart(&trigger.constraints, &[]) {
            let message = "no activity can ever meet this";
            let help = "its constraints exclude each other: take one of them out";
            draft
                .diagnostics
                .fault_with(Code::NeverHolds, node.span, message, help);
        }
    }
}

/// What is written instead of filters in a group that all must hold.
const ANY: &str = "`any:` in place of `all:`";

/// Checks a filter and its parts; returns whether it is reported that no one can meet it.
fn check(filter: &Filter, places: &Places, any: &str, draft: &mut Draft) -> bool {
    match filter {
        Filter::All(parts) if !places.parts.is_empty() && parts.len() == places.parts.len() => {
            if each(parts, places, draft) > 0 || exclusive(parts, places, any, draft) {
                return true;
            }
            superfluous(parts, places, draft, implied);
            false
        }
        Filter::Any(parts) if !places.parts.is_empty() && parts.len() == places.parts.len() => {
            let never = each(parts, places, draft);
            if never == 0 {
                superfluous(parts, places, draft, added);
            }
            never == parts.len()
        }
        Filter::All(_) | Filter::Any(_) | Filter::Leaf(_) => {
            let never = draft.reason().never(&[filter]);
            if never {
                let message = "no one can ever meet this";
                let help = "its parts exclude each other: take one of them out";
                draft
                    .diagnostics
                    .fault_with(Code::NeverHolds, places.span, message, help);
            }
            never
        }
    }
}

/// Checks each part by itself; returns how many no one can meet.
fn each(parts: &[Filter], places: &Places, draft: &mut Draft) -> usize {
    let parts = parts.iter().zip(&places.parts);
    parts
        .filter(|(part, places)| check(part, places, ANY, draft))
        .count()
}

/// Reports filters that all must hold and cannot; returns whether there are some.
fn exclusive(parts: &[Filter], places: &Places, any: &str, draft: &mut Draft) -> bool {
    let reason = draft.reason();
    let pair =
        pairs(parts.len()).find(|(one, other)| reason.never(&[&parts[*one], &parts[*other]]));
    let fault = if let Some((one, other)) = pair {
        let message = "no one can ever meet this and an earlier filter";
        Diagnostic::new(Code::NeverHolds, places.parts[other].span, message)
            .help(format!("take one of the two out, or write {any}"))
            .related(places.parts[one].span, "the earlier one")
    } else if reason.never(&parts.iter().collect::<Vec<_>>()) {
        let message = "no one can ever meet all of these filters";
        Diagnostic::new(Code::NeverHolds, places.span, message)
            .help(format!("take one of them out, or write {any}"))
    } else {
        return false;
    };
    draft.diagnostics.push(fault);
    true
}

fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(|other| (0..other).map(move |one| (one, other)))
}

/// Returns whether a filter changes nothing beside some others.
type Replaced = fn(&Draft, &Filter, &[&Filter]) -> bool;

/// Where all must hold: the others say as much.
fn implied(draft: &Draft, part: &Filter, others: &[&Filter]) -> bool {
    draft.reason().follows(others, part)
}

/// Where any may hold: the others let as many in.
fn added(draft: &Draft, part: &Filter, others: &[&Filter]) -> bool {
    draft.reason().covers(part, others)
}

/// Reports the filters that another one replaces, of two that replace each other the later; else of one that all
/// others replace together.
fn superfluous(parts: &[Filter], places: &Places, draft: &mut Draft, replaced: Replaced) {
    let mut diagnostics = false;
    for (place, part) in parts.iter().enumerate() {
        let by = (0..parts.len()).find(|by| {
            *by != place
                && replaced(draft, part, &[&parts[*by]])
                && (*by < place || !replaced(draft, &parts[*by], &[part]))
        });
        if let Some(by) = by {
            let message = "this filter changes nothing: another one says as much";
            draft.diagnostics.push(
                fault(places.parts[place].span, message)
                    .related(places.parts[by].span, "the other one"),
            );
            diagnostics = true;
        }
    }
    let together = (0..parts.len()).rev().find(|place| {
        let others: Vec<&Filter> = (0..parts.len())
            .filter(|other| other != place)
            .map(|other| &parts[other])
            .collect();
        others.len() > 1 && replaced(draft, &parts[*place], &others)
    });
    if let (false, Some(place)) = (diagnostics, together) {
        let message = "this filter changes nothing: the others together say as much";
        draft
            .diagnostics
            .push(fault(places.parts[place].span, message));
    }
}

fn fault(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::ImpliedFilter, span, message).help("take it out, or change it")
}
