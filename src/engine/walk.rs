//! A walk: one person, step after step, to the first wait or the end.

use std::sync::Arc;

use crate::campaign::coverage::Point;
use crate::campaign::{Action, Step};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{Instant, Outcome, Reason, Value};
use crate::filter::Facts;
use crate::world::{Activity, Origin, WaitRow};

use super::cascade::{Cascade, Flow, FlowState};
use super::step_position::{After, StepPosition, number};
use super::words::{Attribution, LogTexts};

impl<'w> Cascade<'_, '_, 'w> {
    /// Walks a flow from a step on.
    pub(super) fn walk(&mut self, flow: usize, from: usize) {
        let steps: &'w [Step] = &self.walked(flow).flow;
        for (index, step) in steps.iter().enumerate().skip(from) {
            if self.flows[flow].state != FlowState::Running || self.subject.is_deleted() {
                return;
            }
            let (action, choice) = self.choose(flow, index, step);
            match self.perform(
                StepPosition {
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
    fn choose(&mut self, flow: usize, place: usize, step: &'w Step) -> (&'w Action, Option<u32>) {
        if step.choices.is_empty() {
            return (&step.default, None);
        }
        let facts = Facts {
            person: self.subject.person(),
            layout: self.subject.layout(),
            when: self.engine.when(self.at),
            draw: self.draw,
        };
        let mut choices = step.choices.iter();
        let taken = choices.position(|choice| choice.when.holds(&facts));
        let Flow {
            campaign, finishes, ..
        } = self.flows[flow];
        if let (Some(reached), None) = (self.tally.reached(), finishes) {
            reached.chosen(campaign, place, step, &facts, taken);
        }
        match taken {
            Some(taken) => (&step.choices[taken].action, Some(number(taken))),
            None => (&step.default, Some(0)),
        }
    }

    /// Continues after a wait: with the steps that now follow it, in the version that the person finishes or the newest.
    pub(super) fn resume(&mut self, wait: &WaitRow) {
        let flow = self.flows.len();
        self.flows.push(Flow {
            campaign: wait.campaign,
            nth: wait.nth,
            run: wait.run,
            finishes: wait.finishes,
            cause: wait.cause.clone(),
            parent: None,
            executed: false,
            tokens_of: flow,
            depth: 0,
            state: FlowState::Running,
        });
        let walked = self.walked(flow);
        let place = walked.wait_step(wait.step_id.as_deref(), wait.wait_ordinal);
        let words = &self.engine.words;
        let newest = self.engine.workspace.campaign(wait.campaign).version;
        let ended = WaitEnd {
            step: place.map_or(wait.step, number),
            // Where the campaign was changed meanwhile, the log says which version's steps follow.
            version: (newest != wait.version).then_some(walked.version),
            unfinished: place.is_none().then(|| {
                let reason = Reason::WaitGone;
                (Outcome::Failed, reason)
            }),
        };
        self.log(ended.row(wait, self.at, words), Some(flow));
        if let Some(step) = place {
            if wait.finishes.is_none() {
                self.note(wait.campaign, Point::WaitEnded(step));
            }
            self.walk(flow, step + 1);
        }
    }
}

/// How a wait ended.
pub(super) struct WaitEnd {
    /// The wait's step, from 1.
    pub(super) step: u32,
    /// The version to show.
    pub(super) version: Option<u32>,
    /// Why the walk does not go on, where it does not.
    pub(super) unfinished: Option<(Outcome, Reason)>,
}

impl WaitEnd {
    /// Makes the row of the log.
    pub(super) fn row(self, wait: &WaitRow, at: Instant, words: &LogTexts) -> Activity {
        let attributes = match self.version {
            None => Arc::clone(&words.no_attributes),
            Some(version) => Attribution::default()
                .with(&words.version, Some(Value::Integer(version.into())))
                .done(),
        };
        let (outcome, reason) = match self.unfinished {
            None => (Outcome::Succeeded, None),
            Some((outcome, reason)) => (outcome, Some(reason)),
        };
        Activity {
            at,
            activity: BuiltinActivity::WaitEnded.id(),
            primary: None,
            attributes,
            origin: Some(Origin {
                campaign: wait.campaign,
                run: wait.run,
                step: self.step,
                choice: None,
            }),
            outcome: Some(outcome),
            reason,
            event: None,
            marketo_campaign: None,
        }
    }
}
