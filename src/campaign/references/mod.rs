//! Which names the files of a workspace define, read and write, and where: for `campaign where-used`, its graph, and
//! editors.
//!
//! The walk follows the files as written, so that every name has its place. Catalogues and names of the compiled
//! workspace say what a name means. [`references`] leaves tests of campaigns out, since they change nothing;
//! [`all_references`] has their names too, since they break where a name becomes another.

mod campaigns;
mod cases;
mod filters;
mod shared;
mod walk;

use crate::diagnostic::Span;
use crate::filter::CampaignNames;
use crate::source::LoadedFiles;

use super::Workspace;
pub(super) use campaigns::named_by_bare_value;
use walk::Walk;

/// What kind of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum NameKind {
    /// A person field.
    Field,
    /// A static list.
    List,
    /// A program.
    Program,
    /// An email.
    Email,
    /// A named smart list.
    SmartList,
    /// A campaign.
    Campaign,
    /// A status of programs.
    Status,
    /// A webhook.
    Webhook,
    /// An activity type.
    Activity,
}

impl NameKind {
    /// Returns the words that people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::List => "list",
            Self::Program => "program",
            Self::Email => "email",
            Self::SmartList => "smart list",
            Self::Campaign => "campaign",
            Self::Status => "status",
            Self::Webhook => "webhook",
            Self::Activity => "activity",
        }
    }

    /// Returns the key by which steps and constraints name one: `email`, `smart_list`.
    pub(crate) fn key(self) -> String {
        self.name().replace(' ', "_")
    }
}

/// What is done with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Access {
    /// The name begins to exist there.
    Defines,
    /// A trigger, a filter, a choice or a token asks for it.
    Reads,
    /// A step changes, sends, starts, ends or calls it.
    Writes,
}

impl Access {
    /// Returns the word that people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Defines => "defines",
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }
}

/// A part of a campaign, or of what campaigns share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    /// The campaign as a whole.
    Whole,
    /// A trigger, from 1.
    Trigger(usize),
    /// A filter at the top of a smart list, from 1.
    Filter(usize),
    /// A step of the flow, from 1.
    Step(usize),
    /// The guard of a campaign.
    Guard,
    /// Something that campaigns share, such as `email thanks`.
    Shared(String),
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole => f.write_str("campaign"),
            Self::Trigger(number) => write!(f, "trigger {number}"),
            Self::Filter(number) => write!(f, "filter {number}"),
            Self::Step(number) => write!(f, "step {number}"),
            Self::Guard => f.write_str("guard"),
            Self::Shared(what) => f.write_str(what),
        }
    }
}

/// Returns what the value of a key names, be it of a filter, a step, a parameter or an attribute.
pub(crate) fn named_by_key(key: &str) -> Option<NameKind> {
    filters::named_by_filter(key)
        .or_else(|| named_by_bare_value(key))
        .or_else(|| filters::kind_of(key))
}

/// A name at one place of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// What it stands for.
    pub(crate) kind: NameKind,
    /// The name: a field's and an activity's as the catalogue has it, a campaign's in full, others as written.
    pub(crate) name: String,
    /// What is done with it.
    pub(crate) access: Access,
    /// The campaign in which it stands, by its place among those that were read.
    pub(crate) campaign: Option<usize>,
    /// The part of that campaign or of the workspace.
    pub(crate) part: Part,
    /// Its bytes in the file.
    pub(crate) span: Span,
}

/// Returns every name in the files, those in tests of campaigns left out, in the order of the walk.
pub(crate) fn references(loaded: &LoadedFiles, workspace: &Workspace) -> Vec<Reference> {
    walked(loaded, workspace).found
}

/// Returns every name in the files, in the order of the walk, those in tests of campaigns last.
pub(crate) fn all_references(loaded: &LoadedFiles, workspace: &Workspace) -> Vec<Reference> {
    let mut walk = walked(loaded, workspace);
    for (place, campaign) in loaded.campaigns.iter().enumerate() {
        cases::tests(&mut walk, place, campaign);
    }
    walk.found
}

fn walked<'a>(loaded: &'a LoadedFiles, workspace: &'a Workspace) -> Walk<'a> {
    let mut names = CampaignNames::default();
    for (campaign, source) in workspace.campaigns.iter().zip(&loaded.campaigns) {
        names.add(campaign.id, &source.full_name(), &source.name.value);
    }
    let mut walk = Walk::new(loaded, workspace, names);
    shared::workspace(&mut walk);
    shared::programs(&mut walk);
    for (place, campaign) in loaded.campaigns.iter().enumerate() {
        campaigns::campaign(&mut walk, place, campaign);
    }
    walk
}
