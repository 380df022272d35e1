//! Messages that have come in and wait to be taken, without those that the editor has cancelled meanwhile.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::Receiver;

use lsp_server::{Message, RequestId};
use serde_json::Value;

use super::frames::Frame;

/// What comes in.
#[derive(Debug)]
pub(super) enum Incoming {
    /// From the editor.
    Read(io::Result<Option<Frame>>),
    /// An answer that was worked out meanwhile.
    Answer(Value),
}

/// Something that is to be done.
#[derive(Debug)]
pub(super) enum Letter {
    /// A message.
    Message(Message),
    /// An answer that is to be sent.
    Answer(Value),
    /// A request that nobody wants answered any more.
    Cancelled(RequestId),
    /// JSON that is no message.
    NoMessage(String),
    /// Bytes that are no JSON.
    NoJson(String),
    /// The editor has closed the line.
    End,
    /// Nothing more can be read.
    Unreadable(io::Error),
}

/// Letters in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    letters: VecDeque<Letter>,
}

impl Inbox {
    /// Takes the oldest.
    pub(super) fn take(&mut self) -> Option<Letter> {
        self.letters.pop_front()
    }

    /// Puts in all that has come meanwhile.
    pub(super) fn put_waiting(&mut self, from: &Receiver<Incoming>) {
        while let Ok(incoming) = from.try_recv() {
            self.put(incoming);
        }
    }

    /// Puts in what was read. A cancellation finds its request among those that wait; one that was answered already is
    /// answered.
    pub(super) fn put(&mut self, incoming: Incoming) {
        let read = match incoming {
            Incoming::Read(read) => read,
            Incoming::Answer(answer) => return self.letters.push_back(Letter::Answer(answer)),
        };
        let letter = match read {
            Ok(Some(Frame::Message(message))) => match cancelled(&message) {
                Some(id) => return self.cancel(&id),
                None => Letter::Message(message),
            },
            Ok(Some(Frame::NoMessage(message))) => Letter::NoMessage(message),
            Ok(Some(Frame::NoJson(message))) => Letter::NoJson(message),
            Ok(None) => Letter::End,
            Err(error) => Letter::Unreadable(error),
        };
        self.letters.push_back(letter);
    }

    fn cancel(&mut self, id: &RequestId) {
        let is_it = |letter: &&mut Letter| matches!(letter, Letter::Message(Message::Request(of)) if of.id == *id);
        if let Some(letter) = self.letters.iter_mut().find(is_it) {
            *letter = Letter::Cancelled(id.clone());
        }
    }
}

/// Returns which request a message cancels.
fn cancelled(message: &Message) -> Option<RequestId> {
    let Message::Notification(notification) = message else {
        return None;
    };
    if notification.method != "$/cancelRequest" {
        return None;
    }
    match notification.params.get("id")? {
        Value::Number(number) => Some(i32::try_from(number.as_i64()?).ok()?.into()),
        Value::String(text) => Some(text.clone().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
