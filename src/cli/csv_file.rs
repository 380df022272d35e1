//! A CSV file that an option asks for beside the result, and by which an interrupted command goes on: `--people`.

use std::io::{self, Read, Write as _};

use crate::app::Error;
use crate::app::reexports::{OutputFile, Place, Written};
use crate::domain::hash::StableHasher;
use crate::render;

/// A file of rows that is being written.
pub(crate) struct CsvFile {
    out: OutputFile,
    bytes: u64,
    hash: StableHasher,
}

impl CsvFile {
    /// Begins the file.
    pub(crate) fn create(place: &Place) -> Result<Self, Error> {
        Ok(Self {
            out: place.create()?,
            bytes: 0,
            hash: StableHasher::default(),
        })
    }

    /// Goes on with the file that an interrupted command has written so much of; nothing where that is gone.
    pub(crate) fn resume(place: &Place, written: Written) -> Result<Option<Self>, Error> {
        let mut hash = StableHasher::default();
        let out = place.resume(written.bytes, &mut |start| {
            hash = hash_of(start)?;
            Ok(hash.finish() == written.hash)
        })?;
        let Some(out) = out else { return Ok(None) };
        Ok(Some(Self {
            out,
            bytes: written.bytes,
            hash,
        }))
    }

    /// Returns whether the file is complete and has its name.
    pub(crate) fn is_published(place: &Place, written: Written) -> Result<bool, Error> {
        Ok(place.holds(written.bytes, &mut |all| {
            Ok(hash_of(all)?.finish() == written.hash)
        })?)
    }

    /// Writes a row.
    pub(crate) fn record<C: AsRef<str>>(&mut self, cells: &[C]) -> Result<(), Error> {
        let mut record = Vec::new();
        let written =
            render::csv::record(&mut record, cells).and_then(|()| self.out.write_all(&record));
        written.map_err(|cause| self.out.unwritable(cause))?;
        self.bytes += record.len() as u64;
        self.hash.piece(&record);
        Ok(())
    }

    /// Returns how much has been written.
    pub(crate) fn written(&self) -> Written {
        Written {
            bytes: self.bytes,
            hash: self.hash.finish(),
        }
    }

    /// Makes what was written last, for the same command that comes later.
    pub(crate) fn keep(&mut self) -> Result<(), Error> {
        self.out.sync()?;
        Ok(self.out.keep()?)
    }

    /// Gives the file its name.
    pub(crate) fn publish(self) -> Result<(), Error> {
        Ok(self.out.publish()?)
    }
}

fn hash_of(bytes: &mut dyn Read) -> io::Result<StableHasher> {
    let mut hash = StableHasher::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match bytes.read(&mut buffer)? {
            0 => return Ok(hash),
            read => hash.piece(&buffer[..read]),
        }
    }
}
