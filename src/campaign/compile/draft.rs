//! The workspace while it is being compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::campaign::{CascadeLimit, CommunicationLimits, Guards, Program, Workspace};
use crate::diagnostic::{Code, Diagnostics, Span};
use crate::domain::text::fold;
use crate::domain::{
    ActivityCatalogue, FieldCatalogue, Instant, ListId, MemberField, ProgramId, Text, Zone,
};
use crate::filter::compile::{Context, Vocabulary};
use crate::filter::operator::{EvaluationTime, WeekStart};
use crate::filter::reason::Reason;
use crate::filter::{CampaignNames, SmartList};
use crate::world::Names;

use super::call::Call;

/// Everything compiled so far, and every fault found so far.
pub(super) struct Draft {
    pub(super) workspace: Workspace,
    /// The workspace declares its lists, so that no others exist.
    pub(super) lists_declared: bool,
    /// What is being compiled is a question about what is there.
    pub(super) asks: bool,
    /// The statuses of programs whose channel is known.
    pub(super) statuses: BTreeMap<ProgramId, Vec<Text>>,
    /// The fields that programs give to their memberships, of programs that name any.
    pub(super) member_fields: BTreeMap<ProgramId, Vec<MemberField>>,
    /// Named and system smart lists by the key of their name.
    pub(super) smart_lists: BTreeMap<String, Arc<SmartList>>,
    pub(super) names: CampaignNames,
    /// Names of `{{my.…}}` tokens as written, for suggestions.
    pub(super) token_names: Vec<String>,
    /// Names of the emails that the workspace defines.
    pub(super) email_names: Vec<String>,
    /// Names of its webhooks.
    pub(super) webhook_names: Vec<String>,
    /// Where each campaign's name stands, by its place.
    pub(super) spans: Vec<Span>,
    /// Which campaigns call which.
    pub(super) calls: Vec<Call>,
    pub(super) diagnostics: Diagnostics,
}

impl Draft {
    pub(super) fn new(diagnostics: Diagnostics) -> Self {
        Self {
            workspace: Workspace {
                zone: Zone::utc(),
                week_start: WeekStart::default(),
                limits: CommunicationLimits::default(),
                guards: Guards::default(),
                cascade: CascadeLimit::default(),
                fields: FieldCatalogue::standard(),
                activities: ActivityCatalogue::standard(),
                lists: Names::default(),
                program_names: Names::default(),
                programs_declared: false,
                programs: Vec::new(),
                emails: BTreeMap::new(),
                webhooks: BTreeMap::new(),
                tokens: BTreeMap::new(),
                smart_lists: Vec::new(),
                campaigns: Vec::new(),
                retired: Vec::new(),
            },
            lists_declared: false,
            asks: false,
            statuses: BTreeMap::new(),
            member_fields: BTreeMap::new(),
            smart_lists: BTreeMap::new(),
            names: CampaignNames::default(),
            token_names: Vec::new(),
            email_names: Vec::new(),
            webhook_names: Vec::new(),
            spans: Vec::new(),
            calls: Vec::new(),
            diagnostics,
        }
    }

    /// Returns an instant in the workspace's calendar, for tests that ask for no time.
    pub(super) fn when(&self) -> EvaluationTime<'_> {
        EvaluationTime {
            now: Instant::from_micros(0),
            zone: &self.workspace.zone,
            week_start: self.workspace.week_start,
        }
    }

    /// Returns what follows from filters of this workspace.
    pub(super) fn reason(&self) -> Reason<'_> {
        let workspace = &self.workspace;
        Reason::new(&workspace.fields, &workspace.zone, workspace.week_start)
    }

    /// Returns what a filter of this workspace may refer to.
    pub(super) fn filter_context(
        &mut self,
        own_program: Option<ProgramId>,
        sample_scope: String,
    ) -> Context<'_> {
        Context {
            fields: &self.workspace.fields,
            activities: &self.workspace.activities,
            zone: &self.workspace.zone,
            lists: Vocabulary {
                names: &mut self.workspace.lists,
                closed: self.lists_declared,
                assets: self.lists_declared || self.asks,
            },
            programs: Vocabulary {
                names: &mut self.workspace.program_names,
                closed: self.workspace.programs_declared,
                assets: false,
            },
            statuses: &self.statuses,
            member_fields: &self.member_fields,
            campaigns: &self.names,
            smart_lists: &self.smart_lists,
            own_program,
            emails: &self.email_names,
            webhooks: &self.webhook_names,
            sample_scope,
            diagnostics: &mut self.diagnostics,
        }
    }

    /// Returns a list's number; where the workspace declares its lists, another is a fault.
    pub(super) fn list(&mut self, name: &str, span: Span) -> Option<ListId> {
        let mut lists = Vocabulary {
            names: &mut self.workspace.lists,
            closed: self.lists_declared,
            assets: self.lists_declared || self.asks,
        };
        match lists.number(name, span, Code::UnknownList, "list") {
            Ok(number) => Some(ListId(number)),
            Err(fault) => {
                let smart = self.smart_lists.contains_key(&fold(name));
                self.diagnostics.push(if smart {
                    fault.help(format!("`{name}` is a smart list, which fills itself"))
                } else {
                    *fault
                });
                None
            }
        }
    }

    /// Returns a program's number; where the workspace declares its programs, another is a fault.
    pub(super) fn program(&mut self, name: &str, span: Span) -> Option<ProgramId> {
        let mut programs = Vocabulary {
            names: &mut self.workspace.program_names,
            closed: self.workspace.programs_declared,
            assets: false,
        };
        match programs.number(name, span, Code::UnknownProgram, "program") {
            Ok(number) => {
                self.know_programs();
                Some(ProgramId(number))
            }
            Err(fault) => {
                self.diagnostics.push(*fault);
                None
            }
        }
    }

    /// Gives every program that has been named a place of its own, also those of which only the name is known.
    pub(super) fn know_programs(&mut self) {
        let known = self.workspace.programs.len();
        let new = self.workspace.program_names.iter().skip(known);
        let new: Vec<Program> = new
            .map(|name| Program {
                name: name.to_string(),
                ..Program::default()
            })
            .collect();
        self.workspace.programs.extend(new);
    }
}
