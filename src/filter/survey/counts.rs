//! What people have of whom one filter decides: how many there are of each value, the nearest or the most first.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// Values of one filter that are counted at most. Those farthest away, and texts that come late, are counted together.
const MOST: usize = 10_000;

/// What people have of whom a filter decides.
#[derive(Debug, Default)]
pub(super) struct Misses {
    /// By distance, and what they have.
    near: BTreeMap<(OrderedDistance, Option<String>), u64>,
    /// Without a distance.
    others: FxHashMap<Option<String>, u64>,
}

/// One value, and how many people have it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Miss {
    /// What they have; none where the field is empty.
    pub(crate) actual: Option<String>,
    /// How far it is from what is wanted.
    pub(crate) distance: Option<f64>,
    /// How many people have it.
    pub(crate) people: u64,
}

/// A distance, which is never NaN, in its order.
#[derive(Debug, Clone, Copy, PartialEq)]
struct OrderedDistance(f64);

impl Eq for OrderedDistance {}

impl PartialOrd for OrderedDistance {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedDistance {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Misses {
    /// Counts one person.
    pub(super) fn note(&mut self, actual: Option<String>, distance: Option<f64>) {
        let Some(distance) = distance else {
            if self.others.len() < MOST || self.others.contains_key(&actual) {
                *self.others.entry(actual).or_default() += 1;
            }
            return;
        };
        let key = (OrderedDistance(distance), actual);
        *self.near.entry(key).or_default() += 1;
        if self.near.len() > MOST {
            self.near.pop_last();
        }
    }

    /// Returns each value: by distance, then by how many people have it.
    pub(super) fn rows(self) -> Vec<Miss> {
        let near = self.near.into_iter();
        let near = near.map(|((distance, actual), people)| Miss {
            actual,
            distance: Some(distance.0),
            people,
        });
        let mut others: Vec<Miss> = (self.others.into_iter())
            .map(|(actual, people)| Miss {
                actual,
                distance: None,
                people,
            })
            .collect();
        others.sort_by(|a, b| (b.people, &a.actual).cmp(&(a.people, &b.actual)));
        near.chain(others).collect()
    }
}
