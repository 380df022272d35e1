//! Standard input, output and error as files: which ones they are, and whether they were open at all.

use std::fs::File;
use std::io;

/// Opens standard output once more, for bytes that go straight there.
#[cfg(unix)]
pub(super) fn standard_output() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    if standard_output_is_closed() {
        return Err(closed());
    }
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Returns each standard stream that is a file on a disk, under the name that people know it by.
#[cfg(unix)]
pub(super) fn regular_files() -> Vec<(&'static str, std::fs::Metadata)> {
    use std::os::fd::{AsFd as _, OwnedFd};
    let file = |stream: io::Result<OwnedFd>| File::from(stream.ok()?).metadata().ok();
    [
        (
            "standard input",
            file(io::stdin().as_fd().try_clone_to_owned()),
        ),
        (
            "standard output",
            file(io::stdout().as_fd().try_clone_to_owned()),
        ),
        (
            "standard error",
            file(io::stderr().as_fd().try_clone_to_owned()),
        ),
    ]
    .into_iter()
    .filter_map(|(name, metadata)| Some((name, metadata?)))
    .filter(|(_, metadata)| metadata.is_file())
    .collect()
}

/// Opens standard output once more; this system has no such call.
#[cfg(not(unix))]
pub(super) fn standard_output() -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Returns each standard stream that is a file on a disk; this system does not say.
#[cfg(not(unix))]
pub(super) fn regular_files() -> Vec<(&'static str, std::fs::Metadata)> {
    Vec::new()
}

/// Returns the error of writing to a standard output that was closed.
pub(crate) fn closed() -> io::Error {
    io::Error::other("standard output is closed")
}

/// Returns standard input, which must have been open when the program started: what was meant to be read would else
/// be taken for nothing.
pub(crate) fn standard_input() -> io::Result<io::Stdin> {
    if standard_input_is_closed() {
        return Err(io::Error::other("standard input is closed"));
    }
    Ok(io::stdin())
}

/// Returns whether the program was started with its standard output closed (`>&-`).
///
/// Rust opens `/dev/null` in its place before `main` begins, so that nothing else gets its number; all that is written
/// there would be lost without an error.
pub(crate) fn standard_output_is_closed() -> bool {
    #[cfg(unix)]
    {
        at_start::OUTPUT_IS_CLOSED.load(std::sync::atomic::Ordering::Relaxed)
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// Returns whether the program was started with its standard input closed (`<&-`).
fn standard_input_is_closed() -> bool {
    #[cfg(unix)]
    {
        at_start::INPUT_IS_CLOSED.load(std::sync::atomic::Ordering::Relaxed)
    }
    #[cfg(not(unix))]
    {
        false
    }
}

/// What is looked at before Rust has put the standard streams in order.
#[cfg(unix)]
mod at_start {
    use std::io;
    use std::os::fd::{AsFd as _, OwnedFd};
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Whether standard input was closed.
    pub(super) static INPUT_IS_CLOSED: AtomicBool = AtomicBool::new(false);

    /// Whether standard output was closed.
    pub(super) static OUTPUT_IS_CLOSED: AtomicBool = AtomicBool::new(false);

    /// What every Unix says of a number that is not an open file: `EBADF`.
    const NOT_OPEN: i32 = 9;

    /// Runs before `main`, and does as little as it can there.
    #[ctor::ctor]
    fn look() {
        let is_closed = |opened: io::Result<OwnedFd>| {
            opened.is_err_and(|error| error.raw_os_error() == Some(NOT_OPEN))
        };
        let input = is_closed(io::stdin().as_fd().try_clone_to_owned());
        let output = is_closed(io::stdout().as_fd().try_clone_to_owned());
        INPUT_IS_CLOSED.store(input, Ordering::Relaxed);
        OUTPUT_IS_CLOSED.store(output, Ordering::Relaxed);
    }
}
