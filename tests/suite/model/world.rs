//! Everything the model remembers: people, their logs, entries, waits and the watermark.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::Micros;
use super::value::{Val, fold};

/// The whole state; commands change it through [`super::happening`] and [`super::intake`].
#[derive(Debug, Default)]
pub struct World {
    /// In order of number; nobody ever leaves the vector, see [`Person::gone`].
    pub people: Vec<Person>,
    pub entries: Vec<Entry>,
    /// Waits that hold people now, in the order in which they began.
    pub waits: Vec<Waiting>,
    pub watermark: Option<Micros>,
    /// Events taken: instant and id, or instant, content and ordinal.
    pub taken: BTreeSet<(Micros, String)>,
    /// Events that were about nobody when they came, in the same way.
    pub set_aside: BTreeSet<(Micros, String)>,
    /// How many batch runs there were.
    pub runs: u32,
    /// Addresses that a step of a run has served, and for whom: run, campaign, step, address, person.
    pub served: BTreeSet<(u32, usize, usize, String, usize)>,
    /// Campaigns that take events now.
    pub active: BTreeSet<usize>,
    /// How that came about, in the order of commands.
    pub activations: Vec<Activation>,
    /// How many walks began; a story of very many is not told.
    pub walks: usize,
}

#[derive(Debug, Default, Clone)]
pub struct Person {
    pub email: Option<String>,
    pub id: Option<String>,
    pub fields: BTreeMap<String, Val>,
    pub lists: BTreeMap<String, Micros>,
    pub programs: BTreeMap<usize, Membership>,
    /// Oldest first; rows of one instant in the order in which they were written.
    pub log: Vec<Row>,
    /// Each happening: the place of its first row, and how often activation had changed before.
    pub happenings: Vec<(usize, usize)>,
    /// Erased.
    pub gone: bool,
}

impl Person {
    /// The rows that filters see.
    pub fn history(&self) -> impl Iterator<Item = &Row> {
        self.log.iter().filter(|row| row.counts())
    }

    /// The happening that a row belongs to. Some leave no row.
    pub fn happening_of(&self, place: usize) -> (usize, usize) {
        let mut before = self.happenings.iter().filter(|(first, _)| *first <= place);
        *before.next_back().unwrap()
    }
}

#[derive(Debug, Clone)]
pub struct Membership {
    pub status: String,
    pub success_at: Option<Micros>,
    pub since: Micros,
}

/// A campaign that was made active or inactive.
#[derive(Debug, Clone)]
pub struct Activation {
    pub campaign: usize,
    pub at: Micros,
    pub active: bool,
    pub by: &'static str,
}

/// One row of a person's log.
#[derive(Debug, Clone)]
pub struct Row {
    pub at: Micros,
    /// The type's name; `wait_started` and `wait_ended` are not types of the catalogue.
    pub kind: &'static str,
    pub primary: Option<String>,
    pub attributes: Vec<(String, Val)>,
    /// Which step wrote it; none for events.
    pub origin: Option<Origin>,
    pub outcome: Option<Outcome>,
    pub reason: Option<String>,
    pub event: Option<String>,
}

impl Row {
    pub fn counts(&self) -> bool {
        matches!(self.outcome, None | Some(Outcome::Succeeded))
    }

    /// An attribute by name, the primary one included.
    pub fn attribute(&self, primary: Option<&str>, name: &str) -> Option<Val> {
        if primary == Some(name) {
            return self.primary.clone().map(Val::Text);
        }
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub campaign: usize,
    pub run: Option<u32>,
    pub step: usize,
    pub choice: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Succeeded,
    Skipped,
    Failed,
}

/// One entry of a person into a campaign.
#[derive(Debug, Clone)]
pub struct Entry {
    pub person: usize,
    pub campaign: usize,
    pub at: Micros,
    pub run: Option<u32>,
    /// How many rows the person's log had.
    pub place: usize,
    /// The row of that log that began it: a trigger's activity, or the step that executes the campaign.
    pub cause: Option<usize>,
}

/// A person held by a wait.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub person: usize,
    pub campaign: usize,
    /// The version in which it began.
    pub begun: u32,
    /// The load whose flow the person finishes, where that is not the last.
    pub finishes: Option<usize>,
    /// Index of the wait's step in the flow that follows.
    pub step: usize,
    pub since: Micros,
    pub until: Micros,
    pub run: Option<u32>,
    /// What began the walk, for tokens after the wait.
    pub cause: Option<Row>,
}

impl World {
    /// The person meant by an email, an id or `#number`: the first who has it.
    pub fn find(&self, key: &str) -> Option<usize> {
        let living = |number: usize| !self.people[number].gone;
        if let Some(number) = key.strip_prefix('#') {
            let number: usize = number.parse().ok()?;
            return (1..=self.people.len())
                .contains(&number)
                .then(|| number - 1)
                .filter(|n| living(*n));
        }
        (0..self.people.len()).filter(|n| living(*n)).find(|n| {
            let person = &self.people[*n];
            if key.contains('@') {
                person
                    .email
                    .as_deref()
                    .is_some_and(|email| fold(email) == fold(key.trim()))
            } else {
                person.id.as_deref() == Some(key)
            }
        })
    }

    /// How often a person entered a campaign, and the last instant.
    pub fn passed(&self, person: usize, campaign: usize) -> Option<Micros> {
        let mine = self
            .entries
            .iter()
            .filter(|e| e.person == person && e.campaign == campaign);
        mine.map(|entry| entry.at).max()
    }

    /// Makes a campaign active or inactive, and remembers it if it was not so already.
    pub fn set_active(&mut self, campaign: usize, active: bool, at: Micros, by: &'static str) {
        let changed = if active {
            self.active.insert(campaign)
        } else {
            self.active.remove(&campaign)
        };
        if changed {
            self.activations.push(Activation {
                campaign,
                at,
                active,
                by,
            });
        }
    }

    /// Whatever is logged of a person from now on, until the next happening, belongs together.
    pub fn begin(&mut self, person: usize) {
        let activations = self.activations.len();
        let person = &mut self.people[person];
        person.happenings.push((person.log.len(), activations));
    }

    /// Erases a person; their entries stay.
    pub fn erase(&mut self, person: usize) {
        self.people[person] = Person {
            gone: true,
            ..Person::default()
        };
        self.waits.retain(|wait| wait.person != person);
    }
}
