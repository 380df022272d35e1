//! Messages in the outbox.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use rusqlite::Statement;
use rusqlite::types::Value as Sql;

use super::log::LogOrder;
use crate::domain::{Instant, PersonId, PersonNames, Text};
use crate::store::database::Store;
use crate::store::error::Result;
use crate::store::fields::stored_fields;
use crate::store::log_key::{ORDINAL_BITS, ORDINAL_MASK};
use crate::store::names::find_campaign;
use crate::store::row::{optional_text, text};
use crate::store::sql::quote;

/// Which messages.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct MessageQuery<'a> {
    /// Of this person.
    pub(crate) person: Option<PersonId>,
    /// Of this campaign, by full name.
    pub(crate) campaign: Option<&'a str>,
    /// Of this email, by name.
    pub(crate) email: Option<&'a str>,
    /// Sent by activities of these types, by number; all where there is none.
    pub(crate) types: &'a [i32],
    /// From this instant.
    pub(crate) since: Option<Instant>,
    /// Up to this instant, included.
    pub(crate) until: Option<Instant>,
    /// At most so many.
    pub(crate) limit: Option<usize>,
    /// Which first.
    pub(crate) order: LogOrder,
}

/// A rendered email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageRow {
    /// The activity that sent it, by which the message is named.
    pub(crate) activity_id: i64,
    /// The person in whose log it stands.
    pub(crate) who: PersonNames,
    /// The person's first name as it is now.
    pub(crate) first_name: Option<Text>,
    /// The person's last name as it is now.
    pub(crate) last_name: Option<Text>,
    /// What sent it: `send_email`, `send_alert`.
    pub(crate) activity: Text,
    /// The number of that type.
    pub(crate) code: i32,
    /// The campaign that sent it.
    pub(crate) campaign: Option<Text>,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The email's name.
    pub(crate) email: Text,
    /// The address.
    pub(crate) to: Text,
    /// The sender.
    pub(crate) from: Option<Text>,
    /// The subject, resolved.
    pub(crate) subject: Text,
    /// The text, resolved.
    pub(crate) body: Text,
}

impl Store {
    /// Gives messages to `each`, by instant and then by activity, until there is none or it has enough.
    ///
    /// Keys are sorted first and texts fetched one by one, so that no size of the outbox has to fit into memory.
    pub(crate) fn messages(
        &self,
        query: &MessageQuery<'_>,
        each: &mut dyn FnMut(MessageRow) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some((sql, bound)) = self.message_keys(query)? else {
            return Ok(());
        };
        let mut keys = self.connection.prepare(&sql)?;
        let mut fetch = self.connection.prepare(&self.message_sql()?)?;
        // The open query holds one moment of the database, of which all that is fetched is.
        let mut rows = keys.query(rusqlite::params_from_iter(bound))?;
        while let Some(row) = rows.next()? {
            if each(message(&mut fetch, row.get(0)?)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Returns the names of all emails in the outbox.
    pub(crate) fn emails_sent(&self) -> Result<Vec<Text>> {
        let sql = "SELECT DISTINCT email FROM outbox ORDER BY email";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut names = Vec::new();
        while let Some(row) = rows.next()? {
            names.push(Text::from(text(row, 0)?));
        }
        Ok(names)
    }

    /// Writes the query for the keys, and what is bound to it; nothing where the campaign does not exist.
    fn message_keys(&self, query: &MessageQuery<'_>) -> Result<Option<(String, Vec<Sql>)>> {
        let mut bound = Vec::new();
        let mut sql = String::from(
            "SELECT o.activity_id FROM outbox o JOIN activity a USING (activity_id) WHERE true",
        );
        if let Some(person) = query.person {
            let first = person.0 << ORDINAL_BITS;
            let last = first | ORDINAL_MASK;
            let _ = write!(sql, " AND o.activity_id BETWEEN {first} AND {last}");
        }
        if let Some(name) = query.campaign {
            let Some(campaign) = find_campaign(&self.connection, name)? else {
                return Ok(None);
            };
            let _ = write!(sql, " AND a.campaign_id = {campaign}");
        }
        if let Some(email) = query.email {
            sql.push_str(" AND o.email = ?1");
            bound.push(Sql::Text(email.to_owned()));
        }
        if !query.types.is_empty() {
            let codes: Vec<String> = query.types.iter().map(i32::to_string).collect();
            let _ = write!(sql, " AND a.type IN ({})", codes.join(","));
        }
        if let Some(since) = query.since {
            let _ = write!(sql, " AND o.at >= {}", since.micros());
        }
        if let Some(until) = query.until {
            let _ = write!(sql, " AND o.at <= {}", until.micros());
        }
        sql.push_str(match query.order {
            LogOrder::Forward => " ORDER BY o.at, o.activity_id",
            LogOrder::Reverse => " ORDER BY o.at DESC, o.activity_id DESC",
        });
        if let Some(limit) = query.limit {
            let _ = write!(sql, " LIMIT {limit}");
        }
        Ok(Some((sql, bound)))
    }

    /// Writes the query for one message; names that no load has brought are none.
    fn message_sql(&self) -> Result<String> {
        let fields = stored_fields(&self.connection)?;
        let column = |name: &str| {
            let known = fields.iter().any(|field| field.name == name);
            known.then(|| format!("p.{}", quote(name)))
        };
        let or_null = |column: Option<String>| column.unwrap_or_else(|| "NULL".to_owned());
        let (first, last) = (or_null(column("first_name")), or_null(column("last_name")));
        Ok(format!(
            "SELECT o.at, o.email, o.recipient, o.sender, o.subject, o.body, a.type, t.name, c.full_name, {first}, {last}, p.email, p.id
             FROM outbox o JOIN activity a USING (activity_id) JOIN activity_type t ON t.code = a.type
                LEFT JOIN campaign c USING (campaign_id)
                LEFT JOIN person p ON p.person_id = o.activity_id >> {ORDINAL_BITS}
             WHERE o.activity_id = ?1"
        ))
    }
}

fn message(fetch: &mut Statement<'_>, activity_id: i64) -> Result<MessageRow> {
    let mut rows = fetch.query([activity_id])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let maybe =
        |column| -> Result<Option<Text>> { Ok(optional_text(row, column)?.map(Text::from)) };
    Ok(MessageRow {
        activity_id,
        who: PersonNames {
            person: PersonId(activity_id >> ORDINAL_BITS),
            email: maybe(11)?,
            id: maybe(12)?,
        },
        first_name: maybe(9)?,
        last_name: maybe(10)?,
        activity: Text::from(text(row, 7)?),
        code: row.get(6)?,
        campaign: maybe(8)?,
        at: Instant::from_micros(row.get(0)?),
        email: Text::from(text(row, 1)?),
        to: Text::from(text(row, 2)?),
        from: maybe(3)?,
        subject: Text::from(text(row, 4)?),
        body: Text::from(text(row, 5)?),
    })
}
