//! What a folder of campaign files looks like without reading the files, to notice that one was saved.
//!
//! Asking again and again works on every file system, also where the system reports no changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::files;

/// The state of some files at one moment; another state means that one of them was saved, came, or went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stamps(BTreeMap<PathBuf, Option<Stamp>>);

/// The state of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    changed: Option<SystemTime>,
    length: u64,
    /// Another number where an editor saves by putting a new file in the place of the old one.
    number: u64,
}

impl Stamps {
    /// Looks at the YAML files that paths stand for, and at some other files.
    pub(crate) fn of<'a>(paths: &[PathBuf], also: impl IntoIterator<Item = &'a Path>) -> Self {
        let found = files::find(paths);
        let faults = found.faults.into_iter().map(|fault| fault.path);
        let also = also.into_iter().map(Path::to_owned);
        let all = found.files.into_iter().chain(faults).chain(also);
        Self(
            all.map(|path| {
                let stamp = stamp(&path);
                (path, stamp)
            })
            .collect(),
        )
    }
}

impl Stamps {
    /// Adds files that were not looked at before, as they are now; of others the earlier state stays.
    pub(crate) fn add_missing(&mut self, now: Self) {
        for (path, stamp) in now.0 {
            self.0.entry(path).or_insert(stamp);
        }
    }

    /// Returns the files that differ from an earlier state.
    pub(crate) fn changed_since<'a>(&'a self, earlier: &'a Self) -> Vec<&'a Path> {
        let differs = |path: &&PathBuf| self.0.get(*path) != earlier.0.get(*path);
        let mut changed: Vec<&Path> = (self.0.keys().chain(earlier.0.keys()))
            .filter(differs)
            .map(PathBuf::as_path)
            .collect();
        changed.sort();
        changed.dedup();
        changed
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    Some(Stamp {
        changed: found.modified().ok(),
        length: found.len(),
        number: number(&found),
    })
}

#[cfg(unix)]
fn number(found: &std::fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    found.ino()
}

#[cfg(not(unix))]
fn number(_: &std::fs::Metadata) -> u64 {
    0
}
