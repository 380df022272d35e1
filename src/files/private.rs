//! Makes files and folders for their owner alone, and waits until the disk has them.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::Error;
use super::identity::folder_of;

/// Returns options that make files for their owner alone.
pub(crate) fn options() -> OpenOptions {
    #[cfg_attr(
        not(unix),
        expect(unused_mut, reason = "modes are known to Unix alone")
    )]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a file for its owner alone, where there is nothing yet.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    let file = options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(path)?;
    restrict(&file)?;
    Ok(file)
}

/// Sets the mode of a new file once more, where the `umask` has taken more from it than the others' part.
#[cfg(unix)]
pub(crate) fn restrict(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if file.metadata()?.permissions().mode() & 0o600 == 0o600 {
        return Ok(());
    }
    hide(file)
}

/// Keeps a file from everybody but its owner.
#[cfg(unix)]
fn hide(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

/// Keeps a file from everybody but its owner; this system goes by the folder.
#[cfg(not(unix))]
fn hide(_: &File) -> io::Result<()> {
    Ok(())
}

/// Lets everybody read a file.
#[cfg(unix)]
pub(super) fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

/// Lets everybody read a file; this system goes by the folder.
#[cfg(not(unix))]
pub(super) fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Lets the owner of a file start it as a program.
#[cfg(unix)]
pub(super) fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o700))
}

/// Lets the owner of a file start it as a program; this system goes by its name.
#[cfg(not(unix))]
pub(super) fn make_executable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Sets the mode once more; this system has none.
#[cfg(not(unix))]
pub(crate) fn restrict(_: &File) -> io::Result<()> {
    Ok(())
}

/// Does the same for a new folder.
#[cfg(unix)]
fn restrict_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if std::fs::metadata(path)?.permissions().mode() & 0o700 == 0o700 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

/// Sets the mode of a folder once more; this system has none.
#[cfg(not(unix))]
fn restrict_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Opens an empty file that has no name, can be read by its owner alone and is gone when it is closed.
pub(crate) fn scratch() -> io::Result<File> {
    let file = tempfile::tempfile()?;
    hide(&file)?;
    Ok(file)
}

/// Makes a folder for its owner alone; one that is there is an error.
pub(super) fn create_new_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    restrict_folder(path)
}

/// Makes a folder for its owner alone, with those above it; each that is made lasts.
pub(crate) fn create_folder(path: &Path) -> Result<(), Error> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        create_folder(above)?;
    }
    match create_new_folder(path) {
        // Another command was faster.
        Err(_) if path.is_dir() => {}
        made => made.map_err(Error::at(path))?,
    }
    let folder = folder_of(path);
    sync_folder(folder).map_err(Error::at(folder))
}

/// Waits until the disk has the bytes of a file.
pub(crate) fn sync(file: &File, path: &Path) -> Result<(), Error> {
    file.sync_all().map_err(Error::at(path))
}

/// Waits until the disk has the names in a folder. Other systems than Unix have no such call.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    match synced.map_err(|cause| (cause.kind(), cause)) {
        // A folder that may be written and not be listed, and file systems that sync no folders.
        Err((
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::Unsupported,
            _,
        ))
        | Ok(()) => Ok(()),
        Err((_, cause)) => Err(cause),
    }
}

/// Locks a file or folder; one that another command has locked is an error.
///
/// Death releases the lock. File systems without locks do without: there two commands that write one output at the same
/// moment are not kept apart.
pub(crate) fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::Busy(path.to_owned())),
    }
}
