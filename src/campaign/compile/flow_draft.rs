//! A flow while it is being compiled: what the compilers of steps read and write.

use std::collections::BTreeMap;

use crate::campaign::ModeRefusal;
use crate::diagnostic::{Code, Span};
use crate::domain::{ActivityTypeId, CampaignId, Mode, ProgramId};
use crate::source::Spanned;
use crate::token::Template;
use crate::token::parse::{InProgram, LinkTokens, Scope, TriggerTokens};

use super::draft::Draft;
use super::min_delay::MinDelay;

/// What a step needs to know of its campaign.
#[derive(Clone, Copy)]
pub(super) struct FlowContext<'a> {
    pub(super) campaign: CampaignId,
    pub(super) full_name: &'a str,
    pub(super) program: Option<ProgramId>,
    pub(super) mode: Mode,
    pub(super) triggers: &'a [ActivityTypeId],
}

/// One flow being compiled.
pub(super) struct FlowDraft<'a> {
    pub(super) draft: &'a mut Draft,
    pub(super) setting: &'a FlowContext<'a>,
    /// The step being compiled, from 1.
    pub(super) step: usize,
    /// Its `id`.
    pub(super) step_id: Option<String>,
    /// How long the steps before this one hold everyone.
    pub(super) held: MinDelay,
    /// Where each id of a step stands, by its comparison key.
    pub(super) ids: BTreeMap<String, Span>,
}

impl<'a> FlowDraft<'a> {
    /// Begins with a flow that has no step yet.
    pub(super) fn new(draft: &'a mut Draft, setting: &'a FlowContext<'a>) -> Self {
        Self {
            draft,
            setting,
            step: 0,
            step_id: None,
            held: MinDelay::default(),
            ids: BTreeMap::new(),
        }
    }

    /// Reports what may not stand in a campaign of this mode.
    pub(super) fn refuse(&mut self, refusals: &[ModeRefusal], span: Span) {
        let mode = self.setting.mode;
        if let Some(refusal) = refusals.iter().find(|refusal| refusal.mode == mode) {
            let code = match mode {
                Mode::Batch => Code::TriggerOnly,
                Mode::Triggered => Code::BatchOnly,
                Mode::Executable => Code::NotInExecutable,
            };
            self.draft
                .diagnostics
                .fault_with(code, span, refusal.message, refusal.help);
        }
    }

    /// Parses a text with tokens.
    pub(super) fn template(&mut self, text: Spanned<&str>) -> Template {
        let workspace = &self.draft.workspace;
        let own = self.setting.program;
        let own = own.and_then(|program| workspace.programs.get(program.0 as usize));
        let my: Vec<_> = own
            .map(|program| &program.tokens)
            .into_iter()
            .chain([&workspace.tokens])
            .collect();
        let member_fields = match self.setting.mode {
            // An executable may be walked within the program of another campaign.
            Mode::Executable => None,
            Mode::Batch | Mode::Triggered => own,
        };
        let scope = Scope {
            member_fields: member_fields.map_or(&[], |program| program.member_fields.as_slice()),
            fields: &workspace.fields,
            activities: &workspace.activities,
            my: &my,
            my_names: &self.draft.token_names,
            program: match (self.setting.mode, self.setting.program) {
                (Mode::Executable, _) => InProgram::Open,
                (Mode::Batch | Mode::Triggered, Some(_)) => InProgram::Yes,
                (Mode::Batch | Mode::Triggered, None) => InProgram::No,
            },
            trigger: match self.setting.mode {
                Mode::Batch => TriggerTokens::None,
                Mode::Triggered => TriggerTokens::Of(self.setting.triggers),
                Mode::Executable => TriggerTokens::Open,
            },
            links: LinkTokens::None,
        };
        crate::token::parse::parse(text.value, text.span, &scope, &mut self.draft.diagnostics)
    }
}
