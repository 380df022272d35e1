//! What happened in one campaign during `campaign replay-events` or `campaign advance`.

use serde::Serialize;

/// The counts of one campaign that was evaluated: `triggered = filters + excluded + entered + cut + refused`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignCounts {
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// How often a trigger matched; of a batch or an executable campaign, how many people were judged.
    pub(crate) triggered: u64,
    /// How many of these the filters rejected.
    pub(crate) filters: u64,
    /// How many the qualification rule rejected.
    pub(crate) excluded: u64,
    /// How many entered.
    pub(crate) entered: u64,
    /// How many of those who entered are in a wait at the end.
    pub(crate) waiting: u64,
    /// How many flows came to their end, those that continued after an older wait included.
    pub(crate) finished: u64,
    /// How many flows `remove_from_flow` ended.
    pub(crate) removed: u64,
    /// How many entries the cascade limit cut.
    pub(crate) cut: u64,
    /// How many people a guard refused, in scheduled runs.
    pub(crate) refused: u64,
}
