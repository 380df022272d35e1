//! The key of a row in the log, `activity_id`: the person in the upper bits, the place in that person's log below.
//!
//! So the rows of one person lie together, in order, and are found as a range of keys.

use super::error::{Error, Result};
use crate::domain::{PLACE_BITS, PersonId};

/// The lower bits of an `activity_id`, which hold the place in the person's log.
pub(super) const ORDINAL_BITS: u32 = PLACE_BITS;
/// The greatest place in a person's log.
pub(super) const ORDINAL_MASK: i64 = (1 << ORDINAL_BITS) - 1;

/// Returns the key of a row in the log: the person above, the place in that person's log below.
pub(crate) fn activity_id(person: PersonId, ordinal: u32) -> Result<i64> {
    let ordinal = i64::from(ordinal);
    if ordinal > ORDINAL_MASK {
        return Err(Error::state(
            format!("the log of person #{person} is full: it has {ordinal} rows"),
            None,
        ));
    }
    Ok(person.0 << ORDINAL_BITS | ordinal)
}

/// Returns the place of a row in its person's log.
pub(crate) fn place_of(activity_id: i64) -> u32 {
    u32::try_from(activity_id & ORDINAL_MASK).unwrap_or(u32::MAX)
}

/// Returns the SQL for the range of keys that one person's log can have: `… AND …`, to follow BETWEEN.
///
/// `person` is the SQL of the person's number, such as `?1` or a column.
pub(super) fn range_of(person: &str) -> String {
    range(person, person)
}

/// Returns the SQL for the range of keys that the logs of all people from `first` to `last` can have.
pub(super) fn range(first: &str, last: &str) -> String {
    format!("{first} << {ORDINAL_BITS} AND {last} << {ORDINAL_BITS} | {ORDINAL_MASK}")
}
