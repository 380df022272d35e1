//! Who passed a campaign, and who waits in it: the views `v_member` and `v_wait`.

use serde::Serialize;

use crate::domain::Instant;

/// One row of `campaign members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberRow {
    /// The full name of the campaign.
    pub campaign: String,
    /// Who; none once the person is erased.
    pub person_id: Option<i64>,
    /// The person's address as it is now.
    pub email: Option<String>,
    /// The person's id as it is now.
    pub id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub person: String,
    /// The first entry.
    pub first_qualified_at: Instant,
    /// The last entry.
    pub last_qualified_at: Instant,
    /// How many entries.
    pub times: u64,
}

/// One row of `campaign members --waiting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingRow {
    /// The full name of the campaign.
    pub campaign: String,
    /// Who.
    pub person_id: i64,
    /// The person's address as it is now.
    pub email: Option<String>,
    /// The person's id as it is now.
    pub id: Option<String>,
    /// The person's best key: the email, else the id, else `#17`.
    pub person: String,
    /// The wait's step, from 1.
    pub step: u32,
    /// When the wait began.
    pub since: Instant,
    /// When it ends.
    pub until: Instant,
    /// The version whose steps follow; none where a look into the past does not tell.
    pub version: Option<u32>,
}
