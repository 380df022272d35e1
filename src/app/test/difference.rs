//! What was expected of a person against what was found, and the rows of a log that explain it.

use crate::campaign::Campaign;
use crate::domain::PersonId;
use crate::world::LogRow;

use super::play::Played;

/// What was expected of a person, what was found, and the row of their log that is in question.
pub(super) struct Difference {
    pub(super) expected: String,
    pub(super) got: String,
    pub(super) row: Option<u32>,
}

/// Returns the rows that the campaign's steps left for a person.
pub(super) fn rows<'a>(
    played: &'a Played<'_>,
    campaign: &Campaign,
    person: PersonId,
) -> impl DoubleEndedIterator<Item = &'a LogRow> {
    let campaign = campaign.id;
    let rows = played.journal.activities.iter();
    rows.filter(move |row| {
        let origin = row.activity.origin;
        row.person == person && origin.is_some_and(|origin| origin.campaign == campaign)
    })
}
