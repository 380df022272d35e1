//! What filters other than those on fields mean: activities, memberships, groups, samples.

mod memberships;
mod samples;

use std::sync::Arc;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::fold_value;
use crate::domain::{
    CampaignId, Duration, FieldCatalogue, Instant, Key, ListId, PersonId, ProgramId, Text, Value,
    Zone,
};
use crate::filter::explain::{Wording, explain};
use crate::filter::operator::{Comparison, Number, Point, Side, TextRelation, WeekStart, Window};
use crate::filter::{Criterion, MemberOf, Operator, Sense, SmartList};
use crate::world::{EntryStats, Membership, Needs, SharedNames};

use super::*;

const NOW: i64 = 1_793_613_600_000_000; // 2026-11-02T10:00:00Z
const DAY: i64 = crate::domain::instant::DAY;

/// Ann, a person with some history, lists and programs.
fn ann(layout: &Layout) -> Person {
    let mut ann = Person::new(PersonId(1), layout);
    ann.lists = vec![ListId(1), ListId(4)];
    ann.passed = vec![EntryStats {
        campaign: CampaignId(2),
        times: 2,
        first_at: Instant::from_micros(NOW - 9 * DAY),
        last_at: Instant::from_micros(NOW - DAY),
    }];
    ann.programs = vec![
        (ProgramId(0), membership("Invited", false)),
        (ProgramId(1), membership("Attended", true)),
    ];
    ann.history = vec![
        click(0, 40, "spring", "/pricing"),
        click(1, 20, "spring", "/about"),
        click(2, 3, "autumn", "/pricing"),
    ];
    ann
}

fn membership(status: &str, success: bool) -> Membership {
    Membership {
        status: Text::from(status),
        success_at: success.then(|| Instant::from_micros(NOW)),
        since: Instant::from_micros(NOW - DAY),
        acquired_by: success,
        fields: Vec::new(),
    }
}

fn click(ordinal: u32, days_ago: i64, email: &str, link: &str) -> PastActivity {
    PastActivity {
        at: Instant::from_micros(NOW - days_ago * DAY),
        activity: BuiltinActivity::ClickEmail.id(),
        ordinal,
        primary: Some(Text::from(email)),
        attributes: Arc::from([(Key::from("link"), Value::text(link))]),
    }
}

fn leaf(kind: LeafKind) -> Filter {
    Filter::Leaf(Leaf {
        subject: String::new(),
        wanted: String::new(),
        kind,
    })
}

fn text_test(operator: Operator, text: &str) -> Test {
    let relation = if let Comparison::Text(relation) = operator.comparison() {
        relation
    } else {
        TextRelation::Is
    };
    Test {
        sense: operator.sense(),
        criterion: Criterion::Text(relation, vec![fold_value(text).into_boxed_str()]),
    }
}

fn on(attribute: ConstraintOn, operator: Operator, text: &str) -> Constraint {
    Constraint {
        attribute,
        wanted: String::new(),
        tests: vec![text_test(operator, text)],
    }
}

fn email(operator: Operator, text: &str) -> Constraint {
    on(ConstraintOn::Primary, operator, text)
}

fn link(operator: Operator, text: &str) -> Constraint {
    on(ConstraintOn::Other(Key::from("link")), operator, text)
}

fn clicked(constraints: &[Constraint], days: Option<u32>, at_least: u32) -> ActivityFilter {
    let within = days.map(|count| {
        let unit = crate::domain::Unit::Day;
        Test::that(Criterion::Window(Window::Past, Duration { count, unit }))
    });
    ActivityFilter {
        sense: Sense::Positive,
        activity: BuiltinActivity::ClickEmail.id(),
        constraints: constraints.to_vec(),
        date: within.into_iter().collect(),
        at_least,
    }
}

fn holds_for(person: &Person, layout: &Layout, filter: &Filter) -> bool {
    let zone = Zone::utc();
    filter.holds(&facts(person, layout, &zone, Draw::default()))
}

fn facts<'a>(person: &'a Person, layout: &'a Layout, zone: &'a Zone, draw: Draw) -> Facts<'a> {
    Facts {
        person,
        layout,
        when: EvaluationTime {
            now: Instant::from_micros(NOW),
            zone,
            week_start: WeekStart::Sunday,
        },
        draw,
    }
}

fn holds(filter: &Filter) -> bool {
    let layout = Layout::all(&FieldCatalogue::standard());
    holds_for(&ann(&layout), &layout, filter)
}

#[test]
fn constraints_bind_to_one_and_the_same_activity() {
    let spring_pricing = [
        email(Operator::Is, "SPRING"),
        link(Operator::Contains, "pricing"),
    ];
    let autumn_about = [
        email(Operator::Is, "autumn"),
        link(Operator::Contains, "about"),
    ];
    assert!(holds(&leaf(LeafKind::Activity(clicked(
        &spring_pricing,
        None,
        1
    )))));
    assert!(
        !holds(&leaf(LeafKind::Activity(clicked(&autumn_about, None, 1)))),
        "one click was of autumn, another on about, none was both"
    );
}

#[test]
fn activities_are_counted_within_their_window() {
    let rows = [
        (None, 3, true),
        (None, 4, false),
        (Some(30), 2, true),
        (Some(30), 3, false),
        (Some(2), 1, false),
    ];
    for (days, at_least, expected) in rows {
        let filter = clicked(&[], days, at_least);
        assert_eq!(
            holds(&leaf(LeafKind::Activity(filter))),
            expected,
            "{days:?} {at_least}"
        );
    }
}

#[test]
fn an_inverse_is_the_exact_complement_count_included() {
    let sets: [&[Constraint]; 4] = [
        &[],
        &[email(Operator::Is, "spring")],
        &[email(Operator::IsNot, "spring")],
        &[link(Operator::Is, "/nowhere")],
    ];
    for constraints in sets {
        for days in [None, Some(1), Some(30)] {
            for at_least in 1..5 {
                let positive = clicked(constraints, days, at_least);
                let negative = ActivityFilter {
                    sense: Sense::Negative,
                    ..positive.clone()
                };
                assert_ne!(
                    holds(&leaf(LeafKind::Activity(positive))),
                    holds(&leaf(LeafKind::Activity(negative)))
                );
            }
        }
    }
}

#[test]
fn clicked_something_else_is_not_the_same_as_never_clicked_it() {
    let other = clicked(&[email(Operator::IsNot, "spring")], None, 1);
    let never = ActivityFilter {
        sense: Sense::Negative,
        ..clicked(&[email(Operator::Is, "spring")], None, 1)
    };
    assert!(
        holds(&leaf(LeafKind::Activity(other))),
        "there was a click in autumn"
    );
    assert!(
        !holds(&leaf(LeafKind::Activity(never))),
        "there was one in spring"
    );
}

#[test]
fn an_attribute_that_an_activity_has_not_is_empty() {
    let zone = Zone::utc();
    let when = facts_when(&zone);
    let platform = |operator| on(ConstraintOn::Other(Key::from("platform")), operator, "ios");
    let empty = Constraint {
        tests: vec![Test::that(Criterion::Empty)],
        ..platform(Operator::Is)
    };
    let attributes = [(Key::from("link"), Value::text("/a"))];
    let asks = |constraint: Constraint| constraints_hold(&[constraint], None, &attributes, &when);
    assert!(!asks(platform(Operator::Is)));
    assert!(asks(platform(Operator::IsNot)));
    assert!(asks(empty));
    assert!(!asks(email(Operator::Is, "spring")), "so is a primary one");
}

fn facts_when(zone: &Zone) -> EvaluationTime<'_> {
    EvaluationTime {
        now: Instant::from_micros(NOW),
        zone,
        week_start: WeekStart::Sunday,
    }
}

#[test]
fn an_untyped_attribute_is_read_by_the_test() {
    let zone = Zone::utc();
    let when = facts_when(&zone);
    let at_least = Constraint {
        attribute: ConstraintOn::Other(Key::from("new_value")),
        wanted: String::new(),
        tests: vec![Test::that(Criterion::Side(
            Side::AtLeast,
            Point::Number(Number::Whole(9)),
        ))],
    };
    let holds = |value: Value| {
        let attributes = [(Key::from("new_value"), value)];
        constraints_hold(std::slice::from_ref(&at_least), None, &attributes, &when)
    };
    assert!(holds(Value::Integer(10)));
    assert!(holds(Value::text("10")));
    assert!(!holds(Value::text("8")));
    assert!(!holds(Value::text("many")));
}

#[test]
fn a_group_of_none_holds_for_all_and_fails_for_any() {
    assert!(holds(&Filter::All(Vec::new())));
    assert!(!holds(&Filter::Any(Vec::new())));
    let (yes, no) = (Filter::everyone(), Filter::Any(Vec::new()));
    assert!(holds(&Filter::Any(vec![no.clone(), yes.clone()])));
    assert!(!holds(&Filter::All(vec![yes, no])));
}

#[test]
fn every_rule_is_explained_also_after_one_has_failed() {
    let catalogue = FieldCatalogue::standard();
    let layout = Layout::all(&catalogue);
    let mut person = ann(&layout);
    let state = catalogue.find("state").unwrap();
    person.fields[layout.slot(state).unwrap()] = Some(Value::text("CA"));
    let written = |subject: &str, wanted: &str, kind| {
        Filter::Leaf(Leaf {
            subject: subject.to_owned(),
            wanted: wanted.to_owned(),
            kind,
        })
    };
    let field = |operator, text: &str| LeafKind::Field {
        field: state,
        tests: vec![text_test(operator, text)],
    };
    let never = ActivityFilter {
        sense: Sense::Negative,
        ..clicked(&[email(Operator::Is, "spring")], None, 1)
    };
    let filter = Filter::All(vec![
        written("state", "is NY", field(Operator::Is, "NY")),
        Filter::Any(vec![
            written(
                "not clicked link in email: spring",
                "",
                LeafKind::Activity(never),
            ),
            written(
                "member of list",
                "is Readers",
                LeafKind::MemberOfList {
                    sense: Sense::Positive,
                    lists: MemberOf::These(vec![ListId(1)]),
                },
            ),
        ]),
    ]);
    let lists = SharedNames::default();
    for name in ["Buyers", "Readers"] {
        lists.intern(name);
    }
    let wording = Wording {
        fields: &catalogue,
        activities: &crate::domain::ActivityCatalogue::standard(),
        lists: &lists,
        programs: &SharedNames::default(),
    };
    let zone = Zone::utc();
    let facts = facts(&person, &layout, &zone, Draw::default());
    let explained: Vec<String> = explain(&filter, &facts, &wording)
        .into_iter()
        .map(|rule| {
            let (actual, activity) = (rule.actual.unwrap_or_default(), rule.activity);
            format!(
                "{} {} | {} | {actual} | {} {activity:?}",
                rule.number, rule.rule, rule.wanted, rule.holds
            )
        })
        .collect();
    assert_eq!(
        explained,
        [
            "1 state | is NY | CA | false None",
            "2 group | any | 1 of 2 | true None",
            "2.1 not clicked link in email: spring | none | 2, the last at 2026-10-13T10:00:00Z | false Some(1)",
            "2.2 member of list | is Readers | Readers | true None",
        ]
    );
}
