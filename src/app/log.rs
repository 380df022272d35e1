//! `person log` and `campaign log`: rows of logs, as they come.

use std::ops::ControlFlow;

use serde_json::value::RawValue;

use crate::diagnostic::suggest::nearest;
use crate::domain::{ActivityCatalogue, ActivityTypeId, Instant, PersonId};
use crate::results::ActivityRow;
use crate::store::{self, LogOrder, LogQuery, LogScope, Store};

use super::{Error, ErrorKind, UserError};

/// Which rows of a log are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// From this instant.
    pub(crate) since: Option<Instant>,
    /// Up to this instant, included.
    pub(crate) until: Option<Instant>,
    /// Of these activity types, by number; all where there is none.
    pub(crate) types: Vec<i32>,
    /// At most so many.
    pub(crate) limit: Option<usize>,
    /// Which first.
    pub(crate) order: LogOrder,
}

/// Gives one person's log to `each`, row by row; of one campaign alone where one is named in full.
pub(crate) fn of_person(
    store: &Store,
    person: PersonId,
    campaign: Option<&str>,
    selection: &Selection,
    each: impl FnMut(ActivityRow) -> ControlFlow<()>,
) -> Result<(), Error> {
    let subject = match campaign {
        Some(campaign) => LogScope::Both(person, campaign),
        None => LogScope::Person(person),
    };
    rows(store, subject, selection, each)
}

/// Gives the log of one campaign, named in full, to `each`, row by row.
pub(crate) fn of_campaign(
    store: &Store,
    campaign: &str,
    selection: &Selection,
    each: impl FnMut(ActivityRow) -> ControlFlow<()>,
) -> Result<(), Error> {
    rows(store, LogScope::Campaign(campaign), selection, each)
}

fn rows(
    store: &Store,
    subject: LogScope<'_>,
    selection: &Selection,
    mut each: impl FnMut(ActivityRow) -> ControlFlow<()>,
) -> Result<(), Error> {
    let query = LogQuery {
        subject,
        since: selection.since,
        until: selection.until,
        types: &selection.types,
        limit: selection.limit,
        order: selection.order,
    };
    store.log(&query, &mut |row| each(result(row)))?;
    Ok(())
}

fn result(row: store::LogEntry) -> ActivityRow {
    let own = |text: crate::domain::Text| text.to_string();
    ActivityRow {
        activity_id: row.activity_id,
        at: row.at,
        person_id: row.who.person.0,
        activity_type: own(row.activity),
        primary_value: row.primary.map(own),
        attributes: RawValue::from_string(row.attributes).ok(),
        campaign: row.campaign.map(own),
        run_id: row.run.map(|run| run.0),
        step: row.step,
        choice: row.choice,
        outcome: row.outcome,
        reason: row.reason,
        event_id: row.event.map(own),
        happening: row.happening,
        marketo_campaign: row.marketo_campaign,
        person: row.who.best(),
        email: row.who.email.map(own),
        id: row.who.id.map(own),
    }
}

/// Finds an activity type by any of its names.
pub(crate) fn activity_type(
    name: &str,
    activities: &ActivityCatalogue,
) -> Result<ActivityTypeId, UserError> {
    if let Some(id) = activities.find(name) {
        return Ok(id);
    }
    let help = nearest_activity(name, activities)
        .unwrap_or_else(|| "write a name such as `open_email`, or a type's number".to_owned());
    Err(UserError::new(
        ErrorKind::State,
        format!("there is no activity type `{name}`"),
    )
    .help(help))
}

/// Returns which name of an activity type may be meant by one that none has, if any is near.
pub(crate) fn nearest_activity(name: &str, activities: &ActivityCatalogue) -> Option<String> {
    let names = activities.iter().flat_map(|(_, known)| {
        let triggers = known.trigger.as_deref().into_iter();
        let filters = known.filter.as_deref().into_iter();
        triggers.chain(filters).chain([known.name.as_ref()])
    });
    let near = nearest(name, names);
    near.first().map(|near| format!("did you mean `{near}`?"))
}
