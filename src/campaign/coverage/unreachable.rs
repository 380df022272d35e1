//! Points that no test can reach, each with the reason, as the checks of campaign files know it.
//!
//! Every answer is sound and none is complete: a point that is called unreachable is, and others may be as well. A random
//! search in the tests of `campaign test` tries to reach what is called unreachable.

use crate::campaign::{Action, Campaign, Qualification, StartedCampaign, Step, Workspace};
use crate::domain::Mode;
use crate::filter::reason::Reason;
use crate::filter::{Filter, Leaf, LeafKind, MemberOf, Sense};

use super::Point;

/// What is known of the points of one campaign.
pub(crate) struct Reachability<'a> {
    campaign: &'a Campaign,
    reason: Reason<'a>,
    /// Why the campaign is never evaluated.
    asleep: Option<String>,
    /// Why nobody enters, if it is evaluated.
    closed: Option<String>,
    /// The first step that ends the flow for everyone.
    last: Option<usize>,
}

const NEVER: &str = "no one can ever meet this";

impl<'a> Reachability<'a> {
    /// Looks at a campaign among the others of its workspace.
    pub(crate) fn of(campaign: &'a Campaign, workspace: &'a Workspace) -> Self {
        let reason = Reason::new(&workspace.fields, &workspace.zone, workspace.week_start);
        let ends = |step: &Step| step.actions().all(|action| action.ends_flow(campaign.id));
        let last = campaign.flow.iter().position(ends);
        let closed = reason.never(&[&campaign.filter]);
        Self {
            campaign,
            reason,
            asleep: asleep(campaign, workspace, &reason),
            closed: closed.then(|| "no one can ever meet the filters".to_owned()),
            last,
        }
    }

    /// Returns why a point is never reached; nothing where it may be.
    pub(crate) fn why_not(&self, point: Point) -> Option<String> {
        if let Point::Trigger(place) = point {
            let trigger = &self.campaign.triggers[place];
            let apart = self.reason.apart(&trigger.constraints, &[]);
            return apart.then(|| "no activity can ever meet this".to_owned());
        }
        if let Some(asleep) = &self.asleep {
            return Some(asleep.clone());
        }
        match point {
            Point::Trigger(_) => None,
            Point::Filter { leaf, holds } => {
                let leaves = self.campaign.smart_list_leaves();
                let filter = leaves.get(leaf)?.filter;
                self.answer(&[], filter, holds)
            }
            Point::Rule { admits } => self.closed.clone().or_else(|| self.rule(admits)),
            Point::ChoiceFilter { step, .. }
            | Point::Choice { step, .. }
            | Point::Default { step }
            | Point::Step(step)
            | Point::WaitEnded(step) => self
                .closed
                .clone()
                .or_else(|| self.after_the_end(step))
                .or_else(|| self.within(point, &self.campaign.flow[step])),
        }
    }

    /// Returns why a filter never has an answer where none of some others holds.
    fn answer(&self, failing: &[&Filter], filter: &Filter, holds: bool) -> Option<String> {
        if holds {
            if self.reason.never(&[filter]) {
                return Some(NEVER.to_owned());
            }
            let taken = self.reason.covers(filter, failing);
            return taken.then(|| "an earlier choice takes everyone who meets this".to_owned());
        }
        if self.reason.follows(&[], filter) {
            return Some("everyone meets this".to_owned());
        }
        let all: Vec<&Filter> = failing.iter().copied().chain([filter]).collect();
        let everyone = Filter::everyone();
        let taken = self.reason.covers(&everyone, &all);
        taken.then(|| "everyone who is asked meets this".to_owned())
    }

    /// Returns why the qualification rule never has an answer.
    fn rule(&self, admits: bool) -> Option<String> {
        if admits {
            return None;
        }
        if self.campaign.qualification == Qualification::EveryTime {
            return Some("`every_time` admits everyone".to_owned());
        }
        let entered = Filter::Leaf(Leaf {
            subject: String::new(),
            wanted: String::new(),
            kind: LeafKind::MemberOfSmartCampaign {
                sense: Sense::Positive,
                campaigns: MemberOf::These(vec![self.campaign.id]),
            },
        });
        let kept_out = self.reason.never(&[&self.campaign.filter, &entered]);
        kept_out.then(|| "the filters keep out everyone who has entered before".to_owned())
    }

    /// Returns why nobody reaches a step that stands after the end of the flow.
    fn after_the_end(&self, step: usize) -> Option<String> {
        let last = self.last.filter(|last| *last < step)?;
        let name = self.campaign.flow[last].kind.name();
        Some(format!("`{name}` before it ends the flow for everyone"))
    }

    fn within(&self, point: Point, step: &Step) -> Option<String> {
        match point {
            Point::Trigger(_) | Point::Filter { .. } | Point::Rule { .. } => None,
            Point::ChoiceFilter {
                choice,
                leaf,
                holds,
                ..
            } => {
                let leaves = step.choices.get(choice)?.leaves();
                let filter = leaves.get(leaf)?.filter;
                self.answer(&earlier(step, choice), filter, holds)
            }
            Point::Choice { choice, .. } => self.choice(step, choice),
            Point::Default { .. } => self.default(step),
            Point::Step(_) => self.never_succeeds(step),
            Point::WaitEnded(_) => {
                let waits = self.actions(step).into_iter().any(Action::holds);
                (!waits).then(|| "nobody waits here".to_owned())
            }
        }
    }

    /// Returns why a choice is never taken where its step is reached.
    fn choice(&self, step: &Step, choice: usize) -> Option<String> {
        let when = &step.choices.get(choice)?.when;
        self.answer(&earlier(step, choice), when, true)
    }

    /// Returns why the default is never taken where its step is reached.
    fn default(&self, step: &Step) -> Option<String> {
        let all = earlier(step, step.choices.len());
        let taken = self.reason.covers(&Filter::everyone(), &all);
        taken.then(|| "the choices before it take everyone".to_owned())
    }

    /// Returns the actions that a step may come to: those of choices that can be taken, and the default where it can.
    fn actions<'s>(&self, step: &'s Step) -> Vec<&'s Action> {
        let mut actions: Vec<&Action> = Vec::new();
        for (place, choice) in step.choices.iter().enumerate() {
            if self.choice(step, place).is_none() {
                actions.push(&choice.action);
            }
        }
        if step.choices.is_empty() || self.default(step).is_none() {
            actions.push(&step.default);
        }
        actions
    }

    /// Returns why a step never succeeds.
    fn never_succeeds(&self, step: &Step) -> Option<String> {
        let actions = self.actions(step);
        let is_webhook = |action: &&Action| matches!(action, Action::CallWebhook { .. });
        let idle = |action: &&Action| **action == Action::DoNothing || is_webhook(action);
        if !actions.iter().all(idle) {
            return None;
        }
        Some(if actions.iter().any(is_webhook) {
            "webhooks are never called".to_owned()
        } else {
            "it does nothing".to_owned()
        })
    }
}

/// Returns why nothing ever evaluates a campaign.
fn asleep(campaign: &Campaign, workspace: &Workspace, reason: &Reason<'_>) -> Option<String> {
    match campaign.mode {
        Mode::Batch => None,
        Mode::Triggered => {
            let mut triggers = campaign.triggers.iter();
            let none = triggers.all(|trigger| reason.apart(&trigger.constraints, &[]));
            none.then(|| "no activity can ever start the campaign".to_owned())
        }
        Mode::Executable => {
            let mut flows = workspace.campaigns.iter().flat_map(|of| &of.flow);
            let executed = flows.any(|step| {
                step.actions().any(|action| {
                    action.effects().starts == Some(StartedCampaign::Executed(campaign.id))
                })
            });
            (!executed).then(|| "no campaign executes it".to_owned())
        }
    }
}

/// Returns the conditions of the choices before one.
fn earlier(step: &Step, choice: usize) -> Vec<&Filter> {
    let choices = step.choices.iter().take(choice);
    choices.map(|choice| &choice.when).collect()
}
