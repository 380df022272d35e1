//! `--rejects FILE`: bad rows, byte for byte as they stood, each after a line that says where and why.
//!
//! The file begins with the header of each list it has rows of. Without the lines that begin with `# ` it is a data file
//! again, to be put right and loaded. `--unknown FILE` is such a file as well: of lines alone, which are good ones.

use std::io::{self, Write as _};

use super::data_error::{DataError, Error};
use crate::files::{OutputFile, Place};

/// The file that bad rows go to. It gets its name when it is published; until then nobody sees it.
#[derive(Debug)]
pub struct Rejects(OutputFile);

impl Rejects {
    /// Begins the file.
    pub fn create(place: &Place) -> Result<Self, Error> {
        Ok(Self(place.create()?))
    }

    /// Writes whole lines as they stand.
    pub fn lines(&mut self, raw: &[u8]) -> Result<(), Error> {
        self.write(|out| out.write_all(raw))
    }

    /// Writes one line as it stands, such as a header.
    pub fn copy(&mut self, raw: &[u8]) -> Result<(), Error> {
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
    pub fn put(&mut self, faults: &[DataError], raw: &[u8]) -> Result<(), Error> {
        self.write(|out| {
            faults
                .iter()
                .try_for_each(|fault| writeln!(out, "# {fault}"))
        })?;
        self.copy(raw)
    }

    /// Waits until the disk has the rows.
    pub fn sync(&mut self) -> Result<(), Error> {
        Ok(self.0.sync()?)
    }

    /// Gives the file its name, once what refused the rows is done.
    pub fn publish(self) -> Result<(), Error> {
        Ok(self.0.publish()?)
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut OutputFile) -> io::Result<()>,
    ) -> Result<(), Error> {
        let written = write(&mut self.0);
        written.map_err(|cause| self.0.unwritable(cause).into())
    }
}
