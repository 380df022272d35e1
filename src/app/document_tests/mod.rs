//! Documents that are written from the tables of the program are up to date.
//!
//! `BUGLE_DOCS=update cargo test` writes them as they are now; read the difference before you keep it.

mod catalogue;
mod tables;

use std::path::{Path, PathBuf};

#[test]
fn the_catalogue_is_that_of_the_program() {
    check("docs/catalogue.md", catalogue::text);
}

#[test]
fn the_tables_of_the_language_reference_are_those_of_the_program() {
    check("docs/language.md", tables::written_anew);
}

/// Compares a document with what it should be, or writes it where documents are to be updated.
fn check(name: &str, text: fn(&str) -> String) {
    let path = path(name);
    let shown = std::fs::read_to_string(&path).unwrap();
    let actual = text(&shown);
    if shown != actual && updating() {
        std::fs::write(path, actual).unwrap();
    } else {
        assert!(shown == actual, "`{name}` is not up to date");
    }
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn updating() -> bool {
    std::env::var_os("BUGLE_DOCS").is_some_and(|value| value == "update")
}
