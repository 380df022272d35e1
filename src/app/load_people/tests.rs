//! Person lists, from the file to the table of people.

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
use crate::store::{Access, Store};
use rusqlite::types::ValueRef;

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

    /// Returns the rows of a query, a line each, cells separated by `|`.
    fn rows(&self, sql: &str) -> String {
        let database = rusqlite::Connection::open(self.path("bugle.db")).unwrap();
        let mut statement = database.prepare(sql).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut out = String::new();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..width)
                .map(|index| match row.get_ref(index).unwrap() {
                    ValueRef::Null => "-".to_owned(),
                    ValueRef::Integer(n) => n.to_string(),
                    ValueRef::Real(n) => format!("{n:?}"),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    ValueRef::Blob(_) => "blob".to_owned(),
                })
                .collect();
            writeln!(out, "{}", cells.join("|")).unwrap();
        }
        out
    }

    fn dump(&self) -> String {
        ["v_person", "field", "past", "list", "v_list_member"]
            .map(|table| self.rows(&format!("SELECT * FROM {table} ORDER BY 1, 2")))
            .join("--\n")
    }
}

fn now() -> Instant {
    Instant::from_micros(1_793_613_600_000_000)
}

mod counting {
    use super::*;

    #[test]
    fn people_are_added_updated_left_alone_and_repeated() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.counts("email,city\nann@x.test,Rome\nbob@x.test,Oslo\n"),
            [2, 0, 0, 0, 0]
        );
        assert_eq!(
            bench.counts(
                "email,city\nANN@x.test,Rome\nbob@x.test,Bergen\ncy@x.test,Kyiv\nBob@x.test,Oslo\n"
            ),
            [1, 1, 1, 1, 0]
        );
        assert_eq!(
            bench.rows("SELECT person_id, email, city FROM v_person"),
            "1|ann@x.test|Rome\n2|bob@x.test|Oslo\n3|cy@x.test|Kyiv\n"
        );
    }

    #[test]
    fn the_same_list_twice_changes_nothing() {
        let mut bench = Bench::new();
        let csv = "email,lead_score,unsubscribed,date_of_birth,annual_revenue\nann@x.test,5,true,1990-02-28,12.50\n";
        bench.load(csv).unwrap();
        let before = bench.dump();
        assert_eq!(bench.counts(csv), [0, 0, 1, 0, 0]);
        assert_eq!(bench.dump(), before);
    }

    #[test]
    fn rows_with_one_key_apply_in_file_order() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.counts(
                "email,city,state\nann@x.test,Rome,\nAnn@X.test,,Lazio\nann@x.test,Milan,\n"
            ),
            [1, 0, 0, 2, 0]
        );
        assert_eq!(
            bench.rows("SELECT email, city, state FROM v_person"),
            "ann@x.test|Milan|Lazio\n"
        );
    }

    #[test]
    fn a_header_alone_is_a_list_of_nobody() {
        assert_eq!(Bench::new().counts("email,city\n"), [0, 0, 0, 0, 0]);
    }

    #[test]
    fn several_lists_are_one_load() {
        let mut bench = Bench::new();
        let loaded = bench
            .files(&[
                ("a.csv", b"email,id\nann@x.test,a1\n"),
                ("b.csv", b"id,city\na1,Rome\nb2,Oslo\n"),
                ("c.csv", b"email,city\nANN@x.test,Milan\nann@x.test,Rome\n"),
            ])
            .unwrap();
        let counts: Vec<_> = loaded
            .files
            .iter()
            .map(|f| (f.added, f.updated, f.repeated))
            .collect();
        assert_eq!(counts, [(1, 0, 0), (1, 1, 0), (0, 1, 1)]);
        assert_eq!(
            bench.rows("SELECT person_id, email, id, city FROM v_person"),
            "1|ann@x.test|a1|Rome\n2|-|b2|Oslo\n"
        );
        let error = bench.files(&[
            ("a.csv", b"email,city\nnew@x.test,Rome\n"),
            ("b.csv", b"email,city\nzoe@x.test\n"),
        ]);
        assert!(error.is_err());
        assert_eq!(bench.rows("SELECT count(*) FROM person"), "2\n");
    }

    #[test]
    fn an_email_of_several_people_means_the_first_of_them() {
        let mut bench = Bench::new();
        let mut people = "id,email\na,ann@x.test\nb,ANN@x.test\n".to_owned();
        for n in 0..1000 {
            writeln!(people, "{n},p{n}@x.test").unwrap();
        }
        bench.options.reading.key = KeyChoice::Columns(vec!["id".to_owned()]);
        bench.load(&people).unwrap();
        bench.options.reading.key = KeyChoice::Usual;
        // Few rows are found through the index, many in memory; both must agree.
        for (city, others) in [("Rome", 0), ("Oslo", 1000)] {
            let mut csv = format!("email,city\nann@x.test,{city}\n");
            for n in 0..others {
                writeln!(csv, "p{n}@x.test,Oslo").unwrap();
            }
            assert_eq!(bench.load(csv).unwrap().shared, 1);
            assert_eq!(
                bench.rows("SELECT id, city FROM v_person WHERE id < 'c' AND id >= 'a'"),
                format!("a|{city}\nb|-\n")
            );
        }
    }

    #[test]
    fn a_small_list_into_many_people_finds_them_through_the_index() {
        let mut bench = Bench::new();
        let mut csv = "email,city\n".to_owned();
        for n in 0..2000 {
            writeln!(csv, "p{n}@x.test,Oslo").unwrap();
        }
        assert_eq!(bench.counts(&csv), [2000, 0, 0, 0, 0]);
        assert_eq!(
            bench.counts(
                "email,city\nP7@x.test,Rome\nnew@x.test,Rome\nNEW@x.test,Bari\np8@x.test,Oslo\n"
            ),
            [1, 1, 1, 1, 0]
        );
        assert_eq!(
            bench.rows("SELECT person_id, email, city FROM v_person WHERE city <> 'Oslo'"),
            "8|p7@x.test|Rome\n2001|new@x.test|Bari\n"
        );
        assert_eq!(
            bench.rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'person' ORDER BY 1"),
            "person_email\nperson_key\n"
        );
    }

    #[test]
    fn a_dry_run_counts_and_changes_nothing() {
        let mut bench = Bench::new();
        bench.load("email,city\nann@x.test,Rome\n").unwrap();
        let before = bench.dump();
        bench.options.dry_run = true;
        bench.options.list = Some("Readers".to_owned());
        assert_eq!(
            bench.counts("email,city,shoe size\nann@x.test,Oslo,44\nbob@x.test,Oslo,40\n"),
            [1, 1, 0, 0, 0]
        );
        assert_eq!(bench.dump(), before);
    }
}

mod columns {
    use super::*;

    #[test]
    fn headers_match_by_api_name_display_name_and_snake_case() {
        let mut bench = Bench::new();
        bench
            .load("Email Address,firstName,Last Name,lead_score,Job Title\nann@x.test,Ann,Lee,7,CEO\n")
            .unwrap();
        assert_eq!(
            bench.rows("SELECT email, first_name, last_name, lead_score, title FROM v_person"),
            "ann@x.test|Ann|Lee|7|CEO\n"
        );
    }

    #[test]
    fn renamed_columns_are_taken_for_other_fields() {
        let mut bench = Bench::new();
        bench.options.reading.renames = Renames::parse(["Work Email=email", "Town=city"]).unwrap();
        bench.load("Work Email,Town\nann@x.test,Rome\n").unwrap();
        assert_eq!(
            bench.rows("SELECT email, city FROM v_person"),
            "ann@x.test|Rome\n"
        );
        assert_eq!(
            bench.faults("Work Mail,Town\nann@x.test,Rome\n"),
            "p.csv:1:1: no column `Work Email`, which is mapped\n\
             p.csv:1:1: no column says who is meant: `email` or `id`"
        );
    }

    #[test]
    fn other_columns_become_fields_of_an_inferred_type() {
        let mut bench = Bench::new();
        let loaded = bench
            .load(
                "email,Shoe Size,Zip,Joined,Seen at,VIP,Nothing\n\
                 ann@x.test,44,01234,2026-01-31,2026-01-31T10:00:00Z,true,\n\
                 bob@x.test,NULL,99999,,2026-02-01 10:00,false,\n",
            )
            .unwrap();
        let fields: Vec<_> = loaded
            .new_fields
            .iter()
            .map(|(name, field_type)| format!("{name}: {}", field_type.name()))
            .collect();
        assert_eq!(
            fields,
            [
                "shoe_size: integer",
                "zip: string",
                "joined: date",
                "seen_at: datetime",
                "vip: boolean",
                "nothing: string"
            ]
        );
        assert_eq!(
            bench.rows("SELECT shoe_size, zip, joined, seen_at, vip FROM v_person"),
            "44|01234|2026-01-31|2026-01-31T10:00:00Z|1\n-|99999|-|2026-02-01T10:00:00Z|0\n"
        );
        assert_eq!(
            bench.faults("email,shoe size\nann@x.test,large\n"),
            "p.csv:2:12: `shoe size` wants a whole number of at most 64 bits, such as 42"
        );
    }

    #[test]
    fn a_field_inferred_from_one_list_is_known_to_the_next_of_the_same_load() {
        let mut bench = Bench::new();
        let loaded = bench
            .files(&[
                ("a.csv", b"email,size\nann@x.test,44\n"),
                ("b.csv", b"email,Size\nbob@x.test,40\n"),
            ])
            .unwrap();
        assert_eq!(loaded.new_fields, [("size".to_owned(), FieldType::Integer)]);
    }

    #[test]
    fn faults_of_the_header_are_all_reported() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.faults("email,First Name,firstName,,city,city,person_id,%\n"),
            "p.csv:1:18: `First Name` and `firstName` are the same field\n\
             p.csv:1:28: column 4 has no name\n\
             p.csv:1:34: column `city` is given twice\n\
             p.csv:1:39: `person_id` is bugle's own number of a person\n\
             p.csv:1:49: `%` holds neither letter nor digit"
        );
        let wide: Vec<String> = (0..3000).map(|n| format!("c{n}")).collect();
        assert_eq!(
            bench.faults(format!("email,{}\n", wide.join(","))),
            "p.csv:1:10291: 3001 columns, and 1900 is the most"
        );
        bench
            .options
            .reading
            .reserved
            .insert("opened_email".to_owned());
        assert_eq!(
            bench.faults("email,Opened Email\n"),
            "p.csv:1:7: `opened_email` is the name of a built-in filter, so no field can have it"
        );
    }

    #[test]
    fn words_of_sql_are_names_like_others() {
        let mut bench = Bench::new();
        bench
            .load("email,id,select,\"a\"\"; drop\"\nann@x.test,1,3,4\n")
            .unwrap();
        assert_eq!(
            bench.rows("SELECT person_id, id, \"select\", a_drop FROM v_person"),
            "1|1|3|4\n"
        );
        assert_eq!(
            bench.faults("email,OID,_rowid_\n"),
            "p.csv:1:7: `oid` is a name the database has for itself\n\
             p.csv:1:11: `rowid` is a name the database has for itself"
        );
    }

    #[test]
    fn the_delimiter_is_seen_or_given() {
        let mut bench = Bench::new();
        bench.load("email;city\nann@x.test;Rome, Lazio\n").unwrap();
        bench.load("email\tcity\nbob@x.test\tOslo\n").unwrap();
        bench.options.reading.delimiter = Some(b'|');
        bench.load("email|city\ncy@x.test|Kyiv\n").unwrap();
        assert_eq!(
            bench.rows("SELECT email, city FROM v_person"),
            "ann@x.test|Rome, Lazio\nbob@x.test|Oslo\ncy@x.test|Kyiv\n"
        );
    }
}

mod keys {
    use super::*;

    #[test]
    fn without_an_email_column_the_id_says_who_is_meant() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.counts("id,city\n a1 ,Rome\nA1,Oslo\n"),
            [2, 0, 0, 0, 0]
        );
        assert_eq!(bench.counts("id,city\na1,Bari\n"), [0, 1, 0, 0, 0]);
        assert_eq!(
            bench.rows("SELECT id, email, city FROM v_person"),
            "a1|-|Bari\nA1|-|Oslo\n"
        );
    }

    #[test]
    fn with_both_columns_the_id_is_kept_or_is_the_key() {
        let mut bench = Bench::new();
        bench.load("email,id\nann@x.test,a1\n").unwrap();
        bench.options.reading.key = KeyChoice::Columns(vec!["id".to_owned()]);
        assert_eq!(
            bench.counts("email,id\nann@y.test,a1\n,b2\n"),
            [1, 1, 0, 0, 0]
        );
        assert_eq!(
            bench.rows("SELECT id, email FROM v_person"),
            "a1|ann@y.test\nb2|-\n"
        );
        assert_eq!(
            bench.faults("email,city\nann@x.test,Rome\n"),
            "p.csv:1:1: no column `id`"
        );
    }

    #[test]
    fn emails_are_trimmed_and_the_same_in_any_case_of_any_script() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.counts("email\n Ann@X.test\u{a0}\nann@x.test\nJÖRG@x.test\njörg@X.test\nｘ@y.test\nx@y.test\n"),
            [4, 0, 0, 2, 0]
        );
        assert_eq!(
            bench.rows("SELECT email FROM v_person ORDER BY person_id"),
            "Ann@X.test\nJöRG@x.test\nｘ@y.test\nx@y.test\n"
        );
    }

    #[test]
    fn a_row_without_key_or_with_no_single_address_is_a_fault() {
        let mut bench = Bench::new();
        assert_eq!(
            bench.faults("email,city\n,Rome\nNULL,Rome\nann,Rome\n\"a@y.test,b@y.test\",Rome\n"),
            "p.csv:2:1: `email` is blank, so the row has no key\n\
             p.csv:3:1: `email` is blank, so the row has no key\n\
             p.csv:4:1: `email` is not an email address\n\
             p.csv:5:1: `email` is not one email address"
        );
        let long = format!("email\n{}@y.test\n", "a".repeat(10_000));
        assert_eq!(
            bench.faults(long),
            "p.csv:2:1: `email` is longer than an email address can be (254 bytes)"
        );
    }

    #[test]
    fn numbers_of_people_are_never_given_again() {
        let mut bench = Bench::new();
        bench.load("email\nann@x.test\nbob@x.test\n").unwrap();
        let database = rusqlite::Connection::open(bench.path("bugle.db")).unwrap();
        database
            .execute_batch(
                "DELETE FROM person WHERE person_id = 2;
                 INSERT INTO tombstone (person_id, at) VALUES (2, 0);",
            )
            .unwrap();
        bench.load("email\ncy@x.test\n").unwrap();
        assert_eq!(
            bench.rows("SELECT person_id, email FROM v_person"),
            "1|ann@x.test\n3|cy@x.test\n"
        );
    }
}

mod cells {
    use super::*;

    #[test]
    fn blank_leaves_a_value_and_null_clears_it() {
        let mut bench = Bench::new();
        bench
            .load("email,city,lead_score,title\nann@x.test,Rome,5,CEO\n")
            .unwrap();
        bench
            .load("email,city,lead_score,title\nann@x.test,,null,NULL\n")
            .unwrap();
        assert_eq!(
            bench.rows("SELECT city, lead_score, title FROM v_person"),
            "Rome|-|-\n"
        );
    }

    #[test]
    fn text_is_kept_as_written() {
        let mut bench = Bench::new();
        bench
            .load("email,city,title,state,country\nann@x.test,\"  \",\"\t=1+1\",N/A,\"a\"\"b\r\nc\"\n")
            .unwrap();
        assert_eq!(
            bench.rows("SELECT city, title, state, country FROM v_person"),
            "  |\t=1+1|N/A|a\"b\r\nc\n"
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_a_fault_without_the_value() {
        let mut bench = Bench::new();
        let csv = "email,lead_score,date_of_birth,unsubscribed,annual_revenue\n\
                   a@x.test,9223372036854775808,03/04/2026,maybe,nan\n\
                   b@x.test,\"1,000\",2026-02-30,,1e400\n";
        assert_eq!(
            bench.faults(csv),
            "p.csv:2:10: `lead_score` wants a whole number of at most 32 bits, such as 42\n\
             p.csv:2:30: `date_of_birth` wants a date as YYYY-MM-DD\n\
             p.csv:2:41: `unsubscribed` wants true or false\n\
             p.csv:2:47: `annual_revenue` wants a number such as 12.50\n\
             p.csv:3:10: `lead_score` wants a whole number of at most 32 bits, such as 42\n\
             p.csv:3:18: `date_of_birth` wants a date as YYYY-MM-DD\n\
             p.csv:3:30: `annual_revenue` wants a number such as 12.50"
        );
        bench.options.reading.show_values = true;
        assert_eq!(
            bench.faults("email,date_of_birth\na@x.test,03/04/2026\n"),
            "p.csv:2:10: `date_of_birth` wants a date as YYYY-MM-DD, not `03/04/2026`"
        );
    }

    #[test]
    fn local_times_are_of_the_workspace_zone() {
        let mut bench = Bench::new();
        bench.options.reading.zone = Zone::named("America/New_York").unwrap();
        bench
            .load("email,email_suspended_at\nann@x.test,2026-11-02 10:00\nbob@x.test,2026-11-02T10:00:00+02:00\n")
            .unwrap();
        assert_eq!(
            bench.rows("SELECT email_suspended_at FROM v_person"),
            "2026-11-02T15:00:00Z\n2026-11-02T08:00:00Z\n"
        );
    }
}

mod files {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn what_is_no_well_formed_csv_is_refused_with_its_place() {
        let mut bench = Bench::new();
        for (csv, fault) in [
            (
                "email,city\r\n\r\nx@y.test,A\r\nbad\r\n",
                "p.csv:4:4: 1 cell, and the header has 2",
            ),
            (
                "email,city\nx@y.test,A,B\n",
                "p.csv:2:12: 3 cells, and the header has 2",
            ),
            (
                "email,city\nx@y.test,\"oops\nz@y.test,B\nw@y.test,C\n",
                "p.csv:2:10: quote is never closed",
            ),
            (
                "email,city\nx@y.test,ab\"c\n",
                "p.csv:2:12: quote inside an unquoted cell",
            ),
            (
                "email,city\nx@y.test,\"ab\"c\n",
                "p.csv:2:14: text after a closing quote",
            ),
            ("email,city\nx@y.test,A\0B\n", "p.csv:2:11: NUL byte"),
            (
                "email,city\rx@y.test,A\r",
                "p.csv:1:11: carriage return without a line feed",
            ),
            (
                "sep=;\nemail;city\nx@y.test;A\n",
                "p.csv:1:1: the first line is a spreadsheet's `sep=`, not a header",
            ),
            ("", "p.csv:1:1: the file is empty"),
            ("\n\n", "p.csv:1:1: the file is empty"),
        ] {
            assert_eq!(bench.faults(csv), fault, "{csv:?}");
        }
        assert_eq!(
            bench.faults(b"\xff\xfee\0m\0a\0i\0l\0\n\0"),
            "p.csv:1:1: the file is UTF-16"
        );
        assert_eq!(
            bench.faults(b"PK\x03\x04\0\0\0\0"),
            "p.csv:1:1: the file is a zip archive or a spreadsheet"
        );
    }

    #[test]
    fn a_fault_far_down_undoes_everything_before_it() {
        let mut bench = Bench::new();
        let mut csv = b"email,city\n".to_vec();
        for n in 0..20_000 {
            writeln!(csv, "p{n}@y.test,A").unwrap();
        }
        csv.extend(b"z@y.test,caf\xe9\n");
        assert_eq!(bench.faults(csv), "p.csv:20002:13: not UTF-8");
    }

    #[test]
    fn faults_that_say_the_same_are_counted_to_the_end() {
        let mut bench = Bench::new();
        let csv = format!("email\n{}", "bad\n".repeat(5000));
        let Err(app::Error::Faults(faults)) = bench.load(&csv) else {
            panic!("the list is bad");
        };
        let groups = faults.groups();
        assert_eq!((groups.len(), faults.unreported()), (1, 0));
        assert_eq!((groups[0].count, groups[0].last_line), (5000, 5001));
    }

    #[test]
    fn good_rows_load_and_bad_ones_go_to_the_rejects_as_they_are() {
        let mut bench = Bench::new();
        let rejects = bench.path("rejects.csv");
        bench.options.rejects = Some(Guard::new().admit(&rejects, "--rejects").unwrap());
        let csv =
            "email,lead_score\r\nann@x.test,5\r\nbob@x.test,\"1,0\"\r\n,3\r\ncy@x.test,\"7\r\n";
        assert_eq!(bench.counts(csv), [1, 0, 0, 0, 3]);
        let folder = format!("{}/", bench.folder.path().display());
        assert_eq!(
            std::fs::read_to_string(&rejects)
                .unwrap()
                .replace(&folder, ""),
            "email,lead_score\r\n\
             # p.csv:3:12: `lead_score` wants a whole number of at most 32 bits, such as 42\n\
             bob@x.test,\"1,0\"\r\n\
             # p.csv:4:1: `email` is blank, so the row has no key\n\
             ,3\r\n\
             # p.csv:5:11: quote is never closed\n\
             cy@x.test,\"7\r\n"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&rejects).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn packed_lists_are_unpacked() {
        let mut bench = Bench::new();
        let csv = b"email,shoe\nann@x.test,44\n";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(csv).unwrap();
        assert_eq!(bench.counts(gzip.finish().unwrap()), [1, 0, 0, 0, 0]);
        assert_eq!(
            bench.counts(zstd::encode_all(&csv[..], 1).unwrap()),
            [0, 0, 1, 0, 0]
        );
    }

    #[test]
    fn a_missing_file_is_no_fault_of_its_rows() {
        let mut bench = Bench::new();
        let inputs = [Input::from_argument(bench.path("none.csv"))];
        let catalogue = bench.catalogue();
        let options = Options::default();
        let error = load_people(
            &mut bench.store,
            &inputs,
            &options,
            now(),
            &catalogue,
            Control::new(&Stop::default(), &mut |_| {}),
        );
        let Err(app::Error::User(problem)) = error else {
            panic!("there is no such file");
        };
        assert_eq!(problem.kind, app::ErrorKind::Storage);
    }
}

mod lists {
    use super::*;

    #[test]
    fn everyone_in_a_list_can_be_put_on_a_static_one() {
        let mut bench = Bench::new();
        bench.load("email\nann@x.test\n").unwrap();
        bench.options.list = Some("Readers".to_owned());
        assert_eq!(
            bench.counts("email\nann@x.test\nbob@x.test\nANN@x.test\n"),
            [1, 1, 0, 1, 0]
        );
        bench.options.list = Some("READERS".to_owned());
        assert_eq!(bench.counts("email\nann@x.test\n"), [0, 0, 1, 0, 0]);
        assert_eq!(
            bench.rows("SELECT list, email, added_at FROM v_list_member ORDER BY person_id"),
            "Readers|ann@x.test|2026-11-02T10:00:00Z\nReaders|bob@x.test|2026-11-02T10:00:00Z\n"
        );
    }

    #[test]
    fn a_list_can_be_replaced_by_a_file() {
        let mut bench = Bench::new();
        bench.options.list = Some("Readers".to_owned());
        bench.load("email\nann@x.test\nbob@x.test\n").unwrap();
        bench.options.replace = true;
        bench.load("email\nbob@x.test\ncy@x.test\n").unwrap();
        assert_eq!(
            bench.rows("SELECT email FROM v_list_member ORDER BY person_id"),
            "bob@x.test\ncy@x.test\n"
        );
        assert_eq!(
            bench.rows("SELECT person_id, old, new, lists FROM past"),
            "1|{}|{}|{\"left\":[\"Readers\"]}\n"
        );
    }
}

mod past {
    use super::*;

    #[test]
    fn a_load_keeps_what_it_changes_of_known_people_in_one_row_each() {
        let mut bench = Bench::new();
        bench
            .load("email,city,lead_score,date_of_birth\nann@x.test,Rome,5,\nbob@x.test,Oslo,,\n")
            .unwrap();
        bench.options.list = Some("Readers".to_owned());
        bench
            .load(
                "email,city,lead_score,date_of_birth\n\
                 ann@x.test,Milan,5,1990-02-28\n\
                 ann@x.test,Bari,NULL,\n\
                 bob@x.test,Oslo,,\n\
                 cy@x.test,Kyiv,,\n\
                 cy@x.test,Lviv,,\n",
            )
            .unwrap();
        assert_eq!(
            bench.rows("SELECT person_id, old, new, lists FROM past"),
            "1|{\"city\":\"Rome\",\"date_of_birth\":null,\"lead_score\":5}\
             |{\"city\":\"Bari\",\"date_of_birth\":\"1990-02-28\",\"lead_score\":null}\
             |{\"joined\":[\"Readers\"]}\n\
             2|{}|{}|{\"joined\":[\"Readers\"]}\n"
        );
    }
}
