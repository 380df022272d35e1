//! The filters of a smart list asked of everyone, and counted: who meets each, and which one decides.
//!
//! Each filter is asked once for each person, by `holds`; what would follow if one answer were another is worked out from
//! these answers alone. Called by `app::explain`.

mod change;
mod counts;
mod hints;
mod near;

use crate::world::Person;

use super::explain::{Wording, actual_of};
use super::{ActivityFilter, Facts, Filter, Leaf, LeafKind, Numbered, Sense};
pub(crate) use change::{Change, activity_for, people_with, smallest_changes};
pub(crate) use counts::Miss;
use counts::Misses;
use hints::Values;
pub(crate) use hints::{AskedValues, Hint};
use near::nearest_value;
pub(crate) use near::values_beside;

/// Past how many rows groups and named smart lists are not opened any more.
const MOST_ROWS: usize = 500;

/// The filters of a smart list, and what was counted.
pub(crate) struct Survey<'f> {
    numbered: &'f Numbered,
    rows: Vec<Row<'f>>,
    /// The rows of the numbered entries.
    entries: Vec<usize>,
    /// The answers for the person at hand, by row.
    answers: Vec<bool>,
    values: Values<'f>,
    /// How many people were asked about.
    pub(crate) asked: u64,
}

/// One filter, or a group of them.
struct Row<'f> {
    number: String,
    parent: Option<usize>,
    node: Node<'f>,
    counts: RowCounts,
    misses: Misses,
}

/// What a row is made of.
enum Node<'f> {
    Leaf(&'f Leaf),
    All(Vec<usize>),
    Any(Vec<usize>),
    /// Named smart lists, opened.
    Lists(&'f Leaf, Sense, Vec<usize>),
}

/// How many people a filter holds for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowCounts {
    /// For whom it holds.
    pub(crate) holds: u64,
    /// Who have no value.
    pub(crate) empty: u64,
    /// For whom this filter alone turns the verdict from no to yes.
    pub(crate) decides: u64,
}

/// One filter with what was counted.
pub(crate) struct SurveyedFilter<'f> {
    /// Its number, `2`, or `2.1` inside a group or named smart list.
    pub(crate) number: String,
    /// The filter as written; none of a group.
    pub(crate) leaf: Option<&'f Leaf>,
    /// Of a group, whether all of it must hold.
    pub(crate) is_all: bool,
    /// The counts.
    pub(crate) counts: RowCounts,
    /// What those have of whom it decides.
    pub(crate) misses: Vec<Miss>,
}

impl<'f> Survey<'f> {
    /// Begins with the filters of a smart list.
    pub(crate) fn of(numbered: &'f Numbered) -> Self {
        let mut survey = Self {
            numbered,
            rows: Vec::new(),
            entries: Vec::new(),
            answers: Vec::new(),
            values: Values::default(),
            asked: 0,
        };
        for (entry, number) in numbered.entries.iter().zip(1..) {
            let number: usize = number;
            let row = survey.open(entry, &number.to_string(), None);
            survey.entries.push(row);
        }
        survey.answers = vec![false; survey.rows.len()];
        survey
    }

    /// Adds the rows of a filter, and returns the place of the first.
    fn open(&mut self, filter: &'f Filter, number: &str, parent: Option<usize>) -> usize {
        let place = self.rows.len();
        self.rows.push(Row {
            number: number.to_owned(),
            parent,
            node: Node::All(Vec::new()),
            counts: RowCounts::default(),
            misses: Misses::default(),
        });
        let mut below = |parts: &mut dyn Iterator<Item = &'f Filter>| -> Vec<usize> {
            let numbered = parts.zip(1..);
            let opened = numbered.map(|(part, nth): (_, usize)| {
                self.open(part, &format!("{number}.{nth}"), Some(place))
            });
            opened.collect()
        };
        let node = match filter {
            Filter::All(parts) => Node::All(below(&mut parts.iter())),
            Filter::Any(parts) => Node::Any(below(&mut parts.iter())),
            Filter::Leaf(leaf) => match &leaf.kind {
                // Everyone is a list without a filter, of which nothing is to be reported.
                LeafKind::MemberOfSmartList { sense, lists }
                    if place < MOST_ROWS
                        && lists.iter().all(|list| list.filter != Filter::everyone()) =>
                {
                    let mut filters = lists.iter().map(|list| &list.filter);
                    Node::Lists(leaf, *sense, below(&mut filters))
                }
                LeafKind::MemberOfSmartList { .. }
                | LeafKind::Field { .. }
                | LeafKind::Activity(_)
                | LeafKind::MemberOfList { .. }
                | LeafKind::MemberOfSmartCampaign { .. }
                | LeafKind::MemberOfProgram { .. }
                | LeafKind::ProgramStatus { .. }
                | LeafKind::RandomSample { .. } => {
                    self.values.want(place, leaf);
                    Node::Leaf(leaf)
                }
            },
        };
        self.rows[place].node = node;
        place
    }

    /// Asks all filters of one person, and returns whether the smart list has them.
    pub(crate) fn ask(&mut self, facts: &Facts<'_>, wording: &Wording<'_>) -> bool {
        self.asked += 1;
        // Parts stand after what they are part of.
        for place in (0..self.rows.len()).rev() {
            let answer = match &self.rows[place].node {
                Node::Leaf(leaf) => leaf.holds(facts),
                Node::All(parts) => parts.iter().all(|part| self.answers[*part]),
                Node::Any(parts) => parts.iter().any(|part| self.answers[*part]),
                Node::Lists(_, sense, parts) => {
                    sense.of(parts.iter().any(|part| self.answers[*part]))
                }
            };
            self.answers[place] = answer;
            let row = &mut self.rows[place];
            row.counts.holds += u64::from(answer);
            if let Node::Leaf(leaf) = row.node {
                row.counts.empty += u64::from(is_empty(leaf, facts));
            }
        }
        self.values.count(facts.person, facts.layout);
        let logic = &self.numbered.logic;
        let holds = logic.holds(&|entry| self.answers[self.entries[entry]]);
        if !holds {
            for place in 0..self.rows.len() {
                if self.decides(place) {
                    self.note(place, facts, wording);
                }
            }
        }
        holds
    }

    /// Returns the entries that do not hold for the person who was asked about last, counted from 0.
    pub(crate) fn failing(&self) -> Vec<usize> {
        let entries = (0..self.entries.len()).filter(|entry| !self.answers[self.entries[*entry]]);
        entries.collect()
    }

    /// Returns whether the smart list has the person if one answer is the other one, and all else stays.
    fn decides(&self, place: usize) -> bool {
        let (mut place, mut answer) = (place, !self.answers[place]);
        while let Some(parent) = self.rows[place].parent {
            let given = |part: &usize| {
                if *part == place {
                    answer
                } else {
                    self.answers[*part]
                }
            };
            let above = match &self.rows[parent].node {
                Node::All(parts) => parts.iter().all(given),
                Node::Any(parts) => parts.iter().any(given),
                Node::Lists(_, sense, parts) => sense.of(parts.iter().any(given)),
                Node::Leaf(_) => return false,
            };
            if above == self.answers[parent] {
                return false;
            }
            (place, answer) = (parent, above);
        }
        let given = |entry: usize| {
            let row = self.entries[entry];
            if row == place {
                answer
            } else {
                self.answers[row]
            }
        };
        self.numbered.logic.holds(&given)
    }

    /// Counts a person of whom a filter decides.
    fn note(&mut self, place: usize, facts: &Facts<'_>, wording: &Wording<'_>) {
        let row = &mut self.rows[place];
        row.counts.decides += 1;
        if let Node::Leaf(leaf) = row.node {
            let (actual, distance) = miss(leaf, facts, wording);
            row.misses.note(actual, distance);
        }
    }

    /// Returns each filter with what was counted, and the values that filters ask for and nobody has.
    pub(crate) fn finish(self, wording: &Wording<'_>) -> (Vec<SurveyedFilter<'f>>, Vec<Hint>) {
        let numbers: Vec<String> = self.rows.iter().map(|row| row.number.clone()).collect();
        let hints = self.values.hints(&numbers, wording);
        let filters = self.rows.into_iter().map(|row| SurveyedFilter {
            leaf: match row.node {
                Node::Leaf(leaf) | Node::Lists(leaf, ..) => Some(leaf),
                Node::All(_) | Node::Any(_) => None,
            },
            is_all: matches!(row.node, Node::All(_)),
            number: row.number,
            counts: row.counts,
            misses: row.misses.rows(),
        });
        (filters.collect(), hints)
    }
}

/// Returns whether a person has no value of what a filter asks about.
fn is_empty(leaf: &Leaf, facts: &Facts<'_>) -> bool {
    let person: &Person = facts.person;
    match &leaf.kind {
        LeafKind::Field { field, .. } => person.field(facts.layout, *field).is_none(),
        LeafKind::ProgramStatus { program, .. } => person.membership(*program).is_none(),
        LeafKind::Activity(_)
        | LeafKind::MemberOfList { .. }
        | LeafKind::MemberOfSmartList { .. }
        | LeafKind::MemberOfSmartCampaign { .. }
        | LeafKind::MemberOfProgram { .. }
        | LeafKind::RandomSample { .. } => false,
    }
}

/// Says what someone has who misses a filter, and how far that is from what it asks for.
fn miss(leaf: &Leaf, facts: &Facts<'_>, wording: &Wording<'_>) -> (Option<String>, Option<f64>) {
    match &leaf.kind {
        LeafKind::Field { field, tests } => {
            let value = facts.person.field(facts.layout, *field);
            let field_type = wording.fields.field(*field).field_type;
            let near = nearest_value(tests, value, field_type, &facts.when);
            let actual = value.map(|value| value.to_text().to_string());
            (actual, near.and_then(|near| near.distance))
        }
        LeafKind::Activity(filter) => {
            let count = filter.matching(facts).count();
            (Some(count.to_string()), Some(missing(filter, count)))
        }
        LeafKind::MemberOfList { .. }
        | LeafKind::MemberOfSmartList { .. }
        | LeafKind::MemberOfSmartCampaign { .. }
        | LeafKind::MemberOfProgram { .. }
        | LeafKind::ProgramStatus { .. }
        | LeafKind::RandomSample { .. } => (actual_of(leaf, facts, wording), None),
    }
}

/// Returns how many activities are missing, or too many.
fn missing(filter: &ActivityFilter, count: usize) -> f64 {
    let apart = match filter.sense {
        Sense::Positive => u64::from(filter.at_least).saturating_sub(count as u64),
        Sense::Negative => (count as u64 + 1).saturating_sub(u64::from(filter.at_least)),
    };
    u32::try_from(apart).map_or(f64::MAX, f64::from)
}
