//! A walk through the files: where it stands, what it has found, and how a name is noted.

use crate::diagnostic::Span;
use crate::filter::CampaignNames;
use crate::source::LoadedFiles;
use crate::yaml::{Node, NodeKind};

use super::{Access, NameKind, Part, Reference};
use crate::campaign::Workspace;

/// A walk in progress.
pub(super) struct Walk<'a> {
    pub(super) loaded: &'a LoadedFiles,
    pub(super) workspace: &'a Workspace,
    names: CampaignNames,
    /// The campaign in which the walk stands, by its place.
    pub(super) campaign: Option<usize>,
    /// The program of that campaign.
    pub(super) program: Option<&'a str>,
    /// The part of that campaign or of the workspace.
    pub(super) part: Part,
    pub(super) found: Vec<Reference>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        loaded: &'a LoadedFiles,
        workspace: &'a Workspace,
        names: CampaignNames,
    ) -> Self {
        Self {
            loaded,
            workspace,
            names,
            campaign: None,
            program: None,
            part: Part::Whole,
            found: Vec::new(),
        }
    }

    /// Notes a name.
    pub(super) fn note(&mut self, kind: NameKind, written: &str, span: Span, access: Access) {
        let name = self.canonical(kind, written, span);
        self.found.push(Reference {
            kind,
            name,
            access,
            campaign: self.campaign,
            part: self.part.clone(),
            span,
        });
    }

    /// Returns a name as it is compared with others.
    fn canonical(&self, kind: NameKind, written: &str, span: Span) -> String {
        let known = match kind {
            NameKind::Field => {
                let fields = &self.workspace.fields;
                let found = fields.find(written);
                found.map(|id| fields.field(id).name.clone())
            }
            NameKind::Activity => {
                let activities = &self.workspace.activities;
                let found = activities.find(written);
                found.map(|id| activities.get(id).name.to_string())
            }
            NameKind::Campaign => {
                let found = self.names.resolve(written, self.program, span).ok();
                let found = found.and_then(|id| self.names.full_name(id));
                found.map(ToString::to_string)
            }
            NameKind::List
            | NameKind::Program
            | NameKind::Email
            | NameKind::SmartList
            | NameKind::Status
            | NameKind::Webhook => None,
        };
        known.unwrap_or_else(|| written.to_owned())
    }

    /// Notes the names that a test compares with: one, several, or those after `is` and `is_not`.
    pub(super) fn note_values(&mut self, kind: NameKind, test: &Node, access: Access) {
        match &test.kind {
            NodeKind::Scalar { text, .. } if text.eq_ignore_ascii_case("any") => {}
            NodeKind::Scalar { text, .. } => self.note(kind, text, test.span, access),
            NodeKind::List(values) => {
                for value in values {
                    self.note_values(kind, value, access);
                }
            }
            NodeKind::Map(operators) => {
                let names = |key: &str| matches!(key, "is" | "is_not" | "in" | "not_in");
                for operator in operators.iter().filter(|operator| names(&operator.key)) {
                    self.note_values(kind, &operator.value, access);
                }
            }
            NodeKind::Null => {}
        }
    }

    /// Notes the fields that the tokens of a text, or of all texts in a value, fill in.
    pub(super) fn note_tokens(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Scalar { .. } => self.note_tokens_of(node.span),
            NodeKind::List(items) => items.iter().for_each(|item| self.note_tokens(item)),
            NodeKind::Map(entries) => {
                for entry in entries {
                    self.note_tokens(&entry.value);
                }
            }
            NodeKind::Null => {}
        }
    }

    fn note_tokens_of(&mut self, span: Span) {
        let loaded = self.loaded;
        let text = loaded.sources.text(span);
        for (at, _) in text.match_indices("{{") {
            let token = text[at + 2..].split("}}").next().unwrap_or_default();
            let token = token.split(":default=").next().unwrap_or_default();
            let Some((family, name)) = token.trim().split_once('.') else {
                continue;
            };
            let of_person = matches!(family.to_ascii_lowercase().as_str(), "lead" | "company");
            if of_person && self.workspace.fields.find(name).is_some() {
                let start = span.start + u32::try_from(at).unwrap_or_default();
                let end = start + u32::try_from(token.len() + 4).unwrap_or_default();
                let place = Span {
                    file: span.file,
                    start,
                    end: end.min(span.end),
                };
                self.note(NameKind::Field, name, place, Access::Reads);
            }
        }
    }
}
