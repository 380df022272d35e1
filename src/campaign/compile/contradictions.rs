//! Filters that no one can meet, and filters that others make superfluous. Warnings: they do not stop a load.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::filter::Filter;
use crate::source::campaign::SmartList;
use crate::yaml::NodeKind;

use super::draft::Draft;

/// Checks the filters of a smart list that were compiled without a fault.
pub(super) fn smart_list(written: &SmartList, filter: &Filter, draft: &mut Draft) {
    let spans: Vec<Span> = written.filters.iter().map(|node| node.span).collect();
    // A logic expression may name the filters in another order than they stand in.
    let in_order = written.logic.as_ref().is_none_or(|logic| {
        matches!(&logic.kind, NodeKind::Scalar { text, .. }
            if ["all", "any"].iter().any(|word| text.trim().eq_ignore_ascii_case(word)))
    });
    match filter {
        Filter::All(parts) if in_order => {
            if !exclusive(parts, &spans, written.span, draft) {
                implied(parts, &spans, draft);
            }
        }
        Filter::Any(parts) if in_order => {
            if !alone(parts, &spans, draft) {
                added(parts, &spans, draft);
            }
        }
        Filter::All(_) | Filter::Any(_) | Filter::Leaf(_) => {
            let span = written
                .logic
                .as_ref()
                .map_or(written.span, |node| node.span);
            alone(std::slice::from_ref(filter), &[span], draft);
        }
    }
}

/// Tells of filters that never hold, each by itself; returns whether there is one.
pub(super) fn alone(filters: &[Filter], spans: &[Span], draft: &mut Draft) -> bool {
    let never: Vec<Span> = filters
        .iter()
        .zip(spans)
        .filter(|(filter, _)| draft.reason().never(&[filter]))
        .map(|(_, span)| *span)
        .collect();
    for span in &never {
        let message = "no one can ever meet this";
        let help = "its parts exclude each other: take one of them out, or write `any`";
        draft.fault_with(Code::NeverHolds, *span, message, help);
    }
    !never.is_empty()
}

/// Tells of filters that all must hold and cannot; returns whether there are some.
fn exclusive(parts: &[Filter], spans: &[Span], whole: Span, draft: &mut Draft) -> bool {
    if alone(parts, spans, draft) {
        return true;
    }
    let reason = draft.reason();
    let pair =
        pairs(parts.len()).find(|(one, other)| reason.never(&[&parts[*one], &parts[*other]]));
    let fault = if let Some((one, other)) = pair {
        let message = "no one can ever meet this and an earlier filter";
        Diagnostic::new(Code::NeverHolds, spans[other], message)
            .help("take one of the two out, or write `logic: any`")
            .related(spans[one], "the earlier one")
    } else if reason.never(&parts.iter().collect::<Vec<_>>()) {
        let message = "no one can ever meet all of these filters";
        Diagnostic::new(Code::NeverHolds, whole, message)
            .help("take one of them out, or write `logic: any`")
    } else {
        return false;
    };
    draft.diagnostics.push(fault);
    true
}

fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(|other| (0..other).map(move |one| (one, other)))
}

/// Tells of filters that hold whenever another one does, where all must hold.
fn implied(parts: &[Filter], spans: &[Span], draft: &mut Draft) {
    superfluous(parts, spans, draft, |draft, known, part| {
        draft.reason().implies(known, part)
    });
}

/// Tells of filters that add no one to another, where any may hold.
fn added(parts: &[Filter], spans: &[Span], draft: &mut Draft) {
    superfluous(parts, spans, draft, |draft, known, part| {
        draft.reason().implies(part, known)
    });
}

/// Tells of the filters that another one replaces; of two that replace each other, the later.
fn superfluous(
    parts: &[Filter],
    spans: &[Span],
    draft: &mut Draft,
    replaces: fn(&Draft, &Filter, &Filter) -> bool,
) {
    for (place, part) in parts.iter().enumerate() {
        let by = (0..parts.len()).find(|by| {
            *by != place
                && replaces(draft, &parts[*by], part)
                && (*by < place || !replaces(draft, part, &parts[*by]))
        });
        if let Some(by) = by {
            let message = "this filter changes nothing: another one says as much";
            draft.diagnostics.push(
                Diagnostic::new(Code::ImpliedFilter, spans[place], message)
                    .help("take it out, or change it")
                    .related(spans[by], "the other one"),
            );
        }
    }
}
