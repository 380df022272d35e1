//! Paths of the database and of the files beside it, and files that only their owner may read.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// Returns the path of a file beside the database: `bugle.db.lock` for the suffix `.lock`.
pub(super) fn sibling(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Returns options that make files for their owner alone.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Returns the path from the root, so that no name has a meaning of its own to SQLite (`:memory:`, `file:…`).
pub(super) fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|e| Error::io(path, e))
}
