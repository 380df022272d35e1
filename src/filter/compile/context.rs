//! The context of filter compilation: the workspace's catalogues, and the diagnostics.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::{ActivityCatalogue, FieldCatalogue, MemberField, ProgramId, Text, Zone};
use crate::filter::{CampaignNames, SmartList};
use crate::world::Names;

/// Everything a filter may refer to.
pub(crate) struct Context<'a> {
    /// Person fields.
    pub(crate) fields: &'a FieldCatalogue,
    /// Activity types.
    pub(crate) activities: &'a ActivityCatalogue,
    /// The workspace's zone, of which dates without one are.
    pub(crate) zone: &'a Zone,
    /// Static lists.
    pub(crate) lists: Vocabulary<'a>,
    /// Programs.
    pub(crate) programs: Vocabulary<'a>,
    /// The statuses of programs whose channel is known; statuses of other programs are plain names.
    pub(crate) statuses: &'a BTreeMap<ProgramId, Vec<Text>>,
    /// The fields that programs give to their memberships.
    pub(crate) member_fields: &'a BTreeMap<ProgramId, Vec<MemberField>>,
    /// Campaigns.
    pub(crate) campaigns: &'a CampaignNames,
    /// Named and system smart lists, by the comparison key of their name (`domain::text::fold`).
    pub(crate) smart_lists: &'a BTreeMap<String, Arc<SmartList>>,
    /// The program that the campaign belongs to.
    pub(crate) own_program: Option<ProgramId>,
    /// The emails that the workspace defines; none where emails are plain names.
    pub(crate) emails: &'a [String],
    /// The webhooks that it defines.
    pub(crate) webhooks: &'a [String],
    /// Names the place whose random samples are drawn, differently for each place:
    /// the campaign's full name for its smart list, with step and choice added for an `if`.
    pub(crate) sample_scope: String,
    /// Where faults go.
    pub(crate) diagnostics: &'a mut Diagnostics,
}

impl Context<'_> {
    /// Does something one place deeper, so that samples drawn there differ from those elsewhere.
    pub(super) fn within<T>(&mut self, place: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.sample_scope.len();
        self.sample_scope.push('/');
        self.sample_scope.push_str(place);
        let done = act(self);
        self.sample_scope.truncate(length);
        done
    }

    /// Returns the name of the campaign's own program.
    pub(super) fn own_program_name(&self) -> Option<Text> {
        self.own_program
            .map(|program| Text::clone(self.programs.names.name(program.0)))
    }
}

/// Names of one kind: a fixed set if the workspace declares any, else every name that is mentioned.
pub(crate) struct Vocabulary<'a> {
    /// The names so far.
    pub(crate) names: &'a mut Names,
    /// Only these exist; every other name is a fault.
    pub(crate) closed: bool,
    /// Each is meant with or without its program as well.
    pub(crate) assets: bool,
}

impl Vocabulary<'_> {
    /// Returns a name's number; an open set takes a new name in. The error is ready to be reported.
    pub(crate) fn number(
        &mut self,
        written: &str,
        span: Span,
        code: Code,
        kind: &str,
    ) -> Result<u32, Box<Diagnostic>> {
        if !self.closed {
            let known = self.find(written);
            return Ok(known.unwrap_or_else(|| self.names.intern(written)));
        }
        self.check(written, span, code, kind)
    }

    fn find(&self, written: &str) -> Option<u32> {
        if self.assets {
            self.names.find_asset(written)
        } else {
            self.names.find(written)
        }
    }

    /// Returns a name's number, or the fault that there is no such name.
    pub(crate) fn check(
        &self,
        written: &str,
        span: Span,
        code: Code,
        kind: &str,
    ) -> Result<u32, Box<Diagnostic>> {
        self.find(written).ok_or_else(|| {
            let fault = Diagnostic::new(
                code,
                span,
                format!("the workspace declares no {kind} `{written}`"),
            );
            Box::new(
                match did_you_mean(written, self.names.iter().map(AsRef::as_ref)) {
                    Some(help) => fault.help(help),
                    None => {
                        fault.help(format!("declare it under `{kind}s:` in the workspace file"))
                    }
                },
            )
        })
    }
}
