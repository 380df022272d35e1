//! People come back as they were written, by number, key and wait.

use crate::domain::{CampaignId, Key, ListId, PersonKey, Value, WaitId};
use crate::world::{Journal, ListChange, PersonChange, WaitChange};

use super::super::workspace::{Workspace, at, person};
use super::{created, entry, membership, wait, with_three};

#[test]
fn people_come_back_as_they_were_written() {
    let (_place, store, workspace) = with_three();
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
    let (_place, store, workspace) = with_three();
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
    let (_place, mut store, workspace) = with_three();
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
    let (place, mut store, _) = with_three();
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
    let (_place, mut store, workspace) = with_three();
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
    let (_place, mut store, workspace) = with_three();
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
