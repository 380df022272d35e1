//! A walk: one person, step after step, to the first wait or the end.

use std::sync::Arc;

use crate::campaign::{Action, Step};
use crate::domain::activity_type::Known;
use crate::filter::{Draw, Facts};
use crate::world::{Activity, Origin, Outcome, WaitRow};

use super::cascade::{Cascade, Flow, FlowState};
use super::step::After;

/// Which step of which flow is being walked, and by which choice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The flow.
    pub(super) flow: usize,
    /// The step, from 0.
    pub(super) step: usize,
    /// The choice, from 1; 0 the default; none without choices.
    pub(super) choice: Option<u32>,
}

impl<'w> Cascade<'_, '_, 'w> {
    /// Walks a flow from a step on.
    pub(super) fn walk(&mut self, flow: usize, from: usize) {
        let steps: &'w [Step] = &self
            .engine
            .workspace
            .campaign(self.flows[flow].campaign)
            .flow;
        for (index, step) in steps.iter().enumerate().skip(from) {
            if self.flows[flow].state != FlowState::Running || self.subject.is_deleted() {
                return;
            }
            let (action, choice) = self.choose(step, flow);
            match self.perform(
                Place {
                    flow,
                    step: index,
                    choice,
                },
                step,
                action,
            ) {
                After::GoOn => {}
                After::Hold => {
                    self.flows[flow].state = FlowState::Waiting;
                    return;
                }
            }
        }
        if self.flows[flow].state == FlowState::Running {
            self.flows[flow].state = FlowState::Finished;
        }
    }

    /// Finds the choice that is taken: the first whose condition holds now, else the default.
    fn choose(&self, step: &'w Step, flow: usize) -> (&'w Action, Option<u32>) {
        if step.choices.is_empty() {
            return (&step.default, None);
        }
        let facts = Facts {
            person: self.subject.person(),
            layout: self.subject.layout(),
            when: self.engine.when(self.at),
            draw: Draw {
                seed: self.engine.seed,
                entry: self.flows[flow].nth,
            },
        };
        for (number, choice) in (1..).zip(&step.choices) {
            if choice.when.holds(&facts) {
                return (&choice.action, Some(number));
            }
        }
        (&step.default, Some(0))
    }

    /// Goes on after a wait: with the steps that now follow it, found by its `id`, else by its place among the waits.
    pub(super) fn resume(&mut self, wait: &WaitRow) {
        let campaign = self.engine.workspace.campaign(wait.campaign);
        let place = campaign.wait_step(wait.step_id.as_deref(), wait.wait_ordinal);
        let flow = self.flows.len();
        self.flows.push(Flow {
            campaign: wait.campaign,
            nth: wait.nth,
            run: wait.run,
            version: campaign.version,
            cause: wait.cause.clone(),
            parent: None,
            executed: false,
            tokens_of: flow,
            depth: 0,
            state: FlowState::Running,
        });
        let words = &self.engine.words;
        let (outcome, reason) = match place {
            Some(_) => (Outcome::Succeeded, None),
            None => (
                Outcome::Failed,
                Some(crate::domain::Text::clone(&words.wait_gone)),
            ),
        };
        let step = place.map_or(wait.step, |step| {
            u32::try_from(step + 1).unwrap_or(u32::MAX)
        });
        self.log(
            Activity {
                at: self.at,
                activity: Known::WaitEnded.id(),
                primary: None,
                attributes: Arc::clone(&words.no_attributes),
                origin: Some(Origin {
                    campaign: wait.campaign,
                    run: wait.run,
                    step,
                    choice: None,
                }),
                outcome: Some(outcome),
                reason,
                event: None,
            },
            Some(flow),
        );
        if let Some(step) = place {
            self.walk(flow, step + 1);
        }
    }
}
