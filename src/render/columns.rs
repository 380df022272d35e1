//! Which columns each kind of row has in a table, and its keys in CSV.

use crate::domain::{CampaignStatus, Mode};
use crate::results::{
    CampaignChange, CampaignLoadRow, CampaignRow, CodeRow, DueRow, FmtChange, FmtRow,
    ImportPeopleSummary, LoadPeopleSummary, MemberRow, OutboxRow, ReferenceRow, RunRow, RunStatus,
    ValidateRow, WaitingRow,
};

use super::table::CellStyle::{Number, Text, Word};
use super::{Look, TableCell, TableColumn, TableRow, Tone};

impl TableRow for CampaignRow {
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
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("campaign", Text),
        TableColumn::new("mode", Word),
        TableColumn::new("status", Text),
        TableColumn::new("next run", Word),
        TableColumn::new("members", Number),
        TableColumn::new("waiting", Number),
        TableColumn::new("until", Word),
    ];

    /// Where there is little room, mode and status share a column, and so do the next run and the end of waits.
    fn columns(look: &Look) -> Vec<TableColumn> {
        if look.is_narrow() {
            return vec![
                TableColumn::new("campaign", Text),
                TableColumn::new("mode and status", Text),
                TableColumn::new("next run / until", Word),
                TableColumn::new("members", Number),
                TableColumn::new("wait", Number),
            ];
        }
        Self::COLUMNS.to_vec()
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let tone = match self.status {
            CampaignStatus::Active => Tone::Good,
            CampaignStatus::Invalid => Tone::Bad,
            CampaignStatus::Inactive | CampaignStatus::NeverRun => Tone::Faint,
            CampaignStatus::HasRun
            | CampaignStatus::Scheduled
            | CampaignStatus::RunningInWaitStep => Tone::Plain,
        };
        if look.is_narrow() {
            let status = format!("{} {}", self.mode.label(), self.status.name());
            let next = look.maybe_when_short(self.next_run_at);
            let until = look.maybe_when_short(self.last_until);
            let times = match (next.is_empty(), until.is_empty()) {
                (false, false) => TableCell::new(next).below(until),
                (true, _) => TableCell::new(until),
                (false, true) => TableCell::new(next),
            };
            let waiting = (self.waiting > 0).then_some(self.waiting);
            return vec![
                TableCell::new(&self.campaign),
                TableCell::new(status).tone(tone),
                times,
                TableCell::new(self.members),
                TableCell::maybe(waiting),
            ];
        }
        vec![
            TableCell::new(&self.campaign),
            TableCell::new(self.mode.label()),
            TableCell::new(self.status.name()).tone(tone),
            TableCell::new(look.maybe_when(self.next_run_at)),
            TableCell::new(self.members),
            TableCell::new(self.waiting),
            TableCell::new(look.maybe_when(self.last_until)),
        ]
    }
}

impl TableRow for ValidateRow {
    const KEYS: &'static [&'static str] = &[
        "campaign", "program", "file", "mode", "triggers", "filters", "steps", "errors", "warnings",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("campaign", Text),
        TableColumn::new("mode", Word),
        TableColumn::new("triggers", Number),
        TableColumn::new("filters", Number),
        TableColumn::new("steps", Number),
        TableColumn::new("problems", Text),
        TableColumn::new("file", Text),
    ];

    fn columns(look: &Look) -> Vec<TableColumn> {
        filed(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let problems = problems(self.errors, self.warnings);
        let tone = match (self.errors, self.warnings) {
            (0, 0) => Tone::Good,
            (0, _) => Tone::Doubtful,
            (_, _) => Tone::Bad,
        };
        let cells = vec![
            TableCell::new(&self.campaign),
            TableCell::new(self.mode.map_or("unknown", Mode::label)),
            TableCell::new(self.triggers),
            TableCell::new(self.filters),
            TableCell::new(self.steps),
            TableCell::new(problems).tone(tone),
        ];
        with_file(look, cells, &self.file)
    }
}

/// Returns the columns of campaigns with their files; where there is little room, the file stands under the name.
fn filed(look: &Look, columns: &[TableColumn]) -> Vec<TableColumn> {
    let mut columns = columns.to_vec();
    if look.is_narrow() {
        columns.retain(|column| column.title != "file");
        columns[0] = TableColumn::new("campaign, file", Text);
    }
    columns
}

/// Adds a campaign's file to its cells, of which the first is its name.
fn with_file(look: &Look, mut cells: Vec<TableCell>, file: &str) -> Vec<TableCell> {
    if look.is_narrow() {
        let name = cells.remove(0).below(file.to_owned());
        cells.insert(0, name);
    } else {
        cells.push(TableCell::new(file));
    }
    cells
}

fn problems(errors: usize, warnings: usize) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        more => Some(format!("{more} {what}s")),
    };
    let counts: Vec<String> = [count(errors, "error"), count(warnings, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if counts.is_empty() {
        "none".to_owned()
    } else {
        counts.join(", ")
    }
}

impl TableRow for FmtRow {
    const KEYS: &'static [&'static str] = &["file", "change", "diff"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("file", Text),
        TableColumn::new("change", Word),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        let tone = match self.change {
            FmtChange::Formatted => Tone::Good,
            FmtChange::NotFormatted => Tone::Doubtful,
            FmtChange::Faulty => Tone::Bad,
        };
        vec![
            TableCell::new(&self.file),
            TableCell::new(self.change.name()).tone(tone),
        ]
    }
}

impl TableRow for ReferenceRow {
    const KEYS: &'static [&'static str] = &[
        "name", "kind", "access", "campaign", "part", "file", "line", "column",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("name", Text),
        TableColumn::new("kind", Word),
        TableColumn::new("access", Word),
        TableColumn::new("campaign", Text),
        TableColumn::new("part", Text),
        TableColumn::new("place", Text),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(&self.name),
            TableCell::new(self.kind),
            TableCell::new(self.access),
            TableCell::maybe(self.campaign.as_ref()),
            TableCell::new(&self.part),
            TableCell::new(format!("{}:{}:{}", self.file, self.line, self.column)),
        ]
    }
}

impl TableRow for LoadPeopleSummary {
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
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("file", Text),
        TableColumn::new("read", Number),
        TableColumn::new("added", Number),
        TableColumn::new("updated", Number),
        TableColumn::new("unchanged", Number),
        TableColumn::new("repeated", Number),
        TableColumn::new("rejected", Number),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        let rejected = TableCell::new(self.rejected);
        vec![
            TableCell::new(&self.file),
            TableCell::new(self.read),
            TableCell::new(self.added),
            TableCell::new(self.updated),
            TableCell::new(self.unchanged),
            TableCell::new(self.repeated),
            if self.rejected > 0 {
                rejected.tone(Tone::Bad)
            } else {
                rejected
            },
        ]
    }
}

impl TableRow for ImportPeopleSummary<'_> {
    const KEYS: &'static [&'static str] = LoadPeopleSummary::KEYS;
    const COLUMNS: &'static [TableColumn] = LoadPeopleSummary::COLUMNS;

    fn columns(_look: &Look) -> Vec<TableColumn> {
        let mut columns = Self::COLUMNS.to_vec();
        columns.push(TableColumn::new("entries", Number));
        columns
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let mut cells = self.0.cells(look);
        cells.push(TableCell::new(self.0.entries.unwrap_or_default()));
        cells
    }
}

impl TableRow for CampaignLoadRow {
    const KEYS: &'static [&'static str] = &[
        "campaign", "file", "change", "version", "mode", "waiting", "waits",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("campaign", Text),
        TableColumn::new("change", Word),
        TableColumn::new("version", Number),
        TableColumn::new("mode", Word),
        TableColumn::new("waiting", Number),
        TableColumn::new("file", Text),
    ];

    fn columns(look: &Look) -> Vec<TableColumn> {
        filed(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let tone = match self.change {
            CampaignChange::Added | CampaignChange::Changed => Tone::Good,
            CampaignChange::Unchanged => Tone::Faint,
            CampaignChange::Missing | CampaignChange::Pruned => Tone::Doubtful,
        };
        let cells = vec![
            TableCell::new(&self.campaign),
            TableCell::new(self.change.name()).tone(tone),
            TableCell::new(self.version),
            TableCell::new(self.mode.label()),
            TableCell::new(self.waiting),
        ];
        with_file(look, cells, &self.file)
    }
}

impl TableRow for DueRow {
    const KEYS: &'static [&'static str] = &[
        "at",
        "kind",
        "campaign",
        "person_id",
        "email",
        "id",
        "person",
        "step",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("when", Word),
        TableColumn::new("due", Word),
        TableColumn::new("campaign", Text),
        TableColumn::new("person", Text),
        TableColumn::new("step", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(look.when(self.at)),
            TableCell::new(self.kind.name()),
            TableCell::new(&self.campaign),
            TableCell::maybe(self.person.as_ref()),
            TableCell::maybe(self.step),
        ]
    }
}

impl TableRow for MemberRow {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "person_id",
        "email",
        "id",
        "person",
        "first_qualified_at",
        "last_qualified_at",
        "times",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("person_id", Number),
        TableColumn::new("person", Text),
        TableColumn::new("first qualified", Word),
        TableColumn::new("last qualified", Word),
        TableColumn::new("times", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::maybe(self.person_id),
            TableCell::new(&self.person),
            TableCell::new(look.when(self.first_qualified_at)),
            TableCell::new(look.when(self.last_qualified_at)),
            TableCell::new(self.times),
        ]
    }
}

impl TableRow for WaitingRow {
    const KEYS: &'static [&'static str] = &[
        "campaign",
        "person_id",
        "email",
        "id",
        "person",
        "step",
        "since",
        "until",
        "version",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("person_id", Number),
        TableColumn::new("person", Text),
        TableColumn::new("step", Number),
        TableColumn::new("since", Word),
        TableColumn::new("until", Word),
        TableColumn::new("version", Number),
    ];

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(self.person_id),
            TableCell::new(&self.person),
            TableCell::new(self.step),
            TableCell::new(look.when(self.since)),
            TableCell::new(look.when(self.until)),
            TableCell::maybe(self.version),
        ]
    }
}

impl TableRow for RunRow {
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
        "allowed",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("run", Number),
        TableColumn::new("campaign", Text),
        TableColumn::new("version", Number),
        TableColumn::new("at", Word),
        TableColumn::new("state", Word),
        TableColumn::new("matched", Number),
        TableColumn::new("qualified", Number),
        TableColumn::new("waiting", Number),
    ];

    /// Where there is little room, the version stands under the campaign.
    fn columns(look: &Look) -> Vec<TableColumn> {
        let mut columns = Self::COLUMNS.to_vec();
        if look.is_narrow() {
            columns.retain(|column| column.title != "version");
        }
        columns
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let tone = match self.state {
            RunStatus::Finished => Tone::Good,
            RunStatus::Unfinished => Tone::Doubtful,
            RunStatus::Waiting | RunStatus::Aborted | RunStatus::Refused => Tone::Plain,
        };
        let mut campaign = vec![TableCell::new(&self.campaign)];
        if look.is_narrow() {
            let version = format!("version {}", self.version);
            campaign[0] = TableCell::new(&self.campaign).below(version);
        } else {
            campaign.push(TableCell::new(self.version));
        }
        let mut cells = vec![TableCell::new(self.run_id)];
        cells.extend(campaign);
        cells.extend([
            TableCell::new(look.when(self.at)),
            TableCell::new(self.state.name()).tone(tone),
            TableCell::new(self.matched),
            TableCell::new(self.qualified),
            TableCell::new(self.waiting),
        ]);
        cells
    }
}

impl TableRow for OutboxRow {
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
        "id",
        "person",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("activity_id", Number),
        TableColumn::new("when", Word),
        TableColumn::new("to", Text),
        TableColumn::new("email", Text),
        TableColumn::new("subject", Text),
        TableColumn::new("campaign", Text),
    ];

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(self.activity_id),
            TableCell::new(look.when(self.at)),
            TableCell::new(&self.recipient),
            TableCell::new(&self.email),
            TableCell::new(&self.subject),
            TableCell::maybe(self.campaign.as_ref()),
        ]
    }
}

impl TableRow for CodeRow {
    const KEYS: &'static [&'static str] = &["code", "severity", "meaning"];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("code", Word),
        TableColumn::new("severity", Word),
        TableColumn::new("meaning", Text),
    ];

    fn cells(&self, _look: &Look) -> Vec<TableCell> {
        vec![
            TableCell::new(self.code),
            TableCell::new(self.severity),
            TableCell::new(self.meaning),
        ]
    }
}
