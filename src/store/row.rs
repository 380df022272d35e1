//! Reads the columns of a row that SQLite returned: texts without a copy, small numbers with a check.

use rusqlite::Row;

use super::error::{Error, Result};
use crate::domain::{PersonId, PersonNames, Text};

/// Reads a text column without copying it.
pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str> {
    optional_text(row, column)?.ok_or_else(|| Error::Inconsistent("a text is missing".to_owned()))
}

/// Reads a text column that may be empty, without copying it.
pub(super) fn optional_text<'r>(row: &'r Row<'_>, column: usize) -> Result<Option<&'r str>> {
    row.get_ref(column)?
        .as_str_or_null()
        .map_err(|_| Error::Inconsistent("a text column holds something else".to_owned()))
}

/// Reads what a person is called by: the number, the email and the id, in three columns.
pub(super) fn person_names(row: &Row<'_>, column: usize) -> Result<PersonNames> {
    Ok(PersonNames {
        person: PersonId(row.get(column)?),
        email: optional_text(row, column + 1)?.map(Text::from),
        id: optional_text(row, column + 2)?.map(Text::from),
    })
}

/// Checks that a stored number is a small one, such as a step or a version.
pub(super) fn number(stored: i64) -> Result<u32> {
    u32::try_from(stored).map_err(|_| Error::Inconsistent(format!("{stored} is out of range")))
}

/// Checks that the bytes of a stored text are UTF-8.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| Error::Inconsistent("a text is not UTF-8".to_owned()))
}
