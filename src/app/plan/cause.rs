//! Where the two sides first differ for a person: the filter, trigger, rule, choice, step or asset.

use std::collections::BTreeMap;

use crate::app::show::{inline, qualification};
use crate::app::{Error, Session};
use crate::campaign::Campaign;
use crate::domain::{Instant, PersonId};
use crate::engine::{ExplainedMoment, qualifies};
use crate::filter::{Filter, LeafKind};
use crate::store::{self, Store};
use crate::world::{Needs, Person, World};

use super::align::{Pair, whole};

/// Where two sides first differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    /// The campaign: its place among the pairs.
    pub(super) pair: u16,
    /// The place of the part in the campaign, by which causes are ordered.
    pub(super) order: (u8, usize),
    /// What it is.
    pub(super) part: &'static str,
    /// Its number.
    pub(super) number: Option<String>,
    /// What it was.
    pub(super) was: Option<String>,
    /// What it is now.
    pub(super) now: Option<String>,
    /// What both are about, where that is the same.
    pub(super) subject: Option<String>,
}

impl Cause {
    /// Makes a cause that lies in no numbered part of the campaign.
    pub(super) fn of_whole(pair: u16, part: &'static str, [was, now]: [Option<String>; 2]) -> Self {
        Self {
            pair,
            order: (0, 0),
            part,
            number: None,
            was,
            now,
            subject: None,
        }
    }
}

/// All causes that were found, by number.
#[derive(Debug, Default)]
pub(super) struct Causes {
    numbers: BTreeMap<Cause, u32>,
    all: Vec<Cause>,
}

impl Causes {
    /// Returns the number of a cause.
    pub(super) fn number(&mut self, cause: Cause) -> u32 {
        if let Some(number) = self.numbers.get(&cause) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(cause.clone());
        self.numbers.insert(cause, number);
        number
    }

    /// Returns a cause by its number.
    pub(super) fn get(&self, number: u32) -> &Cause {
        &self.all[number as usize]
    }
}

/// What one side says of a person who asks to enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// Whether each numbered filter holds.
    pub(super) filters: Vec<bool>,
    /// Whether the smart list holds.
    pub(super) holds: bool,
    /// Whether the qualification rule admits the person.
    pub(super) admitted: bool,
}

/// Asks one side about people.
pub(super) struct Asker<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) campaign: &'a Campaign,
    pub(super) world: World,
}

impl<'a> Asker<'a> {
    pub(super) fn of(
        store: &Store,
        session: &'a Session<'a>,
        campaign: &'a Campaign,
    ) -> store::Result<Self> {
        let mut needs = Needs::default();
        campaign.filter.needs(&mut needs);
        for entry in &campaign.numbered.entries {
            entry.needs(&mut needs);
        }
        Ok(Self {
            session,
            campaign,
            world: session.world(store, needs)?,
        })
    }

    /// Asks about a person.
    pub(super) fn ask(&self, person: &Person, moment: ExplainedMoment) -> Answer {
        let engine = &self.session.engine;
        let holds = |filter: &Filter| engine.holds_at(filter, &self.world, person, moment);
        Answer {
            filters: self.campaign.numbered.entries.iter().map(holds).collect(),
            holds: holds(&self.campaign.filter),
            admitted: qualifies(self.campaign, person, moment.at),
        }
    }

    /// Asks about some people as they are, in order of person.
    pub(super) fn ask_all(
        &self,
        store: &Store,
        people: &[PersonId],
        at: Instant,
    ) -> Result<Vec<(PersonId, Answer)>, Error> {
        let people = store.people(people, self.session.request(&self.world))?;
        let answer = |person: Person| (person.id, self.ask(&person, ExplainedMoment::now(at)));
        Ok(people.into_iter().map(answer).collect())
    }
}

impl Pair<'_> {
    /// Finds where the two sides first differ for a person whom one of them lets in; nothing where they do not.
    pub(super) fn of_decision(&self, pair: u16, answers: [&Answer; 2]) -> Option<Cause> {
        let [before, after] = self.sides;
        let (before, after) = (before?, after?);
        if answers[0].holds == answers[1].holds {
            if answers[0].admitted == answers[1].admitted {
                return None;
            }
            let rules = [before, after].map(|side| Some(qualification(side.qualification)));
            return Some(Cause {
                order: (2, 0),
                ..Cause::of_whole(pair, "rule", rules)
            });
        }
        // The side that lets the person in.
        let admits = usize::from(answers[1].holds);
        let slot = self
            .filters
            .slots
            .iter()
            .find(|slot| is_wanted(slot, answers, admits))
            .or_else(|| {
                let mut slots = self.filters.slots.iter();
                slots.find(|slot| differs(slot, answers))
            });
        Some(match slot {
            Some(slot) => self.of_filter(pair, *slot, [before, after]),
            None => Cause {
                order: (1, usize::MAX),
                ..Cause::of_whole(pair, "logic", [None, None])
            },
        })
    }

    fn of_filter(&self, pair: u16, slot: [Option<usize>; 2], sides: [&Campaign; 2]) -> Cause {
        let place = slot[1].or(slot[0]).unwrap_or(0);
        let words = [0, 1].map(|side| self.filters.words(side, slot[side]));
        let is_changed = words[0] != words[1];
        let filters = [0, 1].map(|side| sides[side].numbered.entries.get(slot[side]?));
        let (part, [was, now]) = match filters {
            [Some(before), Some(after)] if !is_changed => referenced(before, after),
            _ => ("filter", words),
        };
        Cause {
            pair,
            order: (1, place),
            part,
            number: Some((place + 1).to_string()),
            was,
            now,
            subject: subject(filters),
        }
    }
}

/// Returns what two filters are about, where that is one thing.
fn subject(filters: [Option<&Filter>; 2]) -> Option<String> {
    match filters {
        [Some(Filter::Leaf(before)), Some(Filter::Leaf(after))] => {
            (before.subject == after.subject).then(|| before.subject.clone())
        }
        _ => None,
    }
}

/// Returns whether a filter keeps a person out on one side, and not on the other.
fn is_wanted(slot: &[Option<usize>; 2], answers: [&Answer; 2], admits: usize) -> bool {
    let answer = |side: usize| slot[side].map(|place| answers[side].filters[place]);
    match (answer(1 - admits), answer(admits)) {
        (Some(refused), Some(admitted)) => !refused && admitted,
        (Some(refused), None) => !refused,
        (None, Some(admitted)) => admitted,
        (None, None) => false,
    }
}

fn differs(slot: &[Option<usize>; 2], answers: [&Answer; 2]) -> bool {
    let [before, after] = [0, 1].map(|side| slot[side].map(|place| answers[side].filters[place]));
    before != after
}

/// Says what a filter refers to that is another thing on the two sides, though it reads the same.
fn referenced(before: &Filter, after: &Filter) -> (&'static str, [Option<String>; 2]) {
    let filters = [before, after];
    if whole(before) != whole(after) {
        let lists = filters.map(|filter| {
            let mut lists = Vec::new();
            filter.each_leaf(&mut |leaf| {
                if let LeafKind::MemberOfSmartList { lists: named, .. } = &leaf.kind {
                    let named = named.iter();
                    lists.extend(
                        named.map(|list| format!("{}: {}", list.name, inline(&list.filter))),
                    );
                }
            });
            lists
        });
        let only = |side: usize| {
            let mut own = lists[side].iter();
            own.find(|list| !lists[1 - side].contains(list)).cloned()
        };
        return ("smart_list", [only(0), only(1)]);
    }
    let mut part = None;
    before.each_leaf(&mut |leaf| {
        let kind = match &leaf.kind {
            LeafKind::Field { .. } => "field",
            LeafKind::Activity(_) => "activity",
            LeafKind::MemberOfList { .. } => "list",
            LeafKind::MemberOfSmartList { .. } => return,
            LeafKind::MemberOfSmartCampaign { .. } => "campaign",
            LeafKind::MemberOfProgram { .. } | LeafKind::ProgramStatus { .. } => "program",
            LeafKind::RandomSample { .. } => "sample",
        };
        part.get_or_insert(kind);
    });
    let words = filters.map(|filter| Some(inline(filter)));
    (part.unwrap_or("filter"), words)
}
