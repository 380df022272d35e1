//! Reconstructs the instant at which the engine evaluated one row of a person's log.
//!
//! An event writes its row and the rows of the changes it made; only then triggers are evaluated, about one row after
//! another, and what enters by one walks before the next is asked about. So the state that decided is neither that of
//! the row nor that of its instant: it is that after so many rows of the log, which each entry notes.

use serde_json::Value as Json;

use crate::engine::{is_from_list, is_made_by_event};
use crate::store::{EnteredCampaign, LogEntry, place_of};

use super::object;

/// A moment in the order in which things happened to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// How many rows the log then had.
    pub rows: u32,
    /// The place of the row that was asked about.
    pub row: u32,
    asked: Asked,
}

/// What was asked about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Triggers, after it.
    Triggers {
        /// Whether the last row of the log was then the step that executes a campaign.
        after_execute: bool,
    },
    /// The campaign that the step executes, before it.
    Executed,
}

/// One person's log in the order in which it was written, and their entries.
pub(in crate::app) struct History<'a> {
    rows: Vec<&'a LogEntry>,
    entries: &'a [EnteredCampaign],
}

impl<'a> History<'a> {
    pub(in crate::app) fn new(log: &'a [LogEntry], entries: &'a [EnteredCampaign]) -> Self {
        let mut rows: Vec<&LogEntry> = log.iter().collect();
        rows.sort_by_key(|row| row.activity_id);
        Self { rows, entries }
    }

    /// Finds when the engine asked about a row.
    pub(in crate::app) fn judged(&self, row: u32) -> Judged {
        if self.executes(row) {
            return Judged {
                rows: row,
                row,
                asked: Asked::Executed,
            };
        }
        let rows = self.asked_after(row);
        let after_execute = rows > 0 && self.executes(rows - 1);
        Judged {
            rows,
            row,
            asked: Asked::Triggers { after_execute },
        }
    }

    /// Returns the other rows by which the same event asks triggers: campaigns enter once by all of them.
    pub(in crate::app) fn same_event(&self, row: u32) -> std::ops::Range<u32> {
        let (mut first, mut end) = (row, row + 1);
        while first > 0 && self.continues(first) {
            first -= 1;
        }
        while self.continues(end) {
            end += 1;
        }
        first..end
    }

    /// Returns the end of everything that followed from the same event, wake-up or batch entry as a row.
    pub(in crate::app) fn end(&self, row: u32) -> u32 {
        let mut later = self.places(row + 1);
        later
            .find(|place| self.starts(*place))
            .unwrap_or_else(|| self.len())
    }

    /// What enters by a row notes how many rows there were. So does what enters by the next row that anything enters
    /// by; and where nothing does any more, everything that was to follow had happened.
    fn asked_after(&self, row: u32) -> u32 {
        let end = self.end(row);
        if self.entries.iter().any(|entry| entry.place.is_none()) {
            // Written by an older program: the walks come after the rows of the event.
            let steps = self.places(row + 1).find(|place| self.is_step(*place));
            return steps.map_or(end, |step| step.min(end));
        }
        let by_triggers = self.entries.iter().filter_map(|entry| {
            let (place, cause) = (entry.place?, entry.cause?);
            let follows = (row..end).contains(&cause) && !self.executes(cause);
            follows.then_some((cause, place))
        });
        by_triggers.min().map_or(end, |(_, place)| place)
    }

    fn len(&self) -> u32 {
        self.rows
            .last()
            .map_or(0, |last| place_of(last.activity_id) + 1)
    }

    fn places(&self, from: u32) -> impl Iterator<Item = u32> {
        from..self.len()
    }

    fn at(&self, place: u32) -> Option<&'a LogEntry> {
        let place = usize::try_from(place).ok()?;
        self.rows.get(place).copied()
    }

    fn executes(&self, place: u32) -> bool {
        self.at(place)
            .is_some_and(|row| *row.activity == *"execute_campaign" && row.step.is_some())
    }

    fn is_step(&self, place: u32) -> bool {
        self.at(place).is_some_and(|row| row.step.is_some())
    }

    /// Returns whether a row is the first of what an event, a wake-up or a batch entry brought.
    fn starts(&self, place: u32) -> bool {
        let by_run = |entry: &EnteredCampaign| {
            entry.by_run && entry.cause.is_none() && entry.place == Some(place)
        };
        let Some(row) = self.at(place) else {
            return false;
        };
        *row.activity == *"wait_ended"
            || (row.step.is_none() && !self.continues(place))
            || self.entries.iter().any(by_run)
    }

    /// Returns whether a row belongs to the same event as the one before it.
    fn continues(&self, place: u32) -> bool {
        let Some(before) = place.checked_sub(1).and_then(|before| self.at(before)) else {
            return false;
        };
        let Some(row) = self.at(place) else {
            return false;
        };
        if row.step.is_some() || before.step.is_some() || row.at != before.at {
            return false;
        }
        if brought_by_list(row) && brought_by_list(before) {
            return self.continues_list_row(place, row, before);
        }
        match &*row.activity {
            "fill_out_form" => {
                *before.activity == *"new_person"
                    && object(&before.attributes).contains_key("form_name")
            }
            "change_data_value" => {
                row.event.is_none()
                    && object(&row.attributes)
                        .get("source")
                        .and_then(Json::as_str)
                        .is_some_and(is_made_by_event)
                    && (brings_changes(&before.activity) || self.continues(place - 1))
            }
            _ => false,
        }
    }

    /// A line of a list is one event: the new person or the changed fields, each once, and the list joined.
    fn continues_list_row(&self, place: u32, row: &LogEntry, before: &LogEntry) -> bool {
        let changes = |row: &LogEntry| *row.activity == *"change_data_value";
        if *row.activity == *"add_to_list" {
            return changes(before) || *before.activity == *"new_person";
        }
        if !changes(row) || !changes(before) {
            return false;
        }
        let mut earlier = place - 1;
        loop {
            if self
                .at(earlier)
                .is_some_and(|earlier| earlier.primary == row.primary)
            {
                return false;
            }
            if !self.continues(earlier) {
                return true;
            }
            earlier -= 1;
        }
    }
}

/// Returns whether a person list brought a row, which has no id then.
fn brought_by_list(row: &LogEntry) -> bool {
    let attributes = object(&row.attributes);
    let source = ["source", "source_type"]
        .into_iter()
        .find_map(|key| attributes.get(key));
    row.event.is_none() && source.and_then(Json::as_str).is_some_and(is_from_list)
}

/// Returns whether events of a type change fields, each with a row of its own.
fn brings_changes(activity: &str) -> bool {
    matches!(
        activity,
        "fill_out_form" | "unsubscribe_email" | "email_bounced"
    )
}

impl Judged {
    /// Returns whether an entry, made when the log had so many rows, had been made.
    pub(super) fn sees_entry(self, place: u32, cause: Option<u32>) -> bool {
        match self.asked {
            Asked::Executed => place <= self.rows,
            Asked::Triggers { after_execute } => {
                let before = |cause| cause < self.row || (after_execute && cause + 1 == self.rows);
                place < self.rows || (place == self.rows && cause.is_some_and(before))
            }
        }
    }
}
