//! Cells of a person list as values, and as what a load is known by.

use chrono::{NaiveDate, TimeDelta};

use crate::domain::hash::StableHasher;
use crate::domain::person_rows::{Cell, PersonRows};
use crate::domain::{Instant, Value};

/// Returns the value that a cell gives; none clears.
pub(super) fn value(batch: &PersonRows, cell: Cell) -> Option<Value> {
    Some(match cell {
        Cell::Keep | Cell::Clear => return None,
        Cell::Text { .. } => Value::text(batch.text(cell)),
        Cell::Integer(number) => Value::Integer(number),
        Cell::Float(number) => Value::Float(number),
        Cell::Boolean(truth) => Value::Boolean(truth),
        Cell::Date(days) => {
            let days = TimeDelta::days(i64::from(days));
            Value::Date(NaiveDate::default() + days)
        }
        Cell::Datetime(micros) => Value::Datetime(Instant::from_micros(micros)),
    })
}

/// Feeds a cell to the hash of a load.
pub(super) fn feed(hash: &mut StableHasher, batch: &PersonRows, cell: Cell) {
    let (kind, bits) = match cell {
        Cell::Text { .. } => return hash.part(batch.text(cell).as_bytes()),
        Cell::Keep => (0, 0),
        Cell::Clear => (1, 0),
        Cell::Integer(number) | Cell::Datetime(number) => (2, number),
        Cell::Float(number) => (3, number.to_bits().cast_signed()),
        Cell::Boolean(truth) => (4, i64::from(truth)),
        Cell::Date(days) => (5, i64::from(days)),
    };
    hash.part(&[kind]);
    hash.part(&bits.to_le_bytes());
}
