//! `--rejects FILE`: bad rows, byte for byte as they stood, each after a line that says where and why.
//!
//! The file begins with the header of each list it has rows of. Without the lines that begin with `# ` it is a data file
//! again, to be put right and loaded. It holds personal data, so only its owner can read it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::data_error::DataError;

/// The file that bad rows go to.
#[derive(Debug)]
pub struct Rejects {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Rejects {
    /// Makes the file, or empties it if it is there.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        let file = private(&mut options).open(path)?;
        restrict(&file)?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
        })
    }

    /// Returns where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a line as it stands, such as a header.
    pub fn copy(&mut self, raw: &[u8]) -> io::Result<()> {
        self.file.write_all(raw)?;
        if raw.ends_with(b"\n") {
            Ok(())
        } else {
            self.file.write_all(b"\n")
        }
    }

    /// Writes one bad row after its faults.
    pub fn put(&mut self, faults: &[DataError], raw: &[u8]) -> io::Result<()> {
        for fault in faults {
            writeln!(self.file, "# {fault}")?;
        }
        self.copy(raw)
    }

    /// Writes out what is still held back.
    pub fn finish(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(unix)]
fn restrict(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn restrict(_: &File) -> io::Result<()> {
    Ok(())
}
