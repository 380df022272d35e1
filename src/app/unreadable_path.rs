//! Errors for a path that cannot be read, with the nearest path that exists.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::suggest::nearest;
use crate::files::error::reason;
use crate::source::{ReadFault, Unreadable};

use super::{Error, ErrorKind, UserError};

/// Reports campaign files that are not read. What the system keeps from us comes first, since it may hide more.
pub(super) fn unread(faults: &[ReadFault]) -> Error {
    let mut problems: Vec<UserError> = faults.iter().map(read_fault).collect();
    problems.sort_by_key(|problem| problem.kind != ErrorKind::Storage);
    Error::Problems(problems)
}

/// Reports one campaign file that is not read.
pub(super) fn read_fault(fault: &ReadFault) -> UserError {
    let shown = fault.path.display();
    let storage =
        |what: &str| UserError::new(ErrorKind::Storage, format!("cannot read `{shown}`: {what}"));
    match &fault.why {
        Unreadable::Io(cause) => unreadable(&fault.path, cause),
        Unreadable::BrokenLink => storage("it is a link, and nothing is where it leads")
            .help("put the link right, or delete it if its campaigns are gone"),
        Unreadable::NotAFile => storage("it is not a file")
            .help("give it another name: all that ends in `.yaml` or `.yml` is read"),
        Unreadable::Outside(folder) => UserError::new(
            ErrorKind::Files,
            format!(
                "`{shown}` is a link to a file outside of `{}`",
                folder.display()
            ),
        )
        .help("put a copy of the file in its place; links within the folder are read"),
    }
}

/// Reports a file or folder that cannot be read; of one that is not there also what lies nearest to its name.
pub(super) fn unreadable(path: &Path, cause: &io::Error) -> UserError {
    let shown = path.display();
    if cause.kind() != io::ErrorKind::NotFound {
        return UserError::new(
            ErrorKind::Storage,
            format!("cannot read `{shown}`: {}", reason(cause)),
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
