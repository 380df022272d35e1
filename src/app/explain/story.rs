//! What became of a person in a campaign, in one sentence: when they entered, which email was held back and why, and which
//! step comes next.

use crate::app::Session;
use crate::app::show::step_in_short;
use crate::campaign::Campaign;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::same;
use crate::domain::{Instant, Outcome, Reason, Text, Value};
use crate::results::HoldingWait;
use crate::world::LogRow;
use crate::world::past::{Past, PastEntry};

/// The past of a person that sentences are made of, up to an instant.
pub(super) struct Story<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) past: &'a Past,
    pub(super) until: Instant,
}

impl<'a> Story<'a> {
    /// Returns the last entry of the person into a campaign.
    pub(super) fn last_entry(&self, campaign: &Campaign) -> Option<&'a PastEntry> {
        let entries = self.past.entries.iter();
        entries
            .filter(|entry| entry.campaign == campaign.id && entry.at <= self.until)
            .max_by_key(|entry| (entry.place, entry.at))
    }

    /// Says what became of someone who entered a campaign; nothing of someone who did not.
    pub(super) fn of_campaign(&self, campaign: &Campaign, waits: &[HoldingWait]) -> Option<String> {
        let entry = self.last_entry(campaign)?;
        let mut parts = vec![entered(entry)];
        parts.extend(self.held_back(campaign, entry));
        parts.extend(waits.iter().map(|wait| self.waits(campaign, wait)));
        Some(parts.join("; "))
    }

    /// Says which emails of the steps since an entry did not go out; each step once.
    fn held_back(&self, campaign: &Campaign, entry: &PastEntry) -> Vec<String> {
        let since = |row: &&LogRow| match entry.place {
            Some(place) => row.ordinal >= place,
            None => row.activity.at >= entry.at,
        };
        let mut held_back: Vec<(u32, String)> = Vec::new();
        for row in self.rows().filter(since) {
            let Some(origin) = row.activity.origin.filter(|o| o.campaign == campaign.id) else {
                continue;
            };
            let is_email = row.activity.activity == BuiltinActivity::SendEmail.id();
            if let (true, Some(why)) = (is_email, self.why(row)) {
                held_back.retain(|(step, _)| *step != origin.step);
                held_back.push((origin.step, why));
            }
        }
        let said = held_back.into_iter();
        said.map(|(step, why)| format!("step {step} {why}"))
            .collect()
    }

    /// Says until when someone waits, and which step comes next.
    pub(super) fn waits(&self, campaign: &Campaign, wait: &HoldingWait) -> String {
        let (step, until) = (wait.step, wait.until);
        let workspace = self.session.workspace();
        let older = wait.version.filter(|version| *version != campaign.version);
        let walked = workspace.version(campaign.id, older).unwrap_or(campaign);
        let place = step as usize;
        match walked.flow.get(place) {
            Some(next) => {
                let number = step + 1;
                let next = step_in_short(place, next, workspace);
                format!("waits in step {step} until {until}, then step {number}: {next}")
            }
            None => format!("waits in step {step} until {until}, the last one"),
        }
    }

    /// Says why the email of a row did not go out: `skipped: unsubscribed since …`; nothing of one that did.
    pub(super) fn why(&self, row: &LogRow) -> Option<String> {
        let outcome = row.activity.outcome?;
        let why = match (outcome, row.activity.reason) {
            (Outcome::Succeeded, _) => return None,
            (Outcome::Skipped | Outcome::Failed, None) => return Some(outcome.name().to_owned()),
            (Outcome::Skipped | Outcome::Failed, Some(reason)) => match reason {
                Reason::Unsubscribed => self.since(reason, "unsubscribed", row),
                Reason::MarketingSuspended => self.since(reason, "marketing_suspended", row),
                Reason::BlackListed => self.since(reason, "black_listed", row),
                Reason::EmailInvalid => self.since(reason, "email_invalid", row),
                Reason::EmailSuspended => self.since(reason, "email_suspended_at", row),
                Reason::NoAddress => self.since(reason, "email", row),
                Reason::CommunicationLimit => self.limit(row),
                Reason::Aborted
                | Reason::AddressServed
                | Reason::CascadeLimit
                | Reason::DateIsPast
                | Reason::DoNothing
                | Reason::Dropped
                | Reason::EmptyValue
                | Reason::LowerStatus
                | Reason::NoChange
                | Reason::NoDate
                | Reason::NoSuchField
                | Reason::NotAMember
                | Reason::NotActive
                | Reason::Saturated
                | Reason::WaitGone
                | Reason::WebhooksOff
                | Reason::Unfit(_) => reason.text().into_owned(),
            },
        };
        Some(format!("{}: {why}", outcome.name()))
    }

    fn rows(&self) -> impl Iterator<Item = &'a LogRow> {
        let until = self.until;
        let log = self.past.log.iter();
        log.filter(move |row| row.activity.at <= until)
    }

    /// Says since when a field has had the value that holds emails back, and what set it.
    fn since(&self, reason: Reason, field: &str, row: &LogRow) -> String {
        let reason = reason.text();
        let change = BuiltinActivity::ChangeDataValue.id();
        let sets = |earlier: &&LogRow| {
            let activity = &earlier.activity;
            let names = activity.primary.as_deref().is_some_and(|p| same(p, field));
            earlier.ordinal < row.ordinal
                && activity.activity == change
                && activity.counts()
                && names
        };
        let changed = self.past.log.iter().rev().find(sets);
        let fields = &self.session.workspace().fields;
        let loads = self.past.loads.iter().rev();
        let mut loads = loads.filter(|load| load.place.is_none_or(|place| place <= row.ordinal));
        let loaded = loads.find(|load| {
            let mut changed = load.fields.iter();
            changed.any(|(changed, ..)| fields.find(field) == Some(*changed))
        });
        match (changed, loaded) {
            (Some(change), load)
                if load.is_none_or(|load| load.place.is_none_or(|p| p <= change.ordinal)) =>
            {
                let (at, by) = (change.activity.at, self.author(change));
                format!("{reason} since {at} by {by}")
            }
            (_, Some(load)) => format!("{reason} since {} by a person load", load.at),
            (_, None) => reason.into_owned(),
        }
    }

    /// Says what wrote a change: a step, or the source that the event names.
    fn author(&self, row: &LogRow) -> String {
        if let Some(origin) = row.activity.origin {
            let campaign = self.session.workspace().campaign(origin.campaign);
            return format!("step {} of {}", origin.step, campaign.full_name);
        }
        let mut attributes = row.activity.attributes.iter();
        let source = attributes.find(|(key, _)| key.as_ref() == "source");
        let source = source.map(|(_, value)| Value::to_text(value));
        source.map_or_else(|| "an event".to_owned(), |source| source.to_string())
    }

    /// Says which limit held an email back, used up by which emails, and when it is free again.
    fn limit(&self, row: &LogRow) -> String {
        let reason = Reason::CommunicationLimit.text();
        let send_email = BuiltinActivity::SendEmail.id();
        let before = self.past.log.iter().filter(|earlier| {
            let activity = &earlier.activity;
            earlier.ordinal < row.ordinal && activity.activity == send_email && activity.counts()
        });
        let mut sent: Vec<(Instant, Text)> = before
            .filter_map(|row| Some((row.activity.at, row.activity.primary.clone()?)))
            .collect();
        sent.sort_by_key(|(at, _)| *at);
        let Some(used) = self.session.engine.used_limit(&sent, row.activity.at) else {
            // The limits of today are others than those that held it back.
            return reason.into_owned();
        };
        let emails = used.emails.iter();
        let emails: Vec<String> = emails
            .map(|(at, email)| format!("{email} at {at}"))
            .collect();
        let by = if emails.is_empty() {
            String::new()
        } else {
            format!(", used up by {}", emails.join(" and "))
        };
        let free = used.free_at;
        let free = free.map_or_else(String::new, |at| format!(", free again from {at}"));
        format!("{reason} of {}{by}{free}", used.limit)
    }
}

/// Says when, and by which run, a person entered.
fn entered(entry: &PastEntry) -> String {
    match entry.run {
        Some(run) => format!("entered in run {run} at {}", entry.at),
        None => format!("entered at {}", entry.at),
    }
}
