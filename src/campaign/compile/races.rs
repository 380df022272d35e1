//! Trigger campaigns that race: both react to one activity, and the result depends on which of them runs first. Warnings.
//!
//! Filters of all campaigns are judged before any of them walks, so no `priority` lets a filter see what another campaign
//! writes; and Marketo promises no order at all. Only what happens before the first wait counts: after it, the activity is
//! long past.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{
    Action, Campaign, Changed, EndedFlow, NewValue, ScoreChange, StartedCampaign, Step,
};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{ActivityTypeId, CampaignId, FieldId, ListId, Mode, ProgramId};
use crate::filter::{Filter, LeafKind};
use crate::source::{self, LoadedFiles};

use super::draft::Draft;

/// A campaign with the file it was read from.
type Written<'a> = (&'a Campaign, &'a source::Campaign);

/// What one campaign changes and another reads or changes as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    /// A person field.
    Field(FieldId),
    /// A static list.
    List(ListId),
    /// A membership in a program: its status and its fields.
    Program(ProgramId),
}

impl Shared {
    /// Returns what an action changes.
    fn changed_by(action: &Action) -> Option<Self> {
        let effects = action.effects();
        let field = effects.writes.map(Self::Field);
        let program = effects.membership.map(Self::Program);
        let list = effects.change.and_then(|change| match change.of {
            Changed::List(list) => Some(Self::List(list)),
            Changed::Field(_) | Changed::Program(_) | Changed::Moments(_) => None,
        });
        field.or(program).or(list)
    }

    /// Returns whether an action reads it, in its texts or otherwise.
    fn is_read_by(self, action: &Action, own_program: Option<ProgramId>) -> bool {
        match self {
            Self::Field(field) => action.reads(field),
            Self::List(_) => false,
            Self::Program(program) => own_program == Some(program) && action.reads_membership(),
        }
    }

    /// Returns whether a filter asks for it.
    fn is_asked_by(self, filter: &Filter) -> bool {
        let mut found = false;
        filter.each_leaf(&mut |leaf| {
            found |= match (self, &leaf.kind) {
                (Self::Field(field), LeafKind::Field { field: of, .. }) => *of == field,
                (Self::List(list), LeafKind::MemberOfList { lists, .. }) => lists.has(list),
                (Self::Program(program), LeafKind::MemberOfProgram { programs, .. }) => {
                    programs.has(program)
                }
                (Self::Program(program), LeafKind::ProgramStatus { program: of, .. }) => {
                    *of == program
                }
                _ => false,
            };
        });
        found
    }

    /// Returns how it is called in messages.
    fn name(self, draft: &Draft) -> String {
        let workspace = &draft.workspace;
        match self {
            Self::Field(field) => format!("`{}`", workspace.fields.field(field).name),
            Self::List(list) => format!("the list `{}`", workspace.lists.name(list.0)),
            Self::Program(program) => {
                let name = workspace.program_names.name(program.0);
                format!("the membership in `{name}`")
            }
        }
    }
}

/// Checks every two trigger campaigns, once all campaigns are compiled without a fault.
pub(super) fn check(loaded: &LoadedFiles, draft: &mut Draft) {
    let mut faults = Vec::new();
    let campaigns: Vec<Written<'_>> = draft
        .workspace
        .campaigns
        .iter()
        .zip(&loaded.campaigns)
        .collect();
    let mut by_activity: BTreeMap<ActivityTypeId, Vec<usize>> = BTreeMap::new();
    for (place, (campaign, _)) in campaigns.iter().enumerate() {
        for trigger in &campaign.triggers {
            by_activity.entry(trigger.activity).or_default().push(place);
        }
    }
    // Requests are made of one campaign by its name.
    by_activity.remove(&BuiltinActivity::RequestCampaign.id());
    for one in campaigns.iter().copied() {
        let triggers = one.0.triggers.iter();
        let others = triggers.filter_map(|trigger| by_activity.get(&trigger.activity));
        let others: BTreeSet<usize> = others.flatten().copied().collect();
        for other in others.into_iter().map(|place| campaigns[place]) {
            if one.0.id == other.0.id || !meet(one.0, other.0, draft) {
                continue;
            }
            let read = read_race(one, other, draft);
            if one.0.id < other.0.id && read.is_none() && read_race(other, one, draft).is_none() {
                faults.extend(write_race(one, other, draft));
            }
            faults.extend(read);
            faults.extend(removal_race(one, other, draft));
        }
    }
    for fault in faults {
        draft.diagnostics.push(fault);
    }
}

/// Finds what one campaign changes and the other reads, in a filter or before its first wait.
fn read_race(writer: Written<'_>, reader: Written<'_>, draft: &Draft) -> Option<Diagnostic> {
    writes(writer, draft).into_iter().find_map(|(action, written)| {
        let shared = Shared::changed_by(action)?;
        let (read, in_filter) = reads(reader, shared, draft)?;
        let message = format!(
            "`{}` reads {}, which another campaign changes on the same activity",
            reader.0.full_name,
            shared.name(draft)
        );
        let help = if in_filter {
            "request this campaign from the other one after the change, or make them one campaign; a `priority` does not help, since all filters are judged before any campaign walks"
        } else {
            "request this campaign from the other one after the change, put a `wait` before the step, or make them one campaign"
        };
        Some(
            Diagnostic::new(Code::RacingTriggers, read, message)
                .help(help)
                .related(written, "it is changed here"),
        )
    })
}

/// Finds what both campaigns change, so that the last one to do so wins.
fn write_race(one: Written<'_>, other: Written<'_>, draft: &Draft) -> Option<Diagnostic> {
    let others = writes(other, draft);
    writes(one, draft).into_iter().find_map(|(action, first)| {
        let (shared, second) = others.iter().find_map(|(of, second)| {
            let shared = Shared::changed_by(action)?;
            let same = Shared::changed_by(of) == Some(shared);
            (same && !commute(action, of, draft)).then_some((shared, *second))
        })?;
        let message = format!(
            "`{}` changes {}, which another campaign changes on the same activity",
            other.0.full_name,
            shared.name(draft)
        );
        Some(
            Diagnostic::new(Code::RacingTriggers, second, message)
                .help("request one campaign from the other, put a `wait` before one of the changes, or make them one campaign")
                .related(first, "it is changed here too"),
        )
    })
}

/// Finds a step by which one campaign takes people out of the other, which they enter by the same activity.
fn removal_race(one: Written<'_>, other: Written<'_>, draft: &Draft) -> Option<Diagnostic> {
    let removes = |action: &Action| action.effects().ends == Some(EndedFlow::Of(other.0.id));
    let (_, span) = at_once(one, draft)
        .into_iter()
        .find(|(step, _)| step.actions().any(removes))?;
    let entered = other.1.smart_list.as_ref();
    let entered = entered.and_then(|list| {
        let triggers = other.0.triggers.iter().zip(&list.triggers);
        let mut shared = triggers.filter(|(of, _)| {
            let mut triggers = one.0.triggers.iter();
            triggers.any(|trigger| share(trigger, of, draft))
        });
        shared.next().map(|(_, node)| node.span)
    });
    let message = format!(
        "`{}` takes people out of `{}`, which they enter by the same activity",
        one.0.full_name, other.0.full_name
    );
    let fault = Diagnostic::new(Code::RacingTriggers, span, message)
        .help("put a `wait` before this step, request that campaign from this one, or narrow one of the triggers");
    Some(match entered {
        Some(entered) => fault.related(entered, "they enter here"),
        None => fault,
    })
}

/// Returns whether two changes of one thing come to the same in either order.
fn commute(one: &Action, other: &Action, draft: &Draft) -> bool {
    match (one, other) {
        (
            Action::ChangeScore {
                change: ScoreChange::Add(_),
                ..
            },
            Action::ChangeScore {
                change: ScoreChange::Add(_),
                ..
            },
        )
        | (
            Action::ChangeProgramMemberData { .. },
            Action::ChangeProgramStatus { .. } | Action::ChangeProgramSuccess { .. },
        )
        | (
            Action::ChangeProgramStatus { .. } | Action::ChangeProgramSuccess { .. },
            Action::ChangeProgramMemberData { .. },
        ) => true,
        (
            Action::ChangeDataValue {
                value: NewValue::Set(one),
                ..
            },
            Action::ChangeDataValue {
                value: NewValue::Set(other),
                ..
            },
        ) => one == other && one.is_literal(),
        (
            Action::ChangeProgramStatus {
                program,
                status: one,
            },
            Action::ChangeProgramStatus { status: other, .. },
        ) => {
            let step = |status: &str| {
                let program = draft.workspace.program(*program)?;
                Some(program.status(status)?.step)
            };
            // Nobody moves to a lower step, so that the higher one wins in either order.
            one == other || step(one).is_some() && step(one) != step(other)
        }
        (
            Action::ChangeProgramMemberData { field: one, .. },
            Action::ChangeProgramMemberData { field: other, .. },
        ) if one != other => true,
        _ => one == other,
    }
}

/// Returns whether one activity may bring a person into both.
fn meet(one: &Campaign, other: &Campaign, draft: &Draft) -> bool {
    let runs =
        |campaign: &Campaign| campaign.mode == Mode::Triggered && campaign.active != Some(false);
    runs(one)
        && runs(other)
        && one.triggers.iter().any(|trigger| {
            let mut others = other.triggers.iter();
            others.any(|of| share(trigger, of, draft))
        })
        && !draft.reason().never(&[&one.filter, &other.filter])
}

/// Returns whether one activity may fire both triggers. Requests are made of one campaign by its name, so that no two
/// react to the same.
fn share(one: &crate::campaign::Trigger, other: &crate::campaign::Trigger, draft: &Draft) -> bool {
    one.activity != BuiltinActivity::RequestCampaign.id()
        && one.activity == other.activity
        && !draft.reason().apart(&one.constraints, &other.constraints)
}

/// Returns the steps that come at once, those of executed campaigns among them, each with where its own step is written.
fn at_once<'d>((campaign, source): Written<'d>, draft: &'d Draft) -> Vec<(&'d Step, Span)> {
    let written = source.flow.as_ref().map_or(&[][..], |flow| &flow.steps);
    let spans = written.iter().map(|step| step.name.span);
    let steps = campaign.flow.iter().zip(spans);
    let (mut found, mut opened) = (Vec::new(), BTreeSet::new());
    for (step, span) in steps.take_while(|(step, _)| !step.actions().any(Action::holds)) {
        let mut walked = Vec::new();
        with_executed(step, draft, &mut opened, &mut walked);
        found.extend(walked.into_iter().map(|step| (step, span)));
    }
    found
}

/// Adds a step, and after it those of the campaigns that it executes, each of which is opened once.
fn with_executed<'d>(
    step: &'d Step,
    draft: &'d Draft,
    opened: &mut BTreeSet<CampaignId>,
    found: &mut Vec<&'d Step>,
) {
    found.push(step);
    for campaign in step.actions().filter_map(executed) {
        if opened.insert(campaign) {
            for step in &draft.workspace.campaign(campaign).flow {
                with_executed(step, draft, opened, found);
            }
        }
    }
}

/// Returns the campaign that an action executes.
fn executed(action: &Action) -> Option<CampaignId> {
    match action.effects().starts {
        Some(StartedCampaign::Executed(campaign)) => Some(campaign),
        Some(StartedCampaign::Requested(_)) | None => None,
    }
}

/// Returns the changes that come at once.
fn writes<'d>(campaign: Written<'d>, draft: &'d Draft) -> Vec<(&'d Action, Span)> {
    let steps = at_once(campaign, draft).into_iter();
    steps
        .flat_map(|(step, span)| step.actions().map(move |action| (action, span)))
        .filter(|(action, _)| Shared::changed_by(action).is_some())
        .collect()
}

/// Returns where a campaign reads something, and whether that is in its filters; else it is in a choice or a token, or in
/// the filters of a campaign that it executes.
fn reads(campaign: Written<'_>, shared: Shared, draft: &Draft) -> Option<(Span, bool)> {
    let (reader, source) = campaign;
    if shared.is_asked_by(&reader.filter) {
        let list = source.smart_list.as_ref()?;
        return Some((place(&reader.filter, list, shared), true));
    }
    let reads = |step: &Step| {
        let mut choices = step.choices.iter();
        let mut actions = step.actions();
        choices.any(|choice| shared.is_asked_by(&choice.when))
            || actions.any(|action| {
                let executed = executed(action).map(|id| draft.workspace.campaign(id));
                shared.is_read_by(action, reader.program)
                    || executed.is_some_and(|executed| shared.is_asked_by(&executed.filter))
            })
    };
    at_once(campaign, draft)
        .into_iter()
        .find(|(step, _)| reads(step))
        .map(|(_, span)| (span, false))
}

/// Returns where the filter that asks for something stands, or the whole list where it is not one of its entries.
fn place(filter: &Filter, list: &source::campaign::SmartList, shared: Shared) -> Span {
    let (Filter::All(parts) | Filter::Any(parts)) = filter else {
        return list.span;
    };
    let in_order = list.logic.is_none() && parts.len() == list.filters.len();
    let mut entries = parts.iter().zip(&list.filters);
    let found = entries.find(|(part, _)| shared.is_asked_by(part));
    found
        .filter(|_| in_order)
        .map_or(list.span, |(_, node)| node.span)
}
