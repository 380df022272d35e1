//! Texts that stand in the place of files: what an editor shows and has not saved.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Texts by the path of the file in whose place they stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overlay {
    texts: BTreeMap<PathBuf, String>,
}

impl Overlay {
    /// Puts a text in the place of a file, which need not be there.
    pub(crate) fn put(&mut self, path: PathBuf, text: String) {
        self.texts.insert(path, text);
    }

    /// Lets a file count again.
    pub(crate) fn take_away(&mut self, path: &Path) {
        self.texts.remove(path);
    }

    /// Returns the text in the place of a file.
    pub(crate) fn text(&self, path: &Path) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Returns the paths of all texts.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.texts.keys().map(PathBuf::as_path)
    }
}
