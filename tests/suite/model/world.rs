//! Everything the model remembers: people, their logs, entries, waits and the watermark.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::Micros;
use super::value::{Val, fold};

/// The whole state; commands change it through [`super::happening`] and [`super::intake`].
#[derive(Debug, Default)]
pub(crate) struct World {
    /// In order of number; nobody ever leaves the vector, see [`Person::gone`].
    pub(crate) people: Vec<Person>,
    pub(crate) entries: Vec<Entry>,
    /// Waits that hold people now, in the order in which they began.
    pub(crate) waits: Vec<Waiting>,
    pub(crate) watermark: Option<Micros>,
    /// Events taken: instant and id, or instant, content and ordinal.
    pub(crate) taken: BTreeSet<(Micros, String)>,
    /// Events that were about nobody when they came, in the same way.
    pub(crate) set_aside: BTreeSet<(Micros, String)>,
    /// How many batch runs there were.
    pub(crate) runs: u32,
    /// Addresses that a step of a run has served, and for whom: run, campaign, step, address, person.
    pub(crate) served: BTreeSet<(u32, usize, usize, String, usize)>,
    /// Campaigns that take events now.
    pub(crate) active: BTreeSet<usize>,
    /// How that came about, in the order of commands.
    pub(crate) activations: Vec<Activation>,
    /// How many walks began; a story of very many is not played.
    pub(crate) walks: usize,
}

#[derive(Debug, Default, Clone)]
pub(crate) struct Person {
    pub(crate) email: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) fields: BTreeMap<String, Val>,
    pub(crate) lists: BTreeMap<String, Micros>,
    pub(crate) programs: BTreeMap<usize, Membership>,
    /// Oldest first; rows of one instant in the order in which they were written.
    pub(crate) log: Vec<Row>,
    /// Each happening: the place of its first row, and how often activation had changed before.
    pub(crate) happenings: Vec<(usize, usize)>,
    /// Erased.
    pub(crate) gone: bool,
}

impl Person {
    /// The rows that filters see.
    pub(crate) fn history(&self) -> impl Iterator<Item = &Row> {
        self.log.iter().filter(|row| row.counts())
    }

    /// The happening that a row belongs to. Some leave no row.
    pub(crate) fn happening_of(&self, place: usize) -> (usize, usize) {
        let mut before = self.happenings.iter().filter(|(first, _)| *first <= place);
        *before.next_back().unwrap()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Membership {
    pub(crate) status: String,
    pub(crate) success_at: Option<Micros>,
    pub(crate) since: Micros,
    pub(crate) acquired_by: bool,
}

/// A campaign that was made active or inactive.
#[derive(Debug, Clone)]
pub(crate) struct Activation {
    pub(crate) campaign: usize,
    pub(crate) at: Micros,
    pub(crate) active: bool,
    pub(crate) by: &'static str,
}

/// One row of a person's log.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) at: Micros,
    /// The type's name; `wait_started` and `wait_ended` are not types of the catalogue.
    pub(crate) kind: &'static str,
    pub(crate) primary: Option<String>,
    pub(crate) attributes: Vec<(String, Val)>,
    /// Which step wrote it; none for events.
    pub(crate) origin: Option<Origin>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) reason: Option<String>,
    pub(crate) event: Option<String>,
}

impl Row {
    pub(crate) fn counts(&self) -> bool {
        matches!(self.outcome, None | Some(Outcome::Succeeded))
    }

    /// An attribute by name, the primary one included.
    pub(crate) fn attribute(&self, primary: Option<&str>, name: &str) -> Option<Val> {
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
pub(crate) struct Origin {
    pub(crate) campaign: usize,
    pub(crate) run: Option<u32>,
    pub(crate) step: usize,
    pub(crate) choice: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Skipped,
    Failed,
}

/// One entry of a person into a campaign.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) person: usize,
    pub(crate) campaign: usize,
    pub(crate) at: Micros,
    pub(crate) run: Option<u32>,
    /// How many rows the person's log had.
    pub(crate) place: usize,
    /// The row of that log that began it: a trigger's activity, or the step that executes the campaign.
    pub(crate) cause: Option<usize>,
}

/// A person held by a wait.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub(crate) person: usize,
    pub(crate) campaign: usize,
    /// The version in which it began.
    pub(crate) begun: u32,
    /// The load whose flow the person finishes, where that is not the last.
    pub(crate) finishes: Option<usize>,
    /// Index of the wait's step in the flow that follows.
    pub(crate) step: usize,
    pub(crate) since: Micros,
    pub(crate) until: Micros,
    pub(crate) run: Option<u32>,
    /// What began the walk, for tokens after the wait.
    pub(crate) cause: Option<Row>,
}

impl World {
    /// The person meant by an email, an id or `#number`: the first who has it.
    pub(crate) fn find(&self, key: &str) -> Option<usize> {
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
    pub(crate) fn passed(&self, person: usize, campaign: usize) -> Option<Micros> {
        let mine = self
            .entries
            .iter()
            .filter(|e| e.person == person && e.campaign == campaign);
        mine.map(|entry| entry.at).max()
    }

    /// Makes a campaign active or inactive, and remembers it if it was not so already.
    pub(crate) fn set_active(
        &mut self,
        campaign: usize,
        active: bool,
        at: Micros,
        by: &'static str,
    ) {
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
    pub(crate) fn begin(&mut self, person: usize) {
        let activations = self.activations.len();
        let person = &mut self.people[person];
        person.happenings.push((person.log.len(), activations));
    }

    /// Erases a person; their entries stay.
    pub(crate) fn erase(&mut self, person: usize) {
        self.people[person] = Person {
            gone: true,
            ..Person::default()
        };
        self.waits.retain(|wait| wait.person != person);
    }
}
