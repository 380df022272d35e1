//! Another version of some files, in a private folder that is gone when nobody looks at them any more.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path};

use super::private;

/// A folder with another version of some files.
#[derive(Debug)]
pub(crate) struct Checkout(tempfile::TempDir);

impl Checkout {
    /// Makes an empty one.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(tempfile::Builder::new().prefix("bugle-").tempdir()?))
    }

    /// Returns the folder.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Adds a file; a path that leads out of the folder is refused.
    pub(crate) fn add(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_));
        if !path.components().all(is_inside) {
            return Err(io::Error::other("the path leads out of the folder"));
        }
        let path = self.path().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        private::create_new(&path)?.write_all(bytes)
    }
}
