//! The promised views, seen with another program's eyes, and the dump.

use crate::domain::{CampaignStatus, Outcome, PersonKey, Text};
use crate::store::{LogOrder, LogQuery, LogScope, MessageQuery, Store};

use super::journal::three;
use super::workspace::{Workspace, at, person};
use super::{Place, access};

fn filled() -> (Place, Store) {
    let place = Place::new();
    let mut store = place.create();
    three(&mut Workspace::new(), &mut store);
    (place, store)
}

fn columns(place: &Place, view: &str) -> String {
    place
        .query(&format!("SELECT name FROM pragma_table_info('{view}')"))
        .join(", ")
}

#[test]
fn views_have_the_promised_columns() {
    let (place, _store) = filled();
    for (view, promised) in [
        (
            "v_person",
            "person_id, id, email, born, member, points, rate, seen_at",
        ),
        (
            "v_activity",
            "activity_id, at, person_id, email, type, primary_value, attributes, campaign, run_id, step, choice, outcome, reason, event_id, happening, marketo_campaign, id, person",
        ),
        (
            "v_campaign",
            "campaign, program, mode, status, active, version, members, waiting, next_run_at, first_until, last_until",
        ),
        (
            "v_member",
            "campaign, person_id, email, id, person, first_qualified_at, last_qualified_at, times",
        ),
        (
            "v_list_member",
            "list, person_id, email, id, person, added_at",
        ),
        (
            "v_program_member",
            "program, person_id, email, id, person, status, since, success, success_at, acquired_by, fields",
        ),
        ("v_activation", "campaign, at, active, by, activation_id"),
        (
            "v_wait",
            "campaign, person_id, email, id, person, step, since, until, version",
        ),
    ] {
        assert_eq!(columns(&place, view), promised, "{view}");
    }
}

#[test]
fn views_show_text_for_compact_columns() {
    let (place, _store) = filled();
    assert_eq!(
        place.query("SELECT * FROM v_person"),
        [
            "1|-|Ann@Example.com|1990-05-01|1|45|2.5|1969-12-31T23:59:59.250Z",
            "2|-|bob@example.com|-|-|-|-|-",
            "3|-|CäS@example.com|-|-|-|-|-",
        ]
    );
    assert_eq!(
        place.query(
            "SELECT * FROM v_activity WHERE email = 'ANN@EXAMPLE.COM' ORDER BY at, activity_id"
        ),
        [
            "16777219|2026-11-01T00:00:00Z|1|Ann@Example.com|reads|/late|{}|-|-|-|-|-|-|e-9|16777219|-|-|Ann@Example.com",
            "16777216|2026-11-02T10:00:00Z|1|Ann@Example.com|reads|/pricing|{}|-|-|-|-|-|-|-|16777216|-|-|Ann@Example.com",
            "16777217|2026-11-02T10:00:00Z|1|Ann@Example.com|moves|points|{\"new_value\":45,\"odd\":1.0}|Welcome|3|1|0|succeeded|-|-|16777216|-|-|Ann@Example.com",
            "16777218|2026-11-02T10:00:00Z|1|Ann@Example.com|mails|hello|{}|Welcome|-|2|-|skipped|unsubscribed|-|16777216|-|-|Ann@Example.com",
        ]
    );
    assert_eq!(
        place.query("SELECT * FROM v_campaign"),
        [
            "Autumn.Newsletter|Autumn|batch|has run|0|1|1|0|-|-|-",
            "Welcome|-|triggered|inactive|0|1|2|2|-|2026-11-04T00:00:00Z|2026-11-05T00:00:00Z"
        ]
    );
    assert_eq!(
        place.query("SELECT * FROM v_member WHERE campaign = 'Welcome'"),
        [
            "Welcome|1|Ann@Example.com|-|Ann@Example.com|2026-11-02T10:00:00.000001Z|2026-11-02T10:00:00.000001Z|1",
            "Welcome|2|bob@example.com|-|bob@example.com|2026-11-02T10:00:00.000001Z|2026-11-02T10:00:00.000002Z|2",
        ]
    );
    assert_eq!(
        place.query("SELECT * FROM v_list_member"),
        ["Readers|1|Ann@Example.com|-|Ann@Example.com|2026-11-02T10:00:00Z"]
    );
    assert_eq!(
        place.query("SELECT * FROM v_wait ORDER BY until"),
        [
            "Welcome|1|Ann@Example.com|-|Ann@Example.com|2|2026-11-02T10:00:00Z|2026-11-04T00:00:00Z|1",
            "Welcome|2|bob@example.com|-|bob@example.com|2|2026-11-02T10:00:00Z|2026-11-05T00:00:00Z|1",
        ]
    );
}

#[test]
fn views_are_searched_by_person_and_email_not_scanned() {
    let (place, _store) = filled();
    for view in [
        "v_person",
        "v_activity",
        "v_member",
        "v_list_member",
        "v_program_member",
        "v_wait",
    ] {
        for condition in ["person_id = 1", "email = 'ann@example.com'", "id = 'a-1'"] {
            let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {condition}");
            for line in place.query(&sql) {
                let big = [
                    "SCAN p",
                    "SCAN a",
                    "SCAN e",
                    "SCAN m",
                    "SCAN w",
                    "SCAN person",
                ];
                let detail = line.rsplit('|').next().unwrap().to_owned();
                assert!(
                    !big.contains(&detail.as_str()),
                    "{view} {condition}: {detail}"
                );
            }
        }
    }
}

#[test]
fn a_log_is_asked_for_by_person_campaign_time_and_type() {
    let (_place, store) = filled();
    let ask = |query: &LogQuery<'_>| -> Vec<String> {
        let rows = store.log_rows(query).unwrap();
        rows.iter()
            .map(|row| {
                format!(
                    "{} {} {}",
                    row.who.person,
                    row.activity,
                    row.primary.as_deref().unwrap()
                )
            })
            .collect()
    };
    let ann = LogQuery::of(LogScope::Person(person(1)));
    assert_eq!(
        ask(&ann),
        [
            "1 reads /late",
            "1 reads /pricing",
            "1 moves points",
            "1 mails hello"
        ]
    );
    let newest = LogQuery {
        order: LogOrder::Reverse,
        limit: Some(2),
        ..ann
    };
    assert_eq!(ask(&newest), ["1 mails hello", "1 moves points"]);
    let since = LogQuery {
        since: Some(at("2026-11-02 10:00")),
        types: &[100_001],
        ..ann
    };
    assert_eq!(ask(&since), ["1 reads /pricing"]);
    let until = LogQuery {
        until: Some(at("2026-11-01")),
        ..ann
    };
    assert_eq!(ask(&until), ["1 reads /late"]);
    assert_eq!(
        ask(&LogQuery::of(LogScope::Campaign("welcome"))),
        ["1 moves points", "1 mails hello"]
    );
    assert!(ask(&LogQuery::of(LogScope::Both(person(2), "Welcome"))).is_empty());
    let row = &store.log_rows(&ann).unwrap()[2];
    assert_eq!(
        (
            row.who.email.as_deref(),
            row.campaign.as_deref(),
            row.step,
            row.choice,
            row.outcome
        ),
        (
            Some("Ann@Example.com"),
            Some("Welcome"),
            Some(1),
            Some(0),
            Some(Outcome::Succeeded)
        )
    );
}

#[test]
fn a_dump_is_the_same_whatever_made_the_content() {
    let (place, store) = filled();
    let dump = |store: &Store| {
        let mut out = Vec::new();
        store.dump(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    // The same story in another order, with a list and a column that came earlier.
    let other = Place::new();
    let mut second = other.create();
    let mut workspace = Workspace::new();
    workspace.lists.intern("Not used");
    second
        .add_fields([workspace.fields.field(workspace.field("member"))])
        .unwrap();
    three(&mut workspace, &mut second);
    assert_eq!(dump(&store), dump(&second));
    for line in dump(&store).lines() {
        let _: serde_json::Value = serde_json::from_str(line).unwrap();
    }
    assert_eq!(
        dump(&store)
            .lines()
            .filter(|line| line.starts_with("{\"person\""))
            .collect::<Vec<_>>(),
        [
            "{\"person\":1,\"born\":\"1990-05-01\",\"email\":\"Ann@Example.com\",\"member\":true,\"points\":45,\"rate\":2.5,\"seen_at\":\"1969-12-31T23:59:59.250Z\"}",
            "{\"person\":2,\"email\":\"bob@example.com\"}",
            "{\"person\":3,\"email\":\"CäS@example.com\"}",
        ]
    );
    drop(place);
}

#[test]
fn a_backup_is_whole_private_and_never_replaces_a_file() {
    let (place, store) = filled();
    let copy = place.path("copy.db");
    store.backup(&copy).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    assert!(!place.path("copy.db-wal").exists());
    let opened = Store::open_existing(&copy, &access()).unwrap();
    assert_eq!(opened.check().unwrap(), Vec::<String>::new());
    assert!(
        opened
            .find(&PersonKey::Email("ann@example.com".to_owned()))
            .unwrap()
            .is_some()
    );
    assert_eq!(
        store.backup(&copy).unwrap_err().to_string(),
        format!("`{}` exists already", copy.display())
    );
}

#[test]
fn a_check_finds_what_should_never_be() {
    let (place, store) = filled();
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    drop(store);
    for (sql, wanted) in [
        (
            "DELETE FROM activity WHERE activity_id = 16777217",
            "logs have gaps (1)",
        ),
        (
            "UPDATE campaign SET members = 9 WHERE name = 'Welcome'",
            "campaigns count other members than they have (1)",
        ),
        (
            "DELETE FROM person WHERE person_id = 2",
            "rows of the log belong to nobody (1)",
        ),
        (
            "DELETE FROM campaign_version; DELETE FROM list",
            "members of lists are not there, or their lists (1)",
        ),
    ] {
        rusqlite::Connection::open(place.db())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
        let faults = Store::open_read(&place.db()).unwrap().check().unwrap();
        let path = std::fs::canonicalize(place.db()).unwrap();
        let wanted = format!("`{}` is not as bugle leaves it: {wanted}", path.display());
        assert!(faults.contains(&wanted), "{sql}: {faults:?}");
    }
}

#[test]
fn damaged_pages_are_reported_and_never_a_panic() {
    let (place, store) = filled();
    drop(store);
    let whole = std::fs::read(place.db()).unwrap();
    let mut random = fastrand::Rng::with_seed(1);
    let mut reported = 0;
    for round in 0..60 {
        let path = place.path(&format!("broken-{round}.db"));
        let mut bytes = whole.clone();
        for _ in 0..40 {
            let at = random.usize(100..bytes.len());
            bytes[at] ^= 1 << random.u8(0..8);
        }
        std::fs::write(&path, bytes).unwrap();
        reported += usize::from(match Store::open_read(&path) {
            Ok(store) => store.check().map_or(true, |faults| !faults.is_empty()),
            Err(_) => true,
        });
    }
    assert!(reported > 50, "{reported} of 60");
}

#[test]
fn a_campaign_lists_its_members_and_who_waits() {
    let (_place, store) = filled();
    let mut members = Vec::new();
    store
        .members(
            "Welcome",
            crate::domain::Instant::from_micros(i64::MAX),
            &mut |row| {
                members.push((row.who.person, row.times));
                std::ops::ControlFlow::Continue(())
            },
        )
        .unwrap();
    assert_eq!(members, [(person(1), 1), (person(2), 2)]);
    let waits = store.waiting("welcome").unwrap();
    assert_eq!(
        waits
            .iter()
            .map(|wait| wait.who.person.0)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(waits[0].step_id.as_deref(), Some("pause"));
    let campaigns = store.campaigns().unwrap();
    assert_eq!(campaigns[1].status, CampaignStatus::Inactive);
    assert_eq!(campaigns[1].file, "campaigns/Welcome.yaml");
    assert_eq!(store.campaigns_of(person(1)).unwrap().len(), 2);
    assert_eq!(
        store.lists_of(person(1)).unwrap()[0].list,
        Text::from("Readers")
    );
    assert_eq!(
        store.programs_of(person(1)).unwrap()[0].fields,
        "{\"seat\":\"4A\"}"
    );
}

#[test]
fn the_outbox_gives_its_messages_in_order() {
    let (_place, store) = filled();
    let mut mails = Vec::new();
    store
        .messages(&MessageQuery::default(), &mut |row| {
            mails.push((row.who.person, row.to.to_string(), row.subject.to_string()));
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(
        mails,
        [(person(1), "ann@example.com".to_owned(), "Hello".to_owned())]
    );
}
