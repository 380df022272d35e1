//! The bounds of a chunk: how much is done between two commits. They bound memory and never change results.

/// The bounds of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChunkBounds {
    /// Events taken at a time.
    pub(crate) events: usize,
    /// People read at a time in a batch run.
    pub(crate) people: usize,
    /// Rows of logs after which a chunk is written.
    pub(crate) rows: usize,
    /// People of a batch run after which a chunk is written though few rows were made.
    pub(crate) passed_by: usize,
    /// People kept in memory between chunks of a replay.
    pub(crate) kept: usize,
    /// Waits looked up at a time.
    pub(crate) waits: usize,
    /// Events of a range of people; small, since all ranges of a stretch are one transaction.
    pub(crate) range: usize,
    /// Events of a stretch of time at most: what has been written of it needs room on the disk once more until it ends.
    pub(crate) stretch: u64,
    /// Threads that evaluate ranges of people; with none, everything is processed in order of time.
    pub(crate) threads: usize,
}

impl Default for ChunkBounds {
    /// Chunks of some hundred megabytes at most, found fastest by measurement.
    fn default() -> Self {
        Self {
            events: 200_000,
            people: 10_000,
            rows: 60_000,
            passed_by: 200_000,
            kept: 300_000,
            waits: 50_000,
            range: 20_000,
            stretch: 20_000_000,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

impl ChunkBounds {
    /// Makes every bound about so small, so that tests see many chunks.
    pub(crate) fn of(size: usize) -> Self {
        let size = size.max(1);
        Self {
            events: size,
            people: size,
            rows: size,
            passed_by: size,
            kept: size,
            waits: size,
            range: size,
            ..Self::default()
        }
    }
}
