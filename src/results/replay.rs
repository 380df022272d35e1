//! What `campaign replay-events` did.

use serde::Serialize;

use super::CampaignCounts;

/// The counts of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReplaySummary {
    /// Events read from the files.
    pub read: u64,
    /// Events taken into logs.
    pub taken: u64,
    /// Events that an earlier replay, or an earlier line, had already brought.
    pub already_taken: u64,
    /// Events taken though they lie before the watermark.
    pub late: u64,
    /// Events set aside because nobody has their key.
    pub unknown_person: u64,
    /// Events set aside because no activity type has their name.
    pub unknown_type: u64,
    /// Rows left out because a loaded campaign's flow makes them.
    pub skipped_effects: u64,
    /// Malformed lines copied to the rejects file.
    pub rejected: u64,
    /// Entries into campaigns.
    pub entries: u64,
    /// Waits that ended on the way.
    pub waits: u64,
    /// Scheduled occurrences that ran on the way.
    pub runs: u64,
    /// Entries cut off by the cascade limit.
    pub cut: u64,
    /// Each campaign that was evaluated, by name.
    pub campaigns: Vec<CampaignCounts>,
}
