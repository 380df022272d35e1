//! Where names stand in campaign files, and which campaigns start or feed each other: for `campaign where-used`.

use serde::Serialize;

/// A name at one place of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ReferenceRow {
    /// The name.
    pub(crate) name: String,
    /// `field`, `list`, `program`, `email`, `smart list`, `campaign`, `status`, `webhook`, `activity`.
    pub(crate) kind: &'static str,
    /// `defines`, `reads`, `writes`.
    pub(crate) access: &'static str,
    /// The full name of the campaign in which it stands; nothing in what campaigns share.
    pub(crate) campaign: Option<String>,
    /// The part of the campaign or workspace: `trigger 1`, `filter 2`, `step 3`, `email thanks`.
    pub(crate) part: String,
    /// The file as people wrote its path.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column in characters, from 1.
    pub(crate) column: usize,
}

/// One campaign starts or feeds another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignEdge {
    /// The full name of the campaign that acts.
    pub(crate) from: String,
    /// The full name of the campaign that follows from it.
    pub(crate) to: String,
    /// What the first one does: `request_campaign`, `add_to_list Hot leads`.
    pub(crate) by: String,
}
