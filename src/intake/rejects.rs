//! `--rejects FILE`: bad rows, byte for byte as they stood, each after a line that says where and why.
//!
//! The file begins with the header of each list it has rows of. Without the lines that begin with `# ` it is a data file
//! again, to be put right and loaded. `--unknown FILE` is such a file as well: of lines alone, which are good ones.

use std::io;

use super::data_error::{DataError, Error};
use crate::domain::hash::StableHasher;
use crate::files::{OutputFile, Place};

/// The file that bad rows go to. It gets its name when it is published; until then nobody sees it.
#[derive(Debug)]
pub(crate) struct Rejects {
    file: OutputFile,
    /// The hash of the bytes so far; none as long as there are none.
    hash: Option<StableHasher>,
}

impl Rejects {
    /// Begins the file.
    pub(crate) fn create(place: &Place) -> Result<Self, Error> {
        Ok(Self {
            file: place.create()?,
            hash: None,
        })
    }

    /// Writes whole lines as they stand.
    pub(crate) fn lines(&mut self, raw: &[u8]) -> Result<(), Error> {
        self.write(|out| out.write_all(raw))
    }

    /// Writes one line unchanged, such as a header.
    pub(crate) fn copy(&mut self, raw: &[u8]) -> Result<(), Error> {
        self.write(|out| {
            out.write_all(raw)?;
            if raw.ends_with(b"\n") {
                Ok(())
            } else {
                out.write_all(b"\n")
            }
        })
    }

    /// Writes one bad row after its faults.
    pub(crate) fn put(&mut self, faults: &[DataError], raw: &[u8]) -> Result<(), Error> {
        self.write(|out| {
            faults
                .iter()
                .try_for_each(|fault| writeln!(out, "# {fault}"))
        })?;
        self.copy(raw)
    }

    /// Waits until the disk has the rows.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        Ok(self.file.sync()?)
    }

    /// Gives the file its name, once what refused the rows is done.
    pub(crate) fn publish(self) -> Result<(), Error> {
        Ok(self.file.publish()?)
    }

    /// Returns the hash of all bytes so far; nothing where there are none.
    pub(crate) fn hash(&self) -> Option<u64> {
        self.hash.map(StableHasher::finish)
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        let mut out = Hashing {
            stream: &mut self.file,
            hash: &mut self.hash,
        };
        let written = write(&mut out);
        written.map_err(|cause| self.file.unwritable(cause).into())
    }
}

/// Bytes on their way to a file, hashed as they go.
struct Hashing<'a> {
    stream: &'a mut OutputFile,
    hash: &'a mut Option<StableHasher>,
}

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.stream.write(bytes)?;
        self.hash.get_or_insert_default().piece(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
