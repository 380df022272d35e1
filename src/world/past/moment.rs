//! Moments in the order in which things happened to a person.
//!
//! An event writes its row and the rows of the changes it made; only then triggers are evaluated, about one row after
//! another, and what enters by one walks before the next is evaluated. So the state that decided is neither that of the row
//! nor that of its instant: it is that after so many rows of the log. Each entry recorded that number, and each row the
//! happening to which it belongs.

use crate::domain::Instant;
use crate::domain::activity_type::BuiltinActivity;
use crate::world::activity::LogRow;

use super::{Past, Then};

/// When something happened: its instant, and its place in the order in which things happened to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    pub(super) at: Instant,
    /// How many rows the log had before.
    pub(super) place: u32,
    /// Whether it is itself the next row. What has no row comes before the row that has its place.
    pub(super) is_row: bool,
}

impl When {
    pub(super) fn of_row(row: &LogRow) -> Self {
        Self {
            at: row.activity.at,
            place: row.ordinal,
            is_row: true,
        }
    }

    /// Returns the place in the order in which things happened.
    pub(super) fn order(self) -> (u32, bool) {
        (self.place, self.is_row)
    }

    pub(super) fn is_up_to(self, then: Then) -> bool {
        match then {
            Then::At(at) => self.at <= at,
            Then::Moment(moment) => self.place < moment.rows,
        }
    }
}

/// A moment between two rows of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    rows: u32,
    last: LastEntries,
}

/// Of the entries that were made when the log had just as many rows as at the moment: those made before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastEntries {
    None,
    All,
    /// Those that began by a row before this one.
    Before(u32),
    /// The same, and that of the campaign which the last row of the log executes.
    BeforeOrExecuted(u32),
}

impl Moment {
    /// The moment right after a row was written.
    pub(crate) fn after(row: u32) -> Self {
        Self {
            rows: row + 1,
            last: LastEntries::None,
        }
    }

    /// Returns how many rows the log had.
    pub(crate) fn rows(self) -> u32 {
        self.rows
    }

    /// Returns whether an entry had been made, given how many rows the log then had and the row that began it.
    pub(super) fn has_entry(self, place: u32, cause: Option<u32>) -> bool {
        if place != self.rows {
            return place < self.rows;
        }
        match (self.last, cause) {
            (LastEntries::All, _) => true,
            (LastEntries::None, _) | (_, None) => false,
            (LastEntries::Before(row), Some(cause)) => cause < row,
            (LastEntries::BeforeOrExecuted(row), Some(cause)) => {
                cause < row || cause + 1 == self.rows
            }
        }
    }
}

impl Past {
    /// Returns the moment at which campaigns were evaluated about a row of a happening: those with a trigger after it, and
    /// the one that the row executes before it.
    ///
    /// What enters by a row recorded how many rows there were. So did what entered by the next row by which anything
    /// entered; and where nothing did any more, all that was to follow had happened.
    pub(crate) fn evaluated(&self, row: u32, happening: u32) -> Moment {
        if self.executes(row) {
            return Moment {
                rows: row,
                last: LastEntries::All,
            };
        }
        let end = self.end_of(row, happening);
        let by_triggers = self.entries.iter().filter_map(|entry| {
            let (place, cause) = (entry.place?, entry.cause?);
            let follows = (row..end).contains(&cause) && !self.executes(cause);
            follows.then_some((cause, place))
        });
        let rows = by_triggers.min().map_or(end, |(_, place)| place);
        Moment {
            rows,
            last: if rows > 0 && self.executes(rows - 1) {
                LastEntries::BeforeOrExecuted(row)
            } else {
                LastEntries::Before(row)
            },
        }
    }

    /// Returns the rows of a happening from a place on.
    pub(crate) fn rest_of(&self, row: u32, happening: u32) -> impl Iterator<Item = &LogRow> {
        let from = self.log.partition_point(|other| other.ordinal < row);
        let rest = self.log[from..].iter();
        rest.take_while(move |other| other.happening == Some(happening))
    }

    fn end_of(&self, row: u32, happening: u32) -> u32 {
        let last = self.rest_of(row, happening).last();
        last.map_or(row + 1, |last| last.ordinal + 1)
    }

    fn executes(&self, place: u32) -> bool {
        let execute = BuiltinActivity::ExecuteCampaign.id();
        self.row(place)
            .is_some_and(|row| row.activity.activity == execute && row.activity.origin.is_some())
    }
}
