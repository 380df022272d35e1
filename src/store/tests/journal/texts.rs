//! Texts that several people have are kept once.

use crate::domain::Value;
use crate::world::{Activity, Journal};

use super::{attributes, created, event, loaded, logged};

#[test]
fn a_text_of_several_people_is_kept_once_and_read_as_before() {
    let (place, mut store, workspace) = loaded();
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
