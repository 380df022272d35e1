//! The names of the files that make up a database, for a command that must not write anything else there.

use std::path::{Path, PathBuf};

use super::paths::sibling;

/// What stands behind the name of a database in the names of the files beside it: SQLite's journals, the lock, and a
/// database in the making with its own journals. Backups are known by what they hold.
const BESIDE: [&str; 9] = [
    "-wal",
    "-shm",
    "-journal",
    ".lock",
    ".bugle-new",
    ".bugle-new-wal",
    ".bugle-new-shm",
    ".bugle-new-journal",
    ".bugle-restore",
];

/// Returns the paths of a database and of the files beside it, whether or not they are there; the first ones are the
/// database itself, under its name and where links lead.
pub(crate) fn files_of(database: &Path) -> Vec<(PathBuf, bool)> {
    let mut bases = vec![database.to_owned()];
    bases.extend(database.canonicalize().ok());
    let beside = |base: &PathBuf| {
        let base = base.clone();
        BESIDE.map(move |suffix| (sibling(&base, suffix), false))
    };
    let beside: Vec<_> = bases.iter().flat_map(beside).collect();
    let own = bases.into_iter().map(|base| (base, true));
    own.chain(beside).collect()
}
