//! The `tests:` of a campaign, checked: people, what happens to them, and what is expected then.
//!
//! `compile` makes them, so that their faults are reported with all others; `app::test` runs them on the engine, in
//! memory. They are not part of a campaign's meaning: the database never sees them.

use crate::diagnostic::Span;
use crate::domain::{
    ActivityTypeId, CampaignId, FieldId, Instant, ListId, PersonKey, ProgramId, Text, Value,
};
use crate::filter::Test;

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// Where its name stands.
    pub(crate) span: Span,
    /// What it shows.
    pub(crate) name: String,
    /// When it begins.
    pub(crate) now: Instant,
    /// Who is there when it begins.
    pub(crate) people: Vec<CasePerson>,
    /// What happens, in any order.
    pub(crate) events: Vec<CaseEvent>,
    /// When to run the campaign, a batch.
    pub(crate) run: Vec<Instant>,
    /// Let the clock pass up to here: waits end, and scheduled campaigns run.
    pub(crate) advance_to: Option<Instant>,
    /// Other campaigns that take part.
    pub(crate) with: Vec<CampaignId>,
    /// What is expected, in the order written.
    pub(crate) expect: Vec<Expectation>,
    /// Where `record` stands in the place of expectations, which are still to be found.
    pub(crate) record: Option<Span>,
}

/// Someone who is there when a test begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CasePerson {
    /// The email, or the `id` of those who have none.
    pub(crate) key: PersonKey,
    /// What is known about them; nothing clears.
    pub(crate) fields: Vec<(FieldId, Option<Value>)>,
    /// Static lists they are on.
    pub(crate) lists: Vec<ListId>,
}

/// An event, as event files would have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseEvent {
    /// Its bytes in the file.
    pub(crate) span: Span,
    /// It as a line of JSON, which the reader of event files checks.
    pub(crate) line: String,
}

/// One thing that is expected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expectation {
    /// Its bytes in the file.
    pub(crate) span: Span,
    /// What is expected.
    pub(crate) what: Expected,
}

/// What is expected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    /// So many people entered the campaign.
    Qualified(u64),
    /// The campaign's succeeded activities for a person are exactly these, in order.
    Activities(PersonKey, Vec<ActivityTypeId>),
    /// None of them is of these types.
    NotActivities(PersonKey, Vec<ActivityTypeId>),
    /// A field of a person has a value, or none.
    Field(PersonKey, FieldId, Option<Value>),
    /// A person is on these static lists.
    Lists(PersonKey, Vec<ListId>),
    /// A person is on none of these static lists.
    NotLists(PersonKey, Vec<ListId>),
    /// A person has a status in a program, or is not a member of it.
    Status(PersonKey, ProgramId, Option<Text>),
    /// The campaign's steps sent exactly these mails because of a person, in order.
    Mails(PersonKey, Vec<ExpectedMail>),
}

/// A mail that is expected. What is not written may be anything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExpectedMail {
    /// The name of the email.
    pub(crate) email: Option<ExpectedText>,
    /// The subject, tokens filled in.
    pub(crate) subject: Option<ExpectedText>,
    /// The text, tokens filled in.
    pub(crate) body: Option<ExpectedText>,
}

/// What a text must be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExpectedText {
    /// All of these hold.
    pub(crate) tests: Vec<Test>,
    /// How they read: `contains December`.
    pub(crate) words: String,
}
