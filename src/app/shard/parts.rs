//! The parts of one file after another, written into the folders of the shards.

use std::io;
use std::path::PathBuf;

use super::manifest::{PartFile, ShardParts, folder_name, hex};
use crate::app::Error;
use crate::files::{self, NewFolder};
use crate::intake::data_error;
use crate::intake::shards::key::KeyHash;
use crate::intake::shards::links::Links;
use crate::intake::shards::parts::{Packing, Part};
use crate::results::ShardKind;

/// What is written of all files.
pub(super) struct Shards {
    pub(super) folder: NewFolder,
    pub(super) parts: Vec<ShardParts>,
}

impl Shards {
    /// Makes the folders of so many shards.
    pub(super) fn create(mut folder: NewFolder, shards: usize) -> Result<Self, files::Error> {
        let mut parts = Vec::with_capacity(shards);
        for shard in 1..=shards {
            folder.folder(&PathBuf::from(folder_name(shard)))?;
            parts.push(ShardParts {
                shard,
                files: Vec::new(),
            });
        }
        Ok(Self { folder, parts })
    }

    /// Begins the parts of a file.
    pub(super) fn begin(&self, name: &str, packing: Packing) -> Result<FileParts, files::Error> {
        let parts = self.parts.iter().map(|shard| {
            let path = PathBuf::from(folder_name(shard.shard)).join(name);
            let file = self.folder.file(&path)?;
            let part = Part::new(file, packing);
            part.map_err(files::Error::at(&self.folder.at(&path)))
        });
        Ok(FileParts {
            name: name.to_owned(),
            folder: self.folder.at(&PathBuf::new()),
            parts: parts.collect::<Result<_, _>>()?,
        })
    }

    /// Ends the parts of a file, and waits until the disk has them.
    pub(super) fn end(&mut self, parts: FileParts, kind: ShardKind) -> Result<(), files::Error> {
        for (shard, part) in self.parts.iter_mut().zip(parts.parts) {
            let path = PathBuf::from(folder_name(shard.shard)).join(&parts.name);
            let at = self.folder.at(&path);
            let (file, summary) = part.finish().map_err(files::Error::at(&at))?;
            self.folder.sync(&path, &file)?;
            shard.files.push(PartFile {
                file: parts.name.clone(),
                kind,
                rows: summary.rows,
                bytes: summary.bytes,
                digest: hex(summary.digest),
            });
        }
        Ok(())
    }
}

/// The parts of one file that are being written.
pub(super) struct FileParts {
    name: String,
    folder: PathBuf,
    parts: Vec<Part>,
}

impl FileParts {
    /// Writes something into every part, such as a header.
    pub(super) fn everywhere(&mut self, bytes: &[u8]) -> Result<(), files::Error> {
        for shard in 0..self.parts.len() {
            let written = self.parts[shard].head(bytes);
            written.map_err(|cause| self.unwritable(shard, cause))?;
        }
        Ok(())
    }

    /// Returns whether a part has no row yet.
    pub(super) fn is_empty(&self, shard: usize) -> bool {
        self.parts[shard].rows() == 0
    }

    /// Writes a row with what stands before and after it.
    pub(super) fn row(
        &mut self,
        shard: usize,
        before: &[u8],
        row: &[u8],
        after: &[u8],
    ) -> Result<(), files::Error> {
        let part = &mut self.parts[shard];
        let written = part
            .head(before)
            .and_then(|()| part.row(row))
            .and_then(|()| part.head(after));
        written.map_err(|cause| self.unwritable(shard, cause))
    }

    fn unwritable(&self, shard: usize, cause: io::Error) -> files::Error {
        let path = self.folder.join(folder_name(shard + 1)).join(&self.name);
        files::Error::at(&path)(cause)
    }
}

/// Finds the shard of a key, from 0.
pub(super) fn shard_of(
    links: &Links,
    key: KeyHash,
    shards: usize,
) -> Result<usize, data_error::Error> {
    let first = links.first_of(key).map_err(scratch_failed)?;
    Ok(first.shard(shards))
}

/// Says that the table of keys cannot be read or written.
pub(super) fn scratch_failed(cause: io::Error) -> data_error::Error {
    data_error::Error::unreadable("scratch file", cause)
}

impl From<Shards> for Vec<ShardParts> {
    fn from(shards: Shards) -> Self {
        shards.parts
    }
}

/// Returns what a use case makes of a fault of the table of keys.
pub(super) fn table_failed(cause: io::Error) -> Error {
    scratch_failed(cause).into()
}
