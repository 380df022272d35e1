//! Programs timed against one another: whole processes, in turn, so that noise falls on all alike.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::memory;

/// What goes wrong in a bench ends it.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// One way to do a piece of work.
pub(crate) struct Contender<'a> {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// Puts everything in place; not timed.
    pub(crate) prepare: Box<dyn Fn() -> Outcome + 'a>,
    /// Does the work in processes of its own, once or several times.
    pub(crate) work: Box<dyn Fn() -> Outcome + 'a>,
}

/// What a contender took: the medians of its rounds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figure {
    /// From start to end.
    pub(crate) wall: Duration,
    /// Processor time of user and system, on all cores; steadier than `wall` where others are at work.
    pub(crate) processor: Duration,
    /// Bytes that its processes gave to the disk.
    pub(crate) written: u64,
    /// Bytes by which the files in the folder grew.
    pub(crate) grown: u64,
    /// The most memory that one of its processes had at a time, in bytes.
    pub(crate) peak: u64,
}

impl Figure {
    /// Divides by how often the work was done.
    pub(crate) fn each(self, times: u32) -> Self {
        Self {
            wall: self.wall / times,
            processor: self.processor / times,
            written: self.written / u64::from(times),
            ..self
        }
    }
}

/// Lets the contenders do their work in turn, so many rounds; their databases lie in a folder.
pub(crate) fn contest(
    rounds: usize,
    contenders: &[Contender<'_>],
    folder: &Path,
) -> Outcome<Vec<Figure>> {
    let mut taken = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for (contender, taken) in contenders.iter().zip(&mut taken) {
            (contender.prepare)()?;
            let (size, written) = (size_of_files(folder)?, written_by_children()?);
            memory::forget_peak();
            let (began, before) = (Instant::now(), processor_of_children()?);
            (contender.work)()?;
            taken.push(Figure {
                wall: began.elapsed(),
                processor: processor_of_children()?.saturating_sub(before),
                written: written_by_children()? - written,
                grown: size_of_files(folder)?.saturating_sub(size),
                peak: memory::peak(),
            });
        }
    }
    let figures = taken.iter().map(|taken| Figure {
        wall: median(taken.iter().map(|one| one.wall)),
        processor: median(taken.iter().map(|one| one.processor)),
        written: median(taken.iter().map(|one| one.written)),
        grown: median(taken.iter().map(|one| one.grown)),
        peak: median(taken.iter().map(|one| one.peak)),
    });
    Ok(figures.collect())
}

fn median<T: Ord + Copy + Default>(of: impl Iterator<Item = T>) -> T {
    let mut all: Vec<T> = of.collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The bytes that all processes have given to the disk which this one has started and seen end.
fn written_by_children() -> Outcome<u64> {
    let io = fs::read_to_string("/proc/self/io")?;
    let written = io
        .lines()
        .find_map(|line| line.strip_prefix("write_bytes: "));
    Ok(written.ok_or("unreadable /proc/self/io")?.trim().parse()?)
}

fn size_of_files(folder: &Path) -> Outcome<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder)? {
        size += entry?.metadata()?.len();
    }
    Ok(size)
}

/// The processor time of all processes that this one has started and seen end.
fn processor_of_children() -> Outcome<Duration> {
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, after_name) = stat.rsplit_once(") ").ok_or("unreadable /proc/self/stat")?;
    let mut ticks = 0;
    for field in after_name.split(' ').skip(13).take(2) {
        ticks += field.parse::<u32>()?;
    }
    Ok(TICK * ticks)
}
