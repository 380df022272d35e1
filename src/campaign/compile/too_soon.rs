//! Choices that ask about an email in the instant in which it is sent. Warnings.
//!
//! A walk takes no time between two waits, so that a mail it sends cannot have been delivered, opened or clicked there.
//! Only mails that this walk alone sends, and to each person once, are looked at: of another the question may be meant.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Action, Campaign, Qualification, Step};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::fold;
use crate::filter::operator::TextRelation;
use crate::filter::{ActivityFilter, ConstraintOn, Criterion, LeafKind, Sense};
use crate::source::{self, LoadedFiles};
use crate::yaml::NodeKind;

use super::draft::Draft;

/// Checks every campaign, once all are compiled without a fault.
pub(super) fn check(loaded: &LoadedFiles, draft: &mut Draft) {
    let mut sendings: BTreeMap<String, u32> = BTreeMap::new();
    for campaign in &draft.workspace.campaigns {
        for email in campaign.flow.iter().flat_map(sent) {
            *sendings.entry(email).or_default() += 1;
        }
    }
    let mut faults = Vec::new();
    let campaigns = draft.workspace.campaigns.iter().zip(&loaded.campaigns);
    for (campaign, written) in campaigns {
        if campaign.qualification == Qualification::OnlyOnce {
            faults.extend(of_campaign(campaign, written, &sendings));
        }
    }
    for fault in faults {
        draft.diagnostics.push(fault);
    }
}

fn of_campaign(
    campaign: &Campaign,
    written: &source::Campaign,
    sendings: &BTreeMap<String, u32>,
) -> Vec<Diagnostic> {
    let steps = written.flow.as_ref().map_or(&[][..], |flow| &flow.steps);
    let mut faults = Vec::new();
    // What was sent since the last wait, and where.
    let mut just_sent: BTreeMap<String, Span> = BTreeMap::new();
    for (step, source) in campaign.flow.iter().zip(steps) {
        let conditions = conditions(source);
        for (choice, span) in step.choices.iter().zip(conditions) {
            choice.when.each_leaf(&mut |leaf| {
                if let LeafKind::Activity(filter) = &leaf.kind
                    && let Some(sent) = asked(filter, &just_sent)
                {
                    faults.push(fault(filter.sense, span, sent));
                }
            });
        }
        if step.actions().any(Action::holds) {
            just_sent.clear();
        }
        let once = sent(step).filter(|email| sendings.get(email) == Some(&1));
        just_sent.extend(once.map(|email| (email, source.name.span)));
    }
    faults
}

/// Returns the emails that a step may send, each once.
fn sent(step: &Step) -> impl Iterator<Item = String> {
    let emails: BTreeSet<String> = step
        .actions()
        .filter_map(|action| action.effects().email)
        .map(|email| fold(email))
        .collect();
    emails.into_iter()
}

/// Returns where the conditions of a step's choices stand.
fn conditions(step: &source::campaign::Step) -> Vec<Span> {
    let NodeKind::Map(entries) = &step.value.kind else {
        return Vec::new();
    };
    let choices = entries.iter().find(|entry| entry.key == "choices");
    let Some(NodeKind::List(choices)) = choices.map(|entry| &entry.value.kind) else {
        return Vec::new();
    };
    let conditions = choices.iter().filter_map(|choice| {
        let NodeKind::Map(entries) = &choice.kind else {
            return None;
        };
        let condition = entries.iter().find(|entry| entry.key == "if");
        condition.map(|entry| entry.value.span)
    });
    conditions.collect()
}

/// Returns where an email was just sent, if a filter asks what became of such emails alone.
fn asked(filter: &ActivityFilter, just_sent: &BTreeMap<String, Span>) -> Option<Span> {
    let later = [
        BuiltinActivity::EmailDelivered,
        BuiltinActivity::EmailBounced,
        BuiltinActivity::UnsubscribeEmail,
        BuiltinActivity::OpenEmail,
        BuiltinActivity::ClickEmail,
    ];
    if !later.iter().any(|known| known.id() == filter.activity) {
        return None;
    }
    let tests = filter
        .constraints
        .iter()
        .filter(|constraint| constraint.attribute == ConstraintOn::Primary)
        .flat_map(|constraint| &constraint.tests);
    let keys = tests
        .filter(|test| test.sense == Sense::Positive)
        .find_map(|test| match &test.criterion {
            Criterion::Text(TextRelation::Is | TextRelation::IsAsset, keys) => Some(keys),
            Criterion::Text(TextRelation::StartsWith | TextRelation::Contains, _)
            | Criterion::Empty
            | Criterion::Equal(_)
            | Criterion::Truth(_)
            | Criterion::Between(_)
            | Criterion::Side(..)
            | Criterion::Window(..)
            | Criterion::Frame(_) => None,
        })?;
    let sent: Option<Vec<Span>> = keys
        .iter()
        .map(|key| just_sent.get(key.as_ref()).copied())
        .collect();
    sent?.first().copied()
}

fn fault(sense: Sense, condition: Span, sent: Span) -> Diagnostic {
    let message = match sense {
        Sense::Positive => {
            "this asks about an email that is sent in this very instant, so that it cannot hold yet"
        }
        Sense::Negative => {
            "this asks about an email that is sent in this very instant, so that it always holds"
        }
    };
    Diagnostic::new(Code::AskedTooSoon, condition, message)
        .help("put a `wait` between the two steps")
        .related(sent, "it is sent here")
}
