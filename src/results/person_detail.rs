//! Everything known about one person besides the log, for `person show`.

use serde::Serialize;

use super::{PersonRow, WaitingRow};
use crate::domain::Instant;

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct PersonDetail {
    /// Every field, null where it is empty.
    pub(crate) person: PersonRow,
    /// Static lists the person is on.
    pub(crate) lists: Vec<ListMembership>,
    /// Programs the person is a member of.
    pub(crate) programs: Vec<ProgramMembership>,
    /// Campaigns the person has entered.
    pub(crate) campaigns: Vec<PassedCampaign>,
    /// Waits that hold the person.
    pub(crate) waits: Vec<WaitingRow>,
}

/// A static list the person is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ListMembership {
    /// The list's name.
    pub(crate) list: String,
    /// Since when; none for a list that has been left since, where it is not known.
    pub(crate) added_at: Option<Instant>,
}

/// A program the person is a member of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ProgramMembership {
    /// The program's name.
    pub(crate) program: String,
    /// The status' name.
    pub(crate) status: String,
    /// Whether the membership reached success.
    pub(crate) success: bool,
    /// When it did so first.
    pub(crate) success_at: Option<Instant>,
    /// Since when the person is a member.
    pub(crate) since: Instant,
    /// Whether the program acquired the person.
    pub(crate) acquired_by: bool,
    /// The membership's own fields.
    pub(crate) fields: serde_json::Map<String, serde_json::Value>,
}

/// A campaign the person has entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PassedCampaign {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// The first entry.
    pub(crate) first_qualified_at: Instant,
    /// The last entry.
    pub(crate) last_qualified_at: Instant,
    /// How many entries.
    pub(crate) times: u64,
}
