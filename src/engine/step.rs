//! What each flow step does to the person, and the row it leaves.
//!
//! Every step that is reached leaves exactly one row (a wait a second one when it ends).

use std::sync::Arc;

use crate::campaign::{Action, NewValue, ScoreChange, Step, Wait};
use crate::domain::activity_type::Known;
use crate::domain::text::{name_key, stored_email};
use crate::domain::{ActivityTypeId, CampaignId, FieldId, Key, ListId, ProgramId, Text, Value};
use crate::filter::{Draw, Facts};
use crate::token::Template;
use crate::token::resolve::TokenContext;
use crate::world::{Activity, Attributes, Membership, Message, Origin, Outcome, WaitRow};

use super::blockers::Letter;
use super::cascade::{Cascade, FlowState};
use super::qualifies;
use super::wait::Hold;
use super::walk::Place;
use super::words::{Attribution, Changer};

/// What happens to the walk after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// The next step.
    GoOn,
    /// A wait holds the person.
    Hold,
}

/// A row in the making: everything but where and when.
pub(super) struct Row {
    activity: ActivityTypeId,
    primary: Option<Text>,
    attributes: Attributes,
    outcome: Outcome,
    reason: Option<Text>,
}

impl<'w> Cascade<'_, '_, 'w> {
    /// Does one step.
    pub(super) fn perform(&mut self, place: Place, step: &'w Step, action: &'w Action) -> After {
        match action {
            Action::DoNothing => self.row(
                place,
                skipped(step.activity, None, self.words().do_nothing.clone()),
            ),
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
                    done(step.activity, Some(Text::clone(kind)), attributes),
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
                self.row(
                    place,
                    skipped(step.activity, name, self.words().webhooks_off.clone()),
                );
            }
            Action::DeletePerson => {
                self.row(
                    place,
                    done(step.activity, None, Arc::clone(&self.words().no_attributes)),
                );
                self.subject.delete(self.at);
            }
        }
        After::GoOn
    }

    fn words(&self) -> &super::words::Words {
        &self.engine.words
    }

    /// Writes the row of a step.
    fn row(&mut self, place: Place, row: Row) {
        let flow = &self.flows[place.flow];
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
        };
        self.log(activity, Some(place.flow));
    }

    /// Fills in a template for the person as they are now.
    fn resolve(&self, place: Place, template: &Template) -> Text {
        template.resolve(&self.tokens(place.flow))
    }

    /// What tokens of a flow speak of: with the parent's context, the parent's campaign, program and trigger.
    pub(super) fn tokens(&self, flow: usize) -> TokenContext<'_> {
        let flow = &self.flows[self.flows[flow].tokens_of];
        let workspace = self.engine.workspace;
        let campaign = workspace.campaign(flow.campaign);
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
            program_tokens: program.map(|program| &program.tokens),
            workspace_tokens: &workspace.tokens,
            membership: campaign
                .program
                .and_then(|program| person.membership(program)),
            cause: flow.cause.as_deref(),
            trigger_name: flow
                .cause
                .as_ref()
                .and_then(|cause| workspace.activities.get(cause.activity).trigger.as_deref()),
            activities: &workspace.activities,
        }
    }

    fn send_email(&mut self, place: Place, email: &Text) {
        let activity = Known::SendEmail.id();
        let campaign = self
            .engine
            .workspace
            .campaign(self.flows[place.flow].campaign);
        let served = if self.flows[place.flow].run.is_some() {
            self.served.as_deref()
        } else {
            None
        };
        let step = number(place.step);
        let letter = Letter {
            workspace: self.engine.workspace,
            fields: &self.engine.mail,
            campaign,
            subject: self.subject,
            email,
            step,
            served,
            at: self.at,
        };
        if let Some(reason) = letter.block() {
            let reason = Text::from(reason);
            if self.flows[place.flow].run.is_some() {
                *self.tally.blocked.entry(Text::clone(&reason)).or_default() += 1;
            }
            self.row(place, skipped(activity, Some(Text::clone(email)), reason));
            return;
        }
        if let Some(served) = self.served.as_deref_mut() {
            served.mark(self.subject.id(), campaign.id, step);
        }
        let to = match self.subject.field(crate::domain::field::EMAIL) {
            Some(Value::Text(address)) => Text::clone(address),
            Some(_) | None => Text::from(""),
        };
        self.post(place, email, to);
        self.row(
            place,
            done(
                activity,
                Some(Text::clone(email)),
                Arc::clone(&self.words().no_attributes),
            ),
        );
    }

    fn send_alert(&mut self, place: Place, email: &Text, to: &[Template]) {
        let addresses: Vec<Text> = to
            .iter()
            .map(|address| self.resolve(place, address))
            .filter(|address| !address.trim().is_empty())
            .collect();
        let to = Text::from(addresses.join(", "));
        self.post(place, email, Text::clone(&to));
        let attributes = Attribution::default()
            .with(&self.words().send_to_list, Some(Value::Text(to)))
            .done();
        self.row(
            place,
            done(Known::SendAlert.id(), Some(Text::clone(email)), attributes),
        );
    }

    /// Renders an email that the workspace defines into the outbox.
    fn post(&mut self, place: Place, email: &Text, to: Text) {
        let Some(defined) = self.engine.workspace.emails.get(&name_key(email)) else {
            return;
        };
        let message = Message {
            person: self.subject.id(),
            ordinal: self.subject.next_ordinal(),
            at: self.at,
            email: Text::clone(email),
            to,
            from: defined.from.as_deref().map(Text::from),
            subject: self.resolve(place, &defined.subject),
            body: self.resolve(place, &defined.body),
        };
        self.subject.post(message);
    }

    fn change_data_value(&mut self, place: Place, field: FieldId, value: &NewValue) {
        let activity = Known::ChangeDataValue.id();
        let name = Some(self.words().field_name(field));
        let wanted = match self.wanted(place, field, value) {
            Ok(wanted) => wanted,
            Err(Unfit::Empty) => {
                return self.row(
                    place,
                    skipped(activity, name, self.words().empty_value.clone()),
                );
            }
            Err(Unfit::Type(text, reason)) => {
                let attributes = Attribution::default()
                    .with(&self.words().new_value, Some(Value::Text(text)))
                    .done();
                return self.row(
                    place,
                    Row {
                        activity,
                        primary: name,
                        attributes,
                        outcome: Outcome::Failed,
                        reason: Some(reason),
                    },
                );
            }
        };
        match self.subject.set_field(field, wanted) {
            Err(_) => {
                let attributes = Attribution::default()
                    .with(&self.words().new_value, self.subject.field(field).cloned())
                    .with(
                        &self.words().previous_value,
                        self.subject.field(field).cloned(),
                    )
                    .done();
                let reason = Some(self.words().no_change.clone());
                self.row(
                    place,
                    Row {
                        activity,
                        primary: name,
                        attributes,
                        outcome: Outcome::Skipped,
                        reason,
                    },
                );
            }
            Ok(previous) => {
                let words = &self.engine.words;
                let attributes = Attribution::default()
                    .with(&words.new_value, self.subject.field(field).cloned())
                    .with(&words.previous_value, previous)
                    .with(
                        &words.reason,
                        Some(words.changed_by(self.flows[place.flow].campaign, Changer::DataValue)),
                    )
                    .with(&words.source, Some(words.flow_source.clone()))
                    .done();
                self.row(place, done(activity, name, attributes));
            }
        }
    }

    /// Returns what a field is to become: resolved, and read by its type.
    fn wanted(
        &self,
        place: Place,
        field: FieldId,
        value: &NewValue,
    ) -> Result<Option<Value>, Unfit> {
        let template = match value {
            NewValue::Clear => return Ok(None),
            NewValue::Set(template) => template,
        };
        let text = self.resolve(place, template);
        if text.is_empty() {
            return Err(Unfit::Empty);
        }
        let field_type = self.engine.workspace.fields.type_of(field);
        match Value::parse(&text, field_type, &self.engine.workspace.zone) {
            Ok(Value::Text(text)) if field == crate::domain::field::EMAIL => {
                Ok(Some(Value::text(&stored_email(&text))))
            }
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Unfit::Type(
                text,
                Text::from(format!("does not fit {}", field_type.name())),
            )),
        }
    }

    fn change_score(&mut self, place: Place, field: FieldId, change: &ScoreChange) {
        let activity = Known::ChangeScore.id();
        let name = Some(self.words().field_name(field));
        let present = match self.subject.field(field) {
            Some(Value::Integer(score)) => Some(*score),
            Some(_) | None => None,
        };
        let (wanted, written) = match change {
            ScoreChange::Add(by) => (present.unwrap_or(0).saturating_add(*by), format!("{by:+}")),
            ScoreChange::Set(to) => (*to, format!("={to}")),
        };
        let score = wanted.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        let changed = self.subject.set_field(field, Some(Value::Integer(score)));
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.change, Some(Value::text(&written)))
            .with(&words.new_value, Some(Value::Integer(score)))
            .with(&words.previous_value, present.map(Value::Integer))
            .with(
                &words.reason,
                Some(words.changed_by(self.flows[place.flow].campaign, Changer::Score)),
            )
            .done();
        let (outcome, reason) = match changed {
            Err(_) => (Outcome::Skipped, Some(words.no_change.clone())),
            Ok(_) if score != wanted => (Outcome::Succeeded, Some(words.saturated.clone())),
            Ok(_) => (Outcome::Succeeded, None),
        };
        self.row(
            place,
            Row {
                activity,
                primary: name,
                attributes,
                outcome,
                reason,
            },
        );
    }

    fn add_to_list(&mut self, place: Place, list: ListId) {
        let changed = self.subject.join(list, self.at).is_ok();
        self.list_row(place, Known::AddToList.id(), list, changed);
    }

    fn remove_from_list(&mut self, place: Place, list: ListId) {
        let changed = self.subject.leave(list, self.at).is_ok();
        self.list_row(place, Known::RemoveFromList.id(), list, changed);
    }

    fn list_row(&mut self, place: Place, activity: ActivityTypeId, list: ListId, changed: bool) {
        let name = Text::clone(self.engine.workspace.lists.name(list.0));
        if !changed {
            return self.row(
                place,
                skipped(activity, Some(name), self.words().no_change.clone()),
            );
        }
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.source, Some(words.flow_source.clone()))
            .done();
        self.row(place, done(activity, Some(name), attributes));
    }

    /// Moves the person in a program, never to a lower step; equal steps swap.
    fn change_program_status(&mut self, place: Place, program: ProgramId, status: &Text) {
        let activity = Known::ChangeProgramStatus.id();
        let workspace = self.engine.workspace;
        let name = Some(Text::clone(workspace.program_names.name(program.0)));
        let present = self.subject.person().membership(program).cloned();
        let channel = workspace.program(program);
        let step_of = |status: &str| {
            channel
                .and_then(|channel| channel.status(status))
                .map(|status| status.step)
        };
        if let Some(present) = &present {
            if present.status == *status {
                return self.row(
                    place,
                    skipped(activity, name, self.words().no_change.clone()),
                );
            }
            if matches!((step_of(&present.status), step_of(status)), (Some(now), Some(then)) if then < now)
            {
                return self.row(
                    place,
                    skipped(activity, name, self.words().lower_status.clone()),
                );
            }
        }
        let success = channel
            .and_then(|channel| channel.status(status))
            .is_some_and(|status| status.success);
        let reason = self
            .words()
            .changed_by(self.flows[place.flow].campaign, Changer::ProgramStatus);
        let attributes = self.enter_status(program, status, success, Some(reason));
        self.row(place, done(activity, name, attributes));
    }

    /// Makes the membership one of a status, and returns the attributes of the change.
    pub(super) fn enter_status(
        &mut self,
        program: ProgramId,
        status: &Text,
        success: bool,
        reason: Option<Value>,
    ) -> Attributes {
        let present = self.subject.person().membership(program).cloned();
        let previous = present
            .as_ref()
            .map_or_else(|| Text::from("Not in Program"), |m| Text::clone(&m.status));
        let mut membership = present.unwrap_or(Membership {
            status: Text::clone(status),
            success_at: None,
            since: self.at,
            fields: Vec::new(),
        });
        membership.status = Text::clone(status);
        if success && membership.success_at.is_none() {
            membership.success_at = Some(self.at);
        }
        let reached = membership.success_at.is_some();
        self.subject.set_membership(program, membership);
        let words = &self.engine.words;
        Attribution::default()
            .with(&words.new_status, Some(Value::Text(Text::clone(status))))
            .with(&words.previous_status, Some(Value::Text(previous)))
            .with(&words.success, Some(Value::Boolean(reached)))
            .with(&words.reason, reason)
            .done()
    }

    fn change_program_member_data(
        &mut self,
        place: Place,
        program: ProgramId,
        field: &Key,
        value: &NewValue,
    ) {
        let activity = Known::ChangeProgramMemberData.id();
        let name = Some(Text::clone(
            self.engine.workspace.program_names.name(program.0),
        ));
        let Some(mut membership) = self.subject.person().membership(program).cloned() else {
            return self.row(
                place,
                skipped(activity, name, self.words().not_a_member.clone()),
            );
        };
        let wanted = match value {
            NewValue::Clear => None,
            NewValue::Set(template) => {
                let text = self.resolve(place, template);
                if text.is_empty() {
                    return self.row(
                        place,
                        skipped(activity, name, self.words().empty_value.clone()),
                    );
                }
                Some(Value::Text(text))
            }
        };
        let at = membership.fields.iter().position(|(key, _)| key == field);
        let previous = at.map(|at| membership.fields[at].1.clone());
        if previous == wanted {
            return self.row(
                place,
                skipped(activity, name, self.words().no_change.clone()),
            );
        }
        match (at, &wanted) {
            (Some(at), Some(value)) => membership.fields[at].1 = value.clone(),
            (Some(at), None) => drop(membership.fields.remove(at)),
            (None, Some(value)) => membership.fields.push((Key::clone(field), value.clone())),
            (None, None) => {}
        }
        membership.fields.sort_by(|a, b| a.0.cmp(&b.0));
        self.subject.set_membership(program, membership);
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.field, Some(Value::Text(Text::clone(field))))
            .with(&words.new_value, wanted)
            .with(&words.previous_value, previous)
            .with(
                &words.reason,
                Some(words.changed_by(self.flows[place.flow].campaign, Changer::ProgramMemberData)),
            )
            .done();
        self.row(place, done(activity, name, attributes));
    }

    fn wait(&mut self, place: Place, step: &'w Step, wait: &Wait) -> After {
        let activity = Known::WaitStarted.id();
        let hold = super::wait::hold(
            wait,
            self.at,
            &self.engine.workspace.zone,
            &self.tokens(place.flow),
        );
        let until = match hold {
            Hold::Until(until) => until,
            Hold::NoDate => {
                self.row(place, skipped(activity, None, self.words().no_date.clone()));
                return After::GoOn;
            }
            Hold::Past => {
                self.row(
                    place,
                    skipped(activity, None, self.words().date_is_past.clone()),
                );
                return After::GoOn;
            }
        };
        let attributes = Attribution::default()
            .with(&self.words().until, Some(Value::Datetime(until)))
            .done();
        self.row(place, done(activity, None, attributes));
        let flow = &self.flows[place.flow];
        let earlier = &self.engine.workspace.campaign(flow.campaign).flow[..=place.step];
        let row = WaitRow {
            id: crate::domain::WaitId(0),
            person: self.subject.id(),
            campaign: flow.campaign,
            version: flow.version,
            nth: flow.nth,
            step: number(place.step),
            wait_ordinal: number(
                earlier
                    .iter()
                    .filter(|step| step.activity == activity)
                    .count()
                    .saturating_sub(1),
            ),
            step_id: step.id.as_deref().map(Text::from),
            since: self.at,
            until,
            run: flow.run,
            cause: flow.cause.clone(),
        };
        self.subject.begin_wait(row);
        After::Hold
    }

    /// Asks another campaign in parallel; it applies its own filters and rule when its turn comes.
    fn request_campaign(&mut self, place: Place, target: CampaignId) {
        let activity = Known::RequestCampaign.id();
        let name = Some(Text::clone(
            &self.engine.workspace.campaign(target).full_name,
        ));
        if !self.engine.index.of_type(activity).contains(&target) {
            return self.row(
                place,
                skipped(activity, name, self.words().not_active.clone()),
            );
        }
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.source, Some(words.flow_source.clone()))
            .done();
        self.row(place, done(activity, name, attributes));
    }

    /// Runs another campaign in series: its filters and rule apply, and the parent goes on after it.
    fn execute_campaign(&mut self, place: Place, target: CampaignId, use_parent_tokens: bool) {
        let child = self.engine.workspace.campaign(target);
        let when = self.engine.when(self.at);
        let person = self.subject.person();
        let entry = person.passed(target).map_or(1, |passed| passed.times + 1);
        let facts = Facts {
            person,
            layout: self.subject.layout(),
            when,
            draw: Draw {
                seed: self.engine.seed,
                entry,
            },
        };
        let qualified = child.filter.holds(&facts) && qualifies(child, person, self.at);
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.qualified, Some(Value::Boolean(qualified)))
            .with(
                &words.used_parent_tokens,
                Some(Value::Boolean(use_parent_tokens)),
            )
            .done();
        let name = Some(Text::clone(&child.full_name));
        self.row(place, done(Known::ExecuteCampaign.id(), name, attributes));
        let parent = &self.flows[place.flow];
        let (run, cause, depth, tokens_of) = (
            parent.run,
            parent.cause.clone(),
            parent.depth + 1,
            parent.tokens_of,
        );
        if !qualified || !self.may_go_on(child, Some(place.flow), depth) {
            return;
        }
        let flow = self.open(child, run, cause, Some(place.flow), depth);
        self.flows[flow].executed = true;
        if use_parent_tokens {
            self.flows[flow].tokens_of = tokens_of;
        }
        self.walk(flow, 0);
    }

    /// Ends the person's flows of a campaign: waits, walks in progress, walks about to begin. Having entered stays.
    fn remove_from_flow(&mut self, place: Place, target: Option<CampaignId>) {
        let activity = Known::RemoveFromFlow.id();
        let target = target.unwrap_or(self.flows[place.flow].campaign);
        let mut ended = self.subject.end_waits_in(target);
        for flow in 0..self.flows.len() {
            if self.flows[flow].campaign == target && self.flows[flow].state == FlowState::Running {
                self.remove(flow);
                ended += 1;
            }
        }
        let name = Some(Text::clone(
            &self.engine.workspace.campaign(target).full_name,
        ));
        if ended == 0 {
            return self.row(
                place,
                skipped(activity, name, self.words().no_change.clone()),
            );
        }
        self.row(
            place,
            done(activity, name, Arc::clone(&self.words().no_attributes)),
        );
    }

    /// Ends one flow; removing someone from an executed campaign removes them from its parent too.
    fn remove(&mut self, flow: usize) {
        self.flows[flow].state = FlowState::Removed;
        if let (true, Some(parent)) = (self.flows[flow].executed, self.flows[flow].parent)
            && self.flows[parent].state == FlowState::Running
        {
            self.subject.end_waits_in(self.flows[parent].campaign);
            self.remove(parent);
        }
    }
}

/// Why a field cannot become what a step wants.
enum Unfit {
    /// The text resolved to nothing.
    Empty,
    /// The text does not read as the field's type.
    Type(Text, Text),
}

/// Returns a place as people count it, from 1.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

fn done(activity: ActivityTypeId, primary: Option<Text>, attributes: Attributes) -> Row {
    Row {
        activity,
        primary,
        attributes,
        outcome: Outcome::Succeeded,
        reason: None,
    }
}

fn skipped(activity: ActivityTypeId, primary: Option<Text>, reason: Text) -> Row {
    Row {
        activity,
        primary,
        attributes: Arc::from([]),
        outcome: Outcome::Skipped,
        reason: Some(reason),
    }
}
