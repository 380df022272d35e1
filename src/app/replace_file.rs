//! Puts a new text in the place of a file, so that a reader sees the old one or the new one and never a part.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Replaces what a file holds. Its permissions stay, and of a link the file that it leads to is replaced.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let real = path.canonicalize()?;
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let aside = real.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_aside(&real, &aside, bytes).and_then(|()| fs::rename(&aside, &real));
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

fn write_aside(real: &Path, aside: &Path, bytes: &[u8]) -> io::Result<()> {
    let permissions = fs::metadata(real)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut file = File::create_new(aside)?;
    file.write_all(bytes)?;
    file.set_permissions(permissions)?;
    file.sync_all()
}
