//! Choices that are never taken, and steps that nobody reaches. Warnings: they do not stop a load.

use crate::campaign::{Action, Choice, Step};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::CampaignId;

use super::contradictions;
use super::draft::Draft;

/// Tells of choices that no one meets, and of those that an earlier one always takes.
pub(super) fn choices(choices: &[Choice], spans: &[Span], draft: &mut Draft) {
    for (place, (choice, span)) in choices.iter().zip(spans).enumerate() {
        if contradictions::alone(std::slice::from_ref(&choice.when), &[*span], draft) {
            continue;
        }
        let reason = draft.reason();
        let earlier = choices[..place]
            .iter()
            .position(|earlier| reason.implies(&choice.when, &earlier.when));
        if let Some(earlier) = earlier {
            draft.diagnostics.push(
                Diagnostic::new(
                    Code::DeadChoice,
                    *span,
                    "this choice is never taken: an earlier one takes all that it would",
                )
                .help("take one of the two out, or change its condition")
                .related(spans[earlier], "the earlier one"),
            );
        }
    }
}

/// Tells of the steps after one that ends the flow for everyone.
pub(super) fn unreachable(steps: &[Step], spans: &[Span], own: CampaignId, draft: &mut Draft) {
    let last = steps
        .iter()
        .position(|step| step.actions().all(|action| ends(action, own)));
    let Some(last) = last else {
        return;
    };
    if let Some(next) = spans.get(last + 1) {
        let name = steps[last].name;
        draft.diagnostics.push(
            Diagnostic::new(Code::UnreachableStep, *next, "nobody reaches this step")
                .help(format!("`{name}` before it ends the flow for everyone"))
                .related(spans[last], "the flow ends here"),
        );
    }
}

fn ends(action: &Action, own: CampaignId) -> bool {
    match action {
        Action::DeletePerson | Action::RemoveFromFlow { campaign: None } => true,
        Action::RemoveFromFlow {
            campaign: Some(campaign),
        } => *campaign == own,
        Action::DoNothing
        | Action::SendEmail { .. }
        | Action::SendAlert { .. }
        | Action::ChangeDataValue { .. }
        | Action::ChangeScore { .. }
        | Action::AddToList { .. }
        | Action::RemoveFromList { .. }
        | Action::ChangeProgramStatus { .. }
        | Action::ChangeProgramMemberData { .. }
        | Action::InterestingMoment { .. }
        | Action::Wait(_)
        | Action::RequestCampaign { .. }
        | Action::ExecuteCampaign { .. }
        | Action::CallWebhook { .. } => false,
    }
}
