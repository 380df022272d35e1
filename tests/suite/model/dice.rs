//! Chance from a seed: one seed is one scenario, on every machine.

use fastrand::Rng;

pub(crate) struct Dice(Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.0.u32(0..100) < percent
    }

    /// A number from the first to the last, both included.
    pub(crate) fn number(&mut self, first: i64, last: i64) -> i64 {
        self.0.i64(first..=last)
    }

    pub(crate) fn count(&mut self, first: usize, last: usize) -> usize {
        self.0.usize(first..=last)
    }

    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.0.usize(0..length)
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.0.usize(0..items.len())]
    }

    pub(crate) fn word(&mut self, words: &[&str]) -> String {
        (*self.pick(words)).to_owned()
    }

    /// One to three different ones.
    pub(crate) fn some<T: Clone + PartialEq>(&mut self, items: &[T]) -> Vec<T> {
        let mut chosen: Vec<T> = Vec::new();
        for _ in 0..self.count(1, 3) {
            let item = self.pick(items).clone();
            if !chosen.contains(&item) {
                chosen.push(item);
            }
        }
        chosen
    }

    /// Something that may be absent.
    pub(crate) fn maybe<T>(
        &mut self,
        percent: u32,
        make: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        self.chance(percent).then(|| make(self))
    }
}
