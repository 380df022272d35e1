//! What filters other than those on fields mean: activities, memberships, groups, samples.

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
        written: String::new(),
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
fn memberships_hold_for_any_and_their_complements_for_none() {
    let lists = |ids: &[u32], sense| {
        let lists = MemberOf::These(ids.iter().copied().map(ListId).collect());
        leaf(LeafKind::MemberOfList { sense, lists })
    };
    assert!(holds(&lists(&[0, 4], Sense::Positive)));
    assert!(!holds(&lists(&[0, 4], Sense::Negative)));
    assert!(!holds(&lists(&[0, 2], Sense::Positive)));
    assert!(holds(&lists(&[0, 2], Sense::Negative)));
    let campaigns = |id, sense| {
        let campaigns = MemberOf::These(vec![CampaignId(id)]);
        leaf(LeafKind::MemberOfSmartCampaign { sense, campaigns })
    };
    assert!(holds(&campaigns(2, Sense::Positive)));
    assert!(holds(&campaigns(3, Sense::Negative)));
}

#[test]
fn one_membership_satisfies_all_of_a_program_filter() {
    let program = |ids: &[u32], status: &str, success, sense| {
        leaf(LeafKind::MemberOfProgram {
            sense,
            programs: MemberOf::These(ids.iter().copied().map(ProgramId).collect()),
            tests: MembershipTests {
                status: vec![text_test(Operator::Is, status)],
                success,
                ..MembershipTests::default()
            },
        })
    };
    assert!(holds(&program(
        &[0, 1],
        "attended",
        Some(true),
        Sense::Positive
    )));
    assert!(
        !holds(&program(&[0, 1], "invited", Some(true), Sense::Positive)),
        "invited to one, success in the other"
    );
    assert!(holds(&program(
        &[0, 1],
        "invited",
        Some(true),
        Sense::Negative
    )));
    assert!(holds(&program(&[0], "invited", None, Sense::Positive)));
    let own = |program, operator| {
        leaf(LeafKind::ProgramStatus {
            program: ProgramId(program),
            tests: vec![text_test(operator, "Invited")],
        })
    };
    assert!(holds(&own(0, Operator::Is)));
    assert!(!holds(&own(9, Operator::Is)));
    assert!(
        holds(&own(9, Operator::IsNot)),
        "someone who is not a member has no status"
    );
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
fn a_smart_list_is_asked_live() {
    let list = |filter| {
        let name = "Clickers".to_owned();
        let is_system = false;
        vec![Arc::new(SmartList::new(name, is_system, filter))]
    };
    let clickers = leaf(LeafKind::Activity(clicked(&[], Some(7), 1)));
    let sense = Sense::Positive;
    let lists = list(clickers);
    let filter = leaf(LeafKind::MemberOfSmartList { sense, lists });
    assert!(holds(&filter));
    let mut needs = Needs::default();
    filter.needs(&mut needs);
    assert!(
        needs.history.contains(&BuiltinActivity::ClickEmail.id()),
        "what it reads is needed"
    );
}

#[test]
fn a_sample_is_near_its_share_stable_and_its_own() {
    let layout = Layout::all(&FieldCatalogue::standard());
    let zone = Zone::utc();
    let drawn_as = |frequency, share, key, draw| -> Vec<bool> {
        let sample = leaf(LeafKind::RandomSample {
            share,
            key,
            frequency,
        });
        let email = layout.slot(EMAIL).unwrap();
        (1..=20_000)
            .map(|number| {
                let mut person = Person::new(PersonId(1), &layout);
                person.fields[email] = Some(Value::text(&format!("p{number}@Example.com")));
                sample.holds(&facts(&person, &layout, &zone, draw))
            })
            .collect()
    };
    let drawn = |share, key, draw| drawn_as(DrawFrequency::OncePerPerson, share, key, draw);
    let each_time = |draw| drawn_as(DrawFrequency::EachTime, 1_000, 7, draw);
    let draw = Draw::default();
    let later = Draw {
        occasion: Occasion::at(Instant::from_micros(1)),
        ..draw
    };
    let count = |drawn: &[bool]| drawn.iter().filter(|d| **d).count();
    let tenth = drawn(1_000, 7, draw);
    assert!((1_850..2_150).contains(&count(&tenth)), "{}", count(&tenth));
    assert_eq!(tenth, drawn(1_000, 7, draw), "asked again, the same people");
    assert_eq!(tenth, drawn(1_000, 7, later), "later, the same people");
    assert_eq!(each_time(draw), each_time(draw), "at once, the same people");
    assert_eq!(count(&drawn(0, 7, draw)), 0);
    assert_eq!(count(&drawn(10_000, 7, draw)), 20_000);
    for other in [
        drawn(1_000, 8, draw),
        drawn(1_000, 7, Draw { seed: 1, ..draw }),
        each_time(draw),
    ] {
        let both = tenth.iter().zip(&other).filter(|(a, b)| **a && **b).count();
        assert!(
            (120..280).contains(&both),
            "independent draws share a tenth: {both}"
        );
    }
    let (once, again) = (each_time(draw), each_time(later));
    let both = once.iter().zip(&again).filter(|(a, b)| **a && **b).count();
    assert!((120..280).contains(&both), "each time a tenth anew: {both}");
}

#[test]
fn a_sample_draws_by_the_key_by_which_a_person_was_first_given() {
    let layout = Layout::all(&FieldCatalogue::standard());
    let zone = Zone::utc();
    let person = |number, email: Option<&str>, id: Option<&str>, first: Option<&str>| {
        let mut person = Person::new(PersonId(number), &layout);
        for (field, value) in [(EMAIL, email), (ID, id)] {
            person.fields[layout.slot(field).unwrap()] = value.map(Value::text);
        }
        person.first_key = first.map(Text::from);
        person
    };
    let draws = |person: &Person| -> Vec<bool> {
        (0..64)
            .map(|key| {
                let frequency = DrawFrequency::OncePerPerson;
                let share = 5_000;
                let sample = leaf(LeafKind::RandomSample {
                    share,
                    key,
                    frequency,
                });
                sample.holds(&facts(person, &layout, &zone, Draw::default()))
            })
            .collect()
    };
    let ann = draws(&person(1, Some("ann@example.com"), None, None));
    for (same, why) in [
        (person(9, Some("ann@example.com"), None, None), "her number"),
        (person(1, Some("Ann@Example.COM"), None, None), "case"),
        (person(1, Some("ann@example.com"), Some("7"), None), "an id"),
        (
            person(
                1,
                Some("new@example.com"),
                Some("7"),
                Some("ann@example.com"),
            ),
            "another address",
        ),
    ] {
        assert_eq!(draws(&same), ann, "{why} makes no difference");
    }
    let seven = draws(&person(1, None, Some("7"), None));
    assert_ne!(seven, ann);
    assert_eq!(draws(&person(2, None, Some("7"), None)), seven);
    assert_ne!(
        draws(&person(1, None, None, None)),
        draws(&person(2, None, None, None))
    );
}

#[test]
fn every_rule_is_explained_also_after_one_has_failed() {
    let catalogue = FieldCatalogue::standard();
    let layout = Layout::all(&catalogue);
    let mut person = ann(&layout);
    let state = catalogue.find("state").unwrap();
    person.fields[layout.slot(state).unwrap()] = Some(Value::text("CA"));
    let written = |written: &str, kind| {
        let written = written.to_owned();
        Filter::Leaf(Leaf { written, kind })
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
        written("state is NY", field(Operator::Is, "NY")),
        Filter::Any(vec![
            written(
                "not clicked link in email: spring",
                LeafKind::Activity(never),
            ),
            written(
                "member of list is Readers",
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
    let told: Vec<String> = explain(&filter, &facts, &wording)
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
        told,
        [
            "1 state | is NY | CA | false None",
            "2 group | any | 1 of 2 | true None",
            "2.1 not clicked link in email: spring | none | 2, the last at 2026-10-13T10:00:00Z | false Some(1)",
            "2.2 member of list | is Readers | Readers | true None",
        ]
    );
}
