//! The commands that write, and what leads to the state in which each is given.

use std::fmt::Write as _;

use super::folder::Folder;

/// A command that writes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// What is done before, undisturbed.
    before: &'static [Step],
    /// The command line.
    pub(crate) line: &'static str,
    /// What else the same command may end with when it is given again, where the first one had done its work: that
    /// someone is not found any more.
    pub(crate) done_already: &'static [i32],
}

/// What leads to a state.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A command that succeeds.
    Run(&'static str),
    /// A file that is written.
    Write(&'static str, &'static str),
    /// A command that is killed before this call, so that something is left to be done.
    Killed(&'static str, u64),
    /// A database as the first version of the schema had it.
    FirstVersion,
}

use Step::{FirstVersion, Killed, Run, Write};

const LOADED: [Step; 2] = [Run("campaign load"), Run("person load people.csv")];
const EVENTS: Step = Run("campaign replay-events first.jsonl --until 2026-11-04");
const SPLIT: &str = "shard split --shards 2 --people people.csv --events first.jsonl -o parts";
const LETTER: &str = "
name: Letter
smart_list: { filters: [ lead_score: { at_least: 3 } ] }
flow:
  - send_email: letter
  - change_score: +1
  - wait: 2 days
  - add_to_list: Written to
qualification: every_time
";
const CHANGED: &str = "
name: Visit
smart_list: { triggers: [ visits_web_page: any ] }
flow:
  - change_score: +5
qualification: every_time
active: true
";

/// Every command that writes, with each of its options.
pub(crate) const CASES: &[Case] = &[
    Case::new("campaign load, no database", &[], "campaign load"),
    Case::new(
        "campaign load, a changed file",
        &[
            LOADED[0],
            LOADED[1],
            EVENTS,
            Write("campaigns/visit.yaml", CHANGED),
        ],
        "campaign load --waiting drop",
    ),
    Case::new(
        "campaign load --waiting keep",
        &[
            LOADED[0],
            LOADED[1],
            EVENTS,
            Write("campaigns/visit.yaml", CHANGED),
        ],
        "campaign load --waiting keep",
    ),
    Case::new(
        "campaign load --prune",
        &[
            LOADED[0],
            LOADED[1],
            Write("campaigns/visit.yaml", LETTER_TOO),
        ],
        "campaign load --prune",
    ),
    Case::new(
        "campaign load, an old database",
        &[FirstVersion],
        "campaign load",
    ),
    Case::new("person load, no database", &[], "person load people.csv"),
    Case::new(
        "person load, changes",
        &[LOADED[0], LOADED[1], EVENTS],
        "person load changed.csv",
    ),
    Case::new(
        "person load --list --replace",
        &[
            LOADED[0],
            LOADED[1],
            Run("person load people.csv --list Fair"),
        ],
        "person load changed.csv --list Fair --replace",
    ),
    Case::new(
        "person load --rejects",
        &LOADED,
        "person load bad.csv --rejects rejects.csv",
    ),
    Case::new(
        "person load --as-activities",
        &LOADED,
        "person load changed.csv --list Fair --as-activities",
    ),
    Case::new(
        "campaign run",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign run Letter",
    ),
    Case::new(
        "campaign run --people",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign run Letter --people verdicts.csv",
    ),
    Case::new(
        "campaign run, a file",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign run campaigns/letter.yaml",
    ),
    Case::new(
        "campaign run, two campaigns",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign run Letter Decay",
    ),
    Case::new(
        "campaign run --person",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign run Letter --person p3@example.com --person p6@example.com",
    ),
    Case::new(
        "replay-events",
        &LOADED,
        "campaign replay-events first.jsonl second.jsonl",
    ),
    Case::new(
        "replay-events --unknown --rejects",
        &LOADED,
        "campaign replay-events first.jsonl odd.jsonl --unknown unknown.jsonl --rejects rejects.jsonl",
    ),
    Case::new(
        "replay-events --until",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign replay-events second.jsonl --until 2026-11-19",
    ),
    Case::new(
        "replay-events --scheduled",
        &LOADED,
        "campaign replay-events first.jsonl second.jsonl --scheduled --until 2026-11-19",
    ),
    Case::new(
        "replay-events --people",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign replay-events second.jsonl --until 2026-11-19 --people matches.csv",
    ),
    Case::new(
        "replay-events --people --scheduled",
        &LOADED,
        "campaign replay-events first.jsonl second.jsonl --scheduled --until 2026-11-19 --people matches.csv",
    ),
    Case::new(
        "replay-events --history",
        &LOADED,
        "campaign replay-events first.jsonl --history",
    ),
    Case::new(
        "replay-events --retry",
        &[
            LOADED[0],
            Run("campaign replay-events first.jsonl"),
            LOADED[1],
        ],
        "campaign replay-events first.jsonl --retry",
    ),
    Case::new(
        "campaign advance",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign advance --until 2026-11-15",
    ),
    Case::new(
        "campaign advance --missed last",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign advance --until 2026-11-15 --missed last",
    ),
    Case::new("campaign deactivate", &LOADED, "campaign deactivate Visit"),
    Case::new(
        "campaign activate",
        &[LOADED[0], LOADED[1], Run("campaign deactivate Visit")],
        "campaign activate Visit",
    ),
    Case::new(
        "campaign abort",
        &[LOADED[0], LOADED[1], EVENTS, Run("campaign run Letter")],
        "campaign abort 1",
    )
    .or_ends_with(&[4]),
    Case::new(
        "campaign abort, an unfinished run",
        &[
            LOADED[0],
            LOADED[1],
            EVENTS,
            Killed("campaign run Letter", 45),
        ],
        "campaign abort 1",
    )
    .or_ends_with(&[4]),
    Case::new(
        "person delete",
        &[LOADED[0], LOADED[1], EVENTS],
        "person delete p3@example.com --yes",
    )
    .or_ends_with(&[4]),
    Case::new(
        "db backup",
        &[LOADED[0], LOADED[1], EVENTS],
        "db backup copy.db",
    )
    .or_ends_with(&[3]),
    Case::new(
        "db scratch",
        &[LOADED[0], LOADED[1], EVENTS],
        "db scratch copy.db",
    )
    .or_ends_with(&[3]),
    Case::new(
        "db restore",
        &[LOADED[0], Run("db backup copy.db"), LOADED[1]],
        "db restore copy.db",
    ),
    Case::new(
        "outbox export --mbox",
        &[LOADED[0], LOADED[1], EVENTS, Run("campaign run Letter")],
        "outbox export --mbox mail.mbox --from news@example.com",
    ),
    Case::new(
        "outbox export --maildir",
        &[LOADED[0], LOADED[1], EVENTS, Run("campaign run Letter")],
        "outbox export --maildir mail --from news@example.com",
    ),
    Case::new(
        "campaign plan --out --people",
        &[
            LOADED[0],
            LOADED[1],
            EVENTS,
            Write("campaigns/visit.yaml", CHANGED),
        ],
        "campaign plan --out plan.json --people plan.csv --until 2026-12-01",
    ),
    Case::new(
        "campaign run --plan",
        &[
            LOADED[0],
            LOADED[1],
            EVENTS,
            Run("campaign plan --out plan.json"),
        ],
        "campaign run Letter --plan plan.json",
    ),
    Case::new(
        "campaign report --output",
        &[LOADED[0], LOADED[1], EVENTS],
        "campaign report --output report.html",
    ),
    Case::new(
        "db export",
        &[LOADED[0], LOADED[1], EVENTS],
        "db export out --format csv",
    ),
    Case::new("shard split", &[LOADED[0]], SPLIT).or_ends_with(&[2]),
    Case::new(
        "shard merge",
        &[
            Run(SPLIT),
            Run("campaign load --db parts/shard-1/bugle.db"),
            Run("campaign load --db parts/shard-2/bugle.db"),
            Run("person load parts/shard-1/people.csv --db parts/shard-1/bugle.db"),
            Run("person load parts/shard-2/people.csv --db parts/shard-2/bugle.db"),
            Run(
                "campaign replay-events parts/shard-1/first.jsonl --until 2026-11-10 --db parts/shard-1/bugle.db",
            ),
            Run(
                "campaign replay-events parts/shard-2/first.jsonl --until 2026-11-10 --db parts/shard-2/bugle.db",
            ),
        ],
        "shard merge parts",
    )
    .or_ends_with(&[3]),
    Case::new(
        "campaign fmt",
        &[Write("campaigns/letter.yaml", UNTIDY)],
        "campaign fmt",
    ),
];

/// The place of the trigger campaign is taken by another one.
const LETTER_TOO: &str = "
name: Other
smart_list: { filters: [ lead_score: { at_least: 90 } ] }
flow: [ change_score: +1 ]
";

const UNTIDY: &str = "
name:   Letter
smart_list: { filters: [ lead_score: { at_least: 3 } ] }
flow:
    - change_score:    +1   # a little
";

impl Case {
    const fn new(name: &'static str, before: &'static [Step], line: &'static str) -> Self {
        Self {
            name,
            before,
            line,
            done_already: &[],
        }
    }

    const fn or_ends_with(self, codes: &'static [i32]) -> Self {
        Self {
            done_already: codes,
            ..self
        }
    }

    /// Makes the folder in which the command is given.
    pub(crate) fn folder(&self, shim: &super::shim::Shim) -> Folder {
        let folder = Folder::new();
        write_workspace(&folder);
        for step in self.before {
            match *step {
                Run(line) => {
                    let output = folder.run(line);
                    let said = super::folder::text(&output.stderr);
                    assert!(
                        output
                            .status
                            .code()
                            .is_some_and(|code| code == 0 || code == 6),
                        "{line}: {said}"
                    );
                }
                Write(name, text) => folder.write(name, text),
                FirstVersion => first_version(&folder),
                Killed(line, at) => {
                    let output = shim.run(&folder, line, super::shim::Fault::Kill, at);
                    assert_eq!(output.status.code(), None, "{line} was not killed");
                }
            }
        }
        folder
    }
}

/// Makes a database with a person in the first version of the schema.
fn first_version(folder: &Folder) {
    let database = rusqlite::Connection::open(folder.path().join("bugle.db")).unwrap();
    let schema = include_str!("../../src/store/schema/1.sql");
    database.execute_batch(schema).unwrap();
    database
        .execute_batch(
            "INSERT INTO person (person_id, email) VALUES (1, 'ann@example.com');
             INSERT INTO workspace_version (definition, loaded_at) VALUES ('', 0);
             PRAGMA application_id = 1651861356;
             PRAGMA user_version = 1;
             PRAGMA journal_mode = WAL;",
        )
        .unwrap();
}

/// Writes campaigns, people and events: few people, but several chunks of them.
fn write_workspace(folder: &Folder) {
    folder.write(
        "campaigns/workspace.yaml",
        "
time_zone: UTC
emails:
  letter: { subject: \"A letter to {{lead.First Name}}\", body: Hello. }
  thanks: { subject: Thanks, body: Thank you. }
",
    );
    folder.write("campaigns/letter.yaml", LETTER);
    folder.write(
        "campaigns/visit.yaml",
        "
name: Visit
smart_list: { triggers: [ visits_web_page: any ] }
flow:
  - change_score: +5
  - wait: 3 days
  - send_email: thanks
qualification: every_time
active: true
",
    );
    folder.write(
        "campaigns/decay.yaml",
        "
name: Decay
smart_list: { filters: [ lead_score: { at_least: 1 } ] }
flow: [ change_score: -1 ]
qualification: every_time
schedule: { first_run: 2026-11-03 03:00, repeat: daily }
",
    );
    let mut people = "email,first_name,lead_score\n".to_owned();
    let mut changed = people.clone();
    let mut events = [String::new(), String::new()];
    for number in 1..=30 {
        let _ = writeln!(people, "p{number}@example.com,Name {number},{}", number % 5);
        if number % 3 == 0 {
            let _ = writeln!(
                changed,
                "p{number}@example.com,Other {number},{}",
                number % 7
            );
        }
        for (day, events) in [2, 9].into_iter().zip(&mut events) {
            let _ = writeln!(
                events,
                r#"{{"at":"2026-11-{day:02}T10:{number:02}:00Z","person":"p{number}@example.com","type":"visits_web_page","web_page":"/{number}"}}"#
            );
        }
    }
    changed.push_str("new@example.com,New,1\n");
    folder.write("people.csv", &people);
    folder.write("changed.csv", &changed);
    folder.write("bad.csv", format!("{changed}no address,Bad,2\n"));
    let [first, second] = &events;
    folder.write("first.jsonl", first);
    folder.write("second.jsonl", second);
    let mut odd = second.replace("p7@", "stranger@");
    odd.push_str("{\"at\":\"never\"}\n");
    folder.write("odd.jsonl", odd);
}
