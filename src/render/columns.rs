//! Which columns each kind of row has in a table, and its keys in CSV.

use std::borrow::Cow;

use crate::results::{
    CampaignLoadRow, CampaignRow, Change, CodeRow, DueRow, ImportPeopleSummary, LoadPeopleSummary,
    MemberRow, OutboxRow, RunRow, ValidateRow, WaitingRow,
};

use super::table::Shape::{Number, Text, Word};
use super::{Cell, Column, Look, Row, Tone};

/// Returns how a person is named: by email, else by number, either of which is a KEY.
pub(super) fn person(person_id: i64, email: Option<&str>) -> Cow<'_, str> {
    email.map_or_else(|| Cow::Owned(format!("#{person_id}")), Cow::Borrowed)
}

impl Row for CampaignRow {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "program",
        "mode",
        "status",
        "active",
        "version",
        "members",
        "waiting",
        "next_run_at",
        "first_until",
        "last_until",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("campaign", Text),
        Column::new("mode", Word),
        Column::new("status", Text),
        Column::new("next run", Text),
        Column::new("members", Number),
        Column::new("waiting", Number),
        Column::new("until", Text),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = match self.status.as_str() {
            "active" => Tone::Good,
            "invalid" => Tone::Bad,
            "inactive" | "never run" => Tone::Faint,
            _ => Tone::Plain,
        };
        vec![
            Cell::new(&self.campaign),
            Cell::new(mode_label(&self.mode)),
            Cell::new(&self.status).tone(tone),
            Cell::new(look.maybe_when(self.next_run_at)),
            Cell::new(self.members),
            Cell::new(self.waiting),
            Cell::new(look.maybe_when(self.last_until)),
        ]
    }
}

/// Returns the word people see for a mode: `Batch`, `Triggered`, `Executable`.
pub fn mode_label(mode: &str) -> &str {
    match mode {
        "batch" => "Batch",
        "triggered" => "Triggered",
        "executable" => "Executable",
        other => other,
    }
}

impl Row for ValidateRow {
    const KEYS: &'static [&'static str] = &[
        "campaign", "program", "file", "mode", "triggers", "filters", "steps", "errors", "warnings",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("campaign", Text),
        Column::new("mode", Word),
        Column::new("triggers", Number),
        Column::new("filters", Number),
        Column::new("steps", Number),
        Column::new("problems", Text),
        Column::new("file", Text),
    ];

    fn columns(look: &Look) -> Vec<Column> {
        filed(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let problems = problems(self.errors, self.warnings);
        let tone = match (self.errors, self.warnings) {
            (0, 0) => Tone::Good,
            (0, _) => Tone::Doubtful,
            (_, _) => Tone::Bad,
        };
        let cells = vec![
            Cell::new(&self.campaign),
            Cell::new(self.mode.as_deref().map_or("unknown", mode_label)),
            Cell::new(self.triggers),
            Cell::new(self.filters),
            Cell::new(self.steps),
            Cell::new(problems).tone(tone),
        ];
        with_file(look, cells, &self.file)
    }
}

/// Returns the columns of campaigns with their files; where there is little room, the file stands under the name.
fn filed(look: &Look, columns: &[Column]) -> Vec<Column> {
    let mut columns = columns.to_vec();
    if look.is_narrow() {
        columns.retain(|column| column.title != "file");
        columns[0] = Column::new("campaign, file", Text);
    }
    columns
}

/// Adds a campaign's file to its cells, of which the first is its name.
fn with_file(look: &Look, mut cells: Vec<Cell>, file: &str) -> Vec<Cell> {
    if look.is_narrow() {
        let name = cells.remove(0).below(file.to_owned());
        cells.insert(0, name);
    } else {
        cells.push(Cell::new(file));
    }
    cells
}

fn problems(errors: usize, warnings: usize) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        more => Some(format!("{more} {what}s")),
    };
    let told: Vec<String> = [count(errors, "error"), count(warnings, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if told.is_empty() {
        "none".to_owned()
    } else {
        told.join(", ")
    }
}

impl Row for LoadPeopleSummary {
    const KEYS: &'static [&'static str] = &[
        "file",
        "read",
        "added",
        "updated",
        "unchanged",
        "repeated",
        "rejected",
        "entries",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("file", Text),
        Column::new("read", Number),
        Column::new("added", Number),
        Column::new("updated", Number),
        Column::new("unchanged", Number),
        Column::new("repeated", Number),
        Column::new("rejected", Number),
    ];

    fn cells(&self, _look: &Look) -> Vec<Cell> {
        let rejected = Cell::new(self.rejected);
        vec![
            Cell::new(&self.file),
            Cell::new(self.read),
            Cell::new(self.added),
            Cell::new(self.updated),
            Cell::new(self.unchanged),
            Cell::new(self.repeated),
            if self.rejected > 0 {
                rejected.tone(Tone::Bad)
            } else {
                rejected
            },
        ]
    }
}

impl Row for ImportPeopleSummary<'_> {
    const KEYS: &'static [&'static str] = LoadPeopleSummary::KEYS;
    const COLUMNS: &'static [Column] = LoadPeopleSummary::COLUMNS;

    fn columns(_look: &Look) -> Vec<Column> {
        let mut columns = Self::COLUMNS.to_vec();
        columns.push(Column::new("entries", Number));
        columns
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let mut cells = self.0.cells(look);
        cells.push(Cell::new(self.0.entries.unwrap_or_default()));
        cells
    }
}

impl Row for CampaignLoadRow {
    const KEYS: &'static [&'static str] = &[
        "campaign", "file", "change", "version", "mode", "waiting", "waits",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("campaign", Text),
        Column::new("change", Word),
        Column::new("version", Number),
        Column::new("mode", Word),
        Column::new("waiting", Number),
        Column::new("file", Text),
    ];

    fn columns(look: &Look) -> Vec<Column> {
        filed(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = match self.change {
            Change::Added | Change::Changed => Tone::Good,
            Change::Unchanged => Tone::Faint,
            Change::Missing | Change::Pruned => Tone::Doubtful,
        };
        let cells = vec![
            Cell::new(&self.campaign),
            Cell::new(self.change.name()).tone(tone),
            Cell::new(self.version),
            Cell::new(mode_label(&self.mode)),
            Cell::new(self.waiting),
        ];
        with_file(look, cells, &self.file)
    }
}

impl Row for DueRow {
    const KEYS: &'static [&'static str] = &["at", "kind", "campaign", "person_id", "email", "step"];
    const COLUMNS: &'static [Column] = &[
        Column::new("when", Word),
        Column::new("due", Word),
        Column::new("campaign", Text),
        Column::new("person", Text),
        Column::new("step", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let who = self
            .person_id
            .map(|person_id| person(person_id, self.email.as_deref()));
        vec![
            Cell::new(look.when(self.at)),
            Cell::new(self.kind.name()),
            Cell::new(&self.campaign),
            Cell::maybe(who),
            Cell::maybe(self.step),
        ]
    }
}

impl Row for MemberRow {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "person_id",
        "email",
        "first_qualified_at",
        "last_qualified_at",
        "times",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("person_id", Number),
        Column::new("email", Text),
        Column::new("first qualified", Word),
        Column::new("last qualified", Word),
        Column::new("times", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            Cell::maybe(self.person_id),
            Cell::maybe(self.email.as_ref()),
            Cell::new(look.when(self.first_qualified_at)),
            Cell::new(look.when(self.last_qualified_at)),
            Cell::new(self.times),
        ]
    }
}

impl Row for WaitingRow {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "person_id",
        "email",
        "step",
        "since",
        "until",
        "version",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("person_id", Number),
        Column::new("email", Text),
        Column::new("step", Number),
        Column::new("since", Word),
        Column::new("until", Word),
        Column::new("version", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            Cell::new(self.person_id),
            Cell::maybe(self.email.as_ref()),
            Cell::new(self.step),
            Cell::new(look.when(self.since)),
            Cell::new(look.when(self.until)),
            Cell::maybe(self.version),
        ]
    }
}

impl Row for RunRow {
    const KEYS: &'static [&'static str] = &[
        "run_id",
        "campaign",
        "version",
        "at",
        "state",
        "matched",
        "excluded",
        "qualified",
        "blocked",
        "waiting",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("run", Number),
        Column::new("campaign", Text),
        Column::new("version", Number),
        Column::new("at", Text),
        Column::new("state", Word),
        Column::new("matched", Number),
        Column::new("qualified", Number),
        Column::new("waiting", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let tone = match self.state.as_str() {
            "finished" => Tone::Good,
            "unfinished" => Tone::Doubtful,
            _ => Tone::Plain,
        };
        vec![
            Cell::new(self.run_id),
            Cell::new(&self.campaign),
            Cell::new(self.version),
            Cell::new(look.when(self.at)),
            Cell::new(&self.state).tone(tone),
            Cell::new(self.matched),
            Cell::new(self.qualified),
            Cell::new(self.waiting),
        ]
    }
}

impl Row for OutboxRow {
    const KEYS: &'static [&'static str] = &[
        "activity_id",
        "at",
        "person_id",
        "type",
        "email",
        "campaign",
        "recipient",
        "sender",
        "subject",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("activity_id", Number),
        Column::new("when", Word),
        Column::new("to", Text),
        Column::new("email", Text),
        Column::new("subject", Text),
        Column::new("campaign", Text),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        vec![
            Cell::new(self.activity_id),
            Cell::new(look.when(self.at)),
            Cell::new(&self.recipient),
            Cell::new(&self.email),
            Cell::new(&self.subject),
            Cell::maybe(self.campaign.as_ref()),
        ]
    }
}

impl Row for CodeRow {
    const KEYS: &'static [&'static str] = &["code", "severity", "meaning"];
    const COLUMNS: &'static [Column] = &[
        Column::new("code", Word),
        Column::new("severity", Word),
        Column::new("meaning", Text),
    ];

    fn cells(&self, _look: &Look) -> Vec<Cell> {
        vec![
            Cell::new(self.code),
            Cell::new(self.severity),
            Cell::new(self.meaning),
        ]
    }
}
