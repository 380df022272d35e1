//! Trigger campaigns that race: one changes what another reads, on the same activity. Warnings.
//!
//! Campaigns of different priority are in an order that someone chose, and so are those where one requests the
//! other. Only what happens before the first wait counts: after it, the activity is long past.

use crate::campaign::{Action, Campaign, Mode, Step};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::FieldId;
use crate::domain::activity_type::Known;
use crate::filter::{Filter, LeafKind};
use crate::source::{self, Loaded};

use super::draft::Draft;

/// Checks every two trigger campaigns, once all campaigns are compiled without a fault.
pub(super) fn check(loaded: &Loaded, draft: &mut Draft) {
    let mut faults = Vec::new();
    let campaigns = || draft.workspace.campaigns.iter().zip(&loaded.campaigns);
    for (writer, writer_source) in campaigns() {
        for (reader, reader_source) in campaigns() {
            if writer.id != reader.id && meet(writer, reader, draft) {
                let race = writes(writer, writer_source).find_map(|(field, written)| {
                    let read = reads(reader, reader_source, field)?;
                    Some(race(reader, field, read, written, draft))
                });
                faults.extend(race);
            }
        }
    }
    for fault in faults {
        draft.diagnostics.push(fault);
    }
}

fn race(reader: &Campaign, field: FieldId, read: Span, written: Span, draft: &Draft) -> Diagnostic {
    let field = &draft.workspace.fields.field(field).name;
    let message = format!(
        "`{}` reads `{field}`, which another campaign changes on the same activity",
        reader.full_name
    );
    Diagnostic::new(Code::RacingTriggers, read, message)
        .help("give one of the two another `priority`, or let one request the other")
        .related(written, "it is changed here")
}

/// Tells whether one activity may bring a person into both, in no chosen order.
fn meet(one: &Campaign, other: &Campaign, draft: &Draft) -> bool {
    let runs =
        |campaign: &Campaign| campaign.mode == Mode::Triggered && campaign.active != Some(false);
    runs(one)
        && runs(other)
        && one.priority == other.priority
        && share_a_trigger(one, other, draft)
        && !draft.reason().never(&[&one.filter, &other.filter])
}

/// Requests are made of one campaign by its name, so that no two react to the same.
fn share_a_trigger(one: &Campaign, other: &Campaign, draft: &Draft) -> bool {
    one.triggers.iter().any(|trigger| {
        trigger.activity != Known::RequestCampaign.id()
            && other.triggers.iter().any(|of| {
                trigger.activity == of.activity
                    && !draft.reason().apart(&trigger.constraints, &of.constraints)
            })
    })
}

/// Returns the steps that come at once, each with where it is written.
fn at_once<'a>(
    campaign: &'a Campaign,
    source: &'a source::Campaign,
) -> impl Iterator<Item = (&'a Step, Span)> {
    let written = source.flow.as_ref().map_or(&[][..], |flow| &flow.steps);
    let spans = written.iter().map(|step| step.name.span);
    let steps = campaign.flow.iter().zip(spans);
    steps.take_while(|(step, _)| {
        !step
            .actions()
            .any(|action| matches!(action, Action::Wait(_)))
    })
}

fn writes<'a>(
    campaign: &'a Campaign,
    source: &'a source::Campaign,
) -> impl Iterator<Item = (FieldId, Span)> {
    at_once(campaign, source).flat_map(|(step, span)| {
        step.actions().filter_map(move |action| match action {
            Action::ChangeDataValue { field, .. } | Action::ChangeScore { field, .. } => {
                Some((*field, span))
            }
            Action::DoNothing
            | Action::SendEmail { .. }
            | Action::SendAlert { .. }
            | Action::AddToList { .. }
            | Action::RemoveFromList { .. }
            | Action::ChangeProgramStatus { .. }
            | Action::ChangeProgramMemberData { .. }
            | Action::InterestingMoment { .. }
            | Action::Wait(_)
            | Action::RequestCampaign { .. }
            | Action::ExecuteCampaign { .. }
            | Action::RemoveFromFlow { .. }
            | Action::CallWebhook { .. }
            | Action::DeletePerson => None,
        })
    })
}

/// Returns where a campaign reads a field, in its filters or else in a choice.
fn reads(campaign: &Campaign, source: &source::Campaign, field: FieldId) -> Option<Span> {
    if asks(&campaign.filter, field) {
        return source.smart_list.as_ref().map(|list| list.span);
    }
    at_once(campaign, source)
        .find(|(step, _)| step.choices.iter().any(|choice| asks(&choice.when, field)))
        .map(|(_, span)| span)
}

fn asks(filter: &Filter, field: FieldId) -> bool {
    let mut found = false;
    filter.each_leaf(&mut |leaf| {
        found |= matches!(&leaf.kind, LeafKind::Field { field: of, .. } if *of == field);
    });
    found
}
