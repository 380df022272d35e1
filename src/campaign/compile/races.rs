//! Trigger campaigns that race: one changes what another reads, on the same activity. Warnings.
//!
//! Campaigns of different priority are in an order that someone chose, and so are those where one requests the
//! other. Only what happens before the first wait counts: after it, the activity is long past.

use crate::campaign::{Action, Campaign, Step};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{FieldId, Mode};
use crate::filter::{Filter, LeafKind};
use crate::source::{self, LoadedFiles};

use super::draft::Draft;

/// Checks every two trigger campaigns, once all campaigns are compiled without a fault.
pub(super) fn check(loaded: &LoadedFiles, draft: &mut Draft) {
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

/// Returns whether one activity may bring a person into both, in no chosen order.
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
        trigger.activity != BuiltinActivity::RequestCampaign.id()
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
    steps.take_while(|(step, _)| !step.actions().any(Action::holds))
}

fn writes<'a>(
    campaign: &'a Campaign,
    source: &'a source::Campaign,
) -> impl Iterator<Item = (FieldId, Span)> {
    at_once(campaign, source).flat_map(|(step, span)| {
        let written = step.actions().filter_map(|action| action.effects().writes);
        written.map(move |field| (field, span))
    })
}

/// Returns where a campaign reads a field: in its filters, else in a choice or a token.
fn reads(campaign: &Campaign, source: &source::Campaign, field: FieldId) -> Option<Span> {
    if asks(&campaign.filter, field) {
        return source
            .smart_list
            .as_ref()
            .map(|list| place(&campaign.filter, list, field));
    }
    let reads = |step: &Step| {
        step.choices.iter().any(|choice| asks(&choice.when, field))
            || step.actions().any(|action| action.reads(field))
    };
    at_once(campaign, source)
        .find(|(step, _)| reads(step))
        .map(|(_, span)| span)
}

/// Returns where the filter on a field stands, or the whole list where it is not one of its entries.
fn place(filter: &Filter, list: &source::campaign::SmartList, field: FieldId) -> Span {
    let (Filter::All(parts) | Filter::Any(parts)) = filter else {
        return list.span;
    };
    let in_order = list.logic.is_none() && parts.len() == list.filters.len();
    let mut entries = parts.iter().zip(&list.filters);
    let found = entries.find(|(part, _)| asks(part, field));
    found
        .filter(|_| in_order)
        .map_or(list.span, |(_, node)| node.span)
}

fn asks(filter: &Filter, field: FieldId) -> bool {
    let mut found = false;
    filter.each_leaf(&mut |leaf| {
        found |= matches!(&leaf.kind, LeafKind::Field { field: of, .. } if *of == field);
    });
    found
}
