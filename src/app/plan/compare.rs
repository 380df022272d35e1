//! Compares what has happened on both sides, person by person, in one pass over the logs that changed.

use std::collections::BTreeMap;

use crate::app::{Control, Error};
use crate::domain::text::fold;
use crate::domain::{CampaignId, Mode, PersonId};
use crate::results::{PlannedEffect, PlannedMail};
use crate::store::{LogsOfPerson, NewEntry, NewRow, NewRows, Store};

use super::align::Pair;
use super::batch::BatchPeople;
use super::cause::Causes;
use super::ledger::Ledger;
use super::path::{cause_of_path, rows_of};
use super::side::Side;
use super::trigger::{Askers, cause_of_entry, first_entry};

/// How a person differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moves {
    /// They enter with the change alone.
    In,
    /// They enter without the change alone.
    Out,
    /// They take another path.
    Path,
}

impl Moves {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Path => "path",
        }
    }
}

/// One person who differs in one campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// The campaign: its place among the pairs.
    pub(super) pair: u16,
    /// The number of the cause.
    pub(super) cause: u32,
    pub(super) moves: Moves,
    pub(super) person: PersonId,
}

/// What differs in the end.
pub(super) struct Compared {
    /// Everyone who differs, by campaign.
    pub(super) differences: Vec<Difference>,
    /// How many people enter each campaign on each side.
    pub(super) entered: Vec<[u64; 2]>,
    pub(super) effects: Vec<PlannedEffect>,
    pub(super) mail: PlannedMail,
}

/// The pass over the logs.
pub(super) struct Comparison<'a, 'w> {
    pub(super) original: &'a Store,
    pub(super) sides: &'a [Side<'w>; 2],
    pub(super) pairs: &'a [Pair<'w>],
    pub(super) causes: &'a mut Causes,
    /// What is read of the two sides.
    reading: [NewRows<'a>; 2],
    /// What asks why only one side lets someone in.
    askers: Askers<'w>,
    /// Whether the numbers of campaigns mean the same on both sides.
    shares_numbers: bool,
    /// The pair of each campaign, by the campaign's number on each side.
    places: [Vec<u16>; 2],
    ledger: Ledger,
    differences: Vec<Difference>,
    entered: Vec<[u64; 2]>,
}

/// What happened to one person on one side.
#[derive(Default)]
struct Happened {
    rows: Vec<NewRow>,
    entries: Vec<NewEntry>,
}

impl<'a, 'w> Comparison<'a, 'w> {
    pub(super) fn new(
        original: &'a Store,
        sides: &'a [Side<'w>; 2],
        pairs: &'a [Pair<'w>],
        causes: &'a mut Causes,
        shares_numbers: bool,
    ) -> Result<Self, Error> {
        let [before, after] = sides;
        let reading = [
            before.store.new_rows(before.session.bindings())?,
            after.store.new_rows(after.session.bindings())?,
        ];
        let names: BTreeMap<String, u16> = (0..)
            .zip(pairs)
            .map(|(place, pair)| (fold(&pair.name), place))
            .collect();
        let places = [0, 1].map(|side| {
            let campaigns = sides[side].session.workspace().campaigns.iter();
            let place = |name: &str| names.get(&fold(name)).copied().unwrap_or(u16::MAX);
            campaigns.map(|one| place(&one.full_name)).collect()
        });
        Ok(Self {
            original,
            sides,
            reading,
            askers: Askers::default(),
            shares_numbers,
            places,
            ledger: Ledger::default(),
            differences: Vec::new(),
            entered: vec![[0; 2]; pairs.len()],
            pairs,
            causes,
        })
    }

    /// Goes through everyone to whom something has happened.
    pub(super) fn go(
        mut self,
        batches: &[BatchPeople],
        control: &mut Control<'_>,
    ) -> Result<Compared, Error> {
        let stores = [&self.sides[0].store, &self.sides[1].store];
        let original = self.original;
        let mut done = 0;
        original.each_changed(stores, &mut |logs: LogsOfPerson| {
            done += 1;
            if done % 1_000 == 0 {
                control.check()?;
                control.reached(done);
            }
            self.person(logs)
        })?;
        for (number, people) in (0..).zip(batches) {
            self.batch(number, people);
        }
        self.differences.sort_unstable();
        let (effects, mail) = self.ledger.finish();
        Ok(Compared {
            differences: self.differences,
            entered: self.entered,
            effects,
            mail,
        })
    }

    fn person(&mut self, LogsOfPerson { person, are_same }: LogsOfPerson) -> Result<(), Error> {
        let from = self.original.log_length(person)?;
        let mut happened = |side: usize| -> Result<Happened, Error> {
            let reading = &mut self.reading[side];
            Ok(Happened {
                rows: reading.log_from(person, from)?,
                entries: reading.entries_from(person, from)?,
            })
        };
        // A log that is the same on both sides is read once.
        if are_same && self.shares_numbers {
            let happened = happened(1)?;
            self.both_the_same(&happened);
            return Ok(());
        }
        let both = [happened(0)?, happened(1)?];
        for (side, happened) in both.iter().enumerate() {
            let zone = &self.sides[side].session.workspace().zone;
            self.ledger.add(side, &happened.rows, zone);
        }
        let mut met: BTreeMap<u16, [bool; 2]> = BTreeMap::new();
        for (side, happened) in both.iter().enumerate() {
            for entry in &happened.entries {
                met.entry(self.pair_of(side, entry.campaign)).or_default()[side] = true;
            }
        }
        for (number, enters) in &met {
            self.entry(*number, *enters, person, &both)?;
        }
        if !are_same {
            self.paths(&met, person, &both);
        }
        Ok(())
    }

    /// Counts what happened to a person on both sides.
    fn both_the_same(&mut self, happened: &Happened) {
        let zone = &self.sides[1].session.workspace().zone;
        self.ledger.add_to_both(&happened.rows, zone);
        let entries = happened.entries.iter();
        let mut met: Vec<u16> = entries
            .map(|entry| self.pair_of(1, entry.campaign))
            .collect();
        met.sort_unstable();
        met.dedup();
        for number in met {
            if usize::from(number) < self.pairs.len() && !self.is_batch(number) {
                let counts = &mut self.entered[usize::from(number)];
                *counts = counts.map(|count| count + 1);
            }
        }
    }

    fn pair_of(&self, side: usize, campaign: CampaignId) -> u16 {
        let places = &self.places[side];
        places.get(campaign.0 as usize).copied().unwrap_or(u16::MAX)
    }

    /// Whether people come into a campaign by runs alone, which count those whom they take in.
    fn is_batch(&self, number: u16) -> bool {
        let mut versions = self.pairs[usize::from(number)].sides.iter().flatten();
        versions.all(|campaign| campaign.mode == Mode::Batch)
    }

    /// Notes that a person enters on one side, or both.
    fn entry(
        &mut self,
        number: u16,
        enters: [bool; 2],
        person: PersonId,
        both: &[Happened; 2],
    ) -> Result<(), Error> {
        let pairs = self.pairs;
        let Some(pair) = pairs.get(usize::from(number)) else {
            return Ok(());
        };
        if self.is_batch(number) {
            return Ok(());
        }
        for (side, enters) in enters.into_iter().enumerate() {
            self.entered[usize::from(number)][side] += u64::from(enters);
        }
        let admits = match enters {
            [true, false] => 0,
            [false, true] => 1,
            _ => return Ok(()),
        };
        let side = &self.sides[admits];
        if let Some(entry) = first_entry(side, &both[admits].entries, pair) {
            let cause = cause_of_entry(
                self.sides,
                &mut self.askers,
                (number, pair),
                person,
                entry,
                admits,
            )?;
            let moves = if admits == 1 { Moves::In } else { Moves::Out };
            self.note(number, cause, moves, person);
        }
        Ok(())
    }

    fn note(&mut self, pair: u16, cause: super::cause::Cause, moves: Moves, person: PersonId) {
        let cause = self.causes.number(cause);
        self.differences.push(Difference {
            pair,
            cause,
            moves,
            person,
        });
    }

    /// Compares the paths through campaigns that were entered on both sides, or before.
    fn paths(&mut self, met: &BTreeMap<u16, [bool; 2]>, person: PersonId, both: &[Happened; 2]) {
        let mut walked: Vec<u16> = Vec::new();
        for (side, happened) in both.iter().enumerate() {
            let origins = happened
                .rows
                .iter()
                .filter_map(|row| row.row.activity.origin);
            walked.extend(origins.map(|origin| self.pair_of(side, origin.campaign)));
        }
        walked.sort_unstable();
        walked.dedup();
        let sessions = [self.sides[0].session, self.sides[1].session];
        for number in walked {
            let pairs = self.pairs;
            let Some(pair) = pairs.get(usize::from(number)) else {
                continue;
            };
            let enters = met.get(&number).copied().unwrap_or_default();
            if enters[0] != enters[1] {
                continue;
            }
            let paths = [0, 1].map(|side| rows_of(&both[side].rows, pair, side));
            let paths = [paths[0].as_slice(), paths[1].as_slice()];
            if let Some(cause) = cause_of_path(number, pair, sessions, paths) {
                self.note(number, cause, Moves::Path, person);
            }
        }
    }

    /// Counts the people of a batch campaign, and gives everyone who differs a cause.
    fn batch(&mut self, number: u16, people: &BatchPeople) {
        if !self.is_batch(number) {
            return;
        }
        let sets = &people.entered;
        self.entered[usize::from(number)] = [sets[0].len(), sets[1].len()];
        for (side, moves) in [(1, Moves::In), (0, Moves::Out)] {
            for person in sets[side].without(&sets[1 - side]).after(PersonId(0)) {
                let cause = people.found.get(&person).copied().or(people.alone);
                self.differences.push(Difference {
                    pair: number,
                    cause: cause.unwrap_or(0),
                    moves,
                    person,
                });
            }
        }
    }
}
