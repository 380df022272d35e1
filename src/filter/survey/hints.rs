//! Values that filters ask for and nobody has, with the nearest value that someone has.

use rustc_hash::FxHashMap;

use crate::diagnostic::suggest::nearest;
use crate::domain::text::{fold_value, is_folded};
use crate::domain::{FieldId, ListId, Text, Value};
use crate::filter::explain::Wording;
use crate::filter::operator::{Criterion, TextRelation};
use crate::filter::{Filter, Leaf, LeafKind, Numbered};
use crate::world::{Layout, Person};

/// Different values of one field that are kept to find the nearest among.
const MOST: usize = 10_000;

/// A value that a filter asks for and nobody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    /// The number of the filter.
    pub(crate) filter: String,
    /// Whether it is a static list, and not the value of a field.
    pub(crate) is_list: bool,
    /// What it asks about: `state`, `member of list`.
    pub(crate) about: String,
    /// The value.
    pub(crate) value: String,
    /// The nearest value that someone has, and how many people have it.
    pub(crate) nearest: Option<(String, u64)>,
    /// Whether it looks like one of several spellings that the filter allows for: someone has another one of its values,
    /// and no value that it does not ask for is near.
    pub(crate) is_one_of_several: bool,
}

/// What is asked for, and what there is.
#[derive(Default)]
pub(super) struct Values<'f> {
    wanted: Vec<Wanted<'f>>,
    fields: Vec<(FieldId, FxHashMap<Text, u64>)>,
    lists: Option<FxHashMap<ListId, u64>>,
}

/// The values that the numbered filters of a smart list ask for, groups included; named smart lists are not opened.
pub(crate) struct AskedValues<'f> {
    values: Values<'f>,
    numbers: Vec<String>,
}

impl<'f> AskedValues<'f> {
    /// Notes the values that some filters ask for.
    pub(crate) fn of(numbered: &'f Numbered) -> Self {
        let mut values = Values::default();
        for (row, entry) in numbered.entries.iter().enumerate() {
            want_all(&mut values, row, entry);
        }
        let numbers = 1..=numbered.entries.len();
        Self {
            values,
            numbers: numbers.map(|number| number.to_string()).collect(),
        }
    }

    /// Notes the values that one filter without a number asks for.
    pub(crate) fn of_one(filter: &'f Filter) -> Self {
        let mut values = Values::default();
        want_all(&mut values, 0, filter);
        Self {
            values,
            numbers: vec![String::new()],
        }
    }

    /// Counts what one person has.
    pub(crate) fn count(&mut self, person: &Person, layout: &Layout) {
        self.values.count(person, layout);
    }

    /// Returns the values that nobody has.
    pub(crate) fn hints(&self, wording: &Wording<'_>) -> Vec<Hint> {
        self.values.hints(&self.numbers, wording)
    }
}

fn want_all<'f>(values: &mut Values<'f>, row: usize, filter: &'f Filter) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => {
            for part in parts {
                want_all(values, row, part);
            }
        }
        Filter::Leaf(leaf) => values.want(row, leaf),
    }
}

/// A value that one filter asks for.
struct Wanted<'f> {
    row: usize,
    leaf: &'f Leaf,
    what: What<'f>,
    /// How many people have it.
    people: u64,
}

#[derive(Clone, Copy)]
enum What<'f> {
    /// The comparison key of a text in a field.
    Text(FieldId, &'f str),
    List(ListId),
}

impl<'f> Values<'f> {
    /// Notes the values that a filter asks for.
    pub(super) fn want(&mut self, row: usize, leaf: &'f Leaf) {
        let mut add = |what| {
            self.wanted.push(Wanted {
                row,
                leaf,
                what,
                people: 0,
            });
        };
        match &leaf.kind {
            LeafKind::Field { field, tests } => {
                for test in tests {
                    if let Criterion::Text(TextRelation::Is, keys) = &test.criterion {
                        for key in keys {
                            add(What::Text(*field, key));
                        }
                        if !self.fields.iter().any(|(known, _)| known == field) {
                            self.fields.push((*field, FxHashMap::default()));
                        }
                    }
                }
            }
            LeafKind::MemberOfList { lists, .. } => {
                for list in lists.named() {
                    add(What::List(*list));
                }
                self.lists.get_or_insert_default();
            }
            LeafKind::Activity(_)
            | LeafKind::MemberOfSmartList { .. }
            | LeafKind::MemberOfSmartCampaign { .. }
            | LeafKind::MemberOfProgram { .. }
            | LeafKind::ProgramStatus { .. }
            | LeafKind::RandomSample { .. } => {}
        }
    }

    /// Counts what one person has.
    pub(super) fn count(&mut self, person: &Person, layout: &Layout) {
        for (field, values) in &mut self.fields {
            let Some(Value::Text(text)) = person.field(layout, *field) else {
                continue;
            };
            match values.get_mut(text) {
                Some(people) => *people += 1,
                None => {
                    if values.len() < MOST {
                        values.insert(Text::clone(text), 1);
                    }
                }
            }
        }
        if let Some(lists) = &mut self.lists {
            for list in &person.lists {
                *lists.entry(*list).or_default() += 1;
            }
        }
        for wanted in &mut self.wanted {
            let has = match wanted.what {
                What::Text(field, key) => match person.field(layout, field) {
                    Some(Value::Text(text)) => is_folded(text, key),
                    Some(_) | None => false,
                },
                What::List(list) => person.is_on(list),
            };
            wanted.people += u64::from(has);
        }
    }

    /// Returns the values that nobody has; `numbers` are those of the rows.
    pub(super) fn hints(&self, numbers: &[String], wording: &Wording<'_>) -> Vec<Hint> {
        let nobody = self.wanted.iter().filter(|wanted| wanted.people == 0);
        let hints = nobody.map(|wanted| {
            let (about, value, nearest) = match wanted.what {
                What::Text(field, key) => (
                    wording.fields.field(field).name.clone(),
                    spelled(&wanted.leaf.wanted, key),
                    self.nearest_text(field, key),
                ),
                What::List(list) => (
                    "member of list".to_owned(),
                    wording.lists.name(list.0).to_string(),
                    self.nearest_list(&wording.lists.name(list.0), wording),
                ),
            };
            Hint {
                is_one_of_several: self.is_one_of_several(wanted, nearest.as_ref(), wording),
                filter: numbers[wanted.row].clone(),
                is_list: matches!(wanted.what, What::List(_)),
                about,
                value,
                nearest,
            }
        });
        hints.collect()
    }

    fn is_one_of_several(
        &self,
        one: &Wanted<'_>,
        nearest: Option<&(String, u64)>,
        wording: &Wording<'_>,
    ) -> bool {
        let all = self.wanted.iter();
        let of_filter = |other: &&Wanted<'_>| std::ptr::eq(other.leaf, one.leaf);
        let mut held = all
            .filter(of_filter)
            .filter(|other| other.people > 0)
            .peekable();
        let is_near = |other: &Wanted<'_>, near: &str| match other.what {
            What::Text(_, key) => is_folded(near, key),
            What::List(list) => wording.lists.name(list.0).as_ref() == near,
        };
        held.peek().is_some()
            && nearest.is_none_or(|(near, _)| held.any(|other| is_near(other, near)))
    }

    fn nearest_text(&self, field: FieldId, key: &str) -> Option<(String, u64)> {
        let (_, values) = self.fields.iter().find(|(known, _)| *known == field)?;
        let near = nearest(key, values.keys().map(AsRef::as_ref));
        let near = fold_value(near.first()?);
        let same = values.iter().filter(|(text, _)| is_folded(text, &near));
        let (mut people, mut most) = (0, None);
        for (text, count) in same {
            people += count;
            // Of several spellings the most common one is shown.
            most = most.max(Some((*count, std::cmp::Reverse(Text::clone(text)))));
        }
        let (_, std::cmp::Reverse(spelling)) = most?;
        Some((spelling.to_string(), people))
    }

    fn nearest_list(&self, name: &str, wording: &Wording<'_>) -> Option<(String, u64)> {
        let lists = self.lists.as_ref()?;
        let named: Vec<(Text, u64)> = lists
            .iter()
            .map(|(list, people)| (wording.lists.name(list.0), *people))
            .collect();
        let near = nearest(name, named.iter().map(|(name, _)| name.as_ref()));
        let near = *near.first()?;
        let found = named.iter().find(|(name, _)| name.as_ref() == near)?;
        Some((found.0.to_string(), found.1))
    }
}

/// Returns a value as the filter spells it, given its comparison key.
pub(super) fn spelled(written: &str, key: &str) -> String {
    let mut starts = written.char_indices().map(|(start, _)| start).rev();
    // The name of the field comes first, and may be the same word.
    let found = starts.find_map(|start| {
        let end = start + key.len();
        let text = written.get(start..end)?;
        let is_whole =
            is_edge(written[..start].chars().next_back()) && is_edge(written[end..].chars().next());
        (is_whole && is_folded(text, key)).then_some(text)
    });
    found.unwrap_or(key).to_owned()
}

/// Returns whether a value may end beside a character.
fn is_edge(beside: Option<char>) -> bool {
    beside.is_none_or(|beside| matches!(beside, ' ' | ',' | '"' | '`'))
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn a_value_is_spelled_as_the_filter_writes_it() {
        assert_eq!(spelled("state is CA or Calfornia", "ca"), "CA");
        assert_eq!(
            spelled("state is CA or Calfornia", "calfornia"),
            "Calfornia"
        );
        assert_eq!(spelled("state is State", "state"), "State");
        assert_eq!(spelled("title contains Head of", "head of"), "Head of");
        assert_eq!(spelled("city is Köln", "other"), "other");
    }
}
