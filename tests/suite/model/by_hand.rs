//! Cases computed by hand, since a model may be wrong as well: each shows one rule on one or two people.

use super::calendar::{DAY, HOUR, Span, Unit, Zone, read, rfc3339};
use super::catalogue::Act;
use super::definition::{
    Action, Campaign, Change, Email, Field, Filter, Logic, Mode, NewValue, Part, Program,
    Qualification, Status, Step, StepKind, Template, Trigger, Wait, Workspace,
};
use super::happening::Model;
use super::operator::Op;
use super::scenario::{Event, PersonList, PersonRow};
use super::value::{Kind, Val};
use super::waits::wait_ends;

const MONDAY: &str = "2026-11-02T10:00:00Z";

fn workspace(campaigns: Vec<Campaign>) -> Workspace {
    let field = |name: &str, kind, custom| Field {
        name: name.to_owned(),
        kind,
        custom,
    };
    Workspace {
        zone: Zone::Utc,
        monday: false,
        per_day: None,
        per_7_days: None,
        cascade: (20, 40),
        fields: vec![
            field("state", Kind::String, false),
            field("lead_score", Kind::Score, false),
            field("unsubscribed", Kind::Boolean, false),
            field("email_suspended_at", Kind::Datetime, false),
        ],
        lists: vec!["Readers".to_owned()],
        emails: vec![Email {
            name: "receipt".to_owned(),
            operational: true,
        }],
        programs: vec![Program {
            name: "Webinar".to_owned(),
            statuses: vec![
                status("Invited", 10, false),
                status("No show", 30, false),
                status("Attended", 30, true),
            ],
            tokens: Vec::new(),
        }],
        tokens: Vec::new(),
        smart_lists: Vec::new(),
        campaigns,
    }
}

fn status(name: &str, step: i64, success: bool) -> Status {
    Status {
        name: name.to_owned(),
        step,
        success,
    }
}

fn campaign(name: &str, trigger: Act, flow: Vec<Step>) -> Campaign {
    Campaign {
        name: name.to_owned(),
        program: None,
        mode: Mode::Triggered,
        triggers: vec![Trigger {
            act: trigger,
            constraints: Vec::new(),
        }],
        filters: Vec::new(),
        logic: Logic::All,
        flow,
        qualification: Qualification::EveryTime,
        priority: None,
        active: true,
        obeys_limits: false,
        schedule: None,
    }
}

fn step(kind: StepKind, action: Action) -> Step {
    Step {
        id: None,
        kind,
        default: Some(action),
        choices: Vec::new(),
    }
}

fn add(points: i64) -> Step {
    let field = "lead_score".to_owned();
    let change = Change::Add(points);
    step(StepKind::ChangeScore, Action::ChangeScore { field, change })
}

fn set_state(state: &str) -> Step {
    let field = "state".to_owned();
    let value = NewValue::Set(Template(vec![Part::Text(state.to_owned())]));
    step(
        StepKind::ChangeDataValue,
        Action::ChangeDataValue { field, value },
    )
}

fn hours(count: u32) -> Span {
    Span {
        count,
        unit: Unit::Hour,
    }
}

fn wait(length: Span) -> Step {
    let wait = Wait::For {
        length,
        weekdays: Vec::new(),
        time: None,
    };
    step(StepKind::Wait, Action::Wait(wait))
}

/// A model of a workspace in which all triggers take events and there is Ann.
fn with_ann(workspace: &Workspace) -> Model<'_> {
    let mut model = Model::new(workspace);
    model.world.active = (0..workspace.campaigns.len()).collect();
    let ann = PersonRow {
        id: None,
        email: Some("ann@example.com".to_owned()),
        cells: vec![Some(Val::Int(30))],
    };
    let list = PersonList {
        by_id: false,
        columns: vec!["lead_score".to_owned()],
        rows: vec![ann],
        list: None,
        as_activities: false,
    };
    model.load_people(&list, read(MONDAY));
    model
}

fn visit(at: i64) -> Event {
    Event {
        at,
        id: None,
        person: "ANN@example.com".to_owned(),
        act: Act::VisitWebPage,
        attributes: vec![("web_page", Some(Val::Text("/pricing".to_owned())))],
        form: Vec::new(),
        nested: false,
    }
}

/// The log in short: type, outcome's first letter, step.
fn log(model: &Model<'_>) -> Vec<String> {
    let rows = model.world.people[0].log.iter();
    rows.map(|row| {
        let outcome = row
            .outcome
            .map_or(String::new(), |outcome| format!(" {outcome:?}"));
        let origin = row.origin.map_or(String::new(), |origin| {
            format!(
                " {} {}",
                model.workspace.full_name(origin.campaign),
                origin.step
            )
        });
        format!("{}{outcome}{origin}", row.kind)
    })
    .collect()
}

#[test]
fn campaigns_that_react_to_one_activity_go_by_priority_then_name() {
    let workspace = workspace(vec![
        campaign("B low", Act::VisitWebPage, vec![add(1)]),
        campaign("A low", Act::VisitWebPage, vec![add(1)]),
        campaign(
            "Z high",
            Act::VisitWebPage,
            vec![step(
                StepKind::SendEmail,
                Action::SendEmail("receipt".to_owned()),
            )],
        ),
    ]);
    let mut model = with_ann(&workspace);
    model.replay(&[vec![visit(read(MONDAY))]], None);
    assert_eq!(
        log(&model),
        [
            "visit_webpage",
            "send_email Succeeded Z high 1",
            "change_score Succeeded A low 1",
            "change_score Succeeded B low 1",
        ]
    );
}

#[test]
fn what_a_walk_starts_comes_after_it_first_in_first_out() {
    let workspace = workspace(vec![
        campaign(
            "Visit",
            Act::VisitWebPage,
            vec![add(1), set_state("CA"), add(2)],
        ),
        Campaign {
            qualification: Qualification::OnlyOnce,
            ..campaign("Score", Act::ChangeScore, vec![set_state("NY")])
        },
        campaign("Value", Act::ChangeDataValue, vec![wait(hours(1))]),
    ]);
    let mut model = with_ann(&workspace);
    model.replay(&[vec![visit(read(MONDAY))]], None);
    assert_eq!(
        log(&model),
        [
            "visit_webpage",
            "change_score Succeeded Visit 1",
            "change_data_value Succeeded Visit 2",
            "change_score Succeeded Visit 3",
            "change_data_value Succeeded Score 1",
            "wait_started Succeeded Value 1",
            "wait_started Succeeded Value 1",
        ]
    );
}

#[test]
fn a_wait_ends_before_an_event_of_the_same_instant() {
    let start = read(MONDAY);
    let workspace = workspace(vec![campaign(
        "Visit",
        Act::VisitWebPage,
        vec![wait(hours(2)), add(1)],
    )]);
    let mut model = with_ann(&workspace);
    model.replay(&[vec![visit(start), visit(start + 2 * HOUR)]], None);
    assert_eq!(
        log(&model),
        [
            "visit_webpage",
            "wait_started Succeeded Visit 1",
            "wait_ended Succeeded Visit 1",
            "change_score Succeeded Visit 2",
            "visit_webpage",
            "wait_started Succeeded Visit 1",
        ]
    );
}

#[test]
fn a_late_event_begins_a_wait_that_may_have_ended() {
    let start = read(MONDAY);
    let workspace = workspace(vec![campaign(
        "Visit",
        Act::VisitWebPage,
        vec![wait(hours(2))],
    )]);
    let mut model = with_ann(&workspace);
    model.replay(&[vec![visit(start + DAY)]], None);
    model.replay(&[vec![visit(start)]], None);
    assert_eq!(model.world.watermark, Some(start + DAY));
    assert_eq!(model.world.waits.len(), 1, "the later visit still waits");
    let ended = model.world.people[0].log.last().unwrap();
    assert_eq!((ended.kind, ended.at), ("wait_ended", start + 2 * HOUR));
}

#[test]
fn once_every_day_admits_after_exactly_a_day() {
    let start = read(MONDAY);
    let day = Span {
        count: 1,
        unit: Unit::Day,
    };
    let workspace = workspace(vec![Campaign {
        qualification: Qualification::OnceEvery(day),
        ..campaign("Visit", Act::VisitWebPage, vec![add(1)])
    }]);
    let mut model = with_ann(&workspace);
    model.replay(
        &[vec![
            visit(start),
            visit(start + DAY - 1),
            visit(start + DAY),
        ]],
        None,
    );
    assert_eq!(model.world.entries.len(), 2);
}

#[test]
fn a_program_status_never_goes_down_and_equal_steps_swap() {
    let to = |status: &str| {
        let status = status.to_owned();
        step(
            StepKind::ChangeProgramStatus,
            Action::ChangeProgramStatus { program: 0, status },
        )
    };
    let flow = vec![to("Attended"), to("Invited"), to("No show"), to("No show")];
    let workspace = workspace(vec![campaign("Visit", Act::VisitWebPage, flow)]);
    let mut model = with_ann(&workspace);
    model.replay(&[vec![visit(read(MONDAY))]], None);
    let reasons: Vec<Option<&str>> = model.world.people[0].log[1..]
        .iter()
        .map(|row| row.reason.as_deref())
        .collect();
    assert_eq!(
        reasons,
        [None, Some("lower status"), None, Some("no change")]
    );
    let member = &model.world.people[0].programs[&0];
    assert_eq!(member.status, "No show");
    assert_eq!(member.success_at, Some(read(MONDAY)), "success stays");
}

#[test]
fn a_circle_is_cut_at_the_limit() {
    let mut workspace = workspace(vec![campaign("Circle", Act::ChangeScore, vec![add(1)])]);
    workspace.cascade = (3, 40);
    let mut model = with_ann(&workspace);
    let score = Event {
        act: Act::ChangeScore,
        attributes: vec![
            ("field", Some(Val::Text("lead_score".to_owned()))),
            ("new_value", Some(Val::Int(50))),
        ],
        ..visit(read(MONDAY))
    };
    model.replay(&[vec![score]], None);
    assert_eq!(
        log(&model),
        [
            "change_score",
            "change_score Succeeded Circle 1",
            "change_score Succeeded Circle 1",
            "change_score Succeeded Circle 1",
            "change_score Failed Circle 1",
        ]
    );
    assert_eq!(model.world.entries.len(), 3);
}

#[test]
fn an_event_without_id_is_known_by_its_content_and_ordinal() {
    let workspace = workspace(Vec::new());
    let mut model = with_ann(&workspace);
    let at = read(MONDAY);
    model.replay(&[vec![visit(at), visit(at)]], None);
    model.replay(&[vec![visit(at), visit(at), visit(at)]], None);
    assert_eq!(log(&model).len(), 3, "the third is new");
}

#[test]
fn a_batch_sends_one_email_to_one_address() {
    let letter = step(StepKind::SendEmail, Action::SendEmail("receipt".to_owned()));
    let workspace = workspace(vec![Campaign {
        mode: Mode::Batch,
        triggers: Vec::new(),
        filters: vec![Filter::Field {
            field: "unsubscribed".to_owned(),
            ops: vec![Op::Is(vec![Val::Bool(false)])],
        }],
        ..campaign("Letter", Act::VisitWebPage, vec![letter])
    }]);
    let mut model = Model::new(&workspace);
    let row = |id: &str| PersonRow {
        id: Some(id.to_owned()),
        email: Some("both@example.com".to_owned()),
        cells: Vec::new(),
    };
    let list = PersonList {
        by_id: true,
        columns: Vec::new(),
        rows: vec![row("a"), row("b")],
        list: None,
        as_activities: false,
    };
    model.load_people(&list, read(MONDAY));
    model.run(0, read(MONDAY));
    let reason = |person: usize| model.world.people[person].log[0].reason.clone();
    assert_eq!(reason(0), None);
    assert_eq!(reason(1).as_deref(), Some("address already served"));
}

#[test]
fn friday_evening_and_two_days_end_on_monday_morning() {
    use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
    let wait = Wait::For {
        length: hours(48),
        weekdays: vec![Mon, Tue, Wed, Thu, Fri],
        time: chrono::NaiveTime::from_hms_opt(9, 0, 0),
    };
    let ends = wait_ends(&wait, read("2026-10-30T17:00:00Z"), Zone::Utc, |_| None);
    assert_eq!(ends.map(rfc3339).as_deref(), Some("2026-11-02T09:00:00Z"));
}

#[test]
fn the_anniversary_of_a_leap_day_is_the_28th() {
    let wait = Wait::Token {
        field: "renewal".to_owned(),
        offset: -1,
        anniversary: true,
        time: None,
    };
    let born = Val::Date(chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
    let ends = wait_ends(&wait, read("2027-02-01T12:00:00Z"), Zone::Utc, |_| {
        Some(born.clone())
    });
    assert_eq!(ends.map(rfc3339).as_deref(), Some("2027-02-27T00:00:00Z"));
}
