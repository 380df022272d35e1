//! Values as columns hold them: text, integer, real; days for dates, microseconds for instants, 0 and 1 for booleans.

use rusqlite::types::{ToSqlOutput, ValueRef};

use super::error::{Error, Result};
use super::row::utf8;
use crate::domain::{FieldType, Instant, Value};

/// Days from 1970-01-01.
fn days(date: chrono::NaiveDate) -> i64 {
    date.signed_duration_since(chrono::NaiveDate::default())
        .num_days()
}

/// Returns a value as its column holds it, borrowed.
pub(super) fn to_sql(value: Option<&Value>) -> ToSqlOutput<'_> {
    match value {
        None => ToSqlOutput::Borrowed(ValueRef::Null),
        Some(Value::Text(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Some(Value::Integer(n)) => ToSqlOutput::Borrowed(ValueRef::Integer(*n)),
        Some(Value::Float(n)) => ToSqlOutput::Borrowed(ValueRef::Real(*n)),
        Some(Value::Boolean(b)) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*b))),
        Some(Value::Date(date)) => ToSqlOutput::Borrowed(ValueRef::Integer(days(*date))),
        Some(Value::Datetime(at)) => ToSqlOutput::Borrowed(ValueRef::Integer(at.micros())),
    }
}

/// Reads what a column holds as a field's type.
pub(super) fn from_sql(stored: ValueRef<'_>, field_type: FieldType) -> Result<Option<Value>> {
    Ok(match (stored, field_type) {
        (ValueRef::Null, _) => None,
        (ValueRef::Text(bytes), _) if field_type.is_text() => Some(Value::text(utf8(bytes)?)),
        (ValueRef::Integer(n), FieldType::Boolean) => Some(Value::Boolean(n != 0)),
        (ValueRef::Integer(n), FieldType::Date) => Some(Value::Date(date_of(n))),
        (ValueRef::Integer(n), FieldType::Datetime) => {
            Some(Value::Datetime(Instant::from_micros(n)))
        }
        (ValueRef::Integer(n), FieldType::Integer | FieldType::Score | FieldType::Percent) => {
            Some(Value::Integer(n))
        }
        (ValueRef::Real(n), FieldType::Currency | FieldType::Float) => Some(Value::Float(n)),
        (ValueRef::Text(_) | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_), _) => {
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
