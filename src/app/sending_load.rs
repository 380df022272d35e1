//! `campaign schedule --load`: how much mail the coming time brings, to whom, and where it comes too densely.
//!
//! Time passes on a copy of the database, as `campaign advance` lets it pass: scheduled campaigns run, and people wake from
//! their waits. What is counted are the mails in the logs that are longer there.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::same;
use crate::domain::{Duration, Instant, Outcome, Reason};
use crate::results::SendingLoadRow;
use crate::store::{LogsOfPerson, NewRow, Store};

use super::advance::{Options, advance};
use super::run_batch::check_clock;
use super::scheduled::{Missed, RefusedOccurrence};
use super::{Control, Error, Session};

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoadRequest {
    /// The instant taken as now.
    pub(crate) now: Instant,
    /// Up to when time passes.
    pub(crate) until: Instant,
    /// Within which time a second marketing mail collides with the one before.
    pub(crate) within: Duration,
}

/// The mails of the coming time.
#[derive(Debug, Default)]
pub(crate) struct SendingLoad {
    /// A row for each day with mail, in order.
    pub(crate) days: Vec<SendingLoadRow>,
    /// Runs that a guard would refuse.
    pub(crate) refused: Vec<RefusedOccurrence>,
    /// Scheduled campaigns that no longer compile.
    pub(crate) broken: Vec<String>,
}

/// Lets time pass on a copy, and counts the mails.
pub(crate) fn sending_load(
    store: &Store,
    session: &Session<'_>,
    request: LoadRequest,
    control: &mut Control<'_>,
) -> Result<SendingLoad, Error> {
    check_clock(store, request.now)?;
    let mut copy = store.scratch()?;
    let options = Options {
        until: request.until,
        missed: Missed::All,
        listed: false,
    };
    let advanced = advance(&mut copy, session, &options, control)?;
    let mut count = Count {
        session,
        request,
        days: BTreeMap::new(),
    };
    let mut rows = copy.new_rows(session.bindings())?;
    store.each_changed([&copy, &copy], &mut |logs: LogsOfPerson| {
        control.check()?;
        let first = store.log_length(logs.person)?;
        // Mails that were sent before count as well for what follows on them.
        let log = rows.log_from(logs.person, 0)?;
        count.person(&log, first);
        Ok::<(), Error>(())
    })?;
    Ok(SendingLoad {
        days: count.days.into_values().collect(),
        refused: advanced.refused,
        broken: advanced.broken,
    })
}

struct Count<'a> {
    session: &'a Session<'a>,
    request: LoadRequest,
    days: BTreeMap<NaiveDate, SendingLoadRow>,
}

impl Count<'_> {
    /// Counts the mails of one person; those from a place of the log on are new.
    fn person(&mut self, log: &[NewRow], first: u32) {
        let zone = &self.session.workspace().zone;
        let mut mails: BTreeMap<NaiveDate, u64> = BTreeMap::new();
        let mut held_back: Vec<NaiveDate> = Vec::new();
        let mut last: Option<Instant> = None;
        let sends = log.iter().map(|row| &row.row);
        let sends = sends.filter(|row| row.activity.activity == BuiltinActivity::SendEmail.id());
        for row in sends {
            let activity = &row.activity;
            let is_new = row.ordinal >= first;
            if is_new && activity.reason == Some(Reason::CommunicationLimit) {
                held_back.push(zone.date(activity.at));
            }
            if !matches!(activity.outcome, None | Some(Outcome::Succeeded)) {
                continue;
            }
            let name = activity.primary.as_deref().unwrap_or_default();
            let is_marketing = !self.is_operational(name);
            if is_new {
                let day = zone.date(activity.at);
                *mails.entry(day).or_default() += 1;
                let follows = |last: Instant| activity.at < self.request.within.after(last, zone);
                if is_marketing && last.is_some_and(follows) {
                    self.day(day).collisions += 1;
                }
            }
            if is_marketing {
                last = Some(activity.at);
            }
        }
        for (day, count) in mails {
            let row = self.day(day);
            row.mails += count;
            row.people += 1;
            row.most_for_one = row.most_for_one.max(count);
        }
        held_back.dedup();
        for day in held_back {
            self.day(day).over_limit += 1;
        }
    }

    fn day(&mut self, day: NaiveDate) -> &mut SendingLoadRow {
        self.days.entry(day).or_insert(SendingLoadRow {
            day,
            mails: 0,
            people: 0,
            most_for_one: 0,
            over_limit: 0,
            collisions: 0,
        })
    }

    /// Returns whether an email is none of marketing; of one that the workspace does not describe, nobody knows.
    fn is_operational(&self, name: &str) -> bool {
        let mut emails = self.session.workspace().emails.values();
        emails.any(|email| email.operational && same(&email.name, name))
    }
}
