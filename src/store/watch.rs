//! Checks that a database stays where it is while a command writes to it.
//!
//! A command whose database is deleted, moved or replaced would write on to a file that nobody finds again. So before
//! each commit, and again before the lock is given back, the files are compared with those that were opened. What was
//! found is kept, since the end of a command comes when nobody can be given an error any more.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::error::{Displaced, Error, Result};
use super::lock::Lock;
use super::paths::sibling;
use crate::files::identity::FileIdentity;

/// Watches the files of one writing command; copies watch the same.
#[derive(Debug, Clone)]
pub(crate) struct Watch(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    files: Vec<File>,
    displaced: OnceLock<(PathBuf, Displaced)>,
    committed: AtomicBool,
}

/// A file that has to stay.
#[derive(Debug)]
struct File {
    path: PathBuf,
    which: Displaced,
    id: FileIdentity,
}

/// Which files are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// All of them.
    Open,
    /// Those that stay when the last connection is closed: SQLite removes its journals then.
    Closed,
}

impl Watch {
    /// Begins to watch a database that is open for writing, and has been read from.
    pub(super) fn begin(database: &Path, lock: &Lock) -> Result<Self> {
        let (lock, lock_id) = lock.place()?;
        let mut files = vec![
            File {
                path: database.to_owned(),
                which: Displaced::Database,
                id: FileIdentity::at(database).map_err(|e| Error::io(database, e))?,
            },
            File {
                path: lock.to_owned(),
                which: Displaced::Lock,
                id: lock_id,
            },
        ];
        // On some file systems SQLite works without them.
        files.extend(["-wal", "-shm"].into_iter().filter_map(|suffix| {
            let path = sibling(database, suffix);
            let id = FileIdentity::at(&path).ok()?;
            let which = Displaced::Journal;
            Some(File { path, which, id })
        }));
        Ok(Self(Arc::new(Watched {
            files,
            displaced: OnceLock::new(),
            committed: AtomicBool::new(false),
        })))
    }

    /// Fails where a file is not the one that was opened, or was not at an earlier look.
    pub(super) fn check(&self, moment: Moment) -> Result<()> {
        let mut files = self.0.files.iter().filter(|file| {
            moment == Moment::Open || matches!(file.which, Displaced::Database | Displaced::Lock)
        });
        let found = files.find(|file| !FileIdentity::at(&file.path).is_ok_and(|id| id == file.id));
        if let Some(file) = found {
            let _ = self.0.displaced.set((file.path.clone(), file.which));
        }
        self.displaced().map_or(Ok(()), Err)
    }

    /// Decides for SQLite whether a transaction is to be undone rather than committed.
    pub(super) fn refuses_commit(&self) -> bool {
        let refused = self.check(Moment::Open).is_err();
        if !refused {
            self.0.committed.store(true, Ordering::Relaxed);
        }
        refused
    }

    /// Returns whether anything was committed.
    pub(super) fn has_committed(&self) -> bool {
        self.0.committed.load(Ordering::Relaxed)
    }

    /// Returns what was displaced, once that was seen; also when the command is over.
    pub(crate) fn displaced(&self) -> Option<Error> {
        let (path, which) = self.0.displaced.get()?;
        Some(Error::Displaced {
            path: path.clone(),
            which: *which,
        })
    }
}
