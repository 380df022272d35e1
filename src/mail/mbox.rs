//! An mbox: all messages in one file, each behind a line that begins with `From `.
//!
//! The kind is mboxrd: a line of a message that begins with `From `, or with `>`s before it, gets one more `>`, which
//! readers take off again. A file that is there already is replaced only where an export has written it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::domain::Instant;
use crate::files::{OutputFile, Place};

use super::{Error, unwritable};

/// What an mbox of ours begins with.
const OURS: &[u8] = b"From bugle@bugle.invalid ";

/// An mbox that is being written.
#[derive(Debug)]
pub(crate) struct Mbox(OutputFile);

impl Mbox {
    /// Begins the file.
    pub(crate) fn create(place: &Place) -> Result<Self, Error> {
        refuse_foreign(place.path())?;
        Ok(Self(place.create()?))
    }

    /// Adds one message.
    pub(crate) fn put(&mut self, at: Instant, message: &[u8]) -> Result<(), Error> {
        let written = self.write(at, message);
        Ok(written.map_err(|cause| self.0.unwritable(cause))?)
    }

    fn write(&mut self, at: Instant, message: &[u8]) -> std::io::Result<()> {
        let out = &mut self.0;
        out.write_all(OURS)?;
        writeln!(out, "{}", at.utc().format("%a %b %e %H:%M:%S %Y"))?;
        for line in message.split_inclusive(|byte| *byte == b'\n') {
            let quotes = line.iter().take_while(|byte| **byte == b'>').count();
            if line[quotes..].starts_with(b"From ") {
                out.write_all(b">")?;
            }
            out.write_all(line)?;
        }
        out.write_all(b"\n")
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), Error> {
        Ok(self.0.publish()?)
    }
}

/// Refuses to replace what no export has written: another file with anything in it.
fn refuse_foreign(path: &Path) -> Result<(), Error> {
    if !fs::symlink_metadata(path).is_ok_and(|there| there.is_file()) {
        return Ok(());
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(OURS.len() as u64).read_to_end(&mut start))
        .map_err(unwritable(path))?;
    // An export of no message is an empty file.
    if start.is_empty() || start == OURS {
        return Ok(());
    }
    let what = "is there already, and was written by something else";
    Err(Error::Foreign(path.to_owned(), what))
}
