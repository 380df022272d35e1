//! Messages in the outbox.

use std::ops::ControlFlow;

use crate::domain::{Instant, PersonId, Text};
use crate::store::error::Result;
use crate::store::worlds::{optional_text, text};
use crate::store::{ORDINAL_BITS, Store};

/// A rendered email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The activity that sent it, by which the message is named.
    pub activity_id: i64,
    /// To whom it belongs.
    pub person: PersonId,
    /// When.
    pub at: Instant,
    /// The email's name.
    pub email: Text,
    /// The address.
    pub to: Text,
    /// The sender.
    pub from: Option<Text>,
    /// The subject, resolved.
    pub subject: Text,
    /// The text, resolved.
    pub body: Text,
}

impl Store {
    /// Gives every message to `each`, by instant and then by activity, until there is none or it has enough.
    pub fn messages(&self, each: &mut dyn FnMut(MessageRow) -> ControlFlow<()>) -> Result<()> {
        let sql = "SELECT activity_id, at, email, recipient, sender, subject, body FROM outbox
            ORDER BY at, activity_id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let activity_id: i64 = row.get(0)?;
            let message = MessageRow {
                activity_id,
                person: PersonId(activity_id >> ORDINAL_BITS),
                at: Instant::from_micros(row.get(1)?),
                email: Text::from(text(row, 2)?),
                to: Text::from(text(row, 3)?),
                from: optional_text(row, 4)?.map(Text::from),
                subject: Text::from(text(row, 5)?),
                body: Text::from(text(row, 6)?),
            };
            if each(message).is_break() {
                break;
            }
        }
        Ok(())
    }
}
