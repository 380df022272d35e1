//! The mails that are expected of a campaign against those that it sent because of a person.

use crate::campaign::Campaign;
use crate::campaign::case::{ExpectedMail, ExpectedText};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{Outcome, PersonId, Text};
use crate::filter::operator::EvaluationTime;
use crate::world::Message;

use super::difference::{Difference, rows};
use super::play::Played;

/// Compares mails one by one, in the order in which they were sent.
pub(super) fn mails(
    played: &Played<'_>,
    campaign: &Campaign,
    person: PersonId,
    expected: &[ExpectedMail],
) -> Option<Difference> {
    let ours: Vec<u32> = rows(played, campaign, person)
        .map(|row| row.ordinal)
        .collect();
    let sent = played.journal.outbox.iter();
    let sent: Vec<&Message> = sent
        .filter(|mail| mail.person == person && ours.contains(&mail.ordinal))
        .collect();
    let workspace = played.engine.workspace();
    let when = EvaluationTime {
        now: played.ended,
        zone: &workspace.zone,
        week_start: workspace.week_start,
    };
    let alike = |place: usize| match (expected.get(place), sent.get(place)) {
        (Some(expected), Some(mail)) => is_alike(expected, mail, &when),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let first = (0..expected.len().max(sent.len())).find(|place| !alike(*place))?;
    let row = sent.get(first).map(|mail| mail.ordinal);
    Some(Difference {
        expected: listed(expected.iter().map(described)),
        got: listed(
            sent.iter()
                .zip(0..)
                .map(|(mail, place)| found(mail, expected.get(place))),
        ),
        row: row.or_else(|| unsent(played, campaign, person)),
    })
}

fn is_alike(expected: &ExpectedMail, mail: &Message, when: &EvaluationTime<'_>) -> bool {
    let parts = [
        (&expected.email, &mail.email),
        (&expected.subject, &mail.subject),
        (&expected.body, &mail.body),
    ];
    let fits = |expected: &ExpectedText, text: &Text| {
        let mut tests = expected.tests.iter();
        tests.all(|test| test.holds_text(Some(text), when))
    };
    let mut parts = parts.iter();
    parts.all(|(expected, text)| {
        expected
            .as_ref()
            .is_none_or(|expected| fits(expected, text))
    })
}

/// Returns the last row of a mail that was not sent.
fn unsent(played: &Played<'_>, campaign: &Campaign, person: PersonId) -> Option<u32> {
    let types = [BuiltinActivity::SendEmail, BuiltinActivity::SendAlert];
    let row = rows(played, campaign, person).rfind(|row| {
        types
            .iter()
            .any(|known| known.id() == row.activity.activity)
            && row.activity.outcome != Some(Outcome::Succeeded)
    });
    row.map(|row| row.ordinal)
}

/// Says what a mail must be: `welcome, subject contains Ann`.
fn described(expected: &ExpectedMail) -> String {
    let parts = [
        ("email ", &expected.email),
        ("subject ", &expected.subject),
        ("body ", &expected.body),
    ];
    let parts = parts.iter().filter_map(|(name, text)| {
        let words = &text.as_ref()?.words;
        Some(match words.strip_prefix("is ") {
            Some(bare) if *name == "email " => bare.to_owned(),
            Some(_) | None => format!("{name}{words}"),
        })
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Says what a mail is, in the parts that were asked about.
fn found(mail: &Message, expected: Option<&ExpectedMail>) -> String {
    let mut parts = vec![mail.email.to_string()];
    if expected.is_none_or(|expected| expected.subject.is_some()) {
        parts.push(format!("subject {}", mail.subject));
    }
    if expected.is_some_and(|expected| expected.body.is_some()) {
        parts.push(format!("body {}", mail.body.trim_end()));
    }
    parts.join(", ")
}

fn listed(mails: impl Iterator<Item = String>) -> String {
    let mails: Vec<String> = mails.collect();
    if mails.is_empty() {
        "none".to_owned()
    } else {
        mails.join("; ")
    }
}
