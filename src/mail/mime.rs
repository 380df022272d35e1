//! One letter as a MIME message, its lines ended by line feeds as files of mail have them.
//!
//! Header injection is impossible by refusal: a value that could begin a header of its own, or that readers would decode
//! into something else than it is, is not cleaned but refused, and the letter is set aside by the caller.
//!
//! Source of the formats: RFC 5322 (headers), 2045 (quoted-printable), 2047 (names and subjects beyond ASCII), 6532
//! (addresses beyond ASCII stand in UTF-8).

use std::fmt;

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::text::Text as Unstructured;
use mail_builder::mime::MimePart;

use crate::domain::instant::SECOND;
use crate::domain::mailbox::{Mailbox, is_address};

use super::{Message, Recipients};

/// Why a letter is not a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its email names no sender.
    NoSender,
    /// Its sender is not an address.
    BadSender,
    /// It goes to nobody.
    NoRecipient,
    /// Something that it goes to is not an address.
    BadRecipient,
    /// A value has a line break or another control character.
    Control(&'static str),
    /// A value has the form in which headers write other text.
    EncodedWord(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSender => f.write_str("its email has no `from`"),
            Self::BadSender => f.write_str("its sender is not an address"),
            Self::NoRecipient => f.write_str("it has no recipient"),
            Self::BadRecipient => f.write_str("its recipient is not an address"),
            Self::Control(what) => {
                write!(f, "{what} has a line break or another control character")
            }
            Self::EncodedWord(what) => write!(f, "{what} reads as an encoded word, `=?…?=`"),
        }
    }
}

/// Returns a letter as a message, or why it cannot be one.
pub(crate) fn message(letter: &Message) -> Result<Vec<u8>, Refusal> {
    let from = letter.from.as_deref().ok_or(Refusal::NoSender)?;
    let from = Mailbox::parse(from).ok_or(Refusal::BadSender)?;
    check("its sender's name", from.name.unwrap_or_default())?;
    check("its subject", &letter.subject)?;
    check("its email's name", &letter.email)?;
    let builder = MessageBuilder::new()
        .date(letter.at.micros().div_euclid(SECOND))
        .from(Address::new_address(from.name, from.address))
        .to(recipients(&letter.to)?)
        .subject(letter.subject.as_ref())
        .message_id(format!("{}.bugle@bugle.invalid", name(letter)))
        .header(
            "X-Bugle-Activity",
            Unstructured::new(letter.activity_id.to_string()),
        )
        .header("X-Bugle-Email", Unstructured::new(letter.email.as_ref()));
    let builder = match letter.campaign.as_deref() {
        Some(campaign) => {
            check("its campaign's name", campaign)?;
            builder.header("X-Bugle-Campaign", Unstructured::new(campaign))
        }
        None => builder,
    };
    let text = MimePart::new(
        ContentType::new("text/plain").attribute("charset", "utf-8"),
        // Always quoted-printable: readable, and every text survives, bare carriage returns included.
        encodify::qp::BODY.encode(letter.body.as_ref()),
    )
    .transfer_encoding("quoted-printable");
    let mut message = Vec::new();
    builder.body(text).serialize(&mut message);
    // Headers and quoted-printable have carriage returns at ends of lines alone.
    message.retain(|byte| *byte != b'\r');
    if !message.ends_with(b"\n") {
        message.push(b'\n');
    }
    Ok(message)
}

/// Returns the identifier of a letter, made of numbers alone: when it was sent, and the activity that sent it.
pub(crate) fn name(letter: &Message) -> String {
    let seconds = letter.at.micros().div_euclid(SECOND);
    format!("{seconds}.A{}", letter.activity_id)
}

fn recipients(to: &Recipients) -> Result<Address<'_>, Refusal> {
    match to {
        Recipients::Person { name, address } => {
            check("the person's name", name)?;
            let address = address.trim();
            match address {
                "" => Err(Refusal::NoRecipient),
                _ if !is_address(address) => Err(Refusal::BadRecipient),
                _ => Ok(Address::new_address(named(name), address)),
            }
        }
        Recipients::Others(addresses) => {
            let mut all = Vec::new();
            for one in addresses.split([',', ';']).map(str::trim) {
                if one.is_empty() {
                    continue;
                }
                let mailbox = Mailbox::parse(one).ok_or(Refusal::BadRecipient)?;
                check("a recipient's name", mailbox.name.unwrap_or_default())?;
                all.push(Address::new_address(mailbox.name, mailbox.address));
            }
            if all.is_empty() {
                return Err(Refusal::NoRecipient);
            }
            Ok(Address::new_list(all))
        }
    }
}

fn named(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.is_empty())
}

/// Refuses a header's value that would not be read back as it is.
fn check(what: &'static str, value: &str) -> Result<(), Refusal> {
    if value.chars().any(char::is_control) {
        return Err(Refusal::Control(what));
    }
    if has_encoded_word(value) {
        return Err(Refusal::EncodedWord(what));
    }
    Ok(())
}

/// Returns whether a text holds `=?charset?B?text?=` or `=?charset?Q?text?=`, which readers decode.
fn has_encoded_word(text: &str) -> bool {
    text.match_indices("=?").any(|(at, _)| {
        let mut parts = text[at + 2..].splitn(4, '?');
        let (charset, encoding, encoded, rest) =
            (parts.next(), parts.next(), parts.next(), parts.next());
        charset.is_some_and(|charset| !charset.is_empty() && !charset.contains(' '))
            && encoding.is_some_and(|encoding| matches!(encoding, "B" | "b" | "Q" | "q"))
            && encoded.is_some()
            && rest.is_some_and(|rest| rest.starts_with('='))
    })
}
