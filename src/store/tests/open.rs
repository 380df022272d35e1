//! Whose file it is, who may write, and what a first command leaves behind.

use std::fs;
use std::time::Duration;

use crate::domain::FieldCatalogue;
use crate::store::{Access, Store, StoreErrorKind};

use super::query::query;
use super::{Place, access, created};

#[test]
fn a_new_database_is_private_and_ours() {
    let place = Place::new();
    drop(place.create());
    let mut left: Vec<_> = fs::read_dir(place.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["bugle.db", "bugle.db.lock"]);
    #[cfg(unix)]
    for name in left {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(place.path(&name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(place.query("PRAGMA application_id"), ["1651861356"]);
    assert_eq!(place.query("PRAGMA user_version"), ["9"]);
    assert_eq!(place.query("PRAGMA journal_mode"), ["wal"]);
}

#[test]
fn every_table_that_is_made_is_known_by_its_name() {
    let place = Place::new();
    drop(place.create());
    let names = place.query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    assert_eq!(names, crate::store::reading::TABLES);
}

#[test]
fn a_new_database_to_which_nothing_is_committed_is_removed() {
    let place = Place::new();
    let store = Store::create_or_open(&place.db(), &access()).unwrap();
    assert!(place.db().exists());
    drop(store);
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

/// The schema of each version before the present one, as its migrations made it.
const OLD: [&str; 5] = [
    include_str!("../schema/1.sql"),
    include_str!("../schema/2.sql"),
    include_str!("../schema/3.sql"),
    include_str!("../schema/4.sql"),
    include_str!("../schema/5.sql"),
];

/// Makes a database of an old version with one person, whose log has one row, in two campaigns.
fn old(place: &Place, version: usize) {
    let old = rusqlite::Connection::open(place.db()).unwrap();
    for statements in &OLD[..version.min(3)] {
        old.execute_batch(statements).unwrap();
    }
    let campaign = |name: &str, active: u8| {
        format!(
            "INSERT INTO campaign (key, full_name, name, slug, mode, active, version, file, missing, invalid, members)
             VALUES (lower('{name}'), '{name}', '{name}', lower('{name}'), 'triggered', {active}, 1, 'a.yaml', 0, 0, 1);"
        )
    };
    old.execute_batch(&format!(
        "INSERT INTO person (person_id, email) VALUES (1, 'ann@example.com');
         INSERT INTO activity_type (code, name, label) VALUES (10, 'open_email', 'Open Email');
         INSERT INTO activity (activity_id, at, type) VALUES (16777216, 0, 10);
         INSERT INTO workspace_version (definition, loaded_at) VALUES ('', 0);
         {}{}
         INSERT INTO entry (person_id, campaign_id, nth, at, version) VALUES (1, 1, 1, 0, 1), (1, 2, 1, 0, 1);
         INSERT INTO past (person_id, at, old, new) VALUES (1, 0, '{{}}', '{{}}');
         INSERT INTO wait (person_id, campaign_id, version, nth, step, wait_ordinal, since, until)
            VALUES (1, 1, 1, 1, 2, 1, 0, 9);
         INSERT INTO program (name) VALUES ('Webinar');
         INSERT INTO program_member (person_id, program_id, status, since) VALUES (1, 1, 'Invited', 0);
         PRAGMA application_id = 1651861356; PRAGMA user_version = {version}; PRAGMA journal_mode = WAL;",
        campaign("Welcome", 1),
        campaign("Farewell", 0),
    ))
    .unwrap();
    // What is active and since when came with version 4, of which the rows above know nothing.
    for statements in &OLD[3.min(version)..version] {
        old.execute_batch(statements).unwrap();
    }
}

#[test]
fn a_database_of_an_older_version_is_brought_up_and_kept_as_it_was_beside() {
    for version in 1..=5 {
        let place = Place::new();
        old(&place, version);
        let store = Store::open_existing(&place.db(), &access()).unwrap();
        assert_eq!(store.check().unwrap(), Vec::<String>::new(), "{version}");
        drop(store);
        assert_eq!(place.query("PRAGMA user_version"), ["9"]);
        assert_eq!(
            place.query("SELECT campaign_id, nth, place, cause FROM entry"),
            ["1|1|-|-", "2|1|-|-"]
        );
        assert_eq!(place.query("SELECT new, place FROM past"), ["{}|-"]);
        assert_eq!(place.query("SELECT step, finishes FROM wait"), ["2|-"]);
        assert_eq!(
            place.query("SELECT type, happening, marketo_campaign, person FROM v_activity"),
            ["open_email|-|-|ann@example.com"],
            "nobody guesses what happened together"
        );
        assert_eq!(
            place.query("SELECT program, status, success, acquired_by FROM v_program_member"),
            ["Webinar|Invited|0|0"],
            "nobody guesses by which program someone was acquired"
        );
        assert_eq!(
            place.query("SELECT * FROM v_activation"),
            ["Welcome|-|1|-|1"],
            "what was active is known, and not since when"
        );
        let backup = place.path(&format!("bugle.db.version-{version}.backup"));
        assert_eq!(query(&backup, "PRAGMA user_version"), [version.to_string()]);
        assert_eq!(query(&backup, "SELECT nth FROM entry"), ["1", "1"]);
        assert_eq!(
            query(
                &backup,
                "SELECT count(*) FROM sqlite_schema WHERE name = 'first_key'"
            ),
            ["0"]
        );
    }
}

#[test]
fn a_leftover_of_a_killed_creation_does_not_matter() {
    let place = Place::new();
    fs::write(place.path("bugle.db.bugle-new"), "half").unwrap();
    drop(place.create());
    assert!(!place.path("bugle.db.bugle-new").exists());
    assert_eq!(place.query("SELECT name FROM field"), ["email", "id"]);
}

#[test]
fn what_is_not_ours_is_refused_by_name_and_not_touched() {
    let place = Place::new();
    let foreign = place.path("other.db");
    query(&foreign, "CREATE TABLE t (a)");
    fs::write(place.path("empty.db"), "").unwrap();
    fs::write(place.path("notes.db"), "dear diary, ".repeat(100)).unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    drop(place.create());
    let newer = place.path("newer.db");
    fs::copy(place.db(), &newer).unwrap();
    query(&newer, "PRAGMA user_version = 10");
    for (name, wanted) in [
        ("other.db", "is not a database of bugle"),
        ("empty.db", "is empty, not a database"),
        ("notes.db", "is not a database of bugle"),
        ("folder", "is not a file"),
        (
            "newer.db",
            "was written by a newer bugle (its version is 10, this one knows 9)",
        ),
    ] {
        let path = place.path(name);
        let before = fs::read(&path).ok();
        for opened in [
            Store::create_or_open(&path, &access()),
            Store::open_existing(&path, &access()),
            Store::open_read(&path),
        ] {
            let error = opened.unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::Database, "{name}");
            assert_eq!(error.to_string(), format!("`{}` {wanted}", path.display()));
        }
        assert_eq!(fs::read(&path).ok(), before, "{name}");
    }
}

#[test]
fn a_missing_database_is_made_by_no_one_who_only_asks() {
    let place = Place::new();
    for opened in [
        Store::open_existing(&place.db(), &access()),
        Store::open_read(&place.db()),
    ] {
        assert_eq!(
            opened.unwrap_err().to_string(),
            format!("there is no database `{}`", place.db().display())
        );
    }
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[test]
fn a_second_writing_command_learns_who_writes() {
    let place = Place::new();
    let first = place.create();
    let second = Access {
        command: "campaign run".to_owned(),
        wait: Duration::from_millis(60),
        ..access()
    };
    let error = Store::create_or_open(&place.db(), &second).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert_eq!(
        error.to_string(),
        format!(
            "another command is writing: `person load`, process {}, since 2026-11-02T10:00:00Z",
            std::process::id()
        )
    );
    drop(first);
    Store::create_or_open(&place.db(), &second).unwrap();
}

#[test]
fn readers_go_on_beside_a_writer() {
    let place = Place::new();
    let writer = place.create();
    let reader = Store::open_read(&place.db()).unwrap();
    assert_eq!(reader.stored_fields().unwrap().len(), 2);
    assert_eq!(writer.reader().unwrap().stored_fields().unwrap().len(), 2);
}

#[test]
fn a_reader_sees_one_moment_while_a_command_writes() {
    let place = Place::new();
    let mut writer = place.create();
    let reader = Store::open_read(&place.db()).unwrap();
    let known = |store: &Store| store.stored_fields().unwrap().len();
    let before = known(&reader);
    let fields = FieldCatalogue::standard();
    let state = fields.field(fields.find("state").unwrap());
    writer.add_fields([state]).unwrap();
    assert_eq!(known(&reader), before);
    assert_eq!(known(&Store::open_read(&place.db()).unwrap()), before + 1);
}

#[test]
fn names_with_a_meaning_to_sqlite_are_plain_files() {
    let place = Place::new();
    for name in ["file:x?mode=memory", "a b%20#c.db"] {
        drop(created(&place.path(name)));
        assert!(place.path(name).is_file(), "{name}");
        Store::open_read(&place.path(name)).unwrap();
    }
}

#[test]
fn commits_wait_for_the_disk_again_once_it_has_all() {
    let place = Place::new();
    let store = place.create();
    let waits = || -> i64 {
        let sql = "PRAGMA synchronous";
        store
            .connection
            .query_row(sql, [], |row| row.get(0))
            .unwrap()
    };
    let full = waits();
    store.sync_later().unwrap();
    assert!(waits() < full);
    let log = || std::fs::read(place.path("bugle.db-wal")).unwrap();
    let before = log();
    store.sync_now().unwrap();
    assert_eq!(waits(), full);
    let committed = log() != before;
    assert!(
        committed,
        "a commit was made, which waits for the whole log"
    );
}
