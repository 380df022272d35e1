//! Who passed a campaign, and who waits in it: the views `v_member` and `v_wait`.

use serde::Serialize;

use crate::domain::Instant;

/// One row of `campaign members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MemberRow {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// Who; none once the person is erased.
    pub(crate) person_id: Option<i64>,
    /// The person's address as it is now.
    pub(crate) email: Option<String>,
    /// The person's id as it is now.
    pub(crate) id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
    /// The first entry.
    pub(crate) first_qualified_at: Instant,
    /// The last entry.
    pub(crate) last_qualified_at: Instant,
    /// How many entries.
    pub(crate) times: u64,
}

/// One row of `campaign members --waiting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct WaitingRow {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// The person's number.
    pub(crate) person_id: i64,
    /// The person's address as it is now.
    pub(crate) email: Option<String>,
    /// The person's id as it is now.
    pub(crate) id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub(crate) person: String,
    /// The wait's step, from 1.
    pub(crate) step: u32,
    /// When the wait began.
    pub(crate) since: Instant,
    /// When it ends.
    pub(crate) until: Instant,
    /// The version whose steps follow; none in an answer about the past, where it is not known.
    pub(crate) version: Option<u32>,
}
