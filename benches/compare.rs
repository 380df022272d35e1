//! What bugle takes, beside what one would do with the `sqlite3` shell: `cargo bench --bench compare [-- COUNT [ROUNDS]]`.
//!
//! So many people and so many events, a million and three rounds by default. Whole processes, the contenders in turn,
//! medians; everyone's work is as safe as the journal and `synchronous=FULL` make it. Before the figures are
//! believed, the databases are asked whether the same work was done. Data and databases lie under
//! `target/bench/compare`; the shell's scripts in `benches/sql`, the campaigns in `benches/workspace`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "support/contest.rs"]
mod contest;
#[path = "support/events.rs"]
mod events;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/people.rs"]
mod people;
#[path = "support/programs.rs"]
mod programs;

use std::fs;
use std::path::Path;
use std::time::Duration;

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};
use rusqlite::Connection;

use contest::{Contender, Figure, Outcome, contest};
use programs::Programs;

/// Where everything is put.
const FOLDER: &str = "target/bench/compare";
/// The campaign that is run; alone, since no trigger of the others reacts in SQL by hand either.
const BATCH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/workspace/batch.yaml");
/// The campaigns that events go through, and that one beside them.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/workspace");
/// How many times as many events the large replay has.
const LARGER: u64 = 5;
/// What everyone's databases are made of.
const PEOPLE: &str = "people.db";
const TRIGGERS: &str = "triggers.db";
const REPLAYED: &str = "replayed.db";
const PLAIN: &str = "plain.db";

fn main() -> Outcome {
    // Cargo itself passes `--bench`.
    let mut numbers = std::env::args().skip(1).filter_map(|a| a.parse().ok());
    let count: u64 = numbers.next().unwrap_or(1_000_000);
    let rounds = usize::try_from(numbers.next().unwrap_or(3))?;
    let Some(shell) = programs::shell_version() else {
        println!(
            "there is no `sqlite3` shell here to compare with: install it (Debian's package is sqlite3)"
        );
        return Ok(());
    };
    let load = machine::load();
    let bench = Bench::new(count, rounds)?;
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_header([
        "work",
        "bugle",
        "compared with",
        "it takes",
        "ratio",
        "goal",
        "bugle, processor",
        "the other, processor",
        "ratio",
        "bugle writes",
        "a byte of growth",
        "at most in memory",
    ]);
    for column in table
        .column_iter_mut()
        .filter(|column| ![0, 2].contains(&column.index))
    {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let replay = bench.replay()?;
    let large = bench.large_replay(replay.bugle)?;
    for work in [bench.load()?, bench.run()?, replay, large] {
        work.report(&mut table);
    }
    for work in bench.logs()? {
        work.report(&mut table);
    }
    println!(
        "{count} people, {count} events, medians of {rounds} rounds; walls, then processor time of all cores"
    );
    println!(
        "{}; sqlite3 shell {shell}, SQLite in bugle {}; load average {load} before, {} after\n",
        machine::facts(),
        rusqlite::version(),
        machine::load()
    );
    println!("{table}");
    Ok(())
}

/// One piece of work: how long bugle took, and how long the others.
struct Work {
    name: String,
    bugle: Figure,
    others: Vec<(&'static str, Figure, &'static str)>,
}

impl Work {
    /// The first contender is bugle; each of the others comes with the goal.
    fn of(
        name: impl Into<String>,
        rounds: usize,
        contenders: &[Contender<'_>],
        goals: &[&'static str],
    ) -> Outcome<Self> {
        let figures = contest(rounds, contenders, Path::new(FOLDER))?;
        let (bugle, others) = figures.split_first().ok_or("nobody contends")?;
        let others = contenders.iter().skip(1).zip(others).zip(goals);
        Ok(Self {
            name: name.into(),
            bugle: *bugle,
            others: others
                .map(|((contender, figure), goal)| (contender.name, *figure, *goal))
                .collect(),
        })
    }

    fn each(mut self, times: u32) -> Self {
        self.bugle = self.bugle.each(times);
        for (_, figure, _) in &mut self.others {
            *figure = figure.each(times);
        }
        self
    }

    fn report(&self, table: &mut Table) {
        for (name, other, goal) in &self.others {
            table.add_row([
                self.name.clone(),
                readable(self.bugle.wall),
                (*name).to_owned(),
                readable(other.wall),
                ratio(self.bugle.wall, other.wall),
                (*goal).to_owned(),
                readable(self.bugle.processor),
                readable(other.processor),
                ratio(self.bugle.processor, other.processor),
                megabytes(self.bugle.written),
                tenths(self.bugle.written, self.bugle.grown),
                megabytes(self.bugle.peak),
            ]);
        }
    }
}

fn readable(took: Duration) -> String {
    if took < Duration::from_millis(100) {
        format!("{:.1} ms", took.as_secs_f64() * 1e3)
    } else {
        format!("{:.2} s", took.as_secs_f64())
    }
}

/// Returns how many times as large a number is as another, with one decimal; nothing where that is zero.
fn tenths(number: u64, of: u64) -> String {
    let tenths = (number * 10).checked_div(of);
    tenths.map_or_else(String::new, |tenths| {
        format!("{}.{}", tenths / 10, tenths % 10)
    })
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

fn ratio(bugle: Duration, other: Duration) -> String {
    format!("{:.2}", bugle.as_secs_f64() / other.as_secs_f64())
}

/// The programs, the data and how often they contend.
struct Bench {
    programs: Programs<'static>,
    count: u64,
    rounds: usize,
}

impl Bench {
    /// Makes up the data, and the databases that the works start from.
    fn new(count: u64, rounds: usize) -> Outcome<Self> {
        let folder = Path::new(FOLDER);
        fs::create_dir_all(folder)?;
        fs::rename(people::people(folder, count, 1)?, folder.join("people.csv"))?;
        let active = (count / 10).max(1);
        fs::rename(
            events::events(folder, count, active, 3)?,
            folder.join("events.jsonl"),
        )?;
        fs::rename(
            events::events(folder, count * LARGER, count, 7)?,
            folder.join("many.jsonl"),
        )?;
        fs::rename(
            events::events(folder, count / 50, 1, 5)?,
            folder.join("heavy.jsonl"),
        )?;
        let programs = Programs { folder };
        programs.lay_out_scripts()?;
        programs.remove(PEOPLE);
        programs.bugle(PEOPLE, &["campaign", "load", BATCH])?;
        programs.bugle(PEOPLE, &["person", "load", "people.csv"])?;
        programs.copy(PEOPLE, TRIGGERS)?;
        programs.bugle(TRIGGERS, &["campaign", "load", WORKSPACE])?;
        programs.remove(PLAIN);
        programs.script(PLAIN, "plain.sql")?;
        Ok(Self {
            programs,
            count,
            rounds,
        })
    }

    /// A list of people into an empty database.
    fn load(&self) -> Outcome<Work> {
        let by_shell = |name, database, script| Contender {
            name,
            prepare: Box::new(move || {
                self.programs.remove(database);
                Ok(())
            }),
            work: Box::new(move || self.programs.script(database, script)),
        };
        let bugle = Contender {
            name: "bugle",
            prepare: Box::new(|| {
                self.programs.remove("loaded.db");
                Ok(())
            }),
            work: Box::new(|| {
                self.programs
                    .bugle("loaded.db", &["person", "load", "people.csv"])
            }),
        };
        let contenders = [
            bugle,
            by_shell(
                "`.import`, index before",
                "imported.db",
                "import-indexed.sql",
            ),
            by_shell(
                "`.import`, index after",
                "indexed.db",
                "import-then-index.sql",
            ),
            by_shell("`.import`, staged", "staged.db", "import-by-staging.sql"),
        ];
        let work = Work::of(
            "person load",
            self.rounds,
            &contenders,
            &["0.45", "0.60", "0.60"],
        )?;
        for database in ["loaded.db", "imported.db", "indexed.db", "staged.db"] {
            Self::same(
                database,
                "SELECT count(*) FROM person",
                i64::try_from(self.count)?,
            )?;
        }
        Ok(work)
    }

    /// A batch campaign over everyone.
    fn run(&self) -> Outcome<Work> {
        let by_hand = |name, database, script| Contender {
            name,
            prepare: Box::new(move || self.programs.copy(PLAIN, database)),
            work: Box::new(move || self.programs.script(database, script)),
        };
        let bugle = Contender {
            name: "bugle",
            prepare: Box::new(|| self.programs.copy(PEOPLE, "run.db")),
            work: Box::new(|| {
                self.programs
                    .bugle("run.db", &["campaign", "run", "Californian buyers"])
            }),
        };
        let contenders = [
            bugle,
            by_hand("SQL by hand", "by-hand.db", "batch.sql"),
            by_hand("SQL by hand, packed keys", "packed.db", "batch-packed.sql"),
        ];
        let work = Work::of("campaign run", self.rounds, &contenders, &["0.90", ""])?;
        let entered = Self::ask("run.db", "SELECT count(*) FROM entry")?;
        for (database, log) in [
            ("run.db", "activity"),
            ("by-hand.db", "activity"),
            ("packed.db", "packed"),
        ] {
            Self::same(database, "SELECT count(*) FROM entry", entered)?;
            Self::same(
                database,
                &format!("SELECT count(*) FROM {log}"),
                3 * entered,
            )?;
        }
        for database in ["by-hand.db", "packed.db"] {
            let scores = "SELECT sum(lead_score) FROM person";
            Self::same(database, scores, Self::ask("run.db", scores)?)?;
        }
        Ok(work)
    }

    /// Events through ten trigger campaigns, against the writing of the same rows alone.
    fn replay(&self) -> Outcome<Work> {
        self.programs.copy(TRIGGERS, REPLAYED)?;
        self.programs
            .bugle(REPLAYED, &["campaign", "replay-events", "events.jsonl"])?;
        let rows =
            |name, rows: &'static str, script: &'static str, database: &'static str| Contender {
                name,
                prepare: Box::new(move || {
                    if !Path::new(FOLDER).join(rows).exists() {
                        self.programs.script(rows, script)?;
                    }
                    self.programs.copy(rows, "rows.db")?;
                    self.programs.copy(TRIGGERS, database)
                }),
                work: Box::new(move || self.programs.script(database, "floor.sql")),
            };
        self.programs.remove("happened.db");
        self.programs.remove("by-key.db");
        let bugle = Contender {
            name: "bugle",
            prepare: Box::new(|| self.programs.copy(TRIGGERS, "replay.db")),
            work: Box::new(|| {
                self.programs
                    .bugle("replay.db", &["campaign", "replay-events", "events.jsonl"])
            }),
        };
        let contenders = [
            bugle,
            rows(
                "its rows, as they happened",
                "happened.db",
                "happened.sql",
                "floor.db",
            ),
            rows(
                "its rows, sorted by key",
                "by-key.db",
                "by-key.sql",
                "sorted.db",
            ),
        ];
        let work = Work::of(
            "campaign replay-events",
            self.rounds,
            &contenders,
            &["1.00", ""],
        )?;
        for table in ["activity", "entry", "event"] {
            let rows = format!("SELECT count(*) FROM {table}");
            for database in ["floor.db", "sorted.db"] {
                Self::same(database, &rows, Self::ask("replay.db", &rows)?)?;
            }
        }
        Ok(work)
    }

    /// Five times as many events, of ten times as many people, against the replay above: how the time grows.
    fn large_replay(&self, small: Figure) -> Outcome<Work> {
        let bugle = Contender {
            name: "bugle",
            prepare: Box::new(|| self.programs.copy(TRIGGERS, "large.db")),
            work: Box::new(|| {
                self.programs
                    .bugle("large.db", &["campaign", "replay-events", "many.jsonl"])
            }),
        };
        let name = format!("{} events of {} people", self.count * LARGER, self.count);
        let mut work = Work::of(name, self.rounds, &[bugle], &[])?;
        let events = i64::try_from(self.count * LARGER)?;
        Self::same("large.db", "SELECT count(*) FROM event", events)?;
        work.others = vec![("a fifth of them, of a tenth of these", small, "5.50")];
        Ok(work)
    }

    /// The logs of a light and of a heavy person, in a large database.
    fn logs(&self) -> Outcome<[Work; 2]> {
        const DATABASE: &str = "logs.db";
        self.programs.copy(TRIGGERS, DATABASE)?;
        self.programs.bugle(
            DATABASE,
            &["campaign", "replay-events", "events.jsonl", "heavy.jsonl"],
        )?;
        self.programs
            .bugle(DATABASE, &["campaign", "run", "Californian buyers"])?;
        let all = Self::ask(DATABASE, "SELECT count(*) FROM activity")?;
        Ok([
            self.log(DATABASE, all, "abs(count(*) - 11)", 20)?,
            self.log(DATABASE, all, "-count(*)", 5)?,
        ])
    }

    /// The log of the person who comes first in an order, so many times in a row.
    fn log(&self, database: &'static str, all: i64, order: &str, times: u32) -> Outcome<Work> {
        let sql = format!(
            "SELECT email, rows FROM (SELECT activity_id >> 24 AS person_id, count(*) AS rows
                FROM activity GROUP BY 1 ORDER BY {order} LIMIT 1) JOIN person USING (person_id)"
        );
        let database_file = Connection::open(Path::new(FOLDER).join(database))?;
        let (email, rows): (String, i64) =
            database_file.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        drop(database_file);
        let select =
            format!("SELECT * FROM v_activity WHERE email = '{email}' ORDER BY at, activity_id");
        let often = |work: &dyn Fn() -> Outcome| (0..times).try_for_each(|_| work());
        let contenders = [
            Contender {
                name: "bugle",
                prepare: Box::new(|| Ok(())),
                work: Box::new(|| {
                    often(&|| {
                        self.programs
                            .bugle(database, &["--format", "csv", "person", "log", &email])
                    })
                }),
            },
            Contender {
                name: "SELECT in the shell",
                prepare: Box::new(|| Ok(())),
                work: Box::new(|| often(&|| self.programs.query(database, &select))),
            },
        ];
        let name = format!("person log, {rows} rows of {all}");
        Ok(Work::of(name, self.rounds, &contenders, &["1.00"])?.each(times))
    }

    /// Returns the number that a query gives.
    fn ask(database: &str, sql: &str) -> Outcome<i64> {
        let database = Connection::open(Path::new(FOLDER).join(database))?;
        Ok(database.query_row(sql, [], |row| row.get(0))?)
    }

    /// Refuses to compare works that are not the same.
    fn same(database: &str, sql: &str, expected: i64) -> Outcome {
        let found = Self::ask(database, sql)?;
        if found == expected {
            return Ok(());
        }
        Err(format!("{database}: {sql} gives {found} where {expected} was expected").into())
    }
}
