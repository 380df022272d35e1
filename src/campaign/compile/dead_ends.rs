//! Choices that are never taken, and steps that nobody reaches. Warnings: they do not stop a load.

use crate::campaign::{Choice, Step};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::CampaignId;
use crate::filter::Filter;
use crate::yaml::Node;

use super::contradictions;
use super::draft::Draft;

/// A choice, and where it is written.
#[derive(Clone, Copy)]
pub(super) struct WrittenChoice<'n> {
    /// The whole choice.
    pub(super) span: Span,
    /// What stands after `if`.
    pub(super) condition: &'n Node,
}

/// Reports choices that no one meets, and of those that earlier ones always take.
pub(super) fn choices(choices: &[Choice], written: &[WrittenChoice<'_>], draft: &mut Draft) {
    for (place, (choice, at)) in choices.iter().zip(written).enumerate() {
        if contradictions::condition(at.condition, &choice.when, draft) {
            continue;
        }
        let earlier: Vec<&Filter> = choices[..place].iter().map(|choice| &choice.when).collect();
        let reason = draft.reason();
        let alone = earlier
            .iter()
            .position(|earlier| reason.covers(&choice.when, &[earlier]));
        let dead = |message| Diagnostic::new(Code::DeadChoice, at.span, message);
        let fault = if let Some(alone) = alone {
            dead("this choice is never taken: an earlier one takes all that it would")
                .help("take one of the two out, or change its condition")
                .related(written[alone].span, "the earlier one")
        } else if place > 1 && reason.covers(&choice.when, &earlier) {
            dead("this choice is never taken: those before it together take all that it would")
                .help("take it out, or change a condition")
        } else {
            continue;
        };
        draft.diagnostics.push(fault);
    }
}

/// Reports the steps after one that ends the flow for everyone.
pub(super) fn unreachable(steps: &[Step], spans: &[Span], own: CampaignId, draft: &mut Draft) {
    let last = steps
        .iter()
        .position(|step| step.actions().all(|action| action.ends_flow(own)));
    let Some(last) = last else {
        return;
    };
    if let Some(next) = spans.get(last + 1) {
        let name = steps[last].kind.name();
        draft.diagnostics.push(
            Diagnostic::new(Code::UnreachableStep, *next, "nobody reaches this step")
                .help(format!("`{name}` before it ends the flow for everyone"))
                .related(spans[last], "the flow ends here"),
        );
    }
}
