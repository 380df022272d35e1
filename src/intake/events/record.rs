//! Events packed into bytes while they are validated, put in order and, if there are many, spilled.
//!
//! A record is its length, a head of fixed width, by which events are ordered and recognised, and a body with
//! everything else. It never outlives the process, so its layout is nobody's business but this file's.

use chrono::{Datelike as _, NaiveDate};

use crate::domain::{ActivityTypeId, Instant, Key, Outcome, PersonId, PersonKey, Value};
use crate::world::{Attributes, EventIdentity};

use super::reuse::Reuse;
use crate::world::event::{Event, EventAsset, EventStanding};

/// The bytes of the length and the head.
pub(super) const HEAD: usize = 4 + 8 * 4 + 4 + 1;

/// What is needed to put events in order and to know them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The hash of the id, or of the content where there is none.
    pub(crate) hash: u64,
    /// The hash of the content.
    pub(crate) content: u64,
    /// The file and the line.
    pub(crate) place: (u32, u64),
    /// Whether it has an id of its own.
    pub(crate) has_id: bool,
}

/// A value about to be packed, borrowed where it is text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Packed<'a> {
    /// Text.
    Text(&'a str),
    /// Anything else; never [`Value::Text`] on the hot path, though that works too.
    Other(Value),
}

/// The name of an attribute: of the catalogue, or as the file has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RecordName<'a> {
    /// Its place among the attributes of its activity type, the primary one not counted.
    Known(u16),
    /// The catalogue has no such type.
    Unknown(&'a str),
}

/// Everything but the head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body<'a> {
    /// The type of the activity.
    pub(crate) activity: ActivityTypeId,
    /// To whom.
    pub(crate) person: &'a PersonKey,
    /// The id as written.
    pub(crate) id: Option<&'a str>,
    /// The primary attribute.
    pub(crate) primary: Option<&'a str>,
    /// The campaign of a Marketo extract.
    pub(crate) campaign: Option<i64>,
    /// Whether it is a row of Marketo's own log.
    pub(crate) is_extract_row: bool,
    /// How it ended, where not well.
    pub(crate) outcome: Option<Outcome>,
    /// The other attributes, in their final order.
    pub(crate) attributes: &'a [(RecordName<'a>, Packed<'a>)],
    /// The bytes of the line, if they are to be kept.
    pub(crate) line: Option<&'a str>,
}

/// Appends a record.
pub(super) fn pack(out: &mut Vec<u8>, head: &Head, body: &Body<'_>) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&head.at.micros().to_le_bytes());
    out.extend_from_slice(&head.hash.to_le_bytes());
    out.extend_from_slice(&head.content.to_le_bytes());
    out.extend_from_slice(&head.place.1.to_le_bytes());
    out.extend_from_slice(&head.place.0.to_le_bytes());
    out.push(u8::from(head.has_id));
    out.extend_from_slice(&body.activity.0.to_le_bytes());
    match body.person {
        PersonKey::Email(text) => {
            out.push(0);
            put_text(out, text);
        }
        PersonKey::Id(text) => {
            out.push(1);
            put_text(out, text);
        }
        PersonKey::Number(number) => {
            out.push(2);
            out.extend_from_slice(&number.0.to_le_bytes());
        }
    }
    for text in [body.id, body.primary, body.line] {
        out.push(u8::from(text.is_some()));
        if let Some(text) = text {
            put_text(out, text);
        }
    }
    out.push(u8::from(body.campaign.is_some()));
    if let Some(campaign) = body.campaign {
        out.extend_from_slice(&campaign.to_le_bytes());
    }
    out.push(u8::from(body.is_extract_row));
    out.push(match body.outcome {
        None | Some(Outcome::Succeeded) => 0,
        Some(Outcome::Skipped) => 1,
        Some(Outcome::Failed) => 2,
    });
    put_number(out, body.attributes.len() as u64);
    for (name, value) in body.attributes {
        match name {
            RecordName::Known(place) => put_number(out, u64::from(*place) + 1),
            RecordName::Unknown(name) => {
                put_number(out, 0);
                put_text(out, name);
            }
        }
        put_value(out, value);
    }
    let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn put_value(out: &mut Vec<u8>, value: &Packed<'_>) {
    let (kind, bits): (u8, i64) = match value {
        Packed::Text(text) => {
            out.push(0);
            return put_text(out, text);
        }
        Packed::Other(Value::Text(text)) => {
            out.push(0);
            return put_text(out, text);
        }
        Packed::Other(Value::Json(text)) => {
            out.push(6);
            return put_text(out, text);
        }
        Packed::Other(Value::Integer(number)) => (1, *number),
        Packed::Other(Value::Float(number)) => (2, number.to_bits().cast_signed()),
        Packed::Other(Value::Boolean(truth)) => (3, i64::from(*truth)),
        Packed::Other(Value::Date(date)) => (4, i64::from(date.num_days_from_ce())),
        Packed::Other(Value::Datetime(at)) => (5, at.micros()),
    };
    out.push(kind);
    out.extend_from_slice(&bits.to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a number, seven bits a byte, low ones first.
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Returns how many bytes the record has that begins here, its length included.
pub(super) fn length(record: &[u8]) -> usize {
    4 + PackedReader(record).u32() as usize
}

/// Returns the number by which records are put in order: the instant's microseconds, or the person of a resolved event.
pub(super) fn order(record: &[u8]) -> i64 {
    PackedReader(record.get(4..).unwrap_or_default()).i64()
}

/// Reads the head of a record.
pub(super) fn head(record: &[u8]) -> Head {
    let mut reader = PackedReader(record.get(4..).unwrap_or_default());
    let at = Instant::from_micros(reader.i64());
    let (hash, content) = (reader.u64(), reader.u64());
    let line = reader.u64();
    Head {
        at,
        hash,
        content,
        place: (reader.u32(), line),
        has_id: reader.u8() != 0,
    }
}

/// Reads a whole record, but for its ordinal, which the caller has counted.
pub(super) fn unpack(record: &[u8], ordinal: u32, keys: &[Vec<Key>], reuse: &mut Reuse) -> Event {
    let head = head(record);
    let mut reader = PackedReader(record.get(HEAD..).unwrap_or_default());
    let activity = ActivityTypeId(reader.u16());
    let person = reader.person();
    let id = reader.optional().map(Into::into);
    let primary = reader.optional().map(|text| reuse.text(text));
    let line = reader.optional().map(Into::into);
    let marketo_campaign = (reader.u8() != 0).then(|| reader.i64());
    let is_extract_row = reader.u8() != 0;
    let outcome = match reader.u8() {
        0 => None,
        1 => Some(Outcome::Skipped),
        _ => Some(Outcome::Failed),
    };
    let keys = keys.get(activity.0 as usize).map_or(&[][..], Vec::as_slice);
    let attributes = reuse.attributes(activity, reader.0, |reuse| reader.attributes(keys, reuse));
    Event {
        at: head.at,
        person,
        activity,
        primary,
        attributes,
        id,
        identity: EventIdentity {
            at: head.at,
            hash: head.hash.cast_signed(),
            ordinal,
            content: head.content.cast_signed(),
        },
        place: head.place,
        marketo_campaign,
        is_extract_row,
        outcome,
        standing: EventStanding::New,
        asset: EventAsset::ByName,
        line,
    }
}

/// Reads what [`pack`] wrote. Past the end it reads zeros, which never happens with records of our own.
struct PackedReader<'a>(&'a [u8]);

impl<'a> PackedReader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap_or([0; N])
    }

    fn u8(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    fn i64(&mut self) -> i64 {
        i64::from_le_bytes(self.array())
    }

    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.u8();
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift > 63 {
                return number;
            }
        }
    }

    fn text(&mut self) -> &'a str {
        let length = usize::try_from(self.number()).unwrap_or(usize::MAX);
        std::str::from_utf8(self.take(length)).unwrap_or_default()
    }

    fn optional(&mut self) -> Option<&'a str> {
        (self.u8() != 0).then(|| self.text())
    }

    fn person(&mut self) -> PersonKey {
        match self.u8() {
            0 => PersonKey::Email(self.text().to_owned()),
            1 => PersonKey::Id(self.text().to_owned()),
            _ => PersonKey::Number(PersonId(self.i64())),
        }
    }

    fn attributes(mut self, keys: &[Key], reuse: &mut Reuse) -> Attributes {
        (0..self.number())
            .map(|_| {
                let name = match self.number() {
                    0 => reuse.text(self.text()),
                    place => keys
                        .get(usize::try_from(place - 1).unwrap_or(usize::MAX))
                        .map_or_else(|| reuse.text(""), Key::clone),
                };
                (name, self.value(reuse))
            })
            .collect()
    }

    fn value(&mut self, reuse: &mut Reuse) -> Value {
        match self.u8() {
            0 => Value::Text(reuse.text(self.text())),
            1 => Value::Integer(self.i64()),
            2 => Value::Float(f64::from_bits(self.u64())),
            3 => Value::Boolean(self.i64() != 0),
            4 => {
                let days = i32::try_from(self.i64()).unwrap_or_default();
                Value::Date(NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default())
            }
            6 => Value::Json(reuse.text(self.text())),
            _ => Value::Datetime(Instant::from_micros(self.i64())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let head = Head {
            at: Instant::from_micros(1_777_629_600_000_000),
            hash: u64::MAX,
            content: 3,
            place: (1, 1 << 40),
            has_id: true,
        };
        let date = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let others = [
            Value::Integer(i64::MIN),
            Value::Float(-0.5),
            Value::Boolean(true),
            Value::Date(date),
            Value::Datetime(head.at),
            Value::json("{\"a\":[1]}").unwrap(),
        ];
        let mut attributes = vec![(RecordName::Known(0), Packed::Text("https://x.example/"))];
        attributes.extend(
            others
                .iter()
                .map(|value| (RecordName::Unknown("größe"), Packed::Other(value.clone()))),
        );
        let long = "x".repeat(70_000);
        let person = PersonKey::Email("Ann@example.com".to_owned());
        let body = Body {
            activity: ActivityTypeId(0),
            person: &person,
            id: Some("e-1"),
            primary: Some("spring"),
            campaign: Some(-1),
            is_extract_row: true,
            outcome: Some(Outcome::Failed),
            attributes: &attributes,
            line: Some(&long),
        };
        let mut bytes = b"before".to_vec();
        pack(&mut bytes, &head, &body);
        let record = &bytes[6..];
        assert_eq!(length(record), record.len());
        assert_eq!(super::head(record), head);
        assert_eq!(order(record), head.at.micros());
        let keys = vec![vec![Key::from("link")]];
        let event = unpack(record, 7, &keys, &mut Reuse::default());
        assert_eq!(event.person, person);
        assert_eq!(event.id.as_deref(), Some("e-1"));
        assert_eq!((event.identity.hash, event.identity.ordinal), (-1, 7));
        assert_eq!(event.line.as_deref(), Some(long.as_str()));
        assert_eq!(event.primary.as_deref(), Some("spring"));
        assert_eq!(event.marketo_campaign, Some(-1));
        assert!(event.is_extract_row);
        assert_eq!(event.outcome, Some(Outcome::Failed));
        assert_eq!(event.place, (1, 1 << 40));
        let mut expected = vec![(Key::from("link"), Value::text("https://x.example/"))];
        expected.extend(others.map(|value| (Key::from("größe"), value)));
        assert_eq!(event.attributes.as_ref(), expected);
    }
}
