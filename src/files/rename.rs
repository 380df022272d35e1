//! Gives a file a name that nothing else may have yet, in one step where the system can.

use std::io::{self, ErrorKind};
use std::path::Path;

/// Gives a file another name in its folder, which must be free; one that is taken is an error.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(crate) fn to_free_name(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems cannot do it in one step.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_if_free(from, to),
        renamed => Ok(renamed?),
    }
}

/// Gives a file another name in its folder, which must be free; one that is taken is an error.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(crate) fn to_free_name(from: &Path, to: &Path) -> io::Result<()> {
    rename_if_free(from, to)
}

/// Looks and renames in two steps. A hard link would do it in one, and leave the file with two names in between.
fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(to) {
        Ok(_) => Err(io::Error::from(ErrorKind::AlreadyExists)),
        Err(error) if error.kind() == ErrorKind::NotFound => std::fs::rename(from, to),
        Err(error) => Err(error),
    }
}
