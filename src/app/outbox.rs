//! `outbox list`: what flows have sent, message by message as they come.

use std::ops::ControlFlow;

use crate::campaign::Workspace;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::PersonId;
use crate::domain::text::name_key;
use crate::results::OutboxRow;
use crate::store::{MessageQuery, MessageRow, Store};

use super::log::Selection;
use super::{Error, ErrorKind, UserError};

/// Which messages are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages {
    /// When, of which types, how many, which first.
    pub(crate) rows: Selection,
    /// Of this person.
    pub(crate) person: Option<PersonId>,
    /// Of this campaign, named in full.
    pub(crate) campaign: Option<String>,
    /// Of this email, named as it was sent.
    pub(crate) email: Option<String>,
}

impl Messages {
    pub(super) fn query(&self) -> MessageQuery<'_> {
        MessageQuery {
            person: self.person,
            campaign: self.campaign.as_deref(),
            email: self.email.as_deref(),
            types: &self.rows.types,
            since: self.rows.since,
            until: self.rows.until,
            limit: self.rows.limit,
            order: self.rows.order,
        }
    }
}

/// Gives the messages to `each`, row by row.
pub(crate) fn list(
    store: &Store,
    wanted: &Messages,
    mut each: impl FnMut(OutboxRow) -> ControlFlow<()>,
) -> Result<(), Error> {
    store.messages(&wanted.query(), &mut |message| each(row(&message)))?;
    Ok(())
}

fn row(message: &MessageRow) -> OutboxRow {
    OutboxRow {
        activity_id: message.activity_id,
        at: message.at,
        person_id: message.who.person.0,
        activity_type: message.activity.to_string(),
        email: message.email.to_string(),
        campaign: message.campaign.as_deref().map(str::to_owned),
        recipient: message.to.to_string(),
        sender: message.from.as_deref().map(str::to_owned),
        subject: message.subject.to_string(),
        id: message.who.id.as_deref().map(str::to_owned),
        person: message.who.best(),
    }
}

/// Finds an email by its name in any spelling: one that the workspace defines, or one that was sent when it did.
pub(crate) fn email(store: &Store, workspace: &Workspace, name: &str) -> Result<String, Error> {
    let key = name_key(name);
    if let Some(email) = workspace.emails.get(&key) {
        return Ok(email.name.clone());
    }
    let sent = store.emails_sent()?;
    if let Some(email) = sent.iter().find(|email| name_key(email) == key) {
        return Ok(email.to_string());
    }
    let known = workspace.emails.values().map(|email| email.name.as_str());
    let known = known.chain(sent.iter().map(AsRef::as_ref));
    let help = did_you_mean(name, known)
        .unwrap_or_else(|| "emails are defined under `emails:` in the workspace file".to_owned());
    Err(
        UserError::new(ErrorKind::State, format!("no email `{name}`"))
            .help(help)
            .into(),
    )
}
