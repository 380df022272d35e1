//! A flow: its steps with their choices, and how long a wait holds a person.

use chrono::{NaiveDate, NaiveTime, Weekday};

use crate::domain::{ActivityTypeId, Duration};
use crate::filter::Filter;
use crate::token::Template;

use super::{Action, StepKind};

/// One step of a flow.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// `id:` as written.
    pub(crate) id: Option<String>,
    /// What kind of step it is, also where it does nothing.
    pub(crate) kind: StepKind,
    /// First match wins.
    pub(crate) choices: Vec<Choice>,
    /// What happens when none matches, or when there is none.
    pub(crate) default: Action,
}

impl Step {
    /// Returns the activity type of the step's rows in the log, also of those that did nothing.
    pub(crate) fn activity(&self) -> ActivityTypeId {
        self.kind.activity()
    }

    /// Returns everything the step may do: what each choice does, then the default.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &Action> {
        let choices = self.choices.iter().map(|choice| &choice.action);
        choices.chain([&self.default])
    }
}

/// A choice: a condition and what then happens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    /// On values as they are when the step is reached.
    pub(crate) when: Filter,
    /// What happens.
    pub(crate) action: Action,
}

/// How long a wait holds a person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wait {
    /// For a duration, then until an allowed weekday and time.
    Duration {
        /// How long at least.
        length: Duration,
        /// Allowed weekdays; empty means every day.
        weekdays: Vec<Weekday>,
        /// The time of day.
        time: Option<NaiveTime>,
    },
    /// Until a date.
    Date {
        /// The day.
        date: NaiveDate,
        /// The time of day, midnight where none is written.
        time: Option<NaiveTime>,
    },
    /// Until a date that a token gives.
    DateToken {
        /// The token.
        date: Template,
        /// Days before or after.
        offset: DayOffset,
        /// Take the first anniversary on or after the day of entry.
        next_anniversary: bool,
        /// The time of day; the token's own, or midnight.
        time: Option<NaiveTime>,
    },
}

impl Wait {
    /// Returns the texts that give the date and its offset.
    pub(super) fn templates(&self) -> Vec<&Template> {
        match self {
            Self::Duration { .. } | Self::Date { .. } => Vec::new(),
            Self::DateToken { date, offset, .. } => match offset {
                DayOffset::Token(offset) => vec![date, offset],
                DayOffset::Days(_) => vec![date],
            },
        }
    }
}

/// Days added to a token's date.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DayOffset {
    /// A number of days; negative means before.
    Days(i64),
    /// A token that gives the number.
    Token(Template),
}
