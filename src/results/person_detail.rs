//! Everything known about one person besides the log, for `person show`.

use serde::Serialize;

use super::{PersonRow, WaitingRow};
use crate::domain::Instant;

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonDetail {
    /// Every field, null where it is empty.
    pub person: PersonRow,
    /// Static lists the person is on.
    pub lists: Vec<ListMembership>,
    /// Programs the person is a member of.
    pub programs: Vec<ProgramMembership>,
    /// Campaigns the person has entered.
    pub campaigns: Vec<PassedCampaign>,
    /// Waits that hold the person.
    pub waits: Vec<WaitingRow>,
}

/// A static list the person is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListMembership {
    /// The list's name.
    pub list: String,
    /// Since when; none where a list that has been left since does not tell.
    pub added_at: Option<Instant>,
}

/// A program the person is a member of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgramMembership {
    /// The program's name.
    pub program: String,
    /// The status' name.
    pub status: String,
    /// When a success status was first reached.
    pub success_at: Option<Instant>,
    /// Since when the person is a member.
    pub since: Instant,
    /// The membership's own fields.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// A campaign the person has entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedCampaign {
    /// The full name of the campaign.
    pub campaign: String,
    /// The first entry.
    pub first_qualified_at: Instant,
    /// The last entry.
    pub last_qualified_at: Instant,
    /// How many entries.
    pub times: u64,
}
