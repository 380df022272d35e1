//! Which layout of the activity table is fastest: `cargo bench --bench layout [FOLDER]`.
//!
//! Candidates: a rowid that packs person and ordinal; a plain rowid with an index on the person; a table clustered by
//! (person, ordinal) without rowid; each with repeated texts and origins in the row, or once in tables of their own. Each does the four jobs that
//! a log has: a batch run into a fresh table, a replay into a fresh table, chunks appended onto a large one, and
//! lookups of a light and a heavy log. The figures in `docs/performance.md` are medians of the three
//! rounds it prints.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not the program"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

/// Rows in one INSERT.
const ROWS: usize = 32;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// `person << 24 | ordinal` is the rowid.
    Packed,
    /// A plain rowid, and an index on the person.
    Indexed,
    /// Clustered by (person, ordinal) without rowid.
    Clustered,
}

/// Whether repeated things stand in each row or once in a table of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeated {
    Inline,
    Once,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Layout {
    key: Key,
    /// Primary values and attributes.
    texts: Repeated,
    /// Campaign, run, step, choice, outcome and reason.
    origins: Repeated,
}

const fn layout(key: Key, texts: Repeated, origins: Repeated) -> Layout {
    Layout {
        key,
        texts,
        origins,
    }
}

const LAYOUTS: [(&str, Layout); 7] = [
    (
        "packed",
        layout(Key::Packed, Repeated::Inline, Repeated::Inline),
    ),
    (
        "indexed",
        layout(Key::Indexed, Repeated::Inline, Repeated::Inline),
    ),
    (
        "clustered",
        layout(Key::Clustered, Repeated::Inline, Repeated::Inline),
    ),
    (
        "packed, texts",
        layout(Key::Packed, Repeated::Once, Repeated::Inline),
    ),
    (
        "indexed, texts",
        layout(Key::Indexed, Repeated::Once, Repeated::Inline),
    ),
    (
        "packed, both",
        layout(Key::Packed, Repeated::Once, Repeated::Once),
    ),
    (
        "indexed, both",
        layout(Key::Indexed, Repeated::Once, Repeated::Once),
    ),
];

impl Layout {
    fn key_columns(self) -> &'static [&'static str] {
        match self.key {
            Key::Packed => &["activity_id"],
            Key::Indexed | Key::Clustered => &["person_id", "ordinal"],
        }
    }

    fn origin_columns(self) -> &'static [&'static str] {
        match self.origins {
            Repeated::Inline => &[
                "campaign_id",
                "run_id",
                "step",
                "choice",
                "outcome",
                "reason",
            ],
            Repeated::Once => &["origin_id"],
        }
    }

    fn columns(self) -> Vec<&'static str> {
        [
            self.key_columns(),
            &["at", "type", "primary_value", "attributes"],
            self.origin_columns(),
            &["event_id"],
        ]
        .concat()
    }

    fn schema(self) -> String {
        let columns: Vec<String> = self
            .columns()
            .into_iter()
            .map(|column| match column {
                "activity_id" => "activity_id INTEGER PRIMARY KEY".to_owned(),
                "primary_value" | "attributes" => format!("{column} ANY"),
                "reason" | "event_id" => format!("{column} TEXT"),
                _ => format!("{column} INTEGER"),
            })
            .collect();
        let columns = columns.join(", ");
        let texts = "CREATE TABLE text (text_id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;";
        match self.key {
            Key::Packed => format!("{texts} CREATE TABLE activity ({columns}) STRICT;"),
            Key::Indexed => format!(
                "{texts} CREATE TABLE activity (activity_id INTEGER PRIMARY KEY, {columns}) STRICT;
                CREATE INDEX activity_person ON activity (person_id);"
            ),
            Key::Clustered => format!(
                "{texts} CREATE TABLE activity ({columns}, PRIMARY KEY (person_id, ordinal)) STRICT, WITHOUT ROWID;"
            ),
        }
    }

    fn insert(self, rows: usize) -> String {
        let columns = self.columns();
        let marks = vec!["?"; columns.len()].join(",");
        let mut sql = format!("INSERT INTO activity ({}) VALUES ", columns.join(", "));
        for row in 0..rows {
            let _ = write!(sql, "{}({marks})", if row == 0 { "" } else { "," });
        }
        sql
    }

    fn lookup(self) -> String {
        let (which, order) = match self.key {
            Key::Packed => (
                "activity_id BETWEEN ?1 << 24 AND ?1 << 24 | 16777215",
                "activity_id",
            ),
            Key::Indexed | Key::Clustered => ("person_id = ?1", "ordinal"),
        };
        match self.texts {
            Repeated::Inline => format!(
                "SELECT at, type, primary_value, attributes FROM activity WHERE {which} ORDER BY at, {order}"
            ),
            Repeated::Once => format!(
                "SELECT a.at, a.type, CASE typeof(a.primary_value) WHEN 'integer' THEN (SELECT text FROM text WHERE text_id = a.primary_value) ELSE a.primary_value END,
                CASE typeof(a.attributes) WHEN 'integer' THEN (SELECT text FROM text WHERE text_id = a.attributes) ELSE a.attributes END
                FROM activity a WHERE {which} ORDER BY at, {order}"
            ),
        }
    }
}

/// One activity to write.
#[derive(Clone, Copy)]
struct Row {
    person: i64,
    ordinal: i64,
    at: i64,
    kind: usize,
}

const KINDS: [(i64, &str, &str); 6] = [
    (6, "california-newsletter", ""),
    (
        22,
        "lead_score",
        r#"{"change":5,"old_value":40,"new_value":45,"reason":"Changed by Smart Campaign Autumn.California newsletter action Change Score"}"#,
    ),
    (
        24,
        "Newsletter readers",
        r#"{"source":"Smart Campaign Autumn.California newsletter"}"#,
    ),
    (
        11,
        "california-newsletter",
        r#"{"link":"https://www.example.com/pricing/enterprise?utm=autumn","is_mobile_device":false}"#,
    ),
    (
        1,
        "/pricing",
        r#"{"referrer":"https://www.example.com/","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"}"#,
    ),
    (
        13,
        "lead_status",
        r#"{"new_value":"Engaged","old_value":"Open","reason":"Changed by Smart Campaign Autumn.Pricing action Change Data Value","source":"Smart Campaign"}"#,
    ),
];

struct Table {
    layout: Layout,
    connection: Connection,
    path: PathBuf,
}

impl Table {
    fn new(layout: Layout, folder: &Path) -> Self {
        let path = folder.join("layout.db");
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            )
            .unwrap();
        connection.execute_batch(&layout.schema()).unwrap();
        if layout.texts == Repeated::Once {
            for (_, primary, attributes) in KINDS {
                connection
                    .execute(
                        "INSERT INTO text (text) VALUES (?1), (?2)",
                        (primary, attributes),
                    )
                    .unwrap();
            }
        }
        Self {
            layout,
            connection,
            path,
        }
    }

    fn write(&mut self, rows: &[Row]) {
        let transaction = self.connection.transaction().unwrap();
        for some in rows.chunks(ROWS) {
            let mut statement = transaction
                .prepare_cached(&self.layout.insert(some.len()))
                .unwrap();
            let mut at = 0;
            let mut bind = |value: &dyn rusqlite::ToSql| {
                at += 1;
                statement.raw_bind_parameter(at, value).unwrap();
            };
            for row in some {
                let (code, primary, attributes) = KINDS[row.kind];
                if self.layout.key == Key::Packed {
                    bind(&(row.person << 24 | row.ordinal));
                } else {
                    bind(&row.person);
                    bind(&row.ordinal);
                }
                bind(&row.at);
                bind(&code);
                let text = i64::try_from(row.kind).unwrap() * 2 + 1;
                let once = self.layout.texts == Repeated::Once;
                if once {
                    bind(&text);
                } else {
                    bind(&primary);
                }
                // The attributes of every third visit are its own, whatever the layout.
                if row.kind == 4 && row.at % 3 == 0 {
                    bind(&format!(
                        r#"{{"referrer":"https://www.example.com/?click={}"}}"#,
                        row.at
                    ));
                } else if attributes.is_empty() {
                    bind(&None::<i64>);
                } else if once {
                    bind(&(text + 1));
                } else {
                    bind(&attributes);
                }
                let step = i64::try_from(row.kind).unwrap() + 1;
                let walk = row.kind < 3;
                if self.layout.origins == Repeated::Once {
                    bind(&walk.then_some(step));
                } else {
                    for n in [1, 1, step] {
                        bind(&walk.then_some(n));
                    }
                    bind(&None::<i64>);
                    bind(&walk.then_some(1));
                    bind(&None::<i64>);
                }
                if walk {
                    bind(&None::<i64>);
                } else {
                    bind(&format!("e-{}", row.at % 100_000_000));
                }
            }
            statement.raw_execute().unwrap();
        }
        transaction.commit().unwrap();
    }

    fn megabytes(&self) -> u128 {
        self.connection
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .unwrap();
        u128::from(std::fs::metadata(&self.path).unwrap().len() / 1_000_000)
    }

    /// Reads some logs whole; microseconds a log.
    fn look_up(&self, persons: &[i64]) -> Duration {
        let mut statement = self.connection.prepare(&self.layout.lookup()).unwrap();
        let start = Instant::now();
        for person in persons {
            let mut rows = statement.query([person]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let _: Value = row.get(3).unwrap();
            }
        }
        start.elapsed() / u32::try_from(persons.len()).unwrap()
    }
}

/// Three activities for each of so many people, in their order, 10,000 people a chunk.
fn batch(table: &mut Table, people: i64) -> Duration {
    let start = Instant::now();
    for chunk in 0..people / 10_000 {
        let rows: Vec<Row> = (1..=10_000)
            .flat_map(|n| (0..3).map(move |k| (chunk * 10_000 + n, k)))
            .map(|(person, k)| Row {
                person,
                ordinal: k,
                at: 1_793_613_600_000_000,
                kind: usize::try_from(k).unwrap(),
            })
            .collect();
        table.write(&rows);
    }
    start.elapsed()
}

/// Random events in time order over some people, sorted by person within each chunk.
fn replay(
    table: &mut Table,
    next: &mut [i64],
    people: i64,
    chunks: u32,
    rows: usize,
    random: &mut fastrand::Rng,
) -> Duration {
    let mut spent = Duration::ZERO;
    for chunk in 0..chunks {
        let mut all: Vec<Row> = (0..rows)
            .map(|n| {
                // One row in fifty is of one heavy person: a crawler that opens everything.
                let person = if n % 50 == 0 {
                    7
                } else {
                    random.i64(1..=people)
                };
                Row {
                    person,
                    ordinal: 0,
                    at: 1_793_613_600_000_000
                        + i64::from(chunk) * 1_000_000
                        + i64::try_from(n).unwrap(),
                    kind: random.usize(0..6),
                }
            })
            .collect();
        all.sort_by_key(|row| row.person);
        for row in &mut all {
            let slot = &mut next[usize::try_from(row.person).unwrap()];
            row.ordinal = *slot;
            *slot += 1;
        }
        let start = Instant::now();
        table.write(&all);
        spent += start.elapsed();
    }
    spent
}

/// The four jobs on one layout, on fresh tables.
fn measure(layout: Layout, folder: &Path) -> [u128; 8] {
    let mut random = fastrand::Rng::with_seed(7);
    let mut table = Table::new(layout, folder);
    let batch = batch(&mut table, 200_000).as_millis();
    let batch_size = table.megabytes();

    let mut table = Table::new(layout, folder);
    let mut next = vec![0; 1_000_001];
    let fresh = replay(&mut table, &mut next, 100_000, 12, 100_000, &mut random).as_millis();
    let fresh_size = table.megabytes();
    let light: Vec<i64> = (0..1000).map(|n| 10 + n * 99).collect();
    let (light, heavy) = (
        table.look_up(&light).as_micros(),
        table.look_up(&[7; 20]).as_micros(),
    );

    // Four million rows as four runs over a million people left them.
    let mut table = Table::new(layout, folder);
    for ordinal in 0..4 {
        let rows: Vec<Row> = (1..=1_000_000)
            .map(|person| Row {
                person,
                ordinal,
                at: 1_793_613_600_000_000,
                kind: usize::try_from(person % 6).unwrap(),
            })
            .collect();
        table.write(&rows);
    }
    table.megabytes();
    let mut next = vec![4; 1_000_001];
    let large = replay(&mut table, &mut next, 1_000_000, 4, 200_000, &mut random).as_millis();
    [
        batch,
        batch_size,
        fresh,
        fresh_size,
        large,
        table.megabytes(),
        light,
        heavy,
    ]
}

fn main() {
    let folder = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .map_or_else(std::env::temp_dir, PathBuf::from);
    println!("layout           batch ms    MB  replay ms   MB  append ms   MB  light us  heavy us");
    for _round in 0..3 {
        for (name, layout) in LAYOUTS {
            let [batch, a, fresh, b, large, c, light, heavy] = measure(layout, &folder);
            println!(
                "{name:<16} {batch:>8} {a:>5} {fresh:>10} {b:>4} {large:>10} {c:>4} {light:>9} {heavy:>9}"
            );
        }
    }
}
