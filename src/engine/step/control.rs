//! Control steps: waits, calls of other campaigns, and the ends of flows.

use std::sync::Arc;

use crate::campaign::{Step, Wait};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{CampaignId, Reason, Text, Value, WaitId};
use crate::engine::cascade::{Cascade, Entry, FlowState};
use crate::engine::step_position::{After, StepPosition, number};
use crate::engine::wait::{Hold, hold};
use crate::engine::words::Attribution;
use crate::world::WaitRow;

use super::{done, skipped};

impl<'w> Cascade<'_, '_, 'w> {
    pub(super) fn wait(&mut self, place: StepPosition, step: &'w Step, wait: &Wait) -> After {
        let activity = BuiltinActivity::WaitStarted.id();
        let hold = hold(
            wait,
            self.at,
            &self.engine.workspace.zone,
            &self.tokens(place.flow),
        );
        let until = match hold {
            Hold::Until(until) => until,
            Hold::NoDate => {
                self.row(place, skipped(activity, None, Reason::NoDate));
                return After::GoOn;
            }
            Hold::Past => {
                self.row(place, skipped(activity, None, Reason::DateIsPast));
                return After::GoOn;
            }
        };
        let attributes = Attribution::default()
            .with(&self.words().until, Some(Value::Datetime(until)))
            .done();
        let id = WaitId::of(self.subject.id(), self.subject.next_ordinal());
        self.row(place, done(activity, None, attributes));
        let (flow, walked) = (&self.flows[place.flow], self.walked(place.flow));
        let row = WaitRow {
            id,
            person: self.subject.id(),
            campaign: flow.campaign,
            version: walked.version,
            finishes: flow.finishes,
            nth: flow.nth,
            step: number(place.step),
            wait_ordinal: walked.wait_ordinal(place.step),
            step_id: step.id.as_deref().map(Text::from),
            since: self.at,
            until,
            run: flow.run,
            cause: flow.cause.clone(),
        };
        self.tally.began(id);
        if let Some(run) = row.run {
            self.tally.run(run).wait(row.campaign, row.step, until);
        }
        self.subject.begin_wait(row);
        After::Hold
    }

    /// Asks another campaign in parallel; it applies its own filters and rule when its turn comes.
    pub(super) fn request_campaign(&mut self, place: StepPosition, target: CampaignId) {
        let activity = BuiltinActivity::RequestCampaign.id();
        let name = Some(Text::clone(
            &self.engine.workspace.campaign(target).full_name,
        ));
        if !self.engine.index.of_type(activity).contains(&target) {
            return self.row(place, skipped(activity, name, Reason::NotActive));
        }
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.source, Some(words.flow_source.clone()))
            .done();
        self.row(place, done(activity, name, attributes));
    }

    /// Runs another campaign in series: its filters and rule apply, and the parent goes on after it.
    pub(super) fn execute_campaign(
        &mut self,
        place: StepPosition,
        target: CampaignId,
        use_parent_tokens: bool,
    ) {
        let child = self.engine.workspace.campaign(target);
        let qualified = self.admits(child);
        self.keep_judged(child, None, qualified);
        let words = &self.engine.words;
        let attributes = Attribution::default()
            .with(&words.qualified, Some(Value::Boolean(qualified)))
            .with(
                &words.used_parent_tokens,
                Some(Value::Boolean(use_parent_tokens)),
            )
            .done();
        let name = Some(Text::clone(&child.full_name));
        let row = self.subject.next_ordinal();
        self.row(
            place,
            done(BuiltinActivity::ExecuteCampaign.id(), name, attributes),
        );
        let parent = &self.flows[place.flow];
        let tokens_of = parent.tokens_of;
        let entry = Entry {
            run: parent.run,
            place: Some(row),
            // The child's own context has no trigger.
            cause: parent.cause.clone().filter(|_| use_parent_tokens),
            parent: Some(place.flow),
            depth: parent.depth + 1,
        };
        if !qualified || !self.may_go_on(child, entry.parent, entry.depth) {
            return;
        }
        let flow = self.open(child, entry);
        self.flows[flow].executed = true;
        if use_parent_tokens {
            self.flows[flow].tokens_of = tokens_of;
        }
        self.walk(flow, 0);
    }

    /// Ends the person's flows of a campaign: waits, walks in progress, walks about to begin. Having entered stays.
    pub(super) fn remove_from_flow(&mut self, place: StepPosition, target: Option<CampaignId>) {
        let activity = BuiltinActivity::RemoveFromFlow.id();
        let target = target.unwrap_or(self.flows[place.flow].campaign);
        let mut ended = self.end_waits_in(target);
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
            return self.row(place, skipped(activity, name, Reason::NoChange));
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
            self.end_waits_in(self.flows[parent].campaign);
            self.remove(parent);
        }
    }
}
