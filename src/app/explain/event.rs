//! Finds the log row that `campaign explain --event` names, and what followed from it.

use crate::campaign::Campaign;
use crate::diagnostic::suggest::nearest;
use crate::domain::{Outcome, PersonId, Reason};
use crate::results::{Entered, ExplainedEvent};
use crate::store::{LogEntry, activity_id, place_of};
use crate::world::LogRow;
use crate::world::past::{Moment, Past};

use super::{Error, ErrorKind, UserError};

/// A row of a log, and what came of it.
pub(super) struct Happened {
    /// What is reported of it.
    pub(super) event: ExplainedEvent,
    /// Its place in the log.
    pub(super) place: u32,
    /// The place of the first row of its happening; none where an older program wrote it.
    pub(super) happening: Option<u32>,
    /// The moment at which campaigns were evaluated about it; right after it, where its happening is not recorded.
    pub(super) moment: Moment,
    /// Why no trigger sees it.
    pub(super) unseen: Option<String>,
    /// The campaign's entry that it brought.
    pub(super) entered: Option<Entered>,
    /// The earlier row of the same event by which the campaign was entered.
    pub(super) entered_before: Option<i64>,
    /// Whether an entry into the campaign was cut by the cascade limit.
    pub(super) cut: bool,
}

impl Happened {
    /// Looks up what came of a row.
    pub(super) fn of(row: &LogEntry, past: &Past, campaign: &Campaign, person: PersonId) -> Self {
        let place = place_of(row.activity_id);
        let happening = row.happening.map(place_of);
        let ours = || {
            let entries = past.entries.iter();
            entries.filter(|entry| entry.campaign == campaign.id)
        };
        let entered = ours().find(|entry| entry.cause == Some(place));
        Self {
            event: ExplainedEvent {
                activity_id: row.activity_id,
                event_id: row.event.as_ref().map(ToString::to_string),
                activity: row.activity.to_string(),
                detail: row.primary.as_ref().map(ToString::to_string),
                happening: row.happening,
            },
            place,
            happening,
            moment: happening.map_or_else(
                || Moment::after(place),
                |happening| past.evaluated(place, happening),
            ),
            unseen: match row.outcome {
                None | Some(Outcome::Succeeded) => None,
                Some(outcome @ (Outcome::Skipped | Outcome::Failed)) => Some(match row.reason {
                    Some(reason) => reason.text().into_owned(),
                    None => outcome.name().to_owned(),
                }),
            },
            entered: entered.map(|entry| Entered {
                at: entry.at,
                version: entry.version,
                newest: campaign.version,
            }),
            entered_before: happening.filter(|_| row.step.is_none()).and_then(|first| {
                let mut causes = ours().filter_map(|entry| entry.cause);
                let of_event = |cause: &u32| {
                    let by_event = |row: &LogRow| row.activity.origin.is_none();
                    (first..place).contains(cause) && past.row(*cause).is_some_and(by_event)
                };
                activity_id(person, causes.find(of_event)?).ok()
            }),
            cut: entered.is_none()
                && happening.is_some_and(|happening| {
                    past.rest_of(place, happening).any(|row| {
                        let origin = row.activity.origin;
                        row.activity.reason == Some(Reason::CascadeLimit)
                            && origin.is_some_and(|origin| origin.campaign == campaign.id)
                    })
                }),
        }
    }
}

/// How many events an error names.
const MAX_REPORTED: usize = 5;

/// Finds a row of a log by the id of its event, else by its `activity_id`.
pub(super) fn find<'a>(log: &'a [LogEntry], id: &str) -> Result<&'a LogEntry, Error> {
    let id = id.trim();
    let by_event: Vec<&LogEntry> = log
        .iter()
        .filter(|row| row.event.as_deref() == Some(id))
        .collect();
    match by_event.as_slice() {
        [row] => return Ok(row),
        [] => {}
        several => {
            let choices: Vec<String> = several
                .iter()
                .take(MAX_REPORTED)
                .map(|row| format!("`{}` at {}", row.activity_id, row.at))
                .collect();
            let count = several.len();
            return Err(UserError::new(
                ErrorKind::State,
                format!("{count} events of this person have the id `{id}`"),
            )
            .help(format!(
                "name one by its `activity_id`: {}",
                choices.join(" or ")
            ))
            .into());
        }
    }
    let number: Option<i64> = id.parse().ok();
    let by_number = log.iter().find(|row| Some(row.activity_id) == number);
    by_number.ok_or_else(|| unknown(log, id).into())
}

fn unknown(log: &[LogEntry], id: &str) -> UserError {
    let error = UserError::new(ErrorKind::State, format!("this person has no event `{id}`"));
    if log.is_empty() {
        return error.help("the person's log is empty");
    }
    let numbers: Vec<String> = log.iter().map(|row| row.activity_id.to_string()).collect();
    let events = log.iter().filter_map(|row| row.event.as_deref());
    let near = nearest(id, events.chain(numbers.iter().map(String::as_str)));
    let row_of = |name: &&str| {
        log.iter()
            .find(|row| row.event.as_deref() == Some(name) || row.activity_id.to_string() == **name)
    };
    let near: Vec<String> = near.iter().filter_map(row_of).map(named).collect();
    if !near.is_empty() {
        return error.help(format!("did you mean {}?", near.join(" or ")));
    }
    let newest: Vec<String> = log.iter().rev().take(NEWEST).map(named).collect();
    error.help(format!(
        "the newest are {}; `bugle person log KEY --format json` shows them all",
        newest.join(", ")
    ))
}

/// How many rows an error names where none is near.
const NEWEST: usize = 3;

/// Names a row of the log: by its event's id, else by its own.
fn named(row: &LogEntry) -> String {
    let event = row.event.as_ref();
    let id = event.map_or_else(|| row.activity_id.to_string(), ToString::to_string);
    format!("`{id}` ({} at {})", row.activity, row.at)
}
