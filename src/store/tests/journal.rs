//! Journals out and people in again.

use std::sync::Arc;

use crate::domain::field::EMAIL;
use crate::domain::{
    CampaignId, Key, ListId, Outcome, PersonKey, ProgramId, Reason, RunId, Text, Value, WaitId,
};
use crate::store::{CommitProgress, NewRun, RunCounts, RunProgress, RunState, Seen, Store};
use crate::world::Cause;
use crate::world::{
    Activity, Attributes, EntryRow, EventIdentity, Journal, ListChange, LogRow, Membership,
    Message, Origin, PersonChange, WaitChange, WaitRow,
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

#[test]
fn people_come_back_as_they_were_written() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let people = workspace.all(&store);
    assert_eq!(people.iter().map(|p| p.id.0).collect::<Vec<_>>(), [1, 2, 3]);
    let (ann, bob, cas) = (&people[0], &people[1], &people[2]);
    let value = |who, field| workspace.value(who, field);
    assert_eq!(value(ann, "email"), Some(Value::text("Ann@Example.com")));
    assert_eq!(value(cas, "email"), Some(Value::text("CäS@example.com")));
    assert_eq!(
        value(ann, "points"),
        Some(Value::Integer(45)),
        "the last change counts"
    );
    assert_eq!(value(ann, "rate"), Some(Value::Float(2.5)));
    assert_eq!(
        value(ann, "seen_at"),
        Some(Value::Datetime(at("1969-12-31T23:59:59.250Z")))
    );
    assert_eq!(
        value(ann, "born"),
        Some(Value::Date("1990-05-01".parse().unwrap()))
    );
    assert_eq!(value(ann, "member"), Some(Value::Boolean(true)));
    assert_eq!(value(bob, "points"), None);
    assert_eq!(value(bob, "unsubscribed"), Some(Value::Boolean(false)));
    assert_eq!((ann.lists.len(), bob.lists.len()), (1, 0));
    assert_eq!(ann.programs[0].1, membership());
    assert_eq!(
        (ann.next_ordinal, bob.next_ordinal, cas.next_ordinal),
        (4, 1, 0)
    );
    let passed = bob.entry_stats(CampaignId(1)).unwrap();
    assert_eq!(
        (passed.times, passed.first_at, passed.last_at),
        (2, entry(2, 1, 1).at, entry(2, 1, 2).at)
    );
    assert_eq!(bob.waits, [wait(&workspace, 1, 2, "2026-11-05")]);
}

#[test]
fn history_is_what_counts_in_the_order_of_the_log() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let people = workspace.all(&store);
    let history: Vec<_> = people[0]
        .history
        .iter()
        .map(|record| (record.ordinal, record.primary.as_deref().unwrap()))
        .collect();
    assert_eq!(
        history,
        [(3, "/late"), (0, "/pricing"), (1, "points")],
        "late first, skipped never"
    );
    assert_eq!(
        people[0].history[2].attributes.as_ref(),
        [
            (Key::from("new_value"), Value::Integer(45)),
            (Key::from("odd"), Value::Float(1.0))
        ]
    );
}

#[test]
fn chosen_people_are_the_same_as_all_people() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let mut far = Journal::default();
    far.people.extend(created(1000, "zed@example.com"));
    workspace.write(&mut store, &far);
    let all = workspace.all(&store);
    let ids = [person(1), person(3), person(999), person(1000)];
    let chosen = workspace
        .everything(&store, |wanted| store.people(&ids, wanted).unwrap())
        .0;
    assert_eq!(chosen, [all[0].clone(), all[2].clone(), all[3].clone()]);
    let ids = [person(1), person(2)];
    let near = workspace
        .everything(&store, |wanted| store.people(&ids, wanted).unwrap())
        .0;
    assert_eq!(near, all[..2]);
    let pages = workspace.everything(&store, |wanted| {
        let first = store.people_after(None, 3, wanted).unwrap();
        let rest = store.people_after(Some(first[2].id), 3, wanted).unwrap();
        [first, rest].concat()
    });
    assert_eq!(pages.0, all);
}

#[test]
fn names_of_the_database_are_learned_and_given_in_order_of_happening() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let mut other = Workspace::new();
    for name in ["first here", "READERS"] {
        other.lists.intern(name);
    }
    let joined = PersonChange::List {
        list: ListId(1),
        change: ListChange::Joined,
        at: at("2026-11-09"),
    };
    let journal = Journal {
        people: vec![(person(3), joined)],
        ..Journal::default()
    };
    other.write(&mut store, &journal);
    assert_eq!(place.query("SELECT name FROM list"), ["Readers"]);
    let (people, names) = other.everything(&store, |wanted| {
        store.people_after(None, 9, wanted).unwrap()
    });
    let readers = names.lists.find("readers").unwrap();
    assert_eq!(people[2].lists, [ListId(readers)]);
    assert_eq!(&*names.programs.name(0), "Autumn");
}

#[test]
fn waits_fall_due_in_order() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let bindings = workspace.bind(&store);
    let due = |until| -> Vec<i64> {
        store
            .due_waits(None, at(until), 10, &bindings)
            .unwrap()
            .iter()
            .map(|wait| wait.id.0)
            .collect()
    };
    assert_eq!(due("2026-11-04"), [3]);
    assert_eq!(due("2026-11-30"), [3, 1]);
    assert_eq!(store.next_due().unwrap(), Some(at("2026-11-04")));
    let ended = |wait, who| WaitChange::Ended {
        wait: WaitId(wait),
        person: person(who),
    };
    let journal = Journal {
        waits: vec![ended(3, 1), ended(1, 2)],
        ..Journal::default()
    };
    workspace.write(&mut store, &journal);
    assert_eq!(store.next_due().unwrap(), None);
}

#[test]
fn a_key_finds_its_person_in_any_case() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let mut again = Journal::default();
    again.people.extend(created(4, "ANN@example.com"));
    again.people.push((
        person(4),
        PersonChange::Field(crate::domain::field::ID, Some(Value::text("A-4"))),
    ));
    workspace.write(&mut store, &again);
    let key = |text: &str| PersonKey::parse(text).unwrap();
    let found = store.find(&key("ANN@EXAMPLE.COM")).unwrap().unwrap();
    assert_eq!((found.person, found.people), (person(1), 2));
    let keys = [
        "#3",
        "nobody@example.com",
        "ann@example.com",
        "cäs@EXAMPLE.com",
        "A-4",
        "a-4",
        "#9",
    ]
    .map(key);
    let wanted = [
        vec![3],
        vec![],
        vec![1, 4],
        vec![3],
        vec![4],
        vec![],
        vec![],
    ];
    let wanted = wanted.map(|numbers| numbers.into_iter().map(person).collect::<Vec<_>>());
    let mut found = vec![Vec::new(); keys.len()];
    let asked = keys.iter().zip(0..).collect();
    let mut note = |place: usize, people: &[_]| found[place] = people.to_vec();
    store.find_many(asked, &mut note).unwrap();
    assert_eq!(found, wanted);
    for (key, wanted) in keys.iter().zip(wanted) {
        let found = store.find(key).unwrap();
        assert_eq!(found.map(|found| found.person), wanted.first().copied());
    }
}

#[test]
fn an_erased_person_leaves_entries_and_a_tombstone_and_no_byte_more() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let journal = Journal {
        people: vec![(
            person(1),
            PersonChange::Deleted {
                at: at("2026-11-20"),
            },
        )],
        activities: vec![logged(
            1,
            (4, 4),
            event(&workspace, "reads", "2026-11-20", "/bye"),
        )],
        ..Journal::default()
    };
    workspace.write(&mut store, &journal);
    assert_eq!(
        place.query("SELECT person_id, campaign, email FROM v_member"),
        [
            "1|Autumn.Newsletter|null",
            "1|Welcome|null",
            "2|Welcome|bob@example.com"
        ]
    );
    for table in [
        "activity WHERE activity_id >> 24 = 1",
        "outbox",
        "list_member",
        "program_member",
    ] {
        assert_eq!(
            place.query(&format!("SELECT count(*) FROM {table}")),
            ["0"],
            "{table}"
        );
    }
    for file in ["bugle.db", "bugle.db-wal"] {
        let bytes = std::fs::read(place.path(file)).unwrap();
        for word in [&b"Ann"[..], b"ann@", b"/pricing", b"/bye"] {
            assert!(!bytes.windows(word.len()).any(|w| w == word), "{file}");
        }
    }
    let erased = |key: &str| store.erased(&PersonKey::parse(key).unwrap()).unwrap();
    assert_eq!(erased("ANN@example.com"), Some(person(1)));
    assert_eq!(erased("bob@example.com"), None);
    assert_eq!(store.next_person().unwrap(), person(4));
}

#[test]
fn numbers_of_erased_people_are_not_given_again() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let journal = Journal {
        people: vec![(
            person(3),
            PersonChange::Deleted {
                at: at("2026-11-20"),
            },
        )],
        ..Journal::default()
    };
    workspace.write(&mut store, &journal);
    assert_eq!(store.next_person().unwrap(), person(4));
}

#[test]
fn events_are_known_again_by_instant_hash_and_ordinal() {
    let place = Place::new();
    let mut store = place.create();
    let workspace = Workspace::new();
    let identity = |second: i64, hash, ordinal, content| EventIdentity {
        at: at("2026-11-02").plus_micros(second * 1_000_000),
        hash,
        ordinal,
        content,
    };
    let events = (0..500).map(|n| identity(n, -n, 0, n)).collect();
    workspace.write(
        &mut store,
        &Journal {
            events,
            ..Journal::default()
        },
    );
    let asked = [
        identity(499, -499, 0, 499),
        identity(-5, 0, 0, 0),
        identity(7, -7, 0, 8),
        identity(7, -7, 1, 7),
        identity(7, -7, 0, 7),
        identity(900, 0, 0, 0),
    ];
    assert_eq!(
        store.events_known(&asked).unwrap(),
        [
            Seen::Taken,
            Seen::New,
            Seen::Different,
            Seen::New,
            Seen::Taken,
            Seen::New
        ]
    );
    let aside = identity(8, 0, 0, 1);
    let note = |store: &mut Store, journal: Journal| {
        workspace.write(store, &journal);
        let asked = [aside, identity(8, 0, 0, 2)];
        store.events_known(&asked).unwrap()
    };
    let known = note(
        &mut store,
        Journal {
            set_aside: vec![aside],
            ..Journal::default()
        },
    );
    assert_eq!(known, [Seen::SetAside, Seen::Mended]);
    let known = note(
        &mut store,
        Journal {
            retried: vec![aside],
            events: vec![aside],
            ..Journal::default()
        },
    );
    assert_eq!(known, [Seen::Taken, Seen::Different]);
    let again = store.write(
        &Journal {
            events: vec![identity(7, -7, 0, 7)],
            ..Journal::default()
        },
        &workspace.bind(&store),
        CommitProgress::default(),
    );
    assert_eq!(
        again.unwrap_err().to_string(),
        format!(
            "`{}` is not as bugle leaves it: its rows contradict what is to be written",
            place.db().display()
        )
    );
}

#[test]
fn a_run_is_found_unfinished_until_its_last_chunk() {
    let place = Place::new();
    let mut store = place.create();
    let mut workspace = Workspace::new();
    three(&mut workspace, &mut store);
    let begun = NewRun {
        campaign: Text::from("Autumn.Newsletter"),
        version: 1,
        at: at("2026-11-02 12:00"),
        seed: u64::MAX,
        only: Some(vec![person(1), person(3)]),
        occurrence: Some("2026-11-02T12:00:00".to_owned()),
        command: None,
    };
    assert_eq!(store.unfinished_run().unwrap(), None);
    let run = store.begin_run(&begun).unwrap();
    assert_eq!(run, RunId(1));
    assert_eq!(store.unfinished_run().unwrap().unwrap().begun, begun);
    let mut progress = RunProgress {
        run,
        last_person: person(1),
        state: RunState::Running,
        counts: RunCounts {
            matched: 2,
            ..RunCounts::default()
        },
        written: None,
        next: None,
    };
    let mut write = |progress: &RunProgress| {
        let how_far = CommitProgress {
            watermark: Some(at("2026-11-02 12:00")),
            run: Some(progress),
        };
        store
            .write(&Journal::default(), &workspace.bind(&store), how_far)
            .unwrap();
        store.unfinished_run().unwrap()
    };
    let stored = write(&progress).unwrap();
    assert_eq!((stored.last_person, stored.counts.matched), (person(1), 2));
    progress.state = RunState::Finished;
    assert_eq!(write(&progress), None);
    assert_eq!(store.watermark().unwrap(), Some(at("2026-11-02 12:00")));
    assert!(
        store
            .has_run("autumn.newsletter", "2026-11-02T12:00:00")
            .unwrap()
    );
    assert!(
        !store
            .has_run("Autumn.Newsletter", "2026-12-02T12:00:00")
            .unwrap()
    );
    assert_eq!(store.runs(None).unwrap().len(), 1);
}

#[test]
fn a_text_of_several_people_is_kept_once_and_read_as_before() {
    let place = Place::new();
    let mut store = place.create();
    let workspace = Workspace::new();
    Workspace::load(&mut store);
    let mut journal = Journal::default();
    for number in 1..=7 {
        journal
            .people
            .extend(created(number, &format!("p{number}@example.com")));
        let common = [("note", Value::text("seen by many"))];
        let own = [("note", Value::text(&format!("seen by person {number}")))];
        for (ordinal, attributes) in [attributes(&common), attributes(&own), attributes(&own)]
            .into_iter()
            .enumerate()
        {
            let row = Activity {
                attributes,
                ..event(&workspace, "reads", "2026-11-02", "/pricing/enterprise")
            };
            let ordinal = u32::try_from(ordinal).unwrap();
            journal.activities.push(logged(number, (ordinal, 0), row));
        }
    }
    let rows = std::mem::take(&mut journal.activities);
    let part = |rows: &[_]| Journal {
        activities: rows.to_vec(),
        ..Journal::default()
    };
    workspace.write(&mut store, &journal);
    workspace.write(&mut store, &part(&rows[..9]));
    workspace.write(&mut store, &part(&rows[9..18]));
    drop(store);
    let mut store = place.create();
    workspace.write(&mut store, &part(&rows[18..]));
    assert_eq!(
        place.query("SELECT text FROM text ORDER BY text"),
        ["/pricing/enterprise", "{\"note\":\"seen by many\"}"],
        "what one person alone has is never kept apart from their rows"
    );
    assert_eq!(
        place.query("SELECT count(*), sum(typeof(primary_value) = 'text') FROM activity"),
        ["21|9"],
        "the first three people's rows keep the text; a later command knows it is kept"
    );
    assert_eq!(
        place.query("SELECT DISTINCT primary_value FROM v_activity"),
        ["/pricing/enterprise"]
    );
    for person in workspace.all(&store) {
        let number = person.id.0;
        let read: Vec<_> = person
            .history
            .iter()
            .map(|record| record.attribute("note").unwrap().to_text())
            .collect();
        let own = format!("seen by person {number}");
        assert_eq!(
            read.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            ["seen by many", &own, &own]
        );
        assert_eq!(
            person.history[0].primary.as_deref(),
            Some("/pricing/enterprise")
        );
    }
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_text_that_several_people_had_is_gone_with_the_last_of_them() {
    let place = Place::new();
    let mut store = place.create();
    let workspace = Workspace::new();
    Workspace::load(&mut store);
    let secret = |number| {
        let visit = event(&workspace, "reads", "2026-11-02", "/secret/page");
        logged(number, (0, 0), visit)
    };
    for number in 1..=6 {
        let journal = Journal {
            people: created(number, &format!("p{number}@example.com")),
            activities: vec![secret(number)],
            ..Journal::default()
        };
        workspace.write(&mut store, &journal);
    }
    let erase = |people: &[i64]| Journal {
        people: people
            .iter()
            .map(|number| {
                (
                    person(*number),
                    PersonChange::Deleted {
                        at: at("2026-11-20"),
                    },
                )
            })
            .collect(),
        ..Journal::default()
    };
    workspace.write(&mut store, &erase(&[1, 2, 3, 5]));
    assert_eq!(
        place.query("SELECT person_id, primary_value FROM v_activity"),
        ["4|/secret/page", "6|/secret/page"]
    );
    workspace.write(&mut store, &erase(&[4, 6]));
    assert_eq!(place.query("SELECT count(*) FROM text"), ["0"]);
    for file in ["bugle.db", "bugle.db-wal"] {
        let bytes = std::fs::read(place.path(file)).unwrap();
        let word = b"/secret/page";
        assert!(!bytes.windows(word.len()).any(|w| w == word), "{file}");
    }
    // The same connection writes the text again, for others.
    for number in 7..=11 {
        let journal = Journal {
            people: created(number, &format!("p{number}@example.com")),
            activities: vec![secret(number)],
            ..Journal::default()
        };
        workspace.write(&mut store, &journal);
    }
    assert_eq!(
        place.query("SELECT DISTINCT primary_value FROM v_activity"),
        ["/secret/page"]
    );
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
