//! Logs as tables: what happened when, and which step of which campaign did it.

use crate::domain::Outcome;
use crate::results::ActivityRow;

use super::table::CellStyle::{Text, Word};
use super::{Look, TableCell, TableColumn, TableRow, Tone, detail};

impl TableRow for ActivityRow {
    const KEYS: &'static [&'static str] = &[
        "activity_id",
        "at",
        "person_id",
        "email",
        "type",
        "primary_value",
        "attributes",
        "campaign",
        "run_id",
        "step",
        "choice",
        "outcome",
        "reason",
        "event_id",
        "happening",
        "marketo_campaign",
        "id",
        "person",
    ];
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("when", Word),
        TableColumn::new("activity", Word),
        TableColumn::new("detail", Text),
        TableColumn::new("campaign", Text),
        TableColumn::new("step", Word),
        TableColumn::new("outcome", Text),
    ];

    fn columns(look: &Look) -> Vec<TableColumn> {
        stacked(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let mut cells = vec![TableCell::new(look.when(self.at))];
        cells.extend(what(self, look));
        cells.push(TableCell::maybe(self.campaign.as_ref()));
        cells.extend(how(self));
        cells
    }
}

/// Returns the columns of a log; where there is little room, the detail stands under the activity.
fn stacked(look: &Look, columns: &[TableColumn]) -> Vec<TableColumn> {
    let mut columns = columns.to_vec();
    if look.is_narrow() {
        columns.retain(|column| column.title != "detail");
        for column in &mut columns {
            if column.title == "activity" {
                *column = TableColumn::new("activity, detail", Text);
            }
        }
    }
    columns
}

/// Returns the cells of activity and detail.
fn what(row: &ActivityRow, look: &Look) -> Vec<TableCell> {
    let activity = TableCell::new(&row.activity_type);
    let detail = detail::of(row, look);
    if look.is_narrow() {
        vec![activity.below(detail)]
    } else {
        vec![activity, TableCell::new(detail)]
    }
}

/// Returns the cells of step and outcome.
fn how(row: &ActivityRow) -> [TableCell; 2] {
    let outcome = TableCell::new(detail::outcome(row));
    [
        TableCell::new(detail::step(row)),
        outcome.tone(outcome_tone(row.outcome)),
    ]
}

fn outcome_tone(outcome: Option<Outcome>) -> Tone {
    match outcome {
        Some(Outcome::Skipped) => Tone::Doubtful,
        Some(Outcome::Failed) => Tone::Bad,
        Some(Outcome::Succeeded) | None => Tone::Plain,
    }
}

/// A campaign's log over all people: a [`ActivityRow`] that says whose it is and not which campaign's.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(transparent)]
pub(crate) struct CampaignActivity(pub(crate) ActivityRow);

impl TableRow for CampaignActivity {
    const KEYS: &'static [&'static str] = ActivityRow::KEYS;
    const COLUMNS: &'static [TableColumn] = &[
        TableColumn::new("when", Word),
        TableColumn::new("person", Text),
        TableColumn::new("activity", Word),
        TableColumn::new("detail", Text),
        TableColumn::new("step", Word),
        TableColumn::new("outcome", Text),
    ];

    fn columns(look: &Look) -> Vec<TableColumn> {
        stacked(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<TableCell> {
        let row = &self.0;
        let mut cells = vec![
            TableCell::new(look.when(row.at)),
            TableCell::new(&row.person),
        ];
        cells.extend(what(row, look));
        cells.extend(how(row));
        cells
    }
}
