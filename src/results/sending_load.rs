//! The mails of the coming days, for `campaign schedule --load`.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

/// The mails of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct SendingLoadRow {
    /// The day, in the workspace's zone.
    #[serde(serialize_with = "as_text")]
    pub(crate) day: NaiveDate,
    /// How many mails are sent.
    pub(crate) mails: u64,
    /// To how many people.
    pub(crate) people: u64,
    /// The largest number of mails to one person.
    pub(crate) most_for_one: u64,
    /// How many people have a mail held back by a communication limit.
    pub(crate) over_limit: u64,
    /// How many marketing mails follow too soon on another one to the same person.
    pub(crate) collisions: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives the field by reference"
)]
fn as_text<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}
