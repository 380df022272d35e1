//! A database whose files are moved or cannot be opened is missed by the command that uses it.

use std::fs;

use super::Place;

#[test]
fn a_database_that_goes_after_the_last_commit_is_missed_at_the_end() {
    let place = Place::new();
    let store = place.create();
    let watch = store.watch().unwrap();
    fs::rename(place.db(), place.path("moved.db")).unwrap();
    drop(store);
    assert_eq!(
        watch.displaced().unwrap().to_string(),
        format!(
            "`{}` was deleted, moved or replaced while this command was writing",
            place.db().display()
        )
    );
}

#[test]
fn a_reader_beside_a_writer_does_not_do_without_a_journal_that_it_cannot_open() {
    let place = Place::new();
    let store = place.create();
    // A link in the place of the journal, which SQLite refuses to open, as if the system had no more files to give.
    fs::rename(place.path("bugle.db-wal"), place.path("hidden")).unwrap();
    fs::write(place.path("empty"), "").unwrap();
    std::os::unix::fs::symlink("empty", place.path("bugle.db-wal")).unwrap();
    assert_eq!(
        store.reader().unwrap_err().to_string(),
        format!(
            "cannot read or write `{}`: it cannot be opened",
            place.db().display()
        )
    );
}
