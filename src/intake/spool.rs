//! Private scratch files for what is too large for memory or can be read only once.
//!
//! A scratch file has no name by the time anything is written to it, can be read by its owner alone,
//! and is gone when it is closed, however the program ends. Callers are the sorter of events and lists
//! that come through a pipe.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek as _, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many names are tried before giving up; others may have left files behind.
const ATTEMPTS: u32 = 1000;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Opens an empty scratch file for writing and reading.
pub fn scratch() -> io::Result<File> {
    let folder = std::env::temp_dir();
    for _ in 0..ATTEMPTS {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".bugle-{}-{number}", std::process::id()));
        match private(OpenOptions::new().read(true).write(true).create_new(true)).open(&path) {
            Ok(file) => {
                unlink(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no free name for a scratch file"))
}

/// Copies all that a reader still gives into a scratch file, and rewinds it.
pub fn spool(from: &mut impl Read) -> io::Result<File> {
    let mut file = scratch()?;
    io::copy(from, &mut file)?;
    file.flush()?;
    file.rewind()?;
    Ok(file)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(unix)]
fn unlink(path: &std::path::Path) -> io::Result<()> {
    std::fs::remove_file(path)
}

/// Asks Windows to delete the file when its last handle closes; its folder is private to the user there.
#[cfg(windows)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::windows::fs::OpenOptionsExt as _;
    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    options.custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
}

#[cfg(windows)]
fn unlink(_: &std::path::Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spooled_stream_can_be_read_twice() {
        let mut file = spool(&mut &b"email\nann@example.com\n"[..]).unwrap();
        for _ in 0..2 {
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert_eq!(text, "email\nann@example.com\n");
            file.rewind().unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_scratch_file_is_private_and_has_no_name() {
        use std::os::unix::fs::MetadataExt as _;
        let meta = scratch().unwrap().metadata().unwrap();
        assert_eq!(meta.mode() & 0o777, 0o600);
        assert_eq!(meta.nlink(), 0);
    }
}
