//! Whose file it is, who may write, and what a first command leaves behind.

use std::fs;
use std::time::Duration;

use bugle::store::{Access, Store, StoreErrorKind};

use super::{Place, access, query};

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
    assert_eq!(place.query("PRAGMA user_version"), ["3"]);
    assert_eq!(place.query("PRAGMA journal_mode"), ["wal"]);
}

#[test]
fn a_database_of_version_1_is_brought_up_and_kept_as_it_was_beside() {
    let place = Place::new();
    let old = rusqlite::Connection::open(place.db()).unwrap();
    old.execute_batch(include_str!("../../../src/store/schema/1.sql"))
        .unwrap();
    old.execute_batch(
        "INSERT INTO entry (person_id, campaign_id, nth, at, version) VALUES (1, 1, 1, 0, 1);
         INSERT INTO past (person_id, at, old, new) VALUES (1, 0, '{}', '{}');
         INSERT INTO wait (person_id, campaign_id, version, nth, step, wait_ordinal, since, until)
            VALUES (1, 1, 1, 1, 2, 1, 0, 9);
         PRAGMA application_id = 1651861356; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;",
    )
    .unwrap();
    drop(old);
    drop(Store::open_existing(&place.db(), &access()).unwrap());
    assert_eq!(place.query("PRAGMA user_version"), ["3"]);
    assert_eq!(
        place.query("SELECT nth, place, cause FROM entry"),
        ["1|null|null"]
    );
    assert_eq!(place.query("SELECT new, place FROM past"), ["{}|null"]);
    assert_eq!(place.query("SELECT step, finishes FROM wait"), ["2|null"]);
    let backup = place.path("bugle.db.version-1.backup");
    assert_eq!(query(&backup, "PRAGMA user_version"), ["1"]);
    assert_eq!(query(&backup, "SELECT nth FROM entry"), ["1"]);
}

#[test]
fn a_leftover_of_a_killed_creation_does_not_matter() {
    let place = Place::new();
    fs::write(place.path("bugle.db.new"), "half").unwrap();
    drop(place.create());
    assert!(!place.path("bugle.db.new").exists());
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
    query(&newer, "PRAGMA user_version = 9");
    for (name, wanted) in [
        ("other.db", "is not a database of bugle"),
        ("empty.db", "is empty, not a database"),
        ("notes.db", "is not a database of bugle"),
        ("folder", "is not a file"),
        (
            "newer.db",
            "was written by a newer bugle (its version is 9, this one knows 3)",
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
fn a_second_writing_command_is_told_who_writes() {
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
fn names_with_a_meaning_to_sqlite_are_plain_files() {
    let place = Place::new();
    for name in ["file:x?mode=memory", "a b%20#c.db"] {
        drop(Store::create_or_open(&place.path(name), &access()).unwrap());
        assert!(place.path(name).is_file(), "{name}");
        Store::open_read(&place.path(name)).unwrap();
    }
}
