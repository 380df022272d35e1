//! Scratch files for what is too large for memory or can be read only once.
//!
//! Callers are the sorter of events and lists that come through a pipe.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write as _};

pub(crate) use crate::files::private::scratch;

/// Copies all that a reader still gives into a scratch file, and rewinds it.
pub(crate) fn spool(from: &mut impl Read) -> io::Result<File> {
    let mut file = scratch()?;
    io::copy(from, &mut file)?;
    file.flush()?;
    file.rewind()?;
    Ok(file)
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
        assert_eq!(meta.mode() & 0o077, 0);
        assert_eq!(meta.nlink(), 0);
    }
}
