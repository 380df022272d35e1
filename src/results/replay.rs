//! What `campaign replay-events` did.

use serde::Serialize;

use super::CampaignCounts;

/// The counts of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ReplaySummary {
    /// Events read from the files.
    pub(crate) read: u64,
    /// Events taken into logs.
    pub(crate) taken: u64,
    /// Events that an earlier replay, or an earlier line, had already brought.
    pub(crate) already_taken: u64,
    /// Events taken though they lie before the watermark.
    pub(crate) late: u64,
    /// Events set aside because nobody has their key.
    pub(crate) unknown_person: u64,
    /// Events set aside because no activity type has their name.
    pub(crate) unknown_type: u64,
    /// Rows left out because a loaded campaign's flow makes them.
    pub(crate) skipped_effects: u64,
    /// Malformed lines copied to the rejects file.
    pub(crate) rejected: u64,
    /// Entries into campaigns.
    pub(crate) entries: u64,
    /// Waits that ended on the way.
    pub(crate) waits: u64,
    /// Scheduled occurrences that ran on the way.
    pub(crate) runs: u64,
    /// Entries cut off by the cascade limit.
    pub(crate) cut: u64,
    /// Each campaign that was evaluated, by name.
    pub(crate) campaigns: Vec<CampaignCounts>,
}
