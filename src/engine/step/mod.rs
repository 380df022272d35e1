//! What each flow step does to the person, and the row it leaves.
//!
//! Every step that is reached leaves exactly one row (a wait a second one when it ends).

mod control;
mod mail;
pub(super) mod memberships;
mod values;

use std::sync::Arc;

use crate::campaign::coverage::Point;
use crate::campaign::{Action, Step};
use crate::domain::{ActivityTypeId, Outcome, Reason, Text, Value};
use crate::token::Template;
use crate::token::resolve::TokenContext;
use crate::world::{Activity, Attributes, MatchStep, Origin, StepOutcome};

use super::cascade::Cascade;
use super::step_position::{After, StepPosition, number};
use super::words::{Attribution, LogTexts};

/// A row in the making: everything but where and when.
pub(super) struct PendingRow {
    activity: ActivityTypeId,
    primary: Option<Text>,
    attributes: Attributes,
    outcome: Outcome,
    reason: Option<Reason>,
}

impl<'w> Cascade<'_, '_, 'w> {
    /// Does one step.
    pub(super) fn perform(
        &mut self,
        place: StepPosition,
        step: &'w Step,
        action: &'w Action,
    ) -> After {
        match action {
            Action::DoNothing => self.row(place, skipped(step.activity(), None, Reason::DoNothing)),
            Action::SendEmail { email } => self.send_email(place, email),
            Action::SendAlert { email, to } => self.send_alert(place, email, to),
            Action::ChangeDataValue { field, value } => {
                self.change_data_value(place, *field, value);
            }
            Action::ChangeScore { field, change } => self.change_score(place, *field, change),
            Action::AddToList { list } => self.add_to_list(place, *list),
            Action::RemoveFromList { list } => self.remove_from_list(place, *list),
            Action::ChangeProgramStatus { program, status } => {
                self.change_program_status(place, *program, status);
            }
            Action::ChangeProgramSuccess { program, success } => {
                self.change_program_success(place, *program, *success);
            }
            Action::ChangeProgramMemberData {
                program,
                field,
                value,
            } => {
                self.change_program_member_data(place, *program, field, value);
            }
            Action::InterestingMoment { kind, description } => {
                let text = self.resolve(place, description);
                let attributes = Attribution::default()
                    .with(&self.words().description, Some(Value::Text(text)))
                    .done();
                self.row(
                    place,
                    done(step.activity(), Some(Text::clone(kind)), attributes),
                );
            }
            Action::Wait(wait) => return self.wait(place, step, wait),
            Action::RequestCampaign { campaign } => self.request_campaign(place, *campaign),
            Action::ExecuteCampaign {
                campaign,
                use_parent_tokens,
            } => {
                self.execute_campaign(place, *campaign, *use_parent_tokens);
            }
            Action::RemoveFromFlow { campaign } => self.remove_from_flow(place, *campaign),
            Action::CallWebhook { webhook } => {
                let name = self
                    .engine
                    .workspace
                    .webhooks
                    .get(webhook)
                    .map(|webhook| Text::from(webhook.name.as_str()));
                self.row(place, skipped(step.activity(), name, Reason::WebhooksOff));
            }
            Action::DeletePerson => {
                self.row(
                    place,
                    done(
                        step.activity(),
                        None,
                        Arc::clone(&self.words().no_attributes),
                    ),
                );
                self.subject.delete(self.at);
            }
        }
        After::GoOn
    }

    fn words(&self) -> &LogTexts {
        &self.engine.words
    }

    /// Writes the row of a step.
    fn row(&mut self, place: StepPosition, row: PendingRow) {
        let flow = &self.flows[place.flow];
        if row.outcome == Outcome::Succeeded
            && flow.finishes.is_none()
            && let Some(reached) = self.tally.reached()
        {
            reached.note(flow.campaign, Point::Step(place.step));
        }
        if self.tally.is_watched() && flow.run.is_none() {
            let outcome = StepOutcome {
                outcome: Some(row.outcome),
                reason: row.reason,
                choice: place.choice,
            };
            self.subject.note_match_step(MatchStep {
                person: self.subject.id(),
                campaign: flow.campaign,
                nth: flow.nth,
                step: number(place.step),
                outcome,
            });
        }
        let origin = Origin {
            campaign: flow.campaign,
            run: flow.run,
            step: number(place.step),
            choice: place.choice,
        };
        let activity = Activity {
            at: self.at,
            activity: row.activity,
            primary: row.primary,
            attributes: row.attributes,
            origin: Some(origin),
            outcome: Some(row.outcome),
            reason: row.reason,
            event: None,
            marketo_campaign: None,
        };
        self.log(activity, Some(place.flow));
    }

    /// Fills in a template for the person as they are now.
    fn resolve(&self, place: StepPosition, template: &Template) -> Text {
        template.resolve(&self.tokens(place.flow))
    }

    /// What tokens of a flow refer to: with the parent's context, the parent's campaign, program and trigger.
    pub(super) fn tokens(&self, flow: usize) -> TokenContext<'_> {
        let tokens_of = self.flows[flow].tokens_of;
        let (flow, campaign) = (&self.flows[tokens_of], self.walked(tokens_of));
        let workspace = self.engine.workspace;
        let program = campaign
            .program
            .and_then(|program| workspace.program(program));
        let person = self.subject.person();
        TokenContext {
            person,
            layout: self.subject.layout(),
            now: self.at,
            zone: &workspace.zone,
            campaign_name: &campaign.name,
            campaign_id: campaign.marketo_id.unwrap_or(i64::from(campaign.id.0) + 1),
            campaign_description: campaign.description.as_deref(),
            program_name: program.map(|program| program.name.as_str()),
            program_id: campaign.program.map(|program| i64::from(program.0) + 1),
            program_description: program.and_then(|program| program.description.as_deref()),
            program_tokens: program.map(|program| &program.tokens),
            workspace_tokens: &workspace.tokens,
            membership: campaign
                .program
                .and_then(|program| person.membership(program)),
            cause: flow.cause.as_deref(),
            trigger_name: flow
                .cause
                .as_ref()
                .and_then(|cause| workspace.activities.get(cause.activity).trigger_label()),
            activities: &workspace.activities,
        }
    }
}

fn done(activity: ActivityTypeId, primary: Option<Text>, attributes: Attributes) -> PendingRow {
    PendingRow {
        activity,
        primary,
        attributes,
        outcome: Outcome::Succeeded,
        reason: None,
    }
}

fn skipped(activity: ActivityTypeId, primary: Option<Text>, reason: Reason) -> PendingRow {
    PendingRow {
        activity,
        primary,
        attributes: Arc::from([]),
        outcome: Outcome::Skipped,
        reason: Some(reason),
    }
}
