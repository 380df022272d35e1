//! Why a filter holds for a person or does not: a row for every rule, also after one has failed.
//!
//! The answers are those of `holds`, leaf by leaf; nothing is judged anew here. Called by `app::explain`.

use crate::domain::{ActivityCatalogue, ActivityTypeId, FieldCatalogue, Key, Text, Value};
use crate::world::{Membership, Person, SharedNames};

use super::holds::attribute;
use super::operator::EvaluationTime;
use super::{
    ActivityFilter, Constraint, ConstraintOn, Facts, Filter, Leaf, LeafKind, MembershipTests,
    Sense, constraints_hold,
};

/// Past how many rules the smart lists that one asks for are not opened any more: lists made of lists may have millions.
const MOST_RULES: usize = 5_000;

/// One rule with what it wants and what is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Its place: `2`, or `2.1` inside a group or named smart list.
    pub(crate) number: String,
    /// How deep it stands; 0 at the top.
    pub(crate) depth: usize,
    /// Whether it joins the rules beneath it, and asks for nothing else.
    pub(crate) is_group: bool,
    /// What it is about: `lead score`, `opened email: spring`.
    pub(crate) rule: String,
    /// What must be: `at least 50`.
    pub(crate) wanted: String,
    /// The present value; none where there is none.
    pub(crate) actual: Option<String>,
    /// Whether it holds.
    pub(crate) holds: bool,
    /// The place in the person's log of the activity that proves or disproves it.
    pub(crate) activity: Option<u32>,
}

/// The names of what filters know by number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wording<'a> {
    /// Person fields.
    pub(crate) fields: &'a FieldCatalogue,
    /// Activity types.
    pub(crate) activities: &'a ActivityCatalogue,
    /// Static lists.
    pub(crate) lists: &'a SharedNames,
    /// Programs.
    pub(crate) programs: &'a SharedNames,
}

/// Explains a filter; the top-level entries are numbered from 1.
pub(crate) fn explain(filter: &Filter, facts: &Facts<'_>, wording: &Wording<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    match filter {
        Filter::All(parts) => {
            for (part, number) in parts.iter().zip(1..) {
                explain_part(part, &RulePosition::top(number), facts, wording, &mut rules);
            }
        }
        Filter::Any(_) | Filter::Leaf(_) => {
            explain_part(filter, &RulePosition::top(1), facts, wording, &mut rules);
        }
    }
    rules
}

/// Explains the constraints of a trigger for one activity.
pub(crate) fn explain_constraints(
    activity: ActivityTypeId,
    constraints: &[Constraint],
    primary: Option<&Text>,
    attributes: &[(Key, Value)],
    when: &EvaluationTime<'_>,
    wording: &Wording<'_>,
) -> Vec<Rule> {
    let activity_type = wording.activities.get(activity);
    let rule = |(constraint, number): (&Constraint, usize)| {
        let (name, actual) = match &constraint.attribute {
            ConstraintOn::Primary => (
                activity_type.primary.as_ref().map(|p| p.key.as_ref()),
                primary.map(ToString::to_string),
            ),
            ConstraintOn::Other(key) => (
                Some(key.as_ref()),
                attribute(attributes, key).map(|value| value.to_text().to_string()),
            ),
        };
        Rule {
            number: number.to_string(),
            depth: 0,
            is_group: false,
            rule: name.unwrap_or_default().replace('_', " "),
            wanted: constraint.wanted.clone(),
            actual,
            holds: constraints_hold(std::slice::from_ref(constraint), primary, attributes, when),
            activity: None,
        }
    };
    constraints.iter().zip(1..).map(rule).collect()
}

/// Where a rule stands.
struct RulePosition {
    number: String,
    depth: usize,
}

impl RulePosition {
    fn top(number: usize) -> Self {
        Self {
            number: number.to_string(),
            depth: 0,
        }
    }

    fn below(&self, number: usize) -> Self {
        Self {
            number: format!("{}.{number}", self.number),
            depth: self.depth + 1,
        }
    }
}

fn explain_part(
    filter: &Filter,
    place: &RulePosition,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
    rules: &mut Vec<Rule>,
) {
    let (parts, wanted) = match filter {
        Filter::All(parts) => (parts, "all"),
        Filter::Any(parts) => (parts, "any"),
        Filter::Leaf(leaf) => return explain_leaf(leaf, place, facts, wording, rules),
    };
    let holding = parts.iter().filter(|part| part.holds(facts)).count();
    rules.push(Rule {
        number: place.number.clone(),
        depth: place.depth,
        is_group: true,
        rule: "group".to_owned(),
        wanted: wanted.to_owned(),
        actual: Some(format!("{holding} of {}", parts.len())),
        holds: filter.holds(facts),
        activity: None,
    });
    for (part, number) in parts.iter().zip(1..) {
        explain_part(part, &place.below(number), facts, wording, rules);
    }
}

fn explain_leaf(
    leaf: &Leaf,
    place: &RulePosition,
    facts: &Facts<'_>,
    wording: &Wording<'_>,
    rules: &mut Vec<Rule>,
) {
    let LeafText {
        rule,
        wanted,
        actual,
        activity,
    } = leaf_text(leaf, facts, wording);
    rules.push(Rule {
        number: place.number.clone(),
        depth: place.depth,
        is_group: false,
        rule,
        wanted,
        actual,
        holds: leaf.holds(facts),
        activity,
    });
    if let LeafKind::MemberOfSmartList { lists, .. } = &leaf.kind {
        for (list, number) in lists.iter().zip(1..) {
            if rules.len() >= MOST_RULES {
                break;
            }
            // Everyone is a list without a filter, of which nothing is to be reported.
            if list.filter != Filter::All(Vec::new()) {
                explain_part(&list.filter, &place.below(number), facts, wording, rules);
            }
        }
    }
}

/// Says what a membership is, as far as it is asked about.
fn membership_text(membership: &Membership, tests: &MembershipTests) -> String {
    let mut text = membership.status.to_string();
    if membership.success_at.is_some() {
        text.push_str(", success");
    }
    let mut add = |what: String| {
        text.push_str(", ");
        text.push_str(&what);
    };
    if !tests.since.is_empty() {
        add(format!("member since {}", membership.since));
    }
    if !tests.success_at.is_empty()
        && let Some(at) = membership.success_at
    {
        add(format!("success on {at}"));
    }
    if tests.acquired_by.is_some() {
        let not = if membership.acquired_by { "" } else { "not " };
        add(format!("{not}acquired by it"));
    }
    for (key, _) in &tests.fields {
        let value = attribute(&membership.fields, key);
        let value = value.map_or_else(|| Text::from("none"), Value::to_text);
        add(format!("{} {value}", key.replace('_', " ")));
    }
    text
}

/// What a leaf is about, in words.
struct LeafText {
    rule: String,
    wanted: String,
    actual: Option<String>,
    activity: Option<u32>,
}

fn leaf_text(leaf: &Leaf, facts: &Facts<'_>, wording: &Wording<'_>) -> LeafText {
    let person = facts.person;
    let actual = match &leaf.kind {
        LeafKind::Field { field, .. } => {
            let value = person.field(facts.layout, *field);
            value.map(|value| value.to_text().to_string())
        }
        LeafKind::Activity(filter) => return activity_text(filter, leaf, facts),
        LeafKind::MemberOfList { lists, .. } => {
            let on = person.lists.iter().filter(|list| lists.has(**list));
            let names: Vec<Text> = on.map(|list| wording.lists.name(list.0)).collect();
            let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
            Some(one_or_none(&names))
        }
        LeafKind::MemberOfSmartList { lists, .. } => {
            let within = lists.iter().filter(|list| list.filter.holds(facts));
            let names: Vec<&str> = within.map(|list| list.name.as_str()).collect();
            Some(one_or_none(&names))
        }
        LeafKind::MemberOfSmartCampaign { campaigns, .. } => {
            let passed = person.passed.iter();
            let passed = passed.filter(|passed| campaigns.has(passed.campaign));
            let times: u32 = passed.map(|passed| passed.times).sum();
            Some(match times {
                0 => "never entered".to_owned(),
                1 => "entered once".to_owned(),
                times => format!("entered {times} times"),
            })
        }
        LeafKind::MemberOfProgram {
            programs, tests, ..
        } => {
            let memberships = person.programs.iter();
            let memberships: Vec<String> = memberships
                .filter(|(program, _)| programs.has(*program))
                .map(|(program, membership)| {
                    let name = wording.programs.name(program.0);
                    format!("{name}: {}", membership_text(membership, tests))
                })
                .collect();
            let memberships: Vec<&str> = memberships.iter().map(String::as_str).collect();
            Some(one_or_none(&memberships))
        }
        LeafKind::ProgramStatus { program, .. } => status(person, *program),
        LeafKind::RandomSample { .. } => {
            let drawn = if leaf.holds(facts) {
                "drawn"
            } else {
                "not drawn"
            };
            Some(drawn.to_owned())
        }
    };
    LeafText {
        rule: leaf.subject.clone(),
        wanted: leaf.wanted.clone(),
        actual,
        activity: None,
    }
}

/// Says what someone has of what a filter asks about.
pub(super) fn actual_of(leaf: &Leaf, facts: &Facts<'_>, wording: &Wording<'_>) -> Option<String> {
    leaf_text(leaf, facts, wording).actual
}

fn status(person: &Person, program: crate::domain::ProgramId) -> Option<String> {
    person
        .membership(program)
        .map(|membership| membership.status.to_string())
}

fn activity_text(filter: &ActivityFilter, leaf: &Leaf, facts: &Facts<'_>) -> LeafText {
    let mut matching = filter.matching(facts);
    let newest = matching.next();
    let count = usize::from(newest.is_some()) + matching.count();
    let wanted = match (filter.sense, filter.at_least) {
        (Sense::Positive, times) => format!("at least {times}"),
        (Sense::Negative, 1) => "none".to_owned(),
        (Sense::Negative, times) => format!("fewer than {times}"),
    };
    let actual = match newest {
        None => "none".to_owned(),
        Some(record) if count == 1 => format!("1, at {}", record.at),
        Some(record) => format!("{count}, the last at {}", record.at),
    };
    LeafText {
        rule: leaf.subject.clone(),
        wanted,
        actual: Some(actual),
        activity: newest.map(|record| record.ordinal),
    }
}

fn one_or_none(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}
