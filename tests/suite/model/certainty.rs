//! What is said to follow from filters is held against people: random pairs of filters, and people near what they ask.
//!
//! Filters that are said to exclude each other must hold for nobody at the same time, and one that is said to follow
//! from another must hold wherever that one does. Who the people are is decided here, and what holds by the model.

use chrono::NaiveDate;

use super::calendar::HOUR;
use super::definition::{ActivityFilter, Campaign, Filter, Logic, Mode, Workspace};
use super::dice::Dice;
use super::filters::Asking;
use super::operator::Op;
use super::random_filters::{self, Filters, Place};
use super::random_values::{Around, TEXTS};
use super::random_workspace;
use super::value::{Kind, Val};
use super::world::{Entry, Membership, Person, Row, World};
use super::yaml;

/// How many workspaces, pairs in each, and people for each pair.
const WORKSPACES: u64 = 14;
const PAIRS: usize = 120;
const PEOPLE: usize = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Never both.
    Exclude,
    /// The second wherever the first.
    Implies,
}

#[test]
#[ignore = "slow"]
fn what_follows_from_filters_is_true_of_everyone() {
    let mut reported = [0, 0];
    let mut wrong = Vec::new();
    for seed in 0..WORKSPACES {
        let mut dice = Dice::new(seed);
        let around = Around(NaiveDate::from_ymd_opt(2026, 2, 25).unwrap());
        let mut workspace = random_workspace::workspace(&mut dice, around);
        let first = workspace.campaigns.len();
        let pairs: Vec<[Filter; 2]> = (0..PAIRS)
            .map(|_| pair(&workspace, around, &mut dice))
            .collect();
        for (place, pair) in pairs.iter().enumerate() {
            let probe = probe(place, pair, &workspace);
            workspace.campaigns.push(probe);
        }
        let claims = claims(&workspace);
        for (pair, said) in pairs.iter().zip(claims) {
            for said in said {
                reported[said as usize] += 1;
                let found = counterexample(pair, said, &workspace, first, around, &mut dice);
                if let Some(person) = found {
                    wrong.push(format!("seed {seed}: {said:?} {pair:#?}\n{person}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[0]);
    assert!(
        reported.iter().all(|count| *count > 100),
        "too little is reported: {reported:?}"
    );
}

/// Two filters, mostly on the same thing.
fn pair(workspace: &Workspace, around: Around, dice: &mut Dice) -> [Filter; 2] {
    let filters = Filters { workspace, around };
    let one = filters.filter(dice, Place::InProgram(0), 1);
    let other = match &one {
        Filter::Field { field, .. } if dice.chance(90) => Filter::Field {
            field: field.clone(),
            ops: around.operators(dice, workspace.kind(field)),
        },
        Filter::Activity(filter) if dice.chance(90) => {
            let mut other = wider(filter, dice);
            other.negated ^= dice.chance(50);
            Filter::Activity(other)
        }
        Filter::Field { .. }
        | Filter::Activity(_)
        | Filter::List { .. }
        | Filter::SmartList { .. }
        | Filter::Campaign { .. }
        | Filter::Program { .. }
        | Filter::ProgramStatus(_)
        | Filter::Sample(_)
        | Filter::Group { .. } => filters.filter(dice, Place::InProgram(0), 1),
    };
    if dice.chance(50) {
        [one, other]
    } else {
        [other, one]
    }
}

/// The same activity without the last of its constraints, which may need the first: a new value is one of a field.
fn wider(filter: &ActivityFilter, dice: &mut Dice) -> ActivityFilter {
    let mut wider = filter.clone();
    wider
        .constraints
        .truncate(dice.count(0, filter.constraints.len()));
    wider.date.retain(|_| dice.chance(70));
    wider.at_least = dice.count(1, 3);
    wider
}

/// A batch campaign with the two filters.
fn probe(place: usize, pair: &[Filter; 2], workspace: &Workspace) -> Campaign {
    Campaign {
        name: format!("Probe {place}"),
        program: Some(0),
        mode: Mode::Batch,
        triggers: Vec::new(),
        filters: pair.to_vec(),
        logic: Logic::All,
        schedule: None,
        active: false,
        priority: None,
        ..workspace.campaigns[0].clone()
    }
}

/// What the program says of the filters of each probe; they are the last campaigns, as many as there are pairs.
fn claims(workspace: &Workspace) -> Vec<Vec<Said>> {
    let campaigns = workspace.campaigns.iter();
    let texts: Vec<String> = campaigns
        .map(|campaign| yaml::campaign(workspace, campaign))
        .collect();
    let claims = bugle::testing::claims(&yaml::workspace(workspace), &texts).unwrap();
    let probes = &claims[claims.len() - PAIRS..];
    let said = probes.iter().map(|claim| {
        let exclude = claim.exclude.then_some(Said::Exclude);
        exclude
            .into_iter()
            .chain(claim.implies.then_some(Said::Implies))
            .collect()
    });
    said.collect()
}

/// Looks for someone who refutes what was said.
fn counterexample(
    [one, other]: &[Filter; 2],
    said: Said,
    workspace: &Workspace,
    first: usize,
    around: Around,
    dice: &mut Dice,
) -> Option<String> {
    let near: Vec<(String, Val)> = [one, other].into_iter().flat_map(values_near).collect();
    (0..PEOPLE).find_map(|_| {
        let mut world = World::default();
        world.people.push(person(workspace, &near, around, dice));
        if dice.chance(50) {
            world.entries.push(Entry {
                person: 0,
                campaign: dice.index(first),
                at: 0,
                run: None,
                place: 0,
                cause: None,
            });
        }
        let asking = Asking {
            workspace,
            world: &world,
            person: 0,
            campaign: first,
            at: around.instant(dice),
        };
        let holds = (asking.holds(one), asking.holds(other));
        let refuted = match said {
            Said::Exclude => holds == (true, true),
            Said::Implies => holds == (true, false),
        };
        refuted.then(|| format!("at {}: {:#?}", asking.at, world.people[0]))
    })
}

fn person(
    workspace: &Workspace,
    near: &[(String, Val)],
    around: Around,
    dice: &mut Dice,
) -> Person {
    let mut person = Person::default();
    for field in &workspace.fields {
        if dice.chance(75) {
            person
                .fields
                .insert(field.name.clone(), around.value(dice, field.kind));
        }
    }
    if !near.is_empty() && dice.chance(80) {
        let (field, value) = dice.pick(near);
        let mut value = beside(value, dice);
        if let (Val::Date(day), Kind::Datetime) = (&value, workspace.kind(field)) {
            let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc();
            value = Val::At(midnight.timestamp_micros() + dice.number(-6, 6) * HOUR);
        }
        person.fields.insert(field.clone(), value);
    }
    for list in &workspace.lists {
        if dice.chance(40) {
            person.lists.insert(list.clone(), 0);
        }
    }
    for (place, program) in workspace.programs.iter().enumerate() {
        if dice.chance(60) {
            let status = dice.pick(&program.statuses);
            let membership = Membership {
                status: status.name.clone(),
                success_at: dice.maybe(50, |_| 0),
                since: 0,
                acquired_by: false,
            };
            person.programs.insert(place, membership);
        }
    }
    person.log = log(workspace, around, dice);
    person
}

fn log(workspace: &Workspace, around: Around, dice: &mut Dice) -> Vec<Row> {
    let filters = Filters { workspace, around };
    let mut rows: Vec<Row> = (0..dice.count(0, 12))
        .map(|_| {
            let act = random_filters::act(dice);
            let primary = filters.primary_values(dice, act).pop();
            let mut attributes: Vec<(String, Val)> = Vec::new();
            for (name, kind) in act.attributes() {
                if dice.chance(70) {
                    attributes.push(((*name).to_owned(), around.value(dice, *kind)));
                }
            }
            Row {
                at: around.instant(dice),
                kind: act.name(),
                primary,
                attributes,
                origin: None,
                outcome: None,
                reason: None,
                event: None,
            }
        })
        .collect();
    rows.sort_by_key(|row| row.at);
    rows
}

/// The values that a filter's operators name, each with its field.
fn values_near(filter: &Filter) -> Vec<(String, Val)> {
    match filter {
        Filter::Field { field, ops } => ops
            .iter()
            .flat_map(named)
            .map(|value| (field.clone(), value))
            .collect(),
        Filter::Group { filters, .. } => filters.iter().flat_map(values_near).collect(),
        Filter::Activity(_)
        | Filter::List { .. }
        | Filter::SmartList { .. }
        | Filter::Campaign { .. }
        | Filter::Program { .. }
        | Filter::ProgramStatus(_)
        | Filter::Sample(_) => Vec::new(),
    }
}

fn named(op: &Op) -> Vec<Val> {
    let texts = |texts: &[String]| texts.iter().cloned().map(Val::Text).collect();
    match op {
        Op::Is(values) | Op::IsNot(values) => values.clone(),
        Op::StartsWith(keys)
        | Op::NotStartsWith(keys)
        | Op::Contains(keys)
        | Op::NotContains(keys) => texts(keys),
        Op::Between(low, high) => vec![low.clone(), high.clone()],
        Op::GreaterThan(v)
        | Op::LessThan(v)
        | Op::AtLeast(v)
        | Op::AtMost(v)
        | Op::After(v)
        | Op::Before(v)
        | Op::OnOrAfter(v)
        | Op::OnOrBefore(v) => vec![v.clone()],
        Op::IsEmpty
        | Op::IsNotEmpty
        | Op::InPast(_)
        | Op::InPastBefore(_)
        | Op::InFuture(_)
        | Op::InFutureAfter(_)
        | Op::InTimeFrame(_) => Vec::new(),
    }
}

/// The value itself, or one just beside it.
fn beside(value: &Val, dice: &mut Dice) -> Val {
    match value {
        Val::Text(text) => Val::Text(match dice.index(4) {
            0 => text.clone(),
            1 => format!("{text}{}", dice.word(&TEXTS)),
            2 => format!("{}{text}", dice.word(&TEXTS)),
            _ => text.to_uppercase(),
        }),
        Val::Int(n) => Val::Int(n + dice.number(-1, 1)),
        Val::Float(n) => Val::Float(*dice.pick(&[n.next_down(), *n, n.next_up()])),
        Val::Bool(truth) => Val::Bool(*truth),
        Val::Date(day) => Val::Date(*day + chrono::Duration::days(dice.number(-1, 1))),
        Val::At(at) => Val::At(at + dice.number(-1, 1)),
    }
}
