//! Logs as tables: what happened when, and which step of which campaign did it.

use crate::results::ActivityRow;

use super::columns::person;
use super::table::Shape::{Text, Word};
use super::{Cell, Column, Look, Row, Tone, detail};

impl Row for ActivityRow {
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
    ];
    const COLUMNS: &'static [Column] = &[
        Column::new("when", Word),
        Column::new("activity", Word),
        Column::new("detail", Text),
        Column::new("campaign", Text),
        Column::new("step", Word),
        Column::new("outcome", Text),
    ];

    fn columns(look: &Look) -> Vec<Column> {
        stacked(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let mut cells = vec![Cell::new(look.when(self.at))];
        cells.extend(what(self, look));
        cells.push(Cell::maybe(self.campaign.as_ref()));
        cells.extend(how(self));
        cells
    }
}

/// Returns the columns of a log; where there is little room, the detail stands under the activity.
fn stacked(look: &Look, columns: &[Column]) -> Vec<Column> {
    let mut columns = columns.to_vec();
    if look.is_narrow() {
        columns.retain(|column| column.title != "detail");
        for column in &mut columns {
            if column.title == "activity" {
                *column = Column::new("activity, detail", Text);
            }
        }
    }
    columns
}

/// Returns the cells of activity and detail.
fn what(row: &ActivityRow, look: &Look) -> Vec<Cell> {
    let activity = Cell::new(&row.activity_type);
    let detail = detail::of(row, look);
    if look.is_narrow() {
        vec![activity.below(detail)]
    } else {
        vec![activity, Cell::new(detail)]
    }
}

/// Returns the cells of step and outcome.
fn how(row: &ActivityRow) -> [Cell; 2] {
    let outcome = Cell::new(detail::outcome(row));
    [
        Cell::new(detail::step(row)),
        outcome.tone(outcome_tone(row.outcome.as_deref())),
    ]
}

fn outcome_tone(outcome: Option<&str>) -> Tone {
    match outcome {
        Some("skipped") => Tone::Doubtful,
        Some("failed") => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// A campaign's log over all people: a [`ActivityRow`] that says whose it is and not which campaign's.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(transparent)]
pub struct CampaignActivity(pub ActivityRow);

impl Row for CampaignActivity {
    const KEYS: &'static [&'static str] = ActivityRow::KEYS;
    const COLUMNS: &'static [Column] = &[
        Column::new("when", Word),
        Column::new("person", Text),
        Column::new("activity", Word),
        Column::new("detail", Text),
        Column::new("step", Word),
        Column::new("outcome", Text),
    ];

    fn columns(look: &Look) -> Vec<Column> {
        stacked(look, Self::COLUMNS)
    }

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let row = &self.0;
        let mut cells = vec![
            Cell::new(look.when(row.at)),
            Cell::new(person(row.person_id, row.email.as_deref())),
        ];
        cells.extend(what(row, look));
        cells.extend(how(row));
        cells
    }
}
