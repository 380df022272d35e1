//! Which folder is the workspace of a file.

use std::path::{Path, PathBuf};

/// The usual name of the folder of campaigns, which commands read where no path is given.
const USUAL: &str = "campaigns";

/// Returns the folder that is read with a file: the uppermost one with a `workspace.yaml` below the folders that the editor
/// has open; else the nearest one that is named `campaigns`; else that of the file.
pub(crate) fn home(path: &Path, opened: &[PathBuf]) -> PathBuf {
    let beside = path.parent().unwrap_or(path);
    let top = opened.iter().filter(|folder| path.starts_with(folder));
    let top = top.min_by_key(|folder| folder.components().count());
    let is_inside = |folder: &&Path| top.is_none_or(|top| folder.starts_with(top));
    let above = || beside.ancestors().take_while(is_inside);
    above()
        .filter(|folder| has_workspace(folder))
        .last()
        .or_else(|| above().find(|folder| folder.ends_with(USUAL)))
        .unwrap_or(beside)
        .to_owned()
}

/// Returns the folder that is read where the editor has a folder open, and no file yet.
pub(crate) fn home_in(opened: &Path) -> Option<PathBuf> {
    if has_workspace(opened) {
        return Some(opened.to_owned());
    }
    Some(opened.join(USUAL)).filter(|folder| folder.is_dir())
}

fn has_workspace(folder: &Path) -> bool {
    ["workspace.yaml", "workspace.yml"]
        .iter()
        .any(|name| folder.join(name).is_file())
}
