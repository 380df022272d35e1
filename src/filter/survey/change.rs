//! The smallest changes of a person that a smart list would take them with.
//!
//! Which filters must answer otherwise is found by a search over the tree. What would make each of them do so is tried on a
//! copy of the person, and only what the whole smart list then takes is reported. What cannot be changed, such as a campaign
//! that someone has entered, is never part of it.

use crate::domain::{FieldType, Text, Value};
use crate::filter::explain::Wording;
use crate::filter::{
    ActivityFilter, Constraint, ConstraintOn, Facts, Filter, Leaf, LeafKind, Logic, Numbered,
    Sense, Test,
};
use crate::world::{PastActivity, Person};

use super::hints::spelled;
use super::near::nearest_value;

/// One change of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// The number of the filter that it is for.
    pub(crate) filter: String,
    /// What changes: a field, `member_of_list`, or the name of an activity filter, of which there are more then.
    pub(crate) field: String,
    /// What is.
    pub(crate) from: Option<String>,
    /// What would do.
    pub(crate) to: Option<String>,
    /// It in words.
    pub(crate) words: String,
}

/// Alternatives that are followed at any place of the tree.
const KEPT: usize = 12;

/// Alternatives that are reported.
const MOST: usize = 3;

/// How many filters are looked at: lists made of lists may have millions of ways.
const LOOKS: usize = 300;

/// A filter that must answer otherwise.
#[derive(Clone)]
struct Turn<'f> {
    number: String,
    leaf: &'f Leaf,
    to: bool,
    /// Whether any value will do where a filter asks for some value.
    invents: bool,
}

/// A way to the other answer: all of these turns.
type Way<'f> = Vec<Turn<'f>>;

/// Returns the smallest changes by which a smart list would take a person, fewest first; each is enough by itself.
pub(crate) fn smallest_changes(
    numbered: &Numbered,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
) -> Vec<Vec<Change>> {
    let whole = numbered.filter();
    if whole.holds(facts) {
        return Vec::new();
    }
    let mut search = Search {
        facts,
        looks: LOOKS,
        invents: false,
    };
    let ways = search.ways_of_logic(&numbered.logic, numbered);
    let mut found: Vec<Vec<Change>> = Vec::new();
    for way in ways {
        if let Some(changes) = tried(&way, &whole, facts, wording)
            && !found.contains(&changes)
        {
            found.push(changes);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// Returns people like one, for whom a filter has an answer, changed as little as is known, the least first.
pub(crate) fn people_with(
    filter: &Filter,
    to: bool,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
) -> Vec<Person> {
    let mut search = Search {
        facts,
        looks: LOOKS,
        invents: true,
    };
    let ways = search.ways(filter, "", to);
    let changed = ways.iter().filter_map(|way| {
        let (person, _) = changed(way, facts, wording)?;
        let then = Facts {
            person: &person,
            ..*facts
        };
        (filter.holds(&then) == to).then_some(person)
    });
    changed.collect()
}

/// A search for ways, of one person.
struct Search<'a> {
    facts: &'a Facts<'a>,
    /// How many filters may still be looked at.
    looks: usize,
    /// Whether any value will do where a filter asks for some value.
    invents: bool,
}

impl Search<'_> {
    fn ways_of_logic<'f>(&mut self, logic: &Logic, numbered: &'f Numbered) -> Vec<Way<'f>> {
        match logic {
            Logic::Entry(place) => numbered.entries.get(*place).map_or_else(Vec::new, |entry| {
                self.ways(entry, &(place + 1).to_string(), true)
            }),
            Logic::All(parts) => all(parts.iter().map(|part| self.ways_of_logic(part, numbered))),
            Logic::Any(parts) => any(parts.iter().map(|part| self.ways_of_logic(part, numbered))),
        }
    }

    /// Returns the ways in which a filter comes to an answer; one without a turn where it has it, and none where too many
    /// filters were looked at before.
    fn ways<'f>(&mut self, filter: &'f Filter, number: &str, to: bool) -> Vec<Way<'f>> {
        let Some(left) = self.looks.checked_sub(1) else {
            return Vec::new();
        };
        self.looks = left;
        if filter.holds(self.facts) == to {
            return vec![Vec::new()];
        }
        let mut below = |part: &'f Filter, nth: usize, to: bool| {
            self.ways(part, &format!("{number}.{nth}"), to)
        };
        match (filter, to) {
            (Filter::All(parts), true) | (Filter::Any(parts), false) => {
                let parts = parts.iter().zip(1..);
                all(parts.map(|(part, nth)| below(part, nth, to)))
            }
            (Filter::Any(parts), true) | (Filter::All(parts), false) => {
                let parts = parts.iter().zip(1..);
                any(parts.map(|(part, nth)| below(part, nth, to)))
            }
            (Filter::Leaf(leaf), _) => match &leaf.kind {
                LeafKind::MemberOfSmartList { sense, lists } => {
                    let within = sense.of(to);
                    let lists = lists.iter().zip(1..);
                    let lists = lists.map(|(list, nth)| below(&list.filter, nth, within));
                    if within { any(lists) } else { all(lists) }
                }
                LeafKind::Field { .. }
                | LeafKind::Activity(_)
                | LeafKind::MemberOfList { .. }
                | LeafKind::MemberOfSmartCampaign { .. }
                | LeafKind::MemberOfProgram { .. }
                | LeafKind::ProgramStatus { .. }
                | LeafKind::RandomSample { .. } => vec![vec![Turn {
                    number: number.to_owned(),
                    leaf,
                    to,
                    invents: self.invents,
                }]],
            },
        }
    }
}

/// Joins ways of which one in each place is needed.
fn all<'f>(parts: impl Iterator<Item = Vec<Way<'f>>>) -> Vec<Way<'f>> {
    let mut joined: Vec<Way<'f>> = vec![Vec::new()];
    for part in parts {
        let mut longer = Vec::new();
        for way in &joined {
            longer.extend(part.iter().map(|more| [way.clone(), more.clone()].concat()));
        }
        joined = shortest(longer);
    }
    joined
}

/// Joins ways of which any is enough.
fn any<'f>(parts: impl Iterator<Item = Vec<Way<'f>>>) -> Vec<Way<'f>> {
    shortest(parts.flatten().collect())
}

fn shortest(mut ways: Vec<Way<'_>>) -> Vec<Way<'_>> {
    ways.sort_by_key(Vec::len);
    ways.truncate(KEPT);
    ways
}

/// Tries a way on a copy of the person.
fn tried(
    way: &Way<'_>,
    whole: &Filter,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
) -> Option<Vec<Change>> {
    let (person, changes) = changed(way, facts, wording)?;
    let then = Facts {
        person: &person,
        ..*facts
    };
    whole.holds(&then).then_some(changes)
}

/// Returns a person after all turns of a way.
fn changed(
    way: &Way<'_>,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
) -> Option<(Person, Vec<Change>)> {
    let mut person = facts.person.clone();
    let mut changes = Vec::new();
    for turn in way {
        changes.push(turn.apply(&mut person, facts, wording)?);
    }
    Some((person, changes))
}

impl Turn<'_> {
    /// Changes a person so that the filter answers otherwise; nothing where that is not known to be possible.
    fn apply(
        &self,
        person: &mut Person,
        facts: &Facts<'_>,
        wording: &Wording<'_>,
    ) -> Option<Change> {
        match &self.leaf.kind {
            LeafKind::Field { field, tests } => {
                let field_type = wording.fields.field(*field).field_type;
                let present = facts.person.field(facts.layout, *field);
                let wanted = if self.to {
                    nearest_value(tests, present, field_type, &facts.when)
                } else {
                    nearest_failing(tests, present, field_type, facts)
                };
                let wanted = match wanted {
                    Some(near) => as_written(near.value, &self.leaf.wanted),
                    None if self.invents && self.to => Some(invented(tests, field_type, facts)?),
                    None => return None,
                };
                let slot = facts.layout.slot(*field)?;
                person.fields[slot].clone_from(&wanted);
                let from = present.map(|value| value.to_text().to_string());
                let to = wanted.map(|value| value.to_text().to_string());
                let is = from.as_deref().unwrap_or("empty");
                let words = format!("{} (is {is})", self.written());
                Some(self.change(wording.fields.field(*field).name.clone(), from, to, words))
            }
            LeafKind::MemberOfList { sense, lists } => {
                let joins = sense.of(self.to);
                let spell = |numbers: &[crate::domain::ListId]| {
                    let names = numbers.iter().map(|list| wording.lists.name(list.0));
                    names
                        .map(|name| name.to_string())
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                let field = "member_of_list".to_owned();
                if joins {
                    let list = *lists.named().first()?;
                    let place = person.lists.binary_search(&list).unwrap_or_else(|at| at);
                    person.lists.insert(place, list);
                    let to = spell(&[list]);
                    let words = format!("in list {to}");
                    return Some(self.change(field, None, Some(to), words));
                }
                let on = person.lists.iter().copied().filter(|list| lists.has(*list));
                let on: Vec<_> = on.collect();
                person.lists.retain(|list| !lists.has(*list));
                let from = spell(&on);
                let words = format!("not in list {from}");
                Some(self.change(field, Some(from), None, words))
            }
            LeafKind::Activity(filter) => self.more_activities(filter, person, facts, wording),
            LeafKind::MemberOfSmartList { .. }
            | LeafKind::MemberOfSmartCampaign { .. }
            | LeafKind::MemberOfProgram { .. }
            | LeafKind::ProgramStatus { .. }
            | LeafKind::RandomSample { .. } => None,
        }
    }

    /// Adds activities of which there are too few. None can be taken away.
    fn more_activities(
        &self,
        filter: &ActivityFilter,
        person: &mut Person,
        facts: &Facts<'_>,
        wording: &Wording<'_>,
    ) -> Option<Change> {
        let wanted = filter.at_least as usize;
        if !filter.sense.of(self.to) || wanted > MOST_ACTIVITIES {
            return None;
        }
        let count = filter.matching(facts).count();
        let one = activity_for(filter, facts, wording)?;
        for _ in count..wanted {
            person.history.push(one.clone());
        }
        let activity = wording.activities.get(filter.activity);
        let name = activity.filter.as_deref().unwrap_or(&activity.name);
        let words = match count {
            0 => format!("{} (none so far)", self.written()),
            count => format!("{} ({count} so far)", self.written()),
        };
        let (from, to) = (count.to_string(), wanted.to_string());
        Some(self.change(name.to_string(), Some(from), Some(to), words))
    }

    /// Returns what the filter must be.
    fn written(&self) -> String {
        if self.to {
            self.leaf.words()
        } else {
            format!("not: {}", self.leaf.words())
        }
    }

    fn change(
        &self,
        field: String,
        from: Option<String>,
        to: Option<String>,
        words: String,
    ) -> Change {
        Change {
            filter: self.number.clone(),
            field,
            from,
            to,
            words,
        }
    }
}

/// More activities than that are not called a small change.
const MOST_ACTIVITIES: usize = 1_000;

/// Returns the nearest value that fails one of some tests.
fn nearest_failing(
    tests: &[Test],
    present: Option<&Value>,
    field_type: FieldType,
    facts: &Facts<'_>,
) -> Option<super::near::NearValue> {
    let failing = tests.iter().filter_map(|test| {
        let turned = Test {
            sense: match test.sense {
                Sense::Positive => Sense::Negative,
                Sense::Negative => Sense::Positive,
            },
            criterion: test.criterion.clone(),
        };
        nearest_value(&[turned], present, field_type, &facts.when)
    });
    failing.min_by(|a, b| {
        let rank = |near: &super::near::NearValue| near.distance.unwrap_or(f64::INFINITY);
        rank(a).total_cmp(&rank(b))
    })
}

/// Returns a value that passes tests which name none, such as `is_not_empty`.
fn invented(tests: &[Test], field_type: FieldType, facts: &Facts<'_>) -> Option<Value> {
    let now = facts.when.now;
    let all = [
        Value::text("Example"),
        Value::text("Example 2"),
        Value::Integer(1),
        Value::Float(1.0),
        Value::Boolean(true),
        Value::Date(facts.when.zone.date(now)),
        Value::Datetime(now),
    ];
    let fits = |value: &Value| match value {
        Value::Text(_) => field_type.is_text(),
        Value::Integer(_) => field_type.is_integer(),
        Value::Float(_) => matches!(field_type, FieldType::Currency | FieldType::Float),
        Value::Boolean(_) => field_type == FieldType::Boolean,
        Value::Date(_) => field_type == FieldType::Date,
        Value::Datetime(_) => field_type == FieldType::Datetime,
        Value::Json(_) => false,
    };
    let passes = |value: &Value| {
        let mut tests = tests.iter();
        tests.all(|test| test.holds(Some(value), &facts.when))
    };
    all.into_iter().find(|value| fits(value) && passes(value))
}

/// Returns a value as a filter spells it, which compares texts by their keys.
fn as_written(value: Option<Value>, wanted: &str) -> Option<Value> {
    value.map(|value| match &value {
        Value::Text(key) => Value::Text(Text::from(spelled(wanted, key).as_str())),
        Value::Json(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Boolean(_)
        | Value::Date(_)
        | Value::Datetime(_) => value,
    })
}

/// Makes an activity that counts for a filter; nothing where none is known.
pub(crate) fn activity_for(
    filter: &ActivityFilter,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
) -> Option<PastActivity> {
    let now = Value::Datetime(facts.when.now);
    let at = if filter
        .date
        .iter()
        .all(|test| test.holds(Some(&now), &facts.when))
    {
        facts.when.now
    } else {
        let near = nearest_value(&filter.date, Some(&now), FieldType::Datetime, &facts.when)?;
        match near.value? {
            Value::Datetime(at) => at,
            Value::Date(day) => facts.when.zone.start_of(day),
            Value::Text(_)
            | Value::Json(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_) => return None,
        }
    };
    let activity_type = wording.activities.get(filter.activity);
    let mut made = PastActivity {
        at,
        activity: filter.activity,
        ordinal: facts.person.next_ordinal,
        primary: None,
        attributes: [].into(),
    };
    let mut attributes = Vec::new();
    for Constraint {
        attribute,
        tests,
        wanted,
    } in &filter.constraints
    {
        let field_type = match attribute {
            ConstraintOn::Primary => FieldType::Text,
            ConstraintOn::Other(key) => activity_type
                .attribute(key)
                .map_or(FieldType::Text, |attribute| attribute.attribute_type),
        };
        let value = match nearest_value(tests, None, field_type, &facts.when) {
            Some(near) => as_written(near.value, wanted),
            None => Some(invented(tests, field_type, facts)?),
        };
        match (attribute, value) {
            (ConstraintOn::Primary, value) => {
                made.primary = value.map(|value| Text::clone(&value.to_text()));
            }
            (ConstraintOn::Other(key), Some(value)) => attributes.push((key.clone(), value)),
            (ConstraintOn::Other(_), None) => {}
        }
    }
    made.attributes = attributes.into();
    Some(made)
}
