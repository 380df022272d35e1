//! Packed events in order of time, or of person, in memory or, past a budget, in scratch files that are merged.
//!
//! Events are added in order of file and line, and those of one instant stay so; what is in order already is never sorted.
//! Resolved events are added in order of time, and those of one person stay so.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _};

use crate::intake::spool::scratch;

use super::record;

/// The bytes read or written at once in a scratch file.
const BUFFER: usize = 256 * 1024;

/// Where a record lies: its instant or person, then the block and the offset, which follow the order of adding.
type RecordKey = (i64, u32, u32);

/// Collects records until all are there.
#[derive(Debug)]
pub(super) struct Sorter {
    budget: usize,
    run: SortedRun,
    spilled: Vec<File>,
}

impl Sorter {
    /// Makes one that keeps about `budget` bytes in memory.
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            budget,
            run: SortedRun::default(),
            spilled: Vec::new(),
        }
    }

    /// Takes a block of records.
    pub(crate) fn add(&mut self, block: Vec<u8>) -> io::Result<()> {
        self.run.add(block);
        if self.run.bytes > self.budget {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let mut run = std::mem::take(&mut self.run);
        run.sort();
        self.spilled.push(run.write()?);
        Ok(())
    }

    /// Returns them all in order.
    pub(crate) fn finish(mut self) -> io::Result<Ordered> {
        if self.spilled.is_empty() {
            self.run.sort();
            return Ok(Ordered::Memory {
                run: self.run,
                next: 0,
            });
        }
        if !self.run.entries.is_empty() {
            self.spill()?;
        }
        let runs = self.spilled.into_iter().map(Spilled::new).collect();
        let mut merge = Merge {
            runs,
            heap: BinaryHeap::new(),
            given: None,
        };
        merge.rewind()?;
        Ok(Ordered::Merged(merge))
    }
}

/// Records in memory and their order.
#[derive(Debug, Default)]
pub(super) struct SortedRun {
    blocks: Vec<Vec<u8>>,
    entries: Vec<RecordKey>,
    unsorted: bool,
    bytes: usize,
}

impl SortedRun {
    fn add(&mut self, block: Vec<u8>) {
        let number = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
        let before = self.entries.len();
        let mut offset = 0;
        while offset < block.len() {
            let record = &block[offset..];
            let order = record::order(record);
            self.unsorted |= self.entries.last().is_some_and(|last| last.0 > order);
            let entry = (order, number, u32::try_from(offset).unwrap_or(u32::MAX));
            self.entries.push(entry);
            offset += record::length(record);
        }
        self.bytes += block.len() + (self.entries.len() - before) * size_of::<RecordKey>();
        self.blocks.push(block);
    }

    fn sort(&mut self) {
        if self.unsorted {
            self.entries.sort_unstable();
            self.unsorted = false;
        }
    }

    fn record(&self, index: usize) -> Option<&[u8]> {
        let (_, block, offset) = self.entries.get(index)?;
        let rest = &self.blocks[*block as usize][*offset as usize..];
        Some(&rest[..record::length(rest)])
    }

    fn write(&self) -> io::Result<File> {
        let mut file = BufWriter::with_capacity(BUFFER, scratch()?);
        for record in (0..).map_while(|index| self.record(index)) {
            file.write_all(record)?;
        }
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// A run in a scratch file, and the record of it that is next.
#[derive(Debug)]
pub(super) struct Spilled {
    file: BufReader<File>,
    record: Vec<u8>,
}

impl Spilled {
    fn new(file: File) -> Self {
        Self {
            file: BufReader::with_capacity(BUFFER, file),
            record: Vec::new(),
        }
    }

    /// Reads the next record and returns its instant or person; nothing at the end.
    fn advance(&mut self) -> io::Result<Option<i64>> {
        let mut length = [0; 4];
        if self.file.read(&mut length[..1])? == 0 {
            return Ok(None);
        }
        self.file.read_exact(&mut length[1..])?;
        self.record.clear();
        self.record.extend_from_slice(&length);
        self.record.resize(record::length(&length), 0);
        self.file.read_exact(&mut self.record[4..])?;
        Ok(Some(record::order(&self.record)))
    }
}

/// Several runs read as one.
#[derive(Debug)]
pub(super) struct Merge {
    runs: Vec<Spilled>,
    heap: BinaryHeap<Reverse<(i64, usize)>>,
    /// The run whose record was given out.
    given: Option<usize>,
}

impl Merge {
    fn rewind(&mut self) -> io::Result<()> {
        self.heap.clear();
        self.given = None;
        for index in 0..self.runs.len() {
            self.runs[index].file.rewind()?;
            self.refill(index)?;
        }
        Ok(())
    }

    fn refill(&mut self, index: usize) -> io::Result<()> {
        if let Some(order) = self.runs[index].advance()? {
            // Runs were filled one after the other, so their number decides between equal ones.
            self.heap.push(Reverse((order, index)));
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<Option<&[u8]>> {
        if let Some(index) = self.given.take() {
            self.refill(index)?;
        }
        let Some(Reverse((_, index))) = self.heap.pop() else {
            return Ok(None);
        };
        self.given = Some(index);
        Ok(Some(&self.runs[index].record))
    }

    fn peek(&mut self) -> io::Result<Option<&[u8]>> {
        if let Some(index) = self.given.take() {
            self.refill(index)?;
        }
        let next = self.heap.peek();
        Ok(next.map(|Reverse((_, index))| self.runs[*index].record.as_slice()))
    }
}

/// Records in order of time or person, then of adding.
#[derive(Debug)]
pub(super) enum Ordered {
    /// All of them in memory.
    Memory {
        /// The records.
        run: SortedRun,
        /// The number of the next one.
        next: usize,
    },
    /// In scratch files.
    Merged(Merge),
}

impl Ordered {
    /// Starts again with the first record.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        match self {
            Self::Memory { next, .. } => {
                *next = 0;
                Ok(())
            }
            Self::Merged(merge) => merge.rewind(),
        }
    }

    /// Returns the next record; nothing at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        match self {
            Self::Memory { run, next } => {
                *next += 1;
                Ok(run.record(*next - 1))
            }
            Self::Merged(merge) => merge.next(),
        }
    }

    /// Returns the record that comes next, and stays before it; nothing at the end.
    pub(crate) fn peek(&mut self) -> io::Result<Option<&[u8]>> {
        match self {
            Self::Memory { run, next } => Ok(run.record(*next)),
            Self::Merged(merge) => merge.peek(),
        }
    }

    /// Goes past the record that [`Self::peek`] has returned.
    pub(crate) fn pass(&mut self) {
        match self {
            Self::Memory { next, .. } => *next += 1,
            Self::Merged(merge) => merge.given = merge.heap.pop().map(|Reverse((_, index))| index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ActivityTypeId, Instant, PersonKey};

    fn block(events: &[(i64, u64)]) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, line) in events {
            let head = record::Head {
                at: Instant::from_micros(*at),
                hash: 0,
                content: 0,
                place: (0, *line),
                has_id: false,
            };
            let body = record::Body {
                activity: ActivityTypeId(0),
                person: &PersonKey::Id("17".to_owned()),
                id: None,
                primary: None,
                campaign: None,
                is_extract_row: false,
                outcome: None,
                attributes: &[],
                line: None,
            };
            record::pack(&mut out, &head, &body);
        }
        out
    }

    fn lines(ordered: &mut Ordered) -> Vec<u64> {
        let mut lines = Vec::new();
        while let Some(record) = ordered.next().unwrap() {
            lines.push(record::head(record).place.1);
        }
        lines
    }

    #[test]
    fn instants_order_and_equal_ones_keep_their_lines_whatever_fits_in_memory() {
        let mut random = fastrand::Rng::with_seed(3);
        let events: Vec<(i64, u64)> = (1..=500).map(|line| (random.i64(0..40), line)).collect();
        let mut expected = events.clone();
        expected.sort_unstable();
        let expected: Vec<u64> = expected.into_iter().map(|(_, line)| line).collect();
        for budget in [0, 700, 10_000, usize::MAX] {
            let mut sorter = Sorter::new(budget);
            for part in events.chunks(7) {
                sorter.add(block(part)).unwrap();
            }
            let mut ordered = sorter.finish().unwrap();
            assert_eq!(lines(&mut ordered), expected, "budget {budget}");
            ordered.rewind().unwrap();
            assert_eq!(lines(&mut ordered), expected, "second reading");
        }
    }

    #[test]
    fn nothing_in_is_nothing_out() {
        let mut sorter = Sorter::new(0);
        sorter.add(Vec::new()).unwrap();
        assert!(lines(&mut sorter.finish().unwrap()).is_empty());
    }
}
