//! Executable campaigns and the `{{my.…}}` tokens of those who execute them: whether each is there, and fits its step.
//!
//! With `use_parent_tokens` a flow is walked with the tokens of the campaign that began, so only where that one executes it
//! is known what a token holds. Warnings: without the token the step does nothing, as in Marketo. Other campaigns have their own
//! tokens, which are checked where they stand.

use std::collections::BTreeSet;

use crate::campaign::{Action, Campaign, ScoreChange, Step};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::{CampaignId, Mode, ProgramId, Text};
use crate::source::LoadedFiles;
use crate::token::{Part, Template, Token};

use super::draft::Draft;

/// Checks every campaign that executes others, once all campaigns are compiled without a fault.
pub(super) fn check(loaded: &LoadedFiles, draft: &mut Draft) {
    let (mut faults, mut seen) = (Vec::new(), BTreeSet::new());
    let campaigns = draft.workspace.campaigns.iter().zip(&loaded.campaigns);
    for (campaign, source) in campaigns.filter(|(campaign, _)| campaign.mode != Mode::Executable) {
        let steps = source.flow.iter().flat_map(|flow| &flow.steps);
        let mut walk = Walk {
            draft,
            span: source.name.span,
            seen: &mut seen,
            faults: &mut faults,
        };
        for (step, written) in campaign.flow.iter().zip(steps) {
            walk.span = written.name.span;
            for action in step.actions() {
                walk.execute(action, campaign.program);
            }
        }
    }
    for fault in faults {
        draft.diagnostics.push(fault);
    }
}

/// The way through what a step executes.
struct Walk<'w> {
    draft: &'w Draft,
    /// The step that executes it all.
    span: Span,
    /// Campaigns that were looked at, each with the program whose tokens it has: once for all who execute it, however many.
    seen: &'w mut BTreeSet<(CampaignId, Option<ProgramId>)>,
    faults: &'w mut Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Looks at the campaign that an action executes for someone who walks with the tokens of a program.
    fn execute(&mut self, action: &Action, tokens: Option<ProgramId>) {
        let Action::ExecuteCampaign {
            campaign,
            use_parent_tokens,
        } = action
        else {
            return;
        };
        let executed = self.draft.workspace.campaign(*campaign);
        let tokens = if *use_parent_tokens {
            tokens
        } else {
            executed.program
        };
        if !self.seen.insert((*campaign, tokens)) {
            return;
        }
        for action in executed.flow.iter().flat_map(Step::actions) {
            for template in action.effects().templates {
                self.filled(template, executed, tokens);
            }
            if let Action::ChangeScore {
                change: ScoreChange::Token(template),
                ..
            } = action
            {
                self.scored(template, executed, tokens);
            }
            self.execute(action, tokens);
        }
    }

    /// Reports tokens of a text that are not there.
    fn filled(&mut self, template: &Template, executed: &Campaign, tokens: Option<ProgramId>) {
        for part in &template.parts {
            if let Part::Token {
                token: Token::My(key),
                default: None,
            } = part
                && self.value(key, tokens).is_none()
            {
                let message = format!(
                    "`{}` needs the token `{{{{my.{key}}}}}`, which is not there",
                    executed.full_name
                );
                let help = "define it under `tokens:` of the program or the workspace, or give it a `:default=`";
                self.fault(message, help);
            }
        }
    }

    /// Reports a token that is not there, or holds no change of a score.
    fn scored(&mut self, template: &Template, executed: &Campaign, tokens: Option<ProgramId>) {
        self.filled(template, executed, tokens);
        let [
            Part::Token {
                token: Token::My(key),
                default,
            },
        ] = template.parts.as_slice()
        else {
            return;
        };
        let value = self.value(key, tokens).or_else(|| default.clone());
        if let Some(value) = value.filter(|value| ScoreChange::parse(value).is_none()) {
            let message = format!(
                "`{}` changes a score by `{{{{my.{key}}}}}`, and `{value}` is not a change of a score",
                executed.full_name
            );
            let help = "write `+5`, `-5` or `=5` in the token: whole numbers of at most 32 bits";
            self.fault(message, help);
        }
    }

    /// Returns what a token holds in a program, else in the workspace.
    fn value(&self, key: &str, program: Option<ProgramId>) -> Option<Text> {
        let workspace = &self.draft.workspace;
        let program = program.and_then(|id| workspace.program(id));
        let own = program.and_then(|program| program.tokens.get(key));
        own.or_else(|| workspace.tokens.get(key)).cloned()
    }

    fn fault(&mut self, message: String, help: &str) {
        let fault = Diagnostic::new(Code::ParentTokenAbsent, self.span, message);
        self.faults.push(fault.help(help));
    }
}
