//! The database: opening, worlds in, journals out, views, dump.

mod cost;
mod definitions;
#[cfg(unix)]
mod displaced;
mod journal;
mod open;
#[path = "../../../tests/suite/tool/query.rs"]
pub(crate) mod query;
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
        query::query(&self.db(), sql)
    }
}

/// Makes a database that stays: one to which nothing is committed is removed again.
fn created(path: &Path) -> Store {
    let mut store = Store::create_or_open(path, &access()).unwrap();
    store.add_fields([]).unwrap();
    store
}
