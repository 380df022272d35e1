//! Programs timed against one another: whole processes, in turn, so that noise falls on all alike.

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

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

/// How long a contender took: the medians of its rounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    /// From start to end.
    pub(crate) wall: Duration,
    /// Processor time of user and system, on all cores; steadier than `wall` where others are at work.
    pub(crate) processor: Duration,
}

impl Figure {
    /// Divides by how often the work was done.
    pub(crate) fn each(self, times: u32) -> Self {
        Self {
            wall: self.wall / times,
            processor: self.processor / times,
        }
    }
}

/// Lets the contenders do their work in turn, so many rounds.
pub(crate) fn contest(rounds: usize, contenders: &[Contender<'_>]) -> Outcome<Vec<Figure>> {
    let mut taken = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for (contender, taken) in contenders.iter().zip(&mut taken) {
            (contender.prepare)()?;
            let (began, before) = (Instant::now(), processor_of_children()?);
            (contender.work)()?;
            let processor = processor_of_children()?.saturating_sub(before);
            taken.push((began.elapsed(), processor));
        }
    }
    let figures = taken.iter().map(|taken| Figure {
        wall: median(taken.iter().map(|(wall, _)| *wall)),
        processor: median(taken.iter().map(|(_, processor)| *processor)),
    });
    Ok(figures.collect())
}

fn median(of: impl Iterator<Item = Duration>) -> Duration {
    let mut all: Vec<Duration> = of.collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
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
