//! What trigger campaigns share: the fields, lists and memberships that one changes at once and another reads or changes.

use std::collections::BTreeSet;

use crate::campaign::compile::draft::Draft;
use crate::campaign::{Action, Campaign, Changed, NewValue, ScoreChange, StartedCampaign, Step};
use crate::diagnostic::Span;
use crate::domain::{CampaignId, FieldId, ListId, ProgramId};
use crate::filter::{Filter, LeafKind, MemberOf};
use crate::source;

/// A campaign with the file it was read from.
pub(super) type Written<'a> = (&'a Campaign, &'a source::Campaign);

/// What one campaign changes and another reads or changes as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shared {
    /// A person field.
    Field(FieldId),
    /// A static list.
    List(ListId),
    /// A membership in a program: its status and its fields.
    Program(ProgramId),
}

impl Shared {
    /// Returns what an action changes.
    pub(super) fn changed_by(action: &Action) -> Option<Self> {
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
    pub(super) fn name(self, draft: &Draft) -> String {
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

/// What a campaign reads: things by name, or any of a kind.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// These.
    pub(super) things: BTreeSet<Shared>,
    /// Whether any list is on one of them.
    pub(super) any_list: bool,
    /// Whether a membership in any program is one of them.
    pub(super) any_program: bool,
}

impl Read {
    /// Returns what a campaign reads in its filters and before its first wait, with what it executes.
    pub(super) fn of(campaign: Written<'_>, draft: &Draft) -> Self {
        let mut read = Self::default();
        read.filter(&campaign.0.filter);
        for (step, _) in at_once(campaign, draft) {
            for choice in &step.choices {
                read.filter(&choice.when);
            }
            for action in step.actions() {
                let effects = action.effects();
                let texts = effects.templates.iter();
                let shown = texts.flat_map(|template| template.fields());
                let fields = effects.reads.iter().copied().chain(shown);
                read.things.extend(fields.map(Shared::Field));
                if action.reads_membership() {
                    read.things.extend(campaign.0.program.map(Shared::Program));
                }
                if let Some(executed) = executed(action) {
                    read.filter(&draft.workspace.campaign(executed).filter);
                }
            }
        }
        read
    }

    fn filter(&mut self, filter: &Filter) {
        filter.each_leaf(&mut |leaf| match &leaf.kind {
            LeafKind::Field { field, .. } => {
                self.things.insert(Shared::Field(*field));
            }
            LeafKind::MemberOfList { lists, .. } => {
                self.any_list |= *lists == MemberOf::Any;
                self.things
                    .extend(lists.named().iter().copied().map(Shared::List));
            }
            LeafKind::MemberOfProgram { programs, .. } => {
                self.any_program |= *programs == MemberOf::Any;
                self.things
                    .extend(programs.named().iter().copied().map(Shared::Program));
            }
            LeafKind::ProgramStatus { program, .. } => {
                self.things.insert(Shared::Program(*program));
            }
            LeafKind::Activity(_)
            | LeafKind::MemberOfSmartList { .. }
            | LeafKind::MemberOfSmartCampaign { .. }
            | LeafKind::RandomSample { .. } => {}
        });
    }
}

/// Returns whether two changes of one thing come to the same in either order.
pub(super) fn commute(one: &Action, other: &Action, draft: &Draft) -> bool {
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

/// Returns the steps that come at once, those of executed campaigns among them, each with where its own step is written.
pub(super) fn at_once<'d>(
    (campaign, source): Written<'d>,
    draft: &'d Draft,
) -> Vec<(&'d Step, Span)> {
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
pub(super) fn writes<'d>(campaign: Written<'d>, draft: &'d Draft) -> Vec<(&'d Action, Span)> {
    let steps = at_once(campaign, draft).into_iter();
    steps
        .flat_map(|(step, span)| step.actions().map(move |action| (action, span)))
        .filter(|(action, _)| Shared::changed_by(action).is_some())
        .collect()
}

/// Returns where a campaign reads something, and whether that is in its filters; else it is in a choice or a token, or in
/// the filters of a campaign that it executes.
pub(super) fn reads(campaign: Written<'_>, shared: Shared, draft: &Draft) -> Option<(Span, bool)> {
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
