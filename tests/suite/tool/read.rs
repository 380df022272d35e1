//! What tests read back from a command that succeeds, and from the database.

use serde_json::Value as Json;

use super::query::query;
use super::{Line, Tool, dedent};

impl Tool {
    /// Returns the text of a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a command that must succeed, and returns its result.
    #[track_caller]
    pub(crate) fn text(&mut self, line: impl Line) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, Some(0), "$ {}\n{}", ran.line, ran.stderr);
        ran.stdout
    }

    /// Runs a command that must fail, and returns its errors.
    #[track_caller]
    pub(crate) fn error(&mut self, line: impl Line) -> String {
        let ran = self.run(line);
        assert_ne!(ran.code, Some(0), "$ {}\n{}", ran.line, ran.stdout);
        ran.stderr
    }

    /// Runs a command that must succeed, and returns the rows of its result.
    #[track_caller]
    pub(crate) fn rows(&mut self, line: impl Line) -> Vec<Json> {
        let mut words = line.words();
        words.extend(["--format", "jsonl"].map(Into::into));
        let text = self.text(words);
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Runs a command whose result is one row, and returns that.
    #[track_caller]
    pub(crate) fn row(&mut self, line: impl Line) -> Json {
        let mut rows = self.rows(line);
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Returns some cells of each row of a result, a line a row: see [`cells_of`].
    #[track_caller]
    pub(crate) fn cells(&mut self, line: impl Line, columns: &str) -> String {
        let rows = self.rows(line);
        rows.iter().map(|row| cells_of(row, columns)).collect()
    }

    /// Returns some cells of each row of a person's log, a line a row: see [`cells_of`].
    #[track_caller]
    pub(crate) fn log(&mut self, person: &str, columns: &str) -> String {
        self.cells(["person", "log", person], columns)
    }

    /// Runs a command that counts what it did, and returns the counts that are not zero: `read 2, taken 1`.
    ///
    /// Things that were set aside are counted as well, so exit code 6 is as good as 0.
    #[track_caller]
    pub(crate) fn counts(&mut self, line: impl Line) -> String {
        let mut words = line.words();
        words.extend(["--format", "json"].map(Into::into));
        let ran = self.run(words);
        assert!(
            matches!(ran.code, Some(0 | 6)),
            "$ {}\n{}",
            ran.line,
            ran.stderr
        );
        let summary: Json = serde_json::from_str(&ran.stdout).unwrap();
        let counts = summary.as_object().unwrap().iter();
        let counts: Vec<String> = counts
            .filter(|(_, count)| count.as_u64() != Some(0) && !count.is_array())
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        counts.join(", ")
    }

    /// Returns some fields of a person as JSON, separated by blanks.
    #[track_caller]
    pub(crate) fn fields(&mut self, person: &str, names: &str) -> String {
        let shown = self.row(["person", "show", person]);
        let values: Vec<String> = names
            .split(' ')
            .map(|name| shown["person"][name].to_string())
            .collect();
        values.join(" ")
    }

    /// Validates campaigns, right or wrong, and returns a row a campaign with its `diagnostics`.
    #[track_caller]
    pub(crate) fn validated(&mut self, path: &str) -> Vec<Json> {
        let ran = self.run(["campaign", "validate", path, "--format", "json"]);
        assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// Compares some cells of each row of a result.
    #[track_caller]
    pub(crate) fn cells_are(&mut self, line: impl Line, columns: &str, expected: &str) {
        assert_eq!(self.cells(line, columns), dedent(expected));
    }

    /// Compares some cells of each row of a person's log.
    #[track_caller]
    pub(crate) fn log_is(&mut self, person: &str, columns: &str, expected: &str) {
        assert_eq!(self.log(person, columns), dedent(expected));
    }

    /// Returns everything that the database holds, as `db dump` writes it.
    #[track_caller]
    pub(crate) fn dump(&mut self) -> String {
        self.text("db dump")
    }

    /// Returns the lines of the dump of one kind, such as `wait`.
    #[track_caller]
    pub(crate) fn dumped(&mut self, kind: &str) -> Vec<String> {
        let begin = format!("{{\"{kind}\":");
        let dump = self.dump();
        let lines = dump.lines().filter(|line| line.starts_with(&begin));
        lines.map(str::to_owned).collect()
    }

    /// Asks the database as another program would: the rows of a query, a line each, its cells separated by `|`.
    #[track_caller]
    pub(crate) fn query(&self, sql: &str) -> String {
        let rows = query(&self.path("bugle.db"), sql);
        rows.into_iter().map(|row| row + "\n").collect()
    }

    /// Changes the database behind the program's back.
    #[track_caller]
    pub(crate) fn tamper(&self, sql: &str) {
        self.database().execute_batch(sql).unwrap();
    }

    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("bugle.db")).unwrap()
    }
}

/// Returns some cells of a row, separated by blanks; a cell without a value is left out.
///
/// A column is the key of a cell, or one of these: `who`, the address before its `@`; `name`, the campaign without its
/// program; `attributes.link`, one attribute as `link=…`.
pub(crate) fn cells_of(row: &Json, columns: &str) -> String {
    let cells: Vec<String> = columns
        .split(' ')
        .filter_map(|column| {
            let cell = |key: &str| {
                row.get(key)
                    .unwrap_or_else(|| panic!("no `{key}` in {row}"))
            };
            match column {
                "who" => Some(shown(cell("email"))?.split('@').next()?.to_owned()),
                "name" => Some(shown(cell("campaign"))?.rsplit('.').next()?.to_owned()),
                column => match column.split_once('.') {
                    None => shown(cell(column)),
                    Some((of, key)) => Some(format!("{key}={}", shown(&cell(of)[key])?)),
                },
            }
        })
        .collect();
    format!("{}\n", cells.join(" "))
}

/// Returns a cell as text; null, an empty object and an empty list are none.
fn shown(cell: &Json) -> Option<String> {
    match cell {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Object(members) if members.is_empty() => None,
        Json::Array(members) if members.is_empty() => None,
        Json::Bool(_) | Json::Number(_) | Json::Object(_) | Json::Array(_) => {
            Some(cell.to_string())
        }
    }
}
