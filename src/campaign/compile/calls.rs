//! Campaigns that call each other: whether the called one can be, how deep, and in what circles.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use crate::campaign::{Action, Campaign, Changed, Qualification, Trigger};
use crate::diagnostic::{Code, Diagnostic};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, CampaignId, Mode, Text, Value};
use crate::filter::ConstraintOn;

use super::call::{Call, How};
use super::draft::Draft;
use super::min_delay::MinDelay;

/// How many places of a circle are shown besides the first.
const PLACES_SHOWN: usize = 20;

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
    let executed: BTreeSet<CampaignId> = calls
        .iter()
        .filter(|call| call.how == How::Execute)
        .map(|call| call.to)
        .collect();
    let idle: Vec<_> = draft
        .workspace
        .campaigns
        .iter()
        .filter(|campaign| campaign.mode == Mode::Executable && !executed.contains(&campaign.id))
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
        draft
            .diagnostics
            .fault_with(Code::NeverExecuted, span, message, help);
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
            draft
                .diagnostics
                .fault_with(Code::NotRequestable, call.span, message, help);
        }
        How::Execute if target.mode != Mode::Executable => {
            let message = format!("`{name}` cannot be executed");
            let help = if requestable {
                "it is a trigger campaign: write `request_campaign`"
            } else {
                "write `executable: true` in it"
            };
            draft
                .diagnostics
                .fault_with(Code::NotExecutable, call.span, message, help);
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
    let mut known = BTreeMap::new();
    for call in calls.iter().filter(|call| call.how == How::Execute) {
        let deep = 1 + levels(call.to, &below, 0, &mut known);
        if deep == DEEPEST + 1 {
            let name = Text::clone(&draft.workspace.campaign(call.to).full_name);
            let message = format!("executing `{name}` goes {deep} levels deep");
            let help = format!(
                "at most {DEEPEST} levels of campaigns are allowed below the one that executes"
            );
            draft
                .diagnostics
                .fault_with(Code::ExecuteDepth, call.span, message, help);
        }
    }
}

/// Returns how many levels lie below a campaign, as far as it matters: one more than are allowed are enough to know.
fn levels(
    from: CampaignId,
    below: &BTreeMap<CampaignId, Vec<CampaignId>>,
    above: u32,
    known: &mut BTreeMap<(CampaignId, u32), u32>,
) -> u32 {
    if above > DEEPEST {
        return 0;
    }
    if let Some(levels) = known.get(&(from, above)) {
        return *levels;
    }
    let targets = below.get(&from).map(Vec::as_slice).unwrap_or_default();
    let deepest = targets
        .iter()
        .map(|to| 1 + levels(*to, below, above + 1, known));
    let deepest = deepest.max().unwrap_or(0);
    known.insert((from, above), deepest);
    deepest
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

/// How many calls are followed in search of the shortest circles. Past that, campaigns that a circle was found through are
/// not looked at again.
const PATIENCE: usize = 100_000;

/// Returns the shortest circle through each campaign, each circle once, from its first campaign.
fn each_circle(calls: &[Call], draft: &Draft) -> Vec<Vec<Call>> {
    let calls = Calls::in_circles(calls, draft.workspace.campaigns.len());
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    let mut covered = BTreeSet::new();
    let mut followed = 0;
    for campaign in &draft.workspace.campaigns {
        if followed > PATIENCE && covered.contains(&campaign.id) {
            continue;
        }
        let Some(circle) = circle_through(campaign.id, &calls, &mut followed) else {
            continue;
        };
        let members = members(&circle);
        covered.extend(members.iter().copied());
        if known.insert(members) {
            found.push(circle);
        }
    }
    found
}

/// Calls by the campaign that makes them.
struct Calls(BTreeMap<CampaignId, Vec<Call>>);

impl Calls {
    /// Keeps the calls between campaigns that reach each other; no other one is a part of a circle.
    fn in_circles(calls: &[Call], campaigns: usize) -> Self {
        let mut all = Self(BTreeMap::new());
        for call in calls {
            all.0.entry(call.from).or_default().push(*call);
        }
        let component = all.components(campaigns);
        all.0.values_mut().for_each(|calls| {
            calls.retain(|call| component.get(&call.from) == component.get(&call.to));
        });
        all
    }

    fn of(&self, from: CampaignId) -> &[Call] {
        self.0.get(&from).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns which campaigns reach each other: those have one number. The algorithm is Tarjan's, without recursion, since
    /// chains may be long.
    fn components(&self, campaigns: usize) -> BTreeMap<CampaignId, usize> {
        let mut component = BTreeMap::new();
        let mut order: BTreeMap<CampaignId, usize> = BTreeMap::new();
        let mut lowest: BTreeMap<CampaignId, usize> = BTreeMap::new();
        let (mut open, mut numbers) = (Vec::new(), 0);
        let ids =
            (0..campaigns).map(|number| CampaignId(u32::try_from(number).unwrap_or(u32::MAX)));
        for root in ids {
            if order.contains_key(&root) {
                continue;
            }
            // Each with how many of its calls were followed.
            let mut path = vec![(root, 0)];
            while let Some((at, followed)) = path.pop() {
                if followed == 0 {
                    lowest.insert(at, order.len());
                    order.insert(at, order.len());
                    open.push(at);
                }
                if let Some(call) = self.of(at).get(followed) {
                    path.push((at, followed + 1));
                    if !order.contains_key(&call.to) {
                        path.push((call.to, 0));
                    } else if !component.contains_key(&call.to) {
                        let low = lowest[&at].min(order[&call.to]);
                        lowest.insert(at, low);
                    }
                    continue;
                }
                if lowest[&at] == order[&at] {
                    while let Some(member) = open.pop() {
                        component.insert(member, numbers);
                        if member == at {
                            break;
                        }
                    }
                    numbers += 1;
                }
                if let Some((caller, _)) = path.last() {
                    let low = lowest[caller].min(lowest[&at]);
                    lowest.insert(*caller, low);
                }
            }
        }
        component
    }
}

fn circle_through(start: CampaignId, calls: &Calls, followed: &mut usize) -> Option<Vec<Call>> {
    let mut reached: BTreeMap<CampaignId, Call> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for call in calls.of(from) {
            *followed += 1;
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
    for call in circle[1..].iter().take(PLACES_SHOWN) {
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
        if changes.is_empty() {
            continue;
        }
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
