//! Inserts many rows with one statement: one prepared statement of 32 rows costs a sixth less than 32 statements of one row.
//!
//! A statement of several rows that may fail after some of them has SQLite keep a copy of every page it changes, in
//! case the rows before are to be undone alone. Here a fault undoes the whole transaction anyway, so the statements say
//! `OR ROLLBACK`, and nothing is copied.

use std::fmt::Write as _;

use rusqlite::{Connection, Statement, ToSql};

use super::error::Result;

/// Rows in one statement.
const ROWS: usize = 32;

/// A table and its columns, as an INSERT names them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Into {
    /// `INSERT OR ROLLBACK INTO entry (person_id, at)`.
    pub(super) head: &'static str,
    /// The number of columns.
    pub(super) columns: usize,
    /// What follows the rows: an upsert, or nothing.
    pub(super) tail: &'static str,
}

/// Gives a statement its values one after another.
pub(super) struct Binder<'s, 'c> {
    statement: &'s mut Statement<'c>,
    next: usize,
}

impl Binder<'_, '_> {
    /// Binds the next value.
    pub(super) fn bind(&mut self, value: impl ToSql) -> Result<()> {
        self.next += 1;
        Ok(self.statement.raw_bind_parameter(self.next, value)?)
    }
}

impl Into {
    /// Inserts a row for every item; `bind` gives a row's values in the order of the columns.
    pub(super) fn rows<T>(
        self,
        connection: &Connection,
        items: &[T],
        mut bind: impl FnMut(&mut Binder<'_, '_>, &T) -> Result<()>,
    ) -> Result<()> {
        let whole = self.sql(ROWS);
        for some in items.chunks(ROWS) {
            let part;
            let sql = if some.len() == ROWS {
                &whole
            } else {
                part = self.sql(some.len());
                &part
            };
            let mut statement = connection.prepare_cached(sql)?;
            let mut binder = Binder {
                statement: &mut statement,
                next: 0,
            };
            for item in some {
                bind(&mut binder, item)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// Prepares the statement that inserts one row, for rows that come one by one.
    pub(super) fn single(self, connection: &Connection) -> Result<SingleRow<'_>> {
        Ok(SingleRow(connection.prepare(&self.sql(1))?))
    }

    fn sql(self, rows: usize) -> String {
        let mut sql = String::with_capacity(self.head.len() + rows * (self.columns * 2 + 2) + 16);
        sql.push_str(self.head);
        sql.push_str(" VALUES ");
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..self.columns {
                sql.push_str(if column == 0 { "?" } else { ",?" });
            }
            sql.push(')');
        }
        let _ = write!(sql, " {}", self.tail);
        sql
    }
}

/// A statement that inserts one row.
pub(super) struct SingleRow<'c>(Statement<'c>);

impl SingleRow<'_> {
    /// Inserts a row; `bind` gives its values in the order of the columns.
    pub(super) fn insert(
        &mut self,
        bind: impl FnOnce(&mut Binder<'_, '_>) -> Result<()>,
    ) -> Result<()> {
        let mut binder = Binder {
            statement: &mut self.0,
            next: 0,
        };
        bind(&mut binder)?;
        self.0.raw_execute()?;
        Ok(())
    }
}
