//! Person lists, from the file to the table of people.

mod cells;
mod columns;
mod counting;
mod files;
mod keys;
mod lists;
mod past;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use crate::app::load_people::{LoadOutcome, Options, load_people};
use crate::app::{self, Control, Stop};
use crate::domain::{FieldCatalogue, FieldType, Instant, Zone};
use crate::files::Guard;
use crate::intake::input::Input;
use crate::intake::people::key::KeyChoice;
use crate::intake::renames::Renames;
use crate::store::tests::query::query;
use crate::store::{Access, Store};

/// A folder with a database, and what a load of a list into it does.
struct Bench {
    folder: tempfile::TempDir,
    store: Store,
    options: Options,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let access = Access {
            command: "person load".to_owned(),
            now: now(),
            wait: Duration::ZERO,
        };
        let store = Store::create_or_open(&folder.path().join("bugle.db"), &access).unwrap();
        Self {
            folder,
            store,
            options: Options::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn catalogue(&self) -> FieldCatalogue {
        let mut catalogue = FieldCatalogue::standard();
        self.store.merge_fields(&mut catalogue).unwrap();
        catalogue
    }

    fn files(&mut self, files: &[(&str, &[u8])]) -> Result<LoadOutcome, app::Error> {
        let mut inputs = Vec::new();
        for (name, bytes) in files {
            let path = self.path(name);
            std::fs::write(&path, bytes).unwrap();
            inputs.push(Input::from_argument(path));
        }
        let catalogue = self.catalogue();
        let options = self.options.clone();
        load_people(
            &mut self.store,
            &inputs,
            &options,
            now(),
            &catalogue,
            Control::new(&Stop::default(), &mut |_| {}),
        )
    }

    fn load(&mut self, csv: impl AsRef<[u8]>) -> Result<LoadOutcome, app::Error> {
        self.files(&[("p.csv", csv.as_ref())])
    }

    /// Loads one list and returns its counts: added, updated, unchanged, repeated, rejected.
    fn counts(&mut self, csv: impl AsRef<[u8]>) -> [u64; 5] {
        let loaded = self.load(csv).unwrap();
        let one = &loaded.files[0];
        let counts = [
            one.added,
            one.updated,
            one.unchanged,
            one.repeated,
            one.rejected,
        ];
        assert_eq!(one.read, counts.iter().sum::<u64>());
        counts
    }

    /// Loads one list that is refused, and returns its faults without the folder's name.
    fn faults(&mut self, csv: impl AsRef<[u8]>) -> String {
        let before = self.dump();
        let text = match self.load(csv).unwrap_err() {
            app::Error::Faults(faults) => {
                let reported: Vec<String> =
                    faults.reported().iter().map(ToString::to_string).collect();
                reported.join("\n")
            }
            other @ (app::Error::User(_)
            | app::Error::Store(_)
            | app::Error::Problems(_)
            | app::Error::Campaigns(_)) => {
                panic!("{other:?}")
            }
        };
        assert_eq!(self.dump(), before, "nothing changed");
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }

    /// Returns the rows of a query, a line each.
    fn query(&self, sql: &str) -> String {
        let rows = query(&self.path("bugle.db"), sql);
        rows.into_iter().map(|row| row + "\n").collect()
    }

    fn dump(&self) -> String {
        ["v_person", "field", "past", "list", "v_list_member"]
            .map(|table| self.query(&format!("SELECT * FROM {table} ORDER BY 1, 2")))
            .join("--\n")
    }
}

fn now() -> Instant {
    Instant::from_micros(1_793_613_600_000_000)
}
