//! One campaign that starts another, as the flows say it.

use crate::diagnostic::Span;
use crate::domain::CampaignId;

use super::min_delay::MinDelay;

/// How one campaign starts another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// `request_campaign`
    Request,
    /// `execute_campaign`
    Execute,
    /// It changes data that a trigger of the other reacts to.
    Data,
}

impl How {
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Execute => "executes",
            Self::Data => "sets off",
        }
    }
}

/// One campaign starting another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) from: CampaignId,
    pub(super) to: CampaignId,
    pub(super) how: How,
    /// How long the waits before it hold everyone.
    pub(super) held: MinDelay,
    /// Where it is written.
    pub(super) span: Span,
}
