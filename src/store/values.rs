//! Values as columns hold them: text, integer, real; days for dates, microseconds for instants, 0 and 1 for booleans.

use rusqlite::types::{ToSqlOutput, ValueRef as SqlRef};

use super::error::{Error, Result};
use super::row::utf8;
use crate::domain::{FieldType, Instant, Value, ValueRef};

/// Days from 1970-01-01.
fn days(date: chrono::NaiveDate) -> i64 {
    date.signed_duration_since(chrono::NaiveDate::default())
        .num_days()
}

/// Returns a value as its column holds it.
pub(super) fn to_sql(value: Option<ValueRef<'_>>) -> SqlRef<'_> {
    match value {
        None => SqlRef::Null,
        Some(ValueRef::Text(text)) => SqlRef::Text(text.as_bytes()),
        Some(ValueRef::Integer(n)) => SqlRef::Integer(n),
        Some(ValueRef::Float(n)) => SqlRef::Real(n),
        Some(ValueRef::Boolean(b)) => SqlRef::Integer(i64::from(b)),
        Some(ValueRef::Date(date)) => SqlRef::Integer(days(date)),
        Some(ValueRef::Datetime(at)) => SqlRef::Integer(at.micros()),
    }
}

/// Returns a value as a parameter of a statement.
pub(super) fn parameter(value: Option<ValueRef<'_>>) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(to_sql(value))
}

/// Reads what a column holds as a field's type.
pub(super) fn from_sql(stored: SqlRef<'_>, field_type: FieldType) -> Result<Option<Value>> {
    Ok(match (stored, field_type) {
        (SqlRef::Null, _) => None,
        (SqlRef::Text(bytes), _) if field_type.is_text() => Some(Value::text(utf8(bytes)?)),
        (SqlRef::Integer(n), FieldType::Boolean) => Some(Value::Boolean(n != 0)),
        (SqlRef::Integer(n), FieldType::Date) => Some(Value::Date(date_of(n))),
        (SqlRef::Integer(n), FieldType::Datetime) => Some(Value::Datetime(Instant::from_micros(n))),
        (SqlRef::Integer(n), FieldType::Integer | FieldType::Score | FieldType::Percent) => {
            Some(Value::Integer(n))
        }
        (SqlRef::Real(n), FieldType::Currency | FieldType::Float) => Some(Value::Float(n)),
        (SqlRef::Text(_) | SqlRef::Integer(_) | SqlRef::Real(_) | SqlRef::Blob(_), _) => {
            return Err(Error::Inconsistent(format!(
                "a column of type {} holds something else",
                field_type.name()
            )));
        }
    })
}

fn date_of(days: i64) -> chrono::NaiveDate {
    chrono::TimeDelta::try_days(days)
        .and_then(|delta| chrono::NaiveDate::default().checked_add_signed(delta))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_in_both_directions() {
        for (text, n) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2026-11-02", 20_759),
        ] {
            let date = text.parse().unwrap();
            assert_eq!(days(date), n);
            assert_eq!(date_of(n), date);
        }
    }
}
