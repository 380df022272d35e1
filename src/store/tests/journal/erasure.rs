//! Erased people leave a tombstone, and no byte of their texts.

use crate::domain::PersonKey;
use crate::world::Journal;

use super::super::workspace::person;
use super::{created, erased, event, loaded, logged, nothing_left_of, with_three};

#[test]
fn an_erased_person_leaves_entries_and_a_tombstone_and_no_byte_more() {
    let (place, mut store, workspace) = with_three();
    let journal = Journal {
        people: erased(&[1]),
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
            "1|Autumn.Newsletter|-",
            "1|Welcome|-",
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
    nothing_left_of(&place, &["Ann", "ann@", "/pricing", "/bye"]);
    let tombstone = |key: &str| store.erased(&PersonKey::parse(key).unwrap()).unwrap();
    assert_eq!(tombstone("ANN@example.com"), Some(person(1)));
    assert_eq!(tombstone("bob@example.com"), None);
    assert_eq!(store.next_person().unwrap(), person(4));
}

#[test]
fn numbers_of_erased_people_are_not_given_again() {
    let (_place, mut store, workspace) = with_three();
    let journal = Journal {
        people: erased(&[3]),
        ..Journal::default()
    };
    workspace.write(&mut store, &journal);
    assert_eq!(store.next_person().unwrap(), person(4));
}

#[test]
fn a_text_that_several_people_had_is_gone_with_the_last_of_them() {
    let (place, mut store, workspace) = loaded();
    let secret = |number| {
        let visit = event(&workspace, "reads", "2026-11-02", "/secret/page");
        logged(number, (0, 0), visit)
    };
    let visitor = |number| Journal {
        people: created(number, &format!("p{number}@example.com")),
        activities: vec![secret(number)],
        ..Journal::default()
    };
    for number in 1..=6 {
        workspace.write(&mut store, &visitor(number));
    }
    let erase = |people: &[i64]| Journal {
        people: erased(people),
        ..Journal::default()
    };
    workspace.write(&mut store, &erase(&[1, 2, 3, 5]));
    assert_eq!(
        place.query("SELECT person_id, primary_value FROM v_activity"),
        ["4|/secret/page", "6|/secret/page"]
    );
    workspace.write(&mut store, &erase(&[4, 6]));
    assert_eq!(place.query("SELECT count(*) FROM text"), ["0"]);
    nothing_left_of(&place, &["/secret/page"]);
    // The same connection writes the text again, for others.
    for number in 7..=11 {
        workspace.write(&mut store, &visitor(number));
    }
    assert_eq!(
        place.query("SELECT DISTINCT primary_value FROM v_activity"),
        ["/secret/page"]
    );
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
