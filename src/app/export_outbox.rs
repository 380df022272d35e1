//! `outbox export`: what flows have sent as MIME messages, in a Maildir or an mbox.
//!
//! The files are a projection of the database: the same database gives the same bytes, and an export that was killed is
//! finished by the same command. Messages that headers cannot hold are set aside, each named by its activity.

use std::ops::ControlFlow;
use std::path::Path;

use crate::domain::Text;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::mailbox::Mailbox;
use crate::files::Place;
use crate::mail::{self, Maildir, Mbox, Message, Recipients, mime};
use crate::results::ExportSummary;
use crate::store::{MessageRow, Store};

use super::outbox::Messages;
use super::{Error, ErrorKind, Stop, UserError};

/// How many messages that were set aside are reported one by one.
pub(crate) const NAMED: usize = 20;

/// Where messages go.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ExportTarget<'a> {
    /// A file a message.
    Maildir(&'a Path),
    /// All in one file.
    Mbox(&'a Place),
}

/// A message that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetAside {
    /// The activity that sent it.
    pub(crate) activity_id: i64,
    /// The email's name.
    pub(crate) email: String,
    /// Why, in people's words; it holds no value.
    pub(crate) why: String,
}

/// What an export did, and the first messages that it set aside.
#[derive(Debug)]
pub(crate) struct Exported {
    /// The counts.
    pub(crate) summary: ExportSummary,
    /// The first [`NAMED`] that were set aside.
    pub(crate) set_aside: Vec<SetAside>,
}

/// Writes the messages that are wanted. `from` stands in where an email names no sender.
pub(crate) fn export(
    store: &Store,
    wanted: &Messages,
    target: ExportTarget<'_>,
    from: Option<&str>,
    stop: &Stop,
) -> Result<Exported, Error> {
    let from = from.map(sender).transpose()?;
    let mut export = Export {
        files: MessageFiles::open(target)?,
        from,
        exported: Exported {
            summary: ExportSummary {
                to: target.path().display().to_string(),
                messages: 0,
                written: 0,
                already_there: 0,
                set_aside: 0,
            },
            set_aside: Vec::new(),
        },
    };
    let mut failed = None;
    store.messages(&wanted.query(), &mut |message| {
        let done = stop
            .check()
            .map_err(Error::from)
            .and_then(|()| export.take(&message));
        match done {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    export.files.finish()?;
    Ok(export.exported)
}

/// Checks the sender that the command line names.
fn sender(text: &str) -> Result<Text, UserError> {
    match Mailbox::parse(text) {
        Some(_) => Ok(Text::from(text)),
        None => Err(
            UserError::new(ErrorKind::Usage, format!("`{text}` is not an address"))
                .help("write `news@example.com` or `Example News <news@example.com>`"),
        ),
    }
}

/// An export in progress.
struct Export {
    files: MessageFiles,
    from: Option<Text>,
    exported: Exported,
}

impl Export {
    fn take(&mut self, message: &MessageRow) -> Result<(), Error> {
        let letter = letter(message, self.from.as_ref());
        let summary = &mut self.exported.summary;
        summary.messages += 1;
        match mime::message(&letter) {
            Ok(bytes) => match self.files.put(&letter, &bytes)? {
                Put::Written => summary.written += 1,
                Put::AlreadyThere => summary.already_there += 1,
            },
            Err(refusal) => {
                summary.set_aside += 1;
                if self.exported.set_aside.len() < NAMED {
                    self.exported.set_aside.push(SetAside {
                        activity_id: letter.activity_id,
                        email: letter.email.to_string(),
                        why: refusal.to_string(),
                    });
                }
            }
        }
        Ok(())
    }
}

fn letter(message: &MessageRow, from: Option<&Text>) -> Message {
    let to = if message.code == BuiltinActivity::SendAlert.code() {
        Recipients::Others(Text::clone(&message.to))
    } else {
        let names = [&message.first_name, &message.last_name];
        let names: Vec<&str> = names.into_iter().flatten().map(AsRef::as_ref).collect();
        Recipients::Person {
            name: names.join(" ").trim_matches(' ').to_owned(),
            address: Text::clone(&message.to),
        }
    };
    Message {
        activity_id: message.activity_id,
        at: message.at,
        from: message.from.as_ref().or(from).cloned(),
        to,
        subject: Text::clone(&message.subject),
        body: Text::clone(&message.body),
        email: Text::clone(&message.email),
        campaign: message.campaign.clone(),
    }
}

/// The files that are written.
enum MessageFiles {
    Maildir(Maildir),
    Mbox(Mbox),
}

/// The outcome of a message.
enum Put {
    Written,
    AlreadyThere,
}

impl MessageFiles {
    fn open(target: ExportTarget<'_>) -> Result<Self, mail::Error> {
        match target {
            ExportTarget::Maildir(folder) => Maildir::open(folder).map(Self::Maildir),
            ExportTarget::Mbox(place) => Mbox::create(place).map(Self::Mbox),
        }
    }

    fn put(&mut self, letter: &Message, bytes: &[u8]) -> Result<Put, mail::Error> {
        match self {
            Self::Maildir(maildir) => {
                let name = mime::name(letter);
                if maildir.has(&name) {
                    return Ok(Put::AlreadyThere);
                }
                maildir.put(&name, letter.at, bytes)?;
            }
            Self::Mbox(mbox) => mbox.put(letter.at, bytes)?,
        }
        Ok(Put::Written)
    }

    fn finish(self) -> Result<(), mail::Error> {
        match self {
            Self::Maildir(maildir) => maildir.finish(),
            Self::Mbox(mbox) => mbox.finish(),
        }
    }
}

impl ExportTarget<'_> {
    fn path(&self) -> &Path {
        match self {
            Self::Maildir(path) => path,
            Self::Mbox(place) => place.path(),
        }
    }
}

impl From<mail::Error> for Error {
    fn from(error: mail::Error) -> Self {
        let message = error.to_string();
        match error {
            mail::Error::File(error) => error.into(),
            mail::Error::Foreign(..) => UserError::new(ErrorKind::State, message)
                .help("name another one; nothing is overwritten")
                .into(),
        }
    }
}
