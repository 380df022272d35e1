//! Writes the activities and messages of a journal, in order of person.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::context::ErasedPeople;
use crate::domain::{ActivityTypeId, CampaignId, Outcome, Reason};
use crate::store::activation;
use crate::store::attributes::write_object;
use crate::store::bindings::Bindings;
use crate::store::error::Result;
use crate::store::insert::Into;
use crate::store::log_key::{ORDINAL_BITS, activity_id};
use crate::store::log_sum::{LogSums, SummedRow, text_hash};
use crate::store::texts::Texts;
use crate::world::{Activity, Attributes, Journal, LogRow, Message};

const ACTIVITIES: Into = Into {
    head: "INSERT OR ROLLBACK INTO activity (activity_id, at, type, primary_value, attributes, campaign_id, run_id, step, choice, outcome, reason, event_id, happening, activation, marketo_campaign)",
    columns: 15,
    tail: "",
};

const OUTBOX: Into = Into {
    head: "INSERT OR ROLLBACK INTO outbox (activity_id, at, email, recipient, sender, subject, body)",
    columns: 7,
    tail: "",
};

/// Writes the log rows and messages of everyone who was not erased.
pub(super) fn write(
    connection: &Connection,
    journal: &Journal,
    gone: &ErasedPeople<'_>,
    bindings: &Bindings,
    texts: &mut Texts,
) -> Result<()> {
    let mut sorted = Vec::with_capacity(journal.activities.len());
    for (place, row) in (0_u32..).zip(&journal.activities) {
        if gone.is_empty() || !gone.contains_key(&row.person) {
            sorted.push((activity_id(row.person, row.ordinal)?, place));
        }
    }
    sorted.sort_unstable();
    name_types(connection, journal, bindings)?;
    let activation = activation::last(connection)?;
    let (mut json, mut shared) = (Json::default(), Shared::default());
    let mut sums = LogSums::default();
    let mut campaign = Campaign::default();
    ACTIVITIES.rows(connection, &sorted, |row, (id, place)| {
        let LogRow {
            ordinal,
            happening,
            activity,
            ..
        } = &journal.activities[*place as usize];
        let mut row = SummedRow::of(row);
        row.number(*id)?;
        let person = id >> ORDINAL_BITS;
        row.number(activity.at.micros())?;
        row.number(bindings.code(activity.activity))?;
        let mut number = |text: &str| -> Result<Option<Numbered>> {
            let number = texts.number(connection, text, person)?;
            Ok(number.map(|number| (number, text_hash(text.as_bytes()))))
        };
        match &activity.primary {
            Some(text) => match shared.number(Arc::as_ptr(text).addr(), || number(text))? {
                Some((number, hash)) => row.numbered(number, hash)?,
                None => row.text(Some(text))?,
            },
            None => row.text(None)?,
        }
        let attributes = &activity.attributes;
        match shared.number(Arc::as_ptr(attributes).addr(), || {
            json.of(attributes).map_or(Ok(None), &mut number)
        })? {
            Some((number, hash)) => row.numbered(number, hash)?,
            None => row.text(json.of(attributes))?,
        }
        bind_origin(&mut row, activity, &mut campaign, bindings)?;
        row.number(happening.map(|first| i64::from(ordinal - first)))?;
        row.number((*happening == Some(*ordinal)).then_some(activation))?;
        row.number(activity.marketo_campaign)?;
        row.add_to(&mut sums, *id);
        Ok(())
    })?;
    let mut messages = Vec::with_capacity(journal.outbox.len());
    for message in &journal.outbox {
        if !gone.contains_key(&message.person) {
            messages.push((activity_id(message.person, message.ordinal)?, message));
        }
    }
    messages.sort_unstable_by_key(|(id, _)| *id);
    OUTBOX.rows(connection, &messages, |row, (id, message)| {
        let mut row = SummedRow::of(row);
        row.number(*id)?;
        bind_message(&mut row, message)?;
        row.add_to(&mut sums, *id);
        Ok(())
    })?;
    sums.write(connection)
}

/// Keeps the names behind the numbers, for the views and for readers without this workspace.
fn name_types(connection: &Connection, journal: &Journal, bindings: &Bindings) -> Result<()> {
    let types: BTreeSet<ActivityTypeId> = journal
        .activities
        .iter()
        .map(|row| row.activity.activity)
        .collect();
    let sql = "INSERT INTO activity_type (code, name, label) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET name = excluded.name, label = excluded.label
        WHERE name <> excluded.name OR label <> excluded.label";
    let mut statement = connection.prepare_cached(sql)?;
    for id in types {
        let activity = bindings.activities.get(id);
        statement.execute((activity.code, activity.name.as_ref(), &activity.label))?;
    }
    Ok(())
}

fn bind_origin(
    row: &mut SummedRow<'_, '_, '_>,
    activity: &Activity,
    campaign: &mut Campaign,
    bindings: &Bindings,
) -> Result<()> {
    match &activity.origin {
        Some(origin) => {
            row.number(campaign.row(origin.campaign, bindings)?)?;
            row.number(origin.run.map(|run| run.0))?;
            row.number(i64::from(origin.step))?;
            row.number(origin.choice.map(i64::from))?;
        }
        None => {
            for _ in 0..4 {
                row.number(None::<i64>)?;
            }
        }
    }
    row.number(activity.outcome.map(Outcome::code))?;
    row.text(activity.reason.map(Reason::text).as_deref())?;
    row.text(activity.event.as_deref())
}

fn bind_message(row: &mut SummedRow<'_, '_, '_>, message: &Message) -> Result<()> {
    row.number(message.at.micros())?;
    row.text(Some(&message.email))?;
    row.text(Some(&message.to))?;
    row.text(message.from.as_deref())?;
    row.text(Some(&message.subject))?;
    row.text(Some(&message.body))
}

/// The numbers of texts that are shared in memory, known by their addresses: what several people have is mostly one
/// copy, and finding the number of a text costs more than finding its address.
///
/// An address stands for one text only while the journal holds it, so this lives as long as the writing of one.
#[derive(Default)]
struct Shared(FxHashMap<usize, Numbered>);

/// The number of a text, and its hash.
type Numbered = (i64, u64);

impl Shared {
    fn number(
        &mut self,
        address: usize,
        find: impl FnOnce() -> Result<Option<Numbered>>,
    ) -> Result<Option<Numbered>> {
        if let Some(number) = self.0.get(&address) {
            return Ok(Some(*number));
        }
        let number = find()?;
        if let Some(number) = number {
            self.0.insert(address, number);
        }
        Ok(number)
    }
}

/// Attributes as JSON, kept while the next row shares them: a step's rows often do.
#[derive(Default)]
struct Json {
    text: String,
    of: Option<Attributes>,
}

impl Json {
    fn of(&mut self, attributes: &Attributes) -> Option<&str> {
        if attributes.is_empty() {
            return None;
        }
        if !self
            .of
            .as_ref()
            .is_some_and(|last| Arc::ptr_eq(last, attributes))
        {
            self.text.clear();
            write_object(&mut self.text, attributes);
            self.of = Some(Arc::clone(attributes));
        }
        Some(&self.text)
    }
}

/// The last campaign's number in the database; runs of rows have the same.
#[derive(Default)]
struct Campaign {
    last: Option<(CampaignId, i64)>,
}

impl Campaign {
    fn row(&mut self, campaign: CampaignId, bindings: &Bindings) -> Result<i64> {
        if let Some((last, row)) = self.last
            && last == campaign
        {
            return Ok(row);
        }
        let row = bindings.campaign_row(campaign)?;
        self.last = Some((campaign, row));
        Ok(row)
    }
}
