//! Which files belong to the campaigns of some paths, for a command that must not write there.

use std::path::{Path, PathBuf};

use super::files::{self, FileRole};
use super::workspace::body_files;
use super::{LoadedFiles, Overlay};

/// Returns the files that paths stand for and the texts of emails that their workspaces name.
///
/// Files that cannot be read are left out: the caller wants to protect files, not to load them.
pub(crate) fn used_files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut used = files::find(paths).files;
    let workspaces: Vec<PathBuf> = used
        .iter()
        .filter(|path| FileRole::of(path) == FileRole::Workspace)
        .cloned()
        .collect();
    for path in workspaces {
        let folder = path.parent().unwrap_or(Path::new(""));
        let Ok(Some((_, nodes))) = LoadedFiles::default().open(&path, &Overlay::default()) else {
            continue;
        };
        for mut node in nodes {
            let named = body_files(&mut node).into_iter();
            used.extend(named.map(|name| folder.join(name)));
        }
    }
    used
}
