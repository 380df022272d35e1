//! Files that people name and that cannot be read: what is wrong, and which file may be meant.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::suggest::nearest;

use super::{ErrorKind, UserError};

/// Tells of a file or folder that cannot be read; of one that is not there also what lies nearest to its name.
pub(super) fn unreadable(path: &Path, cause: &io::Error) -> UserError {
    let shown = path.display();
    if cause.kind() != io::ErrorKind::NotFound {
        return UserError::new(
            ErrorKind::Storage,
            format!("cannot read `{shown}`: {cause}"),
        );
    }
    let message = format!("there is no file or folder `{shown}`");
    let error = UserError::new(ErrorKind::Storage, message);
    let help = meant(path).map_or_else(
        || "paths are counted from the folder that the command is started in".to_owned(),
        |meant| format!("did you mean `{}`?", meant.display()),
    );
    error.help(help)
}

/// Returns the path that lies nearest to one that is not there: its first missing part put right.
fn meant(path: &Path) -> Option<PathBuf> {
    let mut there = PathBuf::new();
    let mut parts = path.components();
    for part in parts.by_ref() {
        let next = there.join(part);
        if next.exists() {
            there = next;
            continue;
        }
        let folder = if there.as_os_str().is_empty() {
            Path::new(".")
        } else {
            &there
        };
        let entries = std::fs::read_dir(folder).ok()?.flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        names.sort();
        let written = part.as_os_str().to_str()?;
        let near = nearest(written, names.iter().map(String::as_str));
        // One by one: joining nothing would leave a stroke at the end.
        let corrected = there.join(near.first()?);
        let corrected = parts.fold(corrected, |path, part| path.join(part));
        return Some(corrected).filter(|corrected| corrected.exists());
    }
    None
}
