//! Campaign files as they were written: which files there are, and what stands in them, with positions.
//!
//! `load` reads a campaign directory, `from_stored` the definitions that come back out of the database; both
//! give one [`LoadedFiles`]. Faults of shape are reported here: unknown and missing keys, lists where a value is meant.
//! What the values mean is for `campaign::compile` and `filter::compile`; no name is resolved here.

pub mod campaign;
mod files;
mod load;
pub mod name;
pub mod program;
pub mod reader;
mod used_files;
pub mod workspace;

use crate::diagnostic::{Diagnostics, Sources, Span};

pub use campaign::Campaign;
pub use files::{ReadFault, Unreadable, is_gone, is_yaml};
pub use load::{
    ReadText, StoredCampaign, StoredTexts, StoredVersion, from_stored, load, read_bytes, read_text,
    yaml_files,
};
pub use program::Program;
pub use reader::MapReader;
pub use used_files::used_files;
pub use workspace::Workspace;

/// A value and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// Everything that was read, with every fault of shape.
#[derive(Debug, Clone, Default)]
pub struct LoadedFiles {
    /// The files, kept for excerpts.
    pub sources: Sources,
    /// `workspace.yaml`; nothing where there is none.
    pub workspace: Option<Workspace>,
    /// Programs that a `program.yaml` makes.
    pub programs: Vec<Program>,
    /// Campaigns, in path order.
    pub campaigns: Vec<Campaign>,
    /// Older versions of campaigns that people still finish.
    pub retired: Vec<Retired>,
    /// Faults found so far.
    pub diagnostics: Diagnostics,
}

/// An older version of a campaign.
#[derive(Debug, Clone)]
pub struct Retired {
    /// Its number.
    pub version: u32,
    /// What it was.
    pub campaign: Campaign,
}
