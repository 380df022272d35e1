//! The writer's lock: one writing command at a time, from its first moment to its last.
//!
//! The lock is the system's, on a file beside the database, so death releases it and nobody ever has to
//! remove anything by hand. The file says who holds it: process, start and command, never its arguments.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use super::access::Access;
use super::error::{Error, Holder, Result};
use super::paths::{private, sibling};
use crate::domain::Instant;

/// How often a waiting command asks again.
const POLL: Duration = Duration::from_millis(25);

/// The held lock; dropping it lets the next command in.
#[derive(Debug)]
pub(super) struct Lock {
    /// Held for the lock on it, which closing releases.
    _file: File,
}

impl Lock {
    /// Takes the lock of a database, waiting for another command as long as asked.
    pub(super) fn take(database: &Path, access: &Access) -> Result<Self> {
        let path = sibling(database, ".lock");
        let mut file = private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| {
                if source.kind() == std::io::ErrorKind::NotFound {
                    // What is missing is the folder, not a database.
                    let path = path.clone();
                    Error::Io { path, source }
                } else {
                    Error::io(&path, source)
                }
            })?;
        let mut left = access.wait;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if left.is_zero() => {
                    return Err(Error::Busy(holder(&mut file)));
                }
                Err(TryLockError::WouldBlock) => {
                    let nap = left.min(POLL);
                    std::thread::sleep(nap);
                    left -= nap;
                }
                Err(TryLockError::Error(source)) => return Err(Error::io(&path, source)),
            }
        }
        let note = format!(
            "{}\n{}\n{}\n",
            std::process::id(),
            access.now.micros(),
            access.command
        );
        file.set_len(0)
            .and_then(|()| file.write_all(note.as_bytes()))
            .map_err(|e| Error::io(&path, e))?;
        Ok(Self { _file: file })
    }
}

/// Reads who holds the lock; nothing while they are writing it down.
fn holder(file: &mut File) -> Option<Holder> {
    let mut note = String::new();
    file.read_to_string(&mut note).ok()?;
    let mut lines = note.lines();
    Some(Holder {
        pid: lines.next()?.parse().ok()?,
        since: Instant::from_micros(lines.next()?.parse().ok()?),
        command: lines.next()?.to_owned(),
    })
}
