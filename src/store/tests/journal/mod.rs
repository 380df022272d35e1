//! Journals out and people in again.

mod erasure;
mod people;
mod progress;
mod texts;

use std::sync::Arc;

use crate::domain::field::EMAIL;
use crate::domain::{
    CampaignId, Key, ListId, Outcome, ProgramId, Reason, RunId, Text, Value, WaitId,
};
use crate::store::Store;
use crate::world::Cause;
use crate::world::{
    Activity, Attributes, EntryRow, Journal, ListChange, LogRow, Membership, Message, Origin,
    PersonChange, WaitChange, WaitRow,
};

use super::Place;
use super::workspace::{Workspace, at, person};

/// An event of a type with a page or field, minutes and nothing else.
fn event(workspace: &Workspace, name: &str, when: &str, primary: &str) -> Activity {
    Activity {
        at: at(when),
        activity: workspace.activity(name),
        primary: Some(Text::from(primary)),
        attributes: Arc::from([]),
        origin: None,
        outcome: None,
        reason: None,
        event: None,
        marketo_campaign: None,
    }
}

/// A row of a person's log: its place, and that of the first row of its happening.
fn logged(number: i64, (ordinal, happening): (u32, u32), activity: Activity) -> LogRow {
    LogRow {
        person: person(number),
        ordinal,
        happening: Some(happening),
        activity,
    }
}

fn attributes(list: &[(&str, Value)]) -> Attributes {
    list.iter()
        .map(|(key, value)| (Key::from(*key), value.clone()))
        .collect()
}

fn created(number: i64, email: &str) -> Vec<(crate::domain::PersonId, PersonChange)> {
    vec![
        (person(number), PersonChange::Created),
        (
            person(number),
            PersonChange::Field(EMAIL, Some(Value::text(email))),
        ),
    ]
}

fn wait(workspace: &Workspace, id: i64, who: i64, until: &str) -> WaitRow {
    WaitRow {
        id: WaitId(id),
        person: person(who),
        campaign: CampaignId(1),
        version: 1,
        finishes: None,
        nth: 1,
        step: 2,
        wait_ordinal: 1,
        step_id: Some(Text::from("pause")),
        since: at("2026-11-02 10:00"),
        until: at(until),
        run: None,
        cause: Some(Arc::new(Cause {
            activity: workspace.activity("moves"),
            primary: Some(Text::from("points")),
            attributes: attributes(&[
                ("new_value", Value::Integer(7)),
                ("minutes", Value::Integer(3)),
            ]),
        })),
    }
}

/// Three people: Ann with everything, Bob with little, Cas with a name alone.
pub(crate) fn three(workspace: &mut Workspace, store: &mut Store) {
    Workspace::load(store);
    let mut journal = Journal::default();
    for (number, email) in [
        (1, "Ann@Example.com"),
        (2, "bob@example.com"),
        (3, "CÄS@example.com"),
    ] {
        journal.people.extend(created(number, email));
    }
    let list = ListId(workspace.lists.intern("Readers"));
    let program = ProgramId(workspace.programs.intern("Autumn"));
    let ann = person(1);
    for (name, value) in [
        ("points", Value::Integer(40)),
        ("rate", Value::Float(2.5)),
        ("seen_at", Value::Datetime(at("1969-12-31T23:59:59.250Z"))),
        ("born", Value::Date("1990-05-01".parse().unwrap())),
        ("member", Value::Boolean(true)),
        ("points", Value::Integer(45)),
    ] {
        let change = PersonChange::Field(workspace.field(name), Some(value));
        journal.people.push((ann, change));
    }
    let joined = |change| PersonChange::List {
        list,
        change,
        at: at("2026-11-02 10:00"),
    };
    journal.people.push((ann, joined(ListChange::Joined)));
    journal.people.push((person(2), joined(ListChange::Joined)));
    journal.people.push((person(2), joined(ListChange::Left)));
    journal
        .people
        .push((ann, PersonChange::Program(program, membership())));
    journal.activities = vec![
        logged(
            2,
            (0, 0),
            event(workspace, "reads", "2026-11-02 10:00", "/b"),
        ),
        logged(
            1,
            (0, 0),
            event(workspace, "reads", "2026-11-02 10:00", "/pricing"),
        ),
        logged(
            1,
            (1, 0),
            Activity {
                attributes: attributes(&[
                    ("new_value", Value::Integer(45)),
                    ("odd", Value::Float(1.0)),
                ]),
                origin: Some(Origin {
                    campaign: CampaignId(1),
                    run: Some(RunId(3)),
                    step: 1,
                    choice: Some(0),
                }),
                outcome: Some(Outcome::Succeeded),
                ..event(workspace, "moves", "2026-11-02 10:00", "points")
            },
        ),
        logged(
            1,
            (2, 0),
            Activity {
                origin: Some(Origin {
                    campaign: CampaignId(1),
                    run: None,
                    step: 2,
                    choice: None,
                }),
                outcome: Some(Outcome::Skipped),
                reason: Some(Reason::Unsubscribed),
                ..event(workspace, "mails", "2026-11-02 10:00", "hello")
            },
        ),
        logged(
            1,
            (3, 3),
            Activity {
                event: Some(Text::from("e-9")),
                ..event(workspace, "reads", "2026-11-01", "/late")
            },
        ),
    ];
    journal.entries = vec![
        entry(2, 1, 2),
        entry(2, 1, 1),
        entry(1, 1, 1),
        entry(1, 0, 1),
    ];
    journal.waits = vec![
        WaitChange::Begun(Box::new(wait(workspace, 1, 2, "2026-11-05"))),
        WaitChange::Begun(Box::new(wait(workspace, 2, 2, "2026-11-03"))),
        WaitChange::Begun(Box::new(wait(workspace, 3, 1, "2026-11-04"))),
        WaitChange::Ended {
            wait: WaitId(2),
            person: person(2),
        },
    ];
    journal.outbox = vec![Message {
        person: ann,
        ordinal: 2,
        at: at("2026-11-02 10:00"),
        email: Text::from("hello"),
        to: Text::from("ann@example.com"),
        from: None,
        subject: Text::from("Hello"),
        body: Text::from("Dear Ann"),
    }];
    workspace.write(store, &journal);
}

fn membership() -> Membership {
    Membership {
        status: Text::from("Attended"),
        success_at: Some(at("2026-11-02 10:00")),
        since: at("2026-11-01"),
        acquired_by: false,
        fields: vec![(Key::from("seat"), Value::text("4A"))],
    }
}

fn entry(who: i64, campaign: u32, nth: u32) -> EntryRow {
    EntryRow {
        person: person(who),
        campaign: CampaignId(campaign),
        nth,
        at: at("2026-11-02 10:00").plus_micros(i64::from(nth)),
        run: None,
        version: 1,
        place: nth,
        cause: None,
    }
}

/// Returns a new database and a workspace whose journals it may take.
fn empty() -> (Place, Store, Workspace) {
    let place = Place::new();
    let store = place.create();
    (place, store, Workspace::new())
}

/// Returns a database into which the workspace was loaded.
fn loaded() -> (Place, Store, Workspace) {
    let (place, mut store, workspace) = empty();
    Workspace::load(&mut store);
    (place, store, workspace)
}

/// Returns a database with the workspace and the three people.
fn with_three() -> (Place, Store, Workspace) {
    let (place, mut store, mut workspace) = empty();
    three(&mut workspace, &mut store);
    (place, store, workspace)
}

/// Returns the changes that erase people.
fn erased(people: &[i64]) -> Vec<(crate::domain::PersonId, PersonChange)> {
    let at = at("2026-11-20");
    let people = people.iter().map(|number| person(*number));
    people
        .map(|person| (person, PersonChange::Deleted { at }))
        .collect()
}

/// Checks that no file of the database holds one of some words.
fn nothing_left_of(place: &Place, words: &[&str]) {
    for file in ["bugle.db", "bugle.db-wal"] {
        let bytes = std::fs::read(place.path(file)).unwrap();
        for word in words {
            let mut windows = bytes.windows(word.len());
            assert!(!windows.any(|w| w == word.as_bytes()), "{word} in {file}");
        }
    }
}
