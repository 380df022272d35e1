//! Logs: of one person, of one campaign, of everyone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;

use rusqlite::Row;

use crate::domain::{Instant, Outcome, PersonId, PersonNames, Reason, RunId, Text};
use crate::store::database::Store;
use crate::store::error::{Error, Result};
use crate::store::log_key::{ORDINAL_BITS, ORDINAL_MASK};
use crate::store::names::find_campaign;
use crate::store::row::optional_text;
use crate::store::texts;

/// The person whose log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogScope<'a> {
    /// One person's, whole.
    Person(PersonId),
    /// What a campaign's steps wrote, over all people; by full name.
    Campaign(&'a str),
    /// What a campaign's steps wrote into one person's.
    Both(PersonId, &'a str),
}

/// The order of rows; equal instants go by place in the person's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum LogOrder {
    /// Oldest first.
    #[default]
    Forward,
    /// Newest first.
    Reverse,
}

/// Which rows of a log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LogQuery<'a> {
    /// The person.
    pub(crate) subject: LogScope<'a>,
    /// From this instant.
    pub(crate) since: Option<Instant>,
    /// Up to this instant, included.
    pub(crate) until: Option<Instant>,
    /// Of these activity types, by number; all where there is none.
    pub(crate) types: &'a [i32],
    /// At most so many.
    pub(crate) limit: Option<usize>,
    /// Which first.
    pub(crate) order: LogOrder,
}

impl<'a> LogQuery<'a> {
    /// Asks for a whole log, oldest first.
    pub(crate) fn of(subject: LogScope<'a>) -> Self {
        Self {
            subject,
            since: None,
            until: None,
            types: &[],
            limit: None,
            order: LogOrder::Forward,
        }
    }
}

/// A row of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogEntry {
    /// The row's key: the person and the place in that person's log.
    pub(crate) activity_id: i64,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The person whose log it is.
    pub(crate) who: PersonNames,
    /// What: `click_email`.
    pub(crate) activity: Text,
    /// The primary attribute.
    pub(crate) primary: Option<Text>,
    /// The others, as a JSON object.
    pub(crate) attributes: String,
    /// The campaign whose step wrote it.
    pub(crate) campaign: Option<Text>,
    /// The batch run.
    pub(crate) run: Option<RunId>,
    /// The step, from 1.
    pub(crate) step: Option<u32>,
    /// The choice, from 1; 0 is the default.
    pub(crate) choice: Option<u32>,
    /// How the step ended; none for events.
    pub(crate) outcome: Option<Outcome>,
    /// Why it was skipped or failed.
    pub(crate) reason: Option<Reason>,
    /// The event's id.
    pub(crate) event: Option<Text>,
    /// The key of the first row of the same happening; none in rows written before happenings were noted.
    pub(crate) happening: Option<i64>,
    /// The id of the campaign in Marketo that caused the event.
    pub(crate) marketo_campaign: Option<i64>,
}

impl Store {
    /// Gives the rows of a log to `each`, in order, until there is none or it has enough.
    pub(crate) fn log(
        &self,
        query: &LogQuery<'_>,
        each: &mut dyn FnMut(LogEntry) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some(sql) = self.log_sql(query)? else {
            return Ok(());
        };
        let mut names = LogNames::of(self)?;
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if each(names.row(self, row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Returns a log whole.
    pub(crate) fn log_rows(&self, query: &LogQuery<'_>) -> Result<Vec<LogEntry>> {
        let mut all = Vec::new();
        self.log(query, &mut |row| {
            all.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Writes the query; nothing where the campaign does not exist. All that it is made of are numbers.
    fn log_sql(&self, query: &LogQuery<'_>) -> Result<Option<String>> {
        let mut sql = String::from(
            "SELECT activity_id, at, type, primary_value, attributes, campaign_id, run_id, step, choice, outcome,
                reason, event_id, happening, marketo_campaign FROM activity WHERE true",
        );
        if let LogScope::Person(person) | LogScope::Both(person, _) = query.subject {
            let first = person.0 << ORDINAL_BITS;
            let _ = write!(
                sql,
                " AND activity_id BETWEEN {first} AND {}",
                first | ORDINAL_MASK
            );
        }
        if let LogScope::Campaign(name) | LogScope::Both(_, name) = query.subject {
            let Some(campaign) = find_campaign(&self.connection, name)? else {
                return Ok(None);
            };
            let _ = write!(sql, " AND campaign_id = {campaign}");
        }
        if let Some(since) = query.since {
            let _ = write!(sql, " AND at >= {}", since.micros());
        }
        if let Some(until) = query.until {
            let _ = write!(sql, " AND at <= {}", until.micros());
        }
        if !query.types.is_empty() {
            let codes: Vec<String> = query.types.iter().map(i32::to_string).collect();
            let _ = write!(sql, " AND type IN ({})", codes.join(","));
        }
        sql.push_str(match query.order {
            LogOrder::Forward => " ORDER BY at, activity_id",
            LogOrder::Reverse => " ORDER BY at DESC, activity_id DESC",
        });
        if let Some(limit) = query.limit {
            let _ = write!(sql, " LIMIT {limit}");
        }
        Ok(Some(sql))
    }
}

/// The names behind a log's numbers. There are few types and campaigns; people are asked for as they come.
struct LogNames<'c> {
    types: BTreeMap<i64, Text>,
    campaigns: BTreeMap<i64, Text>,
    texts: texts::TextReader<'c>,
    person: Option<PersonNames>,
}

impl<'c> LogNames<'c> {
    fn of(store: &'c Store) -> Result<Self> {
        let all = |sql| -> Result<BTreeMap<i64, Text>> {
            let mut statement = store.connection.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut names = BTreeMap::new();
            while let Some(row) = rows.next()? {
                names.insert(row.get(0)?, Text::from(row.get::<_, String>(1)?));
            }
            Ok(names)
        };
        Ok(Self {
            types: all("SELECT code, name FROM activity_type")?,
            campaigns: all("SELECT campaign_id, full_name FROM campaign")?,
            texts: texts::TextReader::new(&store.connection),
            person: None,
        })
    }

    fn person(&mut self, store: &Store, person: PersonId) -> Result<PersonNames> {
        if let Some(last) = &self.person
            && last.person == person
        {
            return Ok(last.clone());
        }
        let names = store.person_names(person)?;
        self.person = Some(names.clone());
        Ok(names)
    }

    fn row(&mut self, store: &Store, row: &Row<'_>) -> Result<LogEntry> {
        let text =
            |column| -> Result<Option<Text>> { Ok(optional_text(row, column)?.map(Text::from)) };
        let attributes = self.texts.text(row.get_ref(4)?)?;
        let activity_id: i64 = row.get(0)?;
        let person = PersonId(activity_id >> ORDINAL_BITS);
        let code: i64 = row.get(2)?;
        let campaign: Option<i64> = row.get(5)?;
        let outcome: Option<i64> = row.get(9)?;
        Ok(LogEntry {
            activity_id,
            at: Instant::from_micros(row.get(1)?),
            who: self.person(store, person)?,
            activity: self
                .types
                .get(&code)
                .cloned()
                .unwrap_or_else(|| Text::from(code.to_string())),
            primary: self.texts.text(row.get_ref(3)?)?,
            attributes: attributes.map_or_else(|| "{}".to_owned(), |json| json.to_string()),
            campaign: campaign.and_then(|id| self.campaigns.get(&id).cloned()),
            run: row.get::<_, Option<i64>>(6)?.map(RunId),
            step: row.get(7)?,
            choice: row.get(8)?,
            outcome: outcome.and_then(Outcome::of_code),
            reason: optional_text(row, 10)?.map(reason).transpose()?,
            event: text(11)?,
            happening: row
                .get::<_, Option<i64>>(12)?
                .map(|rows| activity_id - rows),
            marketo_campaign: row.get(13)?,
        })
    }
}

/// Reads why a row was skipped or failed.
pub(super) fn reason(text: &str) -> Result<Reason> {
    Reason::of_text(text)
        .ok_or_else(|| Error::Inconsistent("the log has an unknown reason".to_owned()))
}
