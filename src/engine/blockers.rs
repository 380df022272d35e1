//! Decides whether an email is sent: every reason that blocks it.
//!
//! Source: section H of the reference. An operational email goes to people who unsubscribed or whose
//! marketing is suspended, and ignores the limits; no email goes to a bad address or a block-listed person.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, CommunicationLimits, Workspace};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::EMAIL;
use crate::domain::instant::DAY;
use crate::domain::text::name_key;
use crate::domain::{CampaignId, FieldId, Instant, PersonId, Reason, Text, Value};
use crate::world::Subject;

/// Addresses that several people of a batch run share, and which of them a step has served.
///
/// People whose address is theirs alone are not in it, so that a million of them cost nothing.
#[derive(Debug, Default)]
pub(crate) struct ServedAddresses {
    shared: BTreeMap<PersonId, String>,
    served: BTreeMap<(CampaignId, u32, String), PersonId>,
}

impl ServedAddresses {
    /// Takes the people who share an address with others, each with its key.
    pub(crate) fn new(shared: BTreeMap<PersonId, String>) -> Self {
        Self {
            shared,
            served: BTreeMap::new(),
        }
    }

    /// Returns the people who share an address.
    pub(crate) fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.shared.keys().copied()
    }

    /// Notes that a step served a person's address, as when a run goes on after an interruption.
    pub(crate) fn mark(&mut self, person: PersonId, campaign: CampaignId, step: u32) {
        if let Some(address) = self.shared.get(&person) {
            self.served
                .entry((campaign, step, address.clone()))
                .or_insert(person);
        }
    }

    /// Returns whether a step has served this person's address by way of somebody else.
    fn has(&self, person: PersonId, campaign: CampaignId, step: u32) -> bool {
        self.shared
            .get(&person)
            .and_then(|address| self.served.get(&(campaign, step, address.clone())))
            .is_some_and(|served| *served != person)
    }
}

/// The fields that say whether a person gets email, found once.
#[derive(Debug)]
pub(super) struct MailFields {
    email_invalid: Option<FieldId>,
    black_listed: Option<FieldId>,
    unsubscribed: Option<FieldId>,
    marketing_suspended: Option<FieldId>,
    email_suspended_at: Option<FieldId>,
}

impl MailFields {
    /// Finds them in a workspace.
    pub(super) fn of(workspace: &Workspace) -> Self {
        let find = |name| workspace.fields.find(name);
        Self {
            email_invalid: find("email_invalid"),
            black_listed: find("black_listed"),
            unsubscribed: find("unsubscribed"),
            marketing_suspended: find("marketing_suspended"),
            email_suspended_at: find("email_suspended_at"),
        }
    }

    /// Returns all of them, and the address: compiled campaigns need them where they send any email.
    pub(super) fn all(&self) -> impl Iterator<Item = FieldId> {
        let Self {
            email_invalid,
            black_listed,
            unsubscribed,
            marketing_suspended,
            email_suspended_at,
        } = self;
        [
            *email_invalid,
            *black_listed,
            *unsubscribed,
            *marketing_suspended,
            *email_suspended_at,
            Some(EMAIL),
        ]
        .into_iter()
        .flatten()
    }
}

/// An email on its way to a person.
pub(super) struct OutgoingEmail<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) fields: &'a MailFields,
    pub(super) campaign: &'a Campaign,
    pub(super) subject: &'a Subject<'a>,
    /// The email's name.
    pub(super) email: &'a str,
    /// The step that sends it, from 1.
    pub(super) step: u32,
    /// Whom the batch run has served.
    pub(super) served: Option<&'a ServedAddresses>,
    pub(super) at: Instant,
}

/// A reason, and whether it is one now.
type BlockRule = (Reason, fn(&OutgoingEmail<'_>) -> bool);

/// Everything that may hold an email back, in the order in which it is asked.
const BLOCKS: [BlockRule; 8] = [
    (Reason::NoAddress, |letter| !has_address(letter.subject)),
    (Reason::EmailInvalid, |letter| {
        letter.flag(letter.fields.email_invalid)
    }),
    (Reason::BlackListed, |letter| {
        letter.flag(letter.fields.black_listed)
    }),
    (Reason::Unsubscribed, |letter| {
        letter.flag(letter.fields.unsubscribed) && !letter.is_operational()
    }),
    (Reason::MarketingSuspended, |letter| {
        letter.flag(letter.fields.marketing_suspended) && !letter.is_operational()
    }),
    (Reason::EmailSuspended, |letter| {
        suspended(letter.fields, letter.subject, letter.at)
    }),
    (Reason::CommunicationLimit, |letter| {
        letter.campaign.obeys_limits
            && !letter.is_operational()
            && limit_reached(letter.workspace, letter.subject, letter.at)
    }),
    (Reason::AddressServed, |letter| {
        letter
            .served
            .is_some_and(|served| served.has(letter.subject.id(), letter.campaign.id, letter.step))
    }),
];

impl OutgoingEmail<'_> {
    /// Returns the first reason why it does not go out, or nothing.
    pub(super) fn block(&self) -> Option<Reason> {
        self.blocks().next()
    }

    /// Returns every reason why it does not go out.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Reason> {
        BLOCKS
            .iter()
            .filter(|(_, holds_back)| holds_back(self))
            .map(|(reason, _)| *reason)
    }

    fn flag(&self, field: Option<FieldId>) -> bool {
        field.and_then(|field| self.subject.field(field)) == Some(&Value::Boolean(true))
    }

    fn is_operational(&self) -> bool {
        is_operational(self.workspace, self.email)
    }
}

/// Returns whether an email is operational; where the workspace defines none, emails are plain names and none is.
fn is_operational(workspace: &Workspace, email: &str) -> bool {
    !workspace.emails.is_empty()
        && workspace
            .emails
            .get(&name_key(email))
            .is_some_and(|email| email.operational)
}

fn has_address(subject: &Subject<'_>) -> bool {
    matches!(subject.field(EMAIL), Some(Value::Text(address)) if !address.trim().is_empty())
}

/// The suspension of a bounced address lasts 24 hours from its instant; the flag itself never clears.
fn suspended(fields: &MailFields, subject: &Subject<'_>, at: Instant) -> bool {
    let since = fields
        .email_suspended_at
        .and_then(|field| subject.field(field));
    matches!(since, Some(Value::Datetime(since)) if *since <= at && at.micros() - since.micros() < DAY)
}

/// Returns whether a communication limit is reached.
fn limit_reached(workspace: &Workspace, subject: &Subject<'_>, at: Instant) -> bool {
    let CommunicationLimits {
        per_day,
        per_7_days,
    } = workspace.limits;
    let history = subject.person().history_of(BuiltinActivity::SendEmail.id());
    let (mut in_day, mut in_week) = (0, 0);
    for sent in history {
        let windows = Windows::of(workspace, sent.at, sent.primary.as_deref(), at);
        in_day += u32::from(windows.day);
        in_week += u32::from(windows.week);
    }
    per_day.is_some_and(|limit| in_day >= limit) || per_7_days.is_some_and(|limit| in_week >= limit)
}

/// For which limits an email counts that was sent: per day is the calendar day of the workspace, per seven days is rolling.
/// Operational emails do not count.
struct Windows {
    day: bool,
    week: bool,
}

impl Windows {
    fn of(workspace: &Workspace, sent: Instant, email: Option<&str>, at: Instant) -> Self {
        let counts = sent <= at && email.is_none_or(|email| !is_operational(workspace, email));
        let zone = &workspace.zone;
        Self {
            day: counts && zone.date(sent) == zone.date(at),
            week: counts && at.micros() - sent.micros() < 7 * DAY,
        }
    }
}

/// A communication limit that emails have used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsedLimit {
    /// The limit in words: `1 per day`.
    pub(crate) limit: String,
    /// The emails that count for it, oldest first.
    pub(crate) emails: Vec<(Instant, Text)>,
    /// When the next one may go out; none where none ever may.
    pub(crate) free_at: Option<Instant>,
}

/// Finds the limit that holds emails back longest at an instant, given those that were sent, oldest first.
pub(super) fn used_limit(
    workspace: &Workspace,
    sent: &[(Instant, Text)],
    at: Instant,
) -> Option<UsedLimit> {
    let within = |is_in: fn(&Windows) -> bool| -> Vec<(Instant, Text)> {
        let within = sent.iter().filter(|(instant, email)| {
            is_in(&Windows::of(workspace, *instant, Some(email.as_ref()), at))
        });
        within.cloned().collect()
    };
    let CommunicationLimits {
        per_day,
        per_7_days,
    } = workspace.limits;
    let by_day = per_day.and_then(|limit| {
        let emails = within(|windows| windows.day);
        let tomorrow = workspace.zone.date(at).succ_opt();
        (emails.len() as u64 >= u64::from(limit)).then(|| UsedLimit {
            limit: format!("{limit} per day"),
            emails,
            free_at: tomorrow
                .filter(|_| limit > 0)
                .map(|day| workspace.zone.start_of(day)),
        })
    });
    let by_week = per_7_days.and_then(|limit| {
        let emails = within(|windows| windows.week);
        let over = (emails.len() as u64).checked_sub(u64::from(limit))?;
        // Once this one is older than seven days, fewer than the limit are left.
        let last = usize::try_from(over)
            .ok()
            .and_then(|place| emails.get(place));
        let free_at = last.map(|(sent, _)| sent.plus_micros(7 * DAY));
        Some(UsedLimit {
            limit: format!("{limit} per 7 days"),
            free_at,
            emails,
        })
    });
    let never = Instant::from_micros(i64::MAX);
    by_day
        .into_iter()
        .chain(by_week)
        .max_by_key(|used| used.free_at.unwrap_or(never))
}
