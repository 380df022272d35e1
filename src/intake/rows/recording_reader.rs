//! A reader that keeps the bytes of the current row, so that a bad row can be copied verbatim.

use std::io::{self, Read};

use super::LONGEST;

/// A row grew past the limit.
#[derive(Debug)]
pub(super) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("row too long")
    }
}

impl std::error::Error for TooLong {}

/// Keeps the bytes that have passed since the present row began.
pub(super) struct RecordingReader<R> {
    inner: R,
    kept: Vec<u8>,
    /// Where in the file the kept bytes begin.
    base: u64,
    /// How many of the kept bytes are of no further use.
    spent: usize,
}

impl<R> RecordingReader<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            kept: Vec::new(),
            base: 0,
            spent: 0,
        }
    }

    /// Says that bytes before a place of the file are no longer needed.
    pub(super) fn release(&mut self, until: u64) {
        self.spent = self.index(until);
    }

    pub(super) fn between(&self, range: &std::ops::Range<u64>) -> &[u8] {
        &self.kept[self.index(range.start)..self.index(range.end)]
    }

    /// Returns what has been read of the present row.
    pub(super) fn kept(&self) -> &[u8] {
        &self.kept[self.spent..]
    }

    /// Takes itself apart: what has been read from the present row on, and what has not been read.
    pub(super) fn into_rest(mut self) -> (Vec<u8>, R) {
        (self.kept.split_off(self.spent), self.inner)
    }

    fn index(&self, place: u64) -> usize {
        usize::try_from(place.saturating_sub(self.base))
            .unwrap_or(usize::MAX)
            .min(self.kept.len())
    }
}

impl<R: Read> Read for RecordingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.kept.len() - self.spent > LONGEST {
            return Err(io::Error::other(TooLong));
        }
        self.kept.drain(..self.spent);
        self.base += self.spent as u64;
        self.spent = 0;
        let count = self.inner.read(buffer)?;
        self.kept.extend_from_slice(&buffer[..count]);
        Ok(count)
    }
}
