//! An mbox: all messages in one file, each behind a line that begins with `From `.
//!
//! The kind is mboxrd: a line of a message that begins with `From `, or with `>`s before it, gets one more `>`, which
//! readers take off again. The file is written aside and put in place when it is whole; one that is there already is
//! replaced only where an export has written it.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::domain::Instant;

use super::{Error, lock, sync_folder, unwritable};

/// What an mbox of ours begins with.
const OURS: &[u8] = b"From bugle@bugle.invalid ";

/// An mbox that is being written.
#[derive(Debug)]
pub struct Mbox {
    path: PathBuf,
    aside: PathBuf,
    out: BufWriter<File>,
}

impl Mbox {
    /// Begins a file that shall stand at this path.
    pub fn create(path: &Path) -> Result<Self, Error> {
        refuse_foreign(path)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let aside = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        refuse_foreign(&aside)?;
        let file = options.open(&aside).map_err(unwritable(&aside))?;
        lock(&file, path)?;
        file.set_len(0).map_err(unwritable(&aside))?;
        Ok(Self {
            path: path.to_owned(),
            aside,
            out: BufWriter::with_capacity(256 * 1024, file),
        })
    }

    /// Adds one message.
    pub fn put(&mut self, at: Instant, message: &[u8]) -> Result<(), Error> {
        self.write(at, message).map_err(unwritable(&self.aside))
    }

    fn write(&mut self, at: Instant, message: &[u8]) -> std::io::Result<()> {
        self.out.write_all(OURS)?;
        writeln!(self.out, "{}", at.utc().format("%a %b %e %H:%M:%S %Y"))?;
        for line in message.split_inclusive(|byte| *byte == b'\n') {
            let quotes = line.iter().take_while(|byte| **byte == b'>').count();
            if line[quotes..].starts_with(b"From ") {
                self.out.write_all(b">")?;
            }
            self.out.write_all(line)?;
        }
        self.out.write_all(b"\n")
    }

    /// Puts the file in its place.
    pub fn finish(mut self) -> Result<(), Error> {
        let written = self.out.flush();
        written
            .and_then(|()| self.out.get_ref().sync_all())
            .map_err(unwritable(&self.aside))?;
        fs::rename(&self.aside, &self.path).map_err(unwritable(&self.path))?;
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => sync_folder(folder),
            Some(_) | None => sync_folder(Path::new(".")),
        }
    }
}

/// Refuses to replace what no export has written: another file with anything in it, a folder, a link.
fn refuse_foreign(path: &Path) -> Result<(), Error> {
    let Ok(there) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let foreign = |what| Error::Foreign(path.to_owned(), what);
    if !there.is_file() {
        return Err(foreign("is there already, and is no file of its own"));
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(OURS.len() as u64).read_to_end(&mut start))
        .map_err(unwritable(path))?;
    // A file that was cut short by a kill begins like ours as far as it goes.
    if OURS.starts_with(&start) {
        return Ok(());
    }
    Err(foreign(
        "is there already, and was written by something else",
    ))
}
