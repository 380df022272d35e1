//! Where names stand in campaign files, and which campaigns start or feed each other: for `campaign where-used`.

use serde::Serialize;

/// A name at one place of the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReferenceRow {
    /// The name.
    pub name: String,
    /// `field`, `list`, `program`, `email`, `smart list`, `campaign`, `status`, `webhook`, `activity`.
    pub kind: &'static str,
    /// `defines`, `reads`, `writes`.
    pub access: &'static str,
    /// The full name of the campaign in which it stands; nothing in what campaigns share.
    pub campaign: Option<String>,
    /// The part of the campaign or workspace: `trigger 1`, `filter 2`, `step 3`, `email thanks`.
    pub part: String,
    /// The file as people wrote its path.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One campaign starts or feeds another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignEdge {
    /// The full name of the campaign that acts.
    pub from: String,
    /// The full name of the campaign that follows from it.
    pub to: String,
    /// What the first one does: `request_campaign`, `add_to_list Hot leads`.
    pub by: String,
}
