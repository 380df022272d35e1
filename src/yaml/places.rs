//! From the parser's positions, which count characters, to byte spans of the file.

use crate::diagnostic::{FileId, Span};

/// The places of one file's characters.
pub(super) struct SourceMap {
    file: FileId,
    /// The first byte of every character and the end; none where every character is one byte.
    starts: Option<Vec<u32>>,
    len: usize,
}

impl SourceMap {
    pub(super) fn new(file: FileId, text: &str) -> Self {
        let starts = (!text.is_ascii()).then(|| {
            let ends = std::iter::once(text.len());
            text.char_indices()
                .map(|(at, _)| at)
                .chain(ends)
                .map(narrow)
                .collect()
        });
        Self {
            file,
            starts,
            len: text.len(),
        }
    }

    /// Returns the byte at which a character begins; past the end, the end.
    pub(super) fn byte(&self, character: usize) -> usize {
        match &self.starts {
            None => character.min(self.len),
            Some(starts) => starts
                .get(character)
                .map_or(self.len, |byte| *byte as usize),
        }
    }

    /// Returns how many characters stand before a byte.
    pub(super) fn character(&self, byte: usize) -> usize {
        match &self.starts {
            None => byte,
            Some(starts) => starts.partition_point(|start| (*start as usize) < byte),
        }
    }

    /// Makes a span of two byte positions.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span {
            file: self.file,
            start: narrow(start),
            end: narrow(end.max(start)),
        }
    }
}

/// Files are at most [`super::MAX_BYTES`] long, so every position fits.
fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
