//! Lines set aside for a second try: `--rejects FILE` and `--unknown FILE`.
//!
//! While it is not yet certain that the files will be taken at all, lines go to a scratch file; a refused file leaves
//! nothing behind.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::intake::spool::scratch;

/// Lines that will be set aside if the files are taken.
#[derive(Debug)]
pub(super) struct Waiting {
    path: PathBuf,
    lines: BufWriter<File>,
}

impl Waiting {
    /// Makes one for a file that is not made yet.
    pub fn new(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            lines: BufWriter::new(scratch()?),
        })
    }

    /// Returns what messages call the file.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Adds whole lines.
    pub fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        self.lines.write_all(lines)
    }

    /// Makes the file and copies the lines to it.
    pub fn settle(self) -> io::Result<SetAside> {
        let mut lines = self
            .lines
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        lines.rewind()?;
        let mut set_aside = SetAside::create(&self.path)?;
        io::copy(&mut lines, &mut set_aside.out)?;
        Ok(set_aside)
    }
}

/// A private file of lines that were not taken.
#[derive(Debug)]
pub struct SetAside {
    out: BufWriter<File>,
}

impl SetAside {
    /// Makes the file, or empties it; others cannot read it (mode 0600).
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self {
            out: BufWriter::new(options.open(path)?),
        })
    }

    /// Adds a line.
    pub fn add(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Writes what is not written yet.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}
