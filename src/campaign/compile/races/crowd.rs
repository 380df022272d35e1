//! The campaigns that change one thing by one activity, so arranged that those which another campaign may meet are found
//! without asking all of them.
//!
//! Campaigns often differ by one value: each for another page, form or country. What a trigger and the filters pin to some
//! values keeps them apart at once; what else keeps two campaigns apart is asked of a bounded number.

use std::collections::BTreeMap;

use crate::campaign::Trigger;
use crate::domain::FieldId;
use crate::filter::operator::{Criterion, TextRelation};
use crate::filter::{ConstraintOn, Filter, LeafKind, Sense, Test};

/// How many campaigns are asked at most whether they meet another one.
pub(super) const PATIENCE: usize = 40;

/// What is pinned to some values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pinned {
    /// The primary attribute of the activity.
    Primary,
    /// Another one.
    Attribute(String),
    /// A field of the person.
    Field(FieldId),
}

/// The values that something may have; nobody is taken with another one.
pub(super) type Pin = (Pinned, Vec<String>);

/// Returns what a trigger and the filters of its campaign pin.
pub(super) fn pins_of(trigger: &Trigger, filter: &Filter) -> Vec<Pin> {
    let mut pins = Vec::new();
    for constraint in &trigger.constraints {
        let of = match &constraint.attribute {
            ConstraintOn::Primary => Pinned::Primary,
            ConstraintOn::Other(key) => Pinned::Attribute(key.to_string()),
        };
        pins.extend(
            constraint
                .tests
                .iter()
                .find_map(values)
                .map(|values| (of, values)),
        );
    }
    let parts = match filter {
        Filter::All(parts) => parts.as_slice(),
        Filter::Any(_) | Filter::Leaf(_) => std::slice::from_ref(filter),
    };
    for part in parts {
        if let Filter::Leaf(leaf) = part
            && let LeafKind::Field { field, tests } = &leaf.kind
        {
            let of = Pinned::Field(*field);
            pins.extend(tests.iter().find_map(values).map(|values| (of, values)));
        }
    }
    pins
}

/// Returns the values that a test lets pass; none where there are more than one can list. Of an asset that is what stands
/// behind the name of its program, which may be left out.
fn values(test: &Test) -> Option<Vec<String>> {
    let Criterion::Text(TextRelation::Is | TextRelation::IsAsset, keys) = &test.criterion else {
        return None;
    };
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    (test.sense == Sense::Positive).then(|| keys.iter().map(|key| last(key)).collect())
}

/// Campaigns, each by its place, once for every trigger.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    all: Vec<usize>,
    /// Those that pin something, by each of its values.
    pinned: BTreeMap<Pinned, BTreeMap<String, Vec<usize>>>,
    /// The entries of `all` that pin it.
    pinning: BTreeMap<Pinned, Vec<usize>>,
}

impl Crowd {
    /// Adds a campaign; places never fall.
    pub(super) fn add(&mut self, place: usize, pins: &[Pin]) {
        let entry = self.all.len();
        self.all.push(place);
        for (of, values) in pins {
            let pinning = self.pinning.entry(of.clone()).or_default();
            if pinning.last() != Some(&entry) {
                pinning.push(entry);
            }
            let by_value = self.pinned.entry(of.clone()).or_default();
            for value in values {
                by_value.entry(value.clone()).or_default().push(place);
            }
        }
    }

    /// Returns the first campaign that is meant, of those that may meet one with these pins.
    pub(super) fn first(&self, pins: &[Pin], is_meant: impl Fn(usize) -> bool) -> Option<usize> {
        // What most of them pin leaves the fewest.
        let count = |(of, _): &&Pin| self.pinning.get(of).map_or(0, Vec::len);
        let Some((of, values)) = pins.iter().max_by_key(count).filter(|pin| count(pin) > 0) else {
            let mut some = self.all.iter().copied().take(PATIENCE);
            return some.find(|place| is_meant(*place));
        };
        let by_value = self.pinned.get(of);
        let with = values.iter().filter_map(|value| by_value?.get(value));
        let with = with.filter_map(|places| {
            let mut some = places.iter().copied().take(PATIENCE);
            some.find(|place| is_meant(*place))
        });
        let mut without = self.without(of).take(PATIENCE);
        let without = without.find(|place| is_meant(*place));
        with.chain(without).min()
    }

    /// Returns those that do not pin something.
    fn without(&self, of: &Pinned) -> impl Iterator<Item = usize> {
        let pinning = self.pinning.get(of).map_or(&[][..], Vec::as_slice);
        let mut rest = pinning;
        let entries = self.all.iter().enumerate();
        entries.filter_map(move |(entry, place)| {
            if rest.first() == Some(&entry) {
                rest = &rest[1..];
                return None;
            }
            Some(*place)
        })
    }
}
