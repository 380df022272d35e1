//! The database: opening, worlds in, journals out, views, dump.

mod cost;
mod definitions;
#[cfg(unix)]
mod displaced;
mod journal;
mod open;
mod views;
mod workspace;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::Instant;
use crate::store::{Access, Store};

/// What a test's writing command brings.
fn access() -> Access {
    Access {
        command: "person load".to_owned(),
        now: Instant::from_micros(1_793_613_600_000_000),
        wait: Duration::ZERO,
    }
}

/// A folder of its own and the database in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn db(&self) -> PathBuf {
        self.path("bugle.db")
    }

    fn create(&self) -> Store {
        created(&self.db())
    }

    /// Asks the file with another program's eyes: plain SQLite, no setting of ours.
    fn query(&self, sql: &str) -> Vec<String> {
        query(&self.db(), sql)
    }
}

/// Makes a database that stays: one to which nothing is committed is removed again.
fn created(path: &Path) -> Store {
    let mut store = Store::create_or_open(path, &access()).unwrap();
    store.add_fields([]).unwrap();
    store
}

fn query(path: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    statement
        .query_map([], |row| {
            let cells: Vec<String> = (0..columns)
                .map(|i| match row.get_ref(i).unwrap() {
                    rusqlite::types::ValueRef::Null => "null".to_owned(),
                    rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                    rusqlite::types::ValueRef::Real(n) => n.to_string(),
                    rusqlite::types::ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
                    rusqlite::types::ValueRef::Blob(_) => "blob".to_owned(),
                })
                .collect();
            Ok(cells.join("|"))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect()
}
