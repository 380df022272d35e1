//! Lines set aside for a second try: `--rejects FILE` and `--unknown FILE`.
//!
//! While it is not yet certain that the files will be taken at all, lines go to a scratch file; a refused file leaves
//! nothing behind.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::intake::rejects::Rejects;
use crate::intake::spool::scratch;

/// Lines that will be set aside if the files are taken.
#[derive(Debug)]
pub(super) struct PendingLines {
    path: PathBuf,
    lines: BufWriter<File>,
}

impl PendingLines {
    /// Makes one for a file that is not made yet.
    pub fn new(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            lines: BufWriter::new(scratch()?),
        })
    }

    /// Returns where the file will be.
    pub fn path(&self) -> &Path {
        &self.path
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
        let mut lines = BufReader::new(lines);
        let mut file = Rejects::create(&self.path)?;
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            file.copy(&line)?;
            line.clear();
        }
        file.finish()?;
        Ok(SetAside(file))
    }
}

/// A private file of lines that were not taken.
#[derive(Debug)]
pub struct SetAside(Rejects);

impl SetAside {
    /// Adds a line.
    pub fn add(&mut self, line: &str) -> io::Result<()> {
        self.0.copy(line.as_bytes())
    }

    /// Writes what is not written yet.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.finish()
    }
}
