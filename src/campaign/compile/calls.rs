//! Campaigns that call each other: whether the called one can be, how deep, and in what circles.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use crate::campaign::{Action, Campaign, Changed, Qualification, Trigger};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, CampaignId, Mode, Text, Value};
use crate::filter::ConstraintOn;

use super::draft::Draft;
use super::min_delay::MinDelay;

/// How one campaign starts another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// `request_campaign`
    Request,
    /// `execute_campaign`
    Execute,
    /// It changes data that a trigger of the other reacts to.
    Data,
}

impl How {
    fn verb(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Execute => "executes",
            Self::Data => "sets off",
        }
    }
}

/// One campaign starting another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) from: CampaignId,
    pub(super) to: CampaignId,
    pub(super) how: How,
    /// How long the waits before it hold everyone.
    pub(super) held: MinDelay,
    /// Where it is written.
    pub(super) span: Span,
}

/// Campaigns below an executing one, at most.
const DEEPEST: u32 = 3;

/// Checks every call.
pub(super) fn check(draft: &mut Draft) {
    let calls = check_targets(draft);
    depth(&calls, draft);
    never_executed(&calls, draft);
    circles(calls, draft);
}

/// Checks that those who are called can be; returns the calls.
pub(super) fn check_targets(draft: &mut Draft) -> Vec<Call> {
    let calls = std::mem::take(&mut draft.calls);
    for call in &calls {
        can_be_called(*call, draft);
    }
    calls
}

/// Reports executable campaigns that nothing executes, and so nothing ever starts.
fn never_executed(calls: &[Call], draft: &mut Draft) {
    if draft.diagnostics.errors() > 0 {
        return;
    }
    let executed = |id| {
        calls
            .iter()
            .any(|call| call.how == How::Execute && call.to == id)
    };
    let idle: Vec<_> = draft
        .workspace
        .campaigns
        .iter()
        .filter(|campaign| campaign.mode == Mode::Executable && !executed(campaign.id))
        .map(|campaign| {
            (
                draft.spans[campaign.id.0 as usize],
                Text::clone(&campaign.full_name),
            )
        })
        .collect();
    for (span, name) in idle {
        let message = format!("no campaign executes `{name}`");
        let help = format!("write the step `execute_campaign: {name}` in another campaign");
        draft.fault_with(Code::NeverExecuted, span, message, help);
    }
}

fn can_be_called(call: Call, draft: &mut Draft) {
    let Some(target) = draft.workspace.campaigns.get(call.to.0 as usize) else {
        return;
    };
    let name = Text::clone(&target.full_name);
    let requestable = target
        .triggers
        .iter()
        .any(|trigger| trigger.activity == BuiltinActivity::RequestCampaign.id());
    match call.how {
        How::Request if !requestable => {
            let message = format!("`{name}` cannot be requested");
            let help = match target.mode {
                Mode::Triggered | Mode::Batch => "give it the trigger `campaign_is_requested: any`",
                Mode::Executable => "it is executable: write `execute_campaign`",
            };
            draft.fault_with(Code::NotRequestable, call.span, message, help);
        }
        How::Execute if target.mode != Mode::Executable => {
            let message = format!("`{name}` cannot be executed");
            let help = if requestable {
                "it is a trigger campaign: write `request_campaign`"
            } else {
                "write `executable: true` in it"
            };
            draft.fault_with(Code::NotExecutable, call.span, message, help);
        }
        How::Request | How::Execute | How::Data => {}
    }
}

/// Reports chains of executing campaigns that are too long. Circles are reported elsewhere.
fn depth(calls: &[Call], draft: &mut Draft) {
    let mut below: BTreeMap<CampaignId, Vec<CampaignId>> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.how == How::Execute) {
        below.entry(call.from).or_default().push(call.to);
    }
    for call in calls.iter().filter(|call| call.how == How::Execute) {
        let deep = 1 + levels(call.to, &below, &mut Vec::new());
        if deep == DEEPEST + 1 {
            let name = Text::clone(&draft.workspace.campaign(call.to).full_name);
            let message = format!("executing `{name}` goes {deep} levels deep");
            let help = format!(
                "at most {DEEPEST} levels of campaigns are allowed below the one that executes"
            );
            draft.fault_with(Code::ExecuteDepth, call.span, message, help);
        }
    }
}

fn levels(
    from: CampaignId,
    below: &BTreeMap<CampaignId, Vec<CampaignId>>,
    path: &mut Vec<CampaignId>,
) -> u32 {
    if path.contains(&from) {
        return 0;
    }
    path.push(from);
    let targets = below.get(&from).map(Vec::as_slice).unwrap_or_default();
    let deepest = targets.iter().map(|to| 1 + levels(*to, below, path)).max();
    path.pop();
    deepest.unwrap_or(0)
}

/// Reports circles: those of calls alone with no wait on them are errors, all others warnings.
fn circles(mut calls: Vec<Call>, draft: &mut Draft) {
    let immediate: Vec<Call> = calls
        .iter()
        .filter(|call| call.held.is_none())
        .copied()
        .collect();
    let mut diagnostics = BTreeSet::new();
    for circle in each_circle(&immediate, draft) {
        diagnostics.insert(members(&circle));
        let help = "take one of the steps out, or put a wait before it";
        report(Code::RequestCycle, help, &circle, draft);
    }
    calls.extend(through_data(draft));
    for circle in each_circle(&calls, draft) {
        let by_data = circle.iter().any(|call| call.how == How::Data);
        if diagnostics.insert(members(&circle)) && (!by_data || goes_round(&circle, draft)) {
            let help = "make sure that a filter or the qualification rule ends the circle";
            report(Code::WaitingCycle, help, &circle, draft);
        }
    }
}

fn members(circle: &[Call]) -> BTreeSet<CampaignId> {
    circle.iter().map(|call| call.from).collect()
}

/// Returns the shortest circle through each campaign, each circle once, from its first campaign.
fn each_circle(calls: &[Call], draft: &Draft) -> Vec<Vec<Call>> {
    let campaigns = draft.workspace.campaigns.iter().map(|campaign| campaign.id);
    let circles = campaigns.filter_map(|start| circle_through(start, calls));
    let mut known = BTreeSet::new();
    circles
        .filter(|circle| known.insert(members(circle)))
        .collect()
}

fn circle_through(start: CampaignId, calls: &[Call]) -> Option<Vec<Call>> {
    let mut reached: BTreeMap<CampaignId, Call> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for call in calls.iter().filter(|call| call.from == from) {
            if call.to == start {
                let mut circle = vec![*call];
                let mut at = from;
                while at != start {
                    let call = reached.get(&at)?;
                    circle.push(*call);
                    at = call.from;
                }
                circle.reverse();
                return Some(circle);
            }
            if let std::collections::btree_map::Entry::Vacant(place) = reached.entry(call.to) {
                place.insert(*call);
                queue.push_back(call.to);
            }
        }
    }
    None
}

fn report(code: Code, help: &str, circle: &[Call], draft: &mut Draft) {
    let Some(first) = circle.first() else {
        return;
    };
    let name = |id: CampaignId| &draft.workspace.campaign(id).full_name;
    let mut round = MinDelay::default();
    for call in circle {
        round.join(call.held);
    }
    let after = if round.is_none() {
        String::new()
    } else {
        format!(" after {round}")
    };
    let mut message = format!("`{}` starts itself again{after}: it", name(first.from));
    for (place, call) in circle.iter().enumerate() {
        let and = if place == 0 { "" } else { ", which" };
        let _ = write!(message, "{and} {} `{}`", call.how.verb(), name(call.to));
    }
    let mut fault = Diagnostic::new(code, first.span, message).help(help);
    for call in &circle[1..] {
        fault = fault.related(call.span, "and on from here");
    }
    draft.diagnostics.push(fault);
}

/// Returns whether every campaign of a circle may be entered more than once.
fn goes_round(circle: &[Call], draft: &Draft) -> bool {
    circle.iter().all(|call| {
        let campaign = draft.workspace.campaign(call.from);
        campaign.qualification != Qualification::OnlyOnce
    })
}

/// Finds the campaigns whose changes set off triggers.
fn through_data(draft: &Draft) -> Vec<Call> {
    let mut calls = Vec::new();
    for from in &draft.workspace.campaigns {
        let changes = changes(from, draft);
        for to in &draft.workspace.campaigns {
            let reacts = |change: &&LoggedChange| {
                to.triggers
                    .iter()
                    .any(|trigger| may_match(trigger, change, draft))
            };
            if let Some(change) = changes.iter().find(reacts)
                && !is_idempotent(from, to, change)
            {
                calls.push(Call {
                    from: from.id,
                    to: to.id,
                    how: How::Data,
                    held: change.held,
                    span: draft.spans[from.id.0 as usize],
                });
            }
        }
    }
    calls
}

/// A change that a step writes into the log.
struct LoggedChange {
    activity: ActivityTypeId,
    primary: Text,
    /// Always the same value, so that doing it again changes nothing.
    constant: bool,
    /// How long the waits before it hold everyone.
    held: MinDelay,
}

fn changes(from: &Campaign, draft: &Draft) -> Vec<LoggedChange> {
    let mut held = MinDelay::default();
    let mut changes = Vec::new();
    for step in &from.flow {
        let actions = step.actions();
        changes.extend(actions.filter_map(|action| change(action, held, draft)));
        held.add(step);
    }
    changes
}

/// Returns whether a campaign triggers itself with a change that has no effect the second time.
fn is_idempotent(from: &Campaign, to: &Campaign, change: &LoggedChange) -> bool {
    from.id == to.id && change.constant
}

/// Returns the change that an action makes, as the log shows it.
fn change(action: &Action, held: MinDelay, draft: &Draft) -> Option<LoggedChange> {
    let workspace = &draft.workspace;
    let change = action.effects().change?;
    let primary = match change.of {
        Changed::Field(field) => Text::from(workspace.fields.field(field).name.as_str()),
        Changed::List(list) => Text::clone(workspace.lists.name(list.0)),
        Changed::Program(program) => Text::clone(workspace.program_names.name(program.0)),
        Changed::Moments(kind) => Text::clone(kind),
    };
    Some(LoggedChange {
        activity: change.activity.id(),
        primary,
        constant: change.is_constant,
        held,
    })
}

/// Returns whether a trigger may react to a change, as far as the primary attribute shows.
fn may_match(trigger: &Trigger, change: &LoggedChange, draft: &Draft) -> bool {
    let when = draft.when();
    let primary = Value::Text(Text::clone(&change.primary));
    trigger.activity == change.activity
        && trigger
            .constraints
            .iter()
            .filter(|constraint| constraint.attribute == ConstraintOn::Primary)
            .flat_map(|constraint| &constraint.tests)
            .all(|test| test.holds(Some(&primary), &when))
}
