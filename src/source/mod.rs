//! Campaign files as they were written: which files there are, and what stands in them, with positions.
//!
//! `load` reads a campaign directory, `load_over` one over which an editor has texts, `from_stored` the definitions that
//! come back out of the database; each gives one [`LoadedFiles`]. Faults of shape are reported here: unknown and missing keys, lists where a value is meant.
//! What the values mean is for `campaign::compile` and `filter::compile`; no name is resolved here.

pub(crate) mod campaign;
mod files;
mod load;
pub(crate) mod name;
mod overlay;
pub(crate) mod program;
pub(crate) mod reader;
mod stamps;
mod used_files;
pub(crate) mod workspace;

use crate::diagnostic::{Diagnostics, Sources, Span};

pub(crate) use campaign::Campaign;
pub(crate) use files::{FileRole, ReadFault, Unreadable, is_gone, is_yaml};
pub(crate) use load::{
    ReadText, StoredCampaign, StoredTexts, StoredVersion, from_stored, load, load_over, read_bytes,
    read_text, yaml_files,
};
pub(crate) use overlay::Overlay;
pub(crate) use program::Program;
pub(crate) use reader::MapReader;
pub(crate) use stamps::Stamps;
pub(crate) use used_files::used_files;
pub(crate) use workspace::Workspace;

/// A value and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spanned<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it stands in the file.
    pub(crate) span: Span,
}

/// Everything that was read, with every fault of shape.
#[derive(Debug, Clone, Default)]
pub(crate) struct LoadedFiles {
    /// The files, kept for excerpts.
    pub(crate) sources: Sources,
    /// `workspace.yaml`; nothing where there is none.
    pub(crate) workspace: Option<Workspace>,
    /// Programs that a `program.yaml` makes.
    pub(crate) programs: Vec<Program>,
    /// Campaigns, in path order.
    pub(crate) campaigns: Vec<Campaign>,
    /// Older versions of campaigns that people still finish.
    pub(crate) retired: Vec<Retired>,
    /// Faults found so far.
    pub(crate) diagnostics: Diagnostics,
}

/// An older version of a campaign.
#[derive(Debug, Clone)]
pub(crate) struct Retired {
    /// The number of the version, from 1.
    pub(crate) version: u32,
    /// What it was.
    pub(crate) campaign: Campaign,
}
