//! Which campaign a written name means.
//!
//! A full name is `Program.Campaign`. A bare name means the campaign of that name in the same program, else
//! the only one of that name. Filters and flow steps that name campaigns ask here; the command line, which
//! also takes slugs and files, does not.

use std::collections::BTreeMap;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::text::fold;
use crate::domain::{CampaignId, Text};

/// Every campaign of a workspace, found without regard to case.
#[derive(Debug, Clone, Default)]
pub(crate) struct CampaignNames {
    by_full: BTreeMap<String, CampaignId>,
    by_bare: BTreeMap<String, Vec<CampaignId>>,
    full_names: BTreeMap<CampaignId, Text>,
}

impl CampaignNames {
    /// Takes a campaign. Of two with one full name the first stays.
    pub(crate) fn add(&mut self, id: CampaignId, full_name: &str, bare_name: &str) {
        self.by_full.entry(fold(full_name)).or_insert(id);
        self.by_bare.entry(fold(bare_name)).or_default().push(id);
        self.full_names.insert(id, Text::from(full_name));
    }

    /// Returns a campaign's full name.
    pub(crate) fn full_name(&self, id: CampaignId) -> Option<&Text> {
        self.full_names.get(&id)
    }

    /// Finds the campaign that a name written in a program means; the error is ready to be reported.
    pub(crate) fn resolve(
        &self,
        written: &str,
        own_program: Option<&str>,
        span: Span,
    ) -> Result<CampaignId, Box<Diagnostic>> {
        let in_program = own_program
            .and_then(|program| self.by_full.get(&fold(&format!("{program}.{written}"))));
        if let Some(id) = in_program.or_else(|| self.by_full.get(&fold(written))) {
            return Ok(*id);
        }
        match self.by_bare.get(&fold(written)).map(Vec::as_slice) {
            Some([only]) => Ok(*only),
            Some(several @ [_, ..]) => Err(Box::new(self.ambiguous(written, several, span))),
            Some([]) | None => Err(Box::new(self.unknown(written, span))),
        }
    }

    fn ambiguous(&self, written: &str, several: &[CampaignId], span: Span) -> Diagnostic {
        let names: Vec<String> = several
            .iter()
            .filter_map(|id| self.full_name(*id))
            .map(|name| format!("`{name}`"))
            .collect();
        Diagnostic::new(
            Code::AmbiguousName,
            span,
            format!("{} campaigns are named `{written}`", several.len()),
        )
        .help(format!("write {}", names.join(" or ")))
    }

    fn unknown(&self, written: &str, span: Span) -> Diagnostic {
        let fault = Diagnostic::new(
            Code::UnknownCampaign,
            span,
            format!("no campaign is named `{written}`"),
        );
        match did_you_mean(written, self.full_names.values().map(AsRef::as_ref)) {
            Some(help) => fault.help(help),
            None => fault,
        }
    }
}
