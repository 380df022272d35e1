//! A file cut into blocks of whole lines, so that several workers may read it at once.

use std::io::{self, Read};

/// About how many bytes a block has.
pub(super) const BLOCK: usize = 1 << 20;

/// The longest line; JSON that is longer is not an event.
pub(super) const LONGEST: usize = 16 << 20;

/// Some whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineBlock {
    /// The number of the first one, from 1.
    pub(crate) line: u64,
    /// The lines; the last one of a file may lack its line feed.
    pub(crate) bytes: Vec<u8>,
    /// The block is the beginning of one line that is longer than may be; its rest is skipped.
    pub(crate) too_long: bool,
    /// The line and column of each line's first byte, where the lines are items of an envelope; else nothing.
    pub(crate) starts: Vec<(u64, u64)>,
}

/// Cuts what a reader gives.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    carry: Vec<u8>,
    line: u64,
    longest: usize,
}

impl<R: Read> Lines<R> {
    /// Makes one; lines may have `longest` bytes.
    pub(crate) fn new(reader: R, longest: usize) -> Self {
        Self {
            reader,
            carry: Vec::new(),
            line: 1,
            longest,
        }
    }

    /// Returns the next block; nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<LineBlock>> {
        let mut bytes = std::mem::take(&mut self.carry);
        bytes.reserve(BLOCK.saturating_sub(bytes.len()));
        loop {
            let read = self
                .reader
                .by_ref()
                .take(BLOCK as u64)
                .read_to_end(&mut bytes)?;
            let end = bytes.iter().rposition(|b| *b == b'\n');
            if let Some(end) = end {
                self.carry.extend_from_slice(&bytes[end + 1..]);
                bytes.truncate(end + 1);
                return Ok(Some(self.block(bytes, false)));
            }
            if bytes.len() > self.longest {
                self.skip_line()?;
                return Ok(Some(self.block(bytes, true)));
            }
            if read == 0 {
                return Ok((!bytes.is_empty()).then(|| self.block(bytes, false)));
            }
        }
    }

    #[expect(
        clippy::naive_bytecount,
        reason = "the compiler makes a fast loop of it, and a crate for one line is too much"
    )]
    fn block(&mut self, bytes: Vec<u8>, too_long: bool) -> LineBlock {
        let line = self.line;
        let newlines = bytes.iter().filter(|b| **b == b'\n').count() as u64;
        self.line += if too_long { 1 } else { newlines };
        LineBlock {
            line,
            bytes,
            too_long,
            starts: Vec::new(),
        }
    }

    /// Reads up to the end of the line and forgets it.
    fn skip_line(&mut self) -> io::Result<()> {
        let mut buffer = vec![0; BLOCK];
        loop {
            let count = match self.reader.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if count == 0 {
                return Ok(());
            }
            if let Some(end) = buffer[..count].iter().position(|b| *b == b'\n') {
                self.carry.extend_from_slice(&buffer[end + 1..count]);
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, longest: usize) -> Vec<(u64, String, bool)> {
        let mut lines = Lines::new(text.as_bytes(), longest);
        std::iter::from_fn(|| lines.next().unwrap())
            .map(|b| (b.line, String::from_utf8(b.bytes).unwrap(), b.too_long))
            .collect()
    }

    #[test]
    fn blocks_are_whole_lines_and_know_their_number() {
        let line = "x".repeat(400_000);
        let text = format!("{line}\n{line}\n\n{line}\n{line}\n{line}");
        let blocks = cut(&text, LONGEST);
        assert!(blocks.len() > 1);
        let joined: String = blocks.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(joined, text);
        let mut before = 1;
        for (line, part, _) in &blocks {
            assert_eq!(*line, before);
            before += part.matches('\n').count() as u64;
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped() {
        let text = format!("a\n{}\nb\n", "x".repeat(3 * BLOCK));
        let blocks = cut(&text, BLOCK);
        let lines: Vec<_> = blocks
            .iter()
            .map(|(line, _, long)| (*line, *long))
            .collect();
        assert_eq!(lines, [(1, false), (2, true), (3, false)]);
        assert_eq!(blocks[2].1, "b\n");
    }
}
