//! The key of a person list: one of its columns, several of them, or the number of the row.
//!
//! A key other than the column `email` or `id` becomes the person's `id`, beside the fields of the columns it is made of.

use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::domain::text::email_key;
use crate::world::person_rows::KeyField;

use super::cell::is_null;

/// Which columns make the key, as asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum KeyChoice {
    /// `email`, or `id` where there is no such column.
    #[default]
    Usual,
    /// These columns, by header or by the name of their field.
    Columns(Vec<String>),
    /// The number of the row, after the name of the file.
    Row,
}

impl KeyChoice {
    /// Reads `email`, `first,last,city` or `row`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.trim() == "row" {
            return Ok(Self::Row);
        }
        let columns: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        if columns.iter().any(String::is_empty) {
            return Err("write a column, several as `first,last,city`, or `row`".to_owned());
        }
        Ok(Self::Columns(columns))
    }
}

/// Where the key of a row stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeySource {
    /// In a column that holds that field.
    Column(KeyField, usize),
    /// In several columns, or in one that holds another field.
    Joined(Vec<usize>),
    /// Nowhere: rows are numbered.
    Row,
}

impl KeySource {
    /// Returns the field that the key is.
    pub(super) fn field(&self) -> KeyField {
        match self {
            Self::Column(field, _) => *field,
            Self::Joined(_) | Self::Row => KeyField::Id,
        }
    }

    /// Returns whether the key is added to the columns of the file.
    pub(super) fn is_made(&self) -> bool {
        match self {
            Self::Column(..) => false,
            Self::Joined(_) | Self::Row => true,
        }
    }
}

/// Joins the cells of a key; nothing where all of them are blank.
pub(super) fn joined<'c>(cells: impl Iterator<Item = &'c str>) -> Option<String> {
    let parts: Vec<&str> = cells
        .map(str::trim)
        .map(|cell| if is_null(cell) { "" } else { cell })
        .collect();
    let blank = parts.iter().all(|part| part.is_empty());
    (!blank).then(|| parts.join("/"))
}

/// Rows with one key and different emails: the sign of a column that is not a key.
#[derive(Debug, Default)]
pub(super) struct EmailsByKey {
    /// By the hash of the key: the hash of the email, and the line of the row that had it first.
    first: FxHashMap<u64, (u64, u64)>,
    /// The lines of the first few such rows, each with the line of the row that has the key first.
    pub(super) examples: Vec<(u64, u64)>,
    /// How many such rows there are.
    pub(super) rows: u64,
}

/// How many examples an error gives.
pub(super) const EXAMPLES: usize = 3;

impl EmailsByKey {
    /// Takes the key and the email of one more row into account; a row without email says nothing.
    pub(super) fn see(&mut self, key: &str, email: &str, line: u64) {
        let hasher = FxBuildHasher;
        let email = hasher.hash_one(email_key(email));
        let (known, first) = *self
            .first
            .entry(hasher.hash_one(key))
            .or_insert((email, line));
        if known != email {
            self.rows += 1;
            if self.examples.len() < EXAMPLES {
                self.examples.push((line, first));
            }
        }
    }
}
