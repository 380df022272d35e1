//! Choices that ask about an email in the instant in which it is sent. Warnings.
//!
//! A walk takes no time between two waits, so that a mail it sends cannot have been delivered, opened or clicked there.
//! Only mails that no other campaign sends, and that this flow did not send before its last wait, are looked at: the
//! question may be about an earlier mail otherwise.

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
    // By how many campaigns each email is sent.
    let mut senders: BTreeMap<String, u32> = BTreeMap::new();
    for campaign in &draft.workspace.campaigns {
        let emails: BTreeSet<String> = campaign.flow.iter().flat_map(sent).collect();
        for email in emails {
            *senders.entry(email).or_default() += 1;
        }
    }
    let mut faults = Vec::new();
    let campaigns = draft.workspace.campaigns.iter().zip(&loaded.campaigns);
    for (campaign, written) in campaigns {
        if campaign.qualification == Qualification::OnlyOnce {
            faults.extend(of_campaign(campaign, written, &senders));
        }
    }
    for fault in faults {
        draft.diagnostics.push(fault);
    }
}

fn of_campaign(
    campaign: &Campaign,
    written: &source::Campaign,
    senders: &BTreeMap<String, u32>,
) -> Vec<Diagnostic> {
    let steps = written.flow.as_ref().map_or(&[][..], |flow| &flow.steps);
    let mut faults = Vec::new();
    // What was sent since the last wait, and where.
    let mut just_sent: BTreeMap<String, Span> = BTreeMap::new();
    let mut sent_before = BTreeSet::new();
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
            sent_before.extend(std::mem::take(&mut just_sent).into_keys());
        }
        let only_now = sent(step)
            .filter(|email| senders.get(email) == Some(&1) && !sent_before.contains(email));
        for email in only_now {
            just_sent.entry(email).or_insert(source.name.span);
        }
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

/// Returns where an email was just sent, if a filter asks the outcome of such emails alone.
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
