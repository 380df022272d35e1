//! Event identity: decides whether two events are a repeat, a conflict or distinct.
//!
//! With an id (`id`, `marketoGUID`, `messageId`) an event is its instant and the hash of the id; without one it is its
//! instant, the hash of its content and its ordinal among the equals of its file: exports that overlap have the same
//! events, so over several files the greatest number of any of them holds. The content is the name of the activity type,
//! the person with case folded, and the attributes sorted by name, each as the text of the file, numbers in one way of
//! writing: neither the type of an attribute nor the format of the file shows in it, so a workspace may change between
//! two readings of one file.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::domain::PersonKey;
use crate::domain::hash::StableHasher;
use crate::domain::text::{email_key, fold_value};

use super::json;
use super::record::Head;

/// Past this many events of one instant the table is given back, so that clearing it stays cheap.
const ROOM: usize = 1024;

/// Returns the hash of an id.
pub(super) fn of_id(id: &str) -> u64 {
    let mut hasher = StableHasher::default();
    hasher.part(b"id");
    hasher.part(id.as_bytes());
    hasher.finish()
}

/// Returns the hash of a content; it sorts the attributes by name.
pub(super) fn of_content(
    type_name: &str,
    person: &PersonKey,
    attributes: &mut [(&str, &str)],
) -> u64 {
    let mut hasher = StableHasher::default();
    hasher.part(type_name.as_bytes());
    match person {
        PersonKey::Email(text) | PersonKey::Id(text) if text.is_ascii() => {
            hasher.part_ascii_lowercase(text.as_bytes());
        }
        PersonKey::Email(text) => hasher.part(email_key(text).as_bytes()),
        PersonKey::Id(text) => hasher.part(fold_value(text).as_bytes()),
        PersonKey::Number(number) => hasher.part(format!("#{number}").as_bytes()),
    }
    attributes.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in attributes {
        hasher.part(name.as_bytes());
        hasher.part(canonical(value).as_bytes());
    }
    hasher.finish()
}

/// Returns the one way of writing a value: `1` for `1.0`, `0` for `-0`, JSON without blanks.
fn canonical(value: &str) -> Cow<'_, str> {
    match value.as_bytes() {
        [b'{', .., b'}'] | [b'[', .., b']'] => {
            json::compacted(value, &number).map_or(Cow::Borrowed(value), Cow::Owned)
        }
        [b'-' | b'0'..=b'9', ..] => number(value),
        _ => Cow::Borrowed(value),
    }
}

/// Returns a decimal number without needless zeros; anything else, such as `007` or `1.2.3`, as it is.
fn number(text: &str) -> Cow<'_, str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let led = whole.len() > 1 && whole.starts_with('0');
    if whole.is_empty() || led || !plain(whole) || !plain(fraction) || digits.ends_with('.') {
        return Cow::Borrowed(text);
    }
    let fraction = fraction.trim_end_matches('0');
    let short = if fraction.is_empty() {
        whole
    } else {
        &digits[..=whole.len() + fraction.len()]
    };
    if short == "0" {
        Cow::Borrowed(short)
    } else {
        Cow::Borrowed(&text[..text.len() - digits.len() + short.len()])
    }
}

/// What an event is to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdentityVerdict {
    /// New, with its ordinal among its equals.
    New(u32),
    /// The same id and content once more, or an equal event that another file has too.
    Repeated,
    /// The same id and instant as the event at that place, and other content.
    Conflict((u32, u64)),
}

/// Judges events that come in order of their instants, those of one instant in order of files.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// The first event of the instant, which in most files is the only one.
    first: Option<Head>,
    /// All of them, once there is a second one.
    equals: FxHashMap<(u64, bool), Equals>,
}

/// Events of one instant and hash.
#[derive(Debug)]
struct Equals {
    /// The first of them.
    first: Head,
    /// The file of the latest one.
    file: u32,
    /// How many that file has had so far.
    in_file: u32,
    /// The greatest number that any file has had.
    most: u32,
}

impl Equals {
    fn of(first: Head) -> Self {
        Self {
            first,
            file: first.place.0,
            in_file: 1,
            most: 1,
        }
    }

    /// Counts one more event without an id, and returns its ordinal, or nothing where another file has had as many.
    fn count(&mut self, file: u32) -> Option<u32> {
        if file != self.file {
            self.file = file;
            self.in_file = 0;
        }
        let ordinal = self.in_file;
        self.in_file += 1;
        if ordinal < self.most {
            return None;
        }
        self.most = self.in_file;
        Some(ordinal)
    }
}

impl Judge {
    /// Judges the next event.
    pub(crate) fn judge(&mut self, head: &Head) -> IdentityVerdict {
        let Some(first) = self.first.filter(|first| first.at == head.at) else {
            self.first = Some(*head);
            if self.equals.capacity() > ROOM {
                self.equals = FxHashMap::default();
            } else if !self.equals.is_empty() {
                self.equals.clear();
            }
            return IdentityVerdict::New(0);
        };
        if self.equals.is_empty() {
            let key = (first.hash, first.has_id);
            self.equals.insert(key, Equals::of(first));
        }
        match self.equals.entry((head.hash, head.has_id)) {
            Entry::Vacant(vacant) => {
                vacant.insert(Equals::of(*head));
                IdentityVerdict::New(0)
            }
            Entry::Occupied(mut known) if !head.has_id => known
                .get_mut()
                .count(head.place.0)
                .map_or(IdentityVerdict::Repeated, IdentityVerdict::New),
            Entry::Occupied(known) if known.get().first.content == head.content => {
                IdentityVerdict::Repeated
            }
            Entry::Occupied(known) => IdentityVerdict::Conflict(known.get().first.place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    fn head(at: i64, hash: u64, content: u64, has_id: bool, place: (u32, u64)) -> Head {
        Head {
            at: Instant::from_micros(at),
            hash,
            content,
            place,
            has_id,
        }
    }

    #[test]
    fn equals_without_id_are_numbered_within_their_instant() {
        let mut judge = Judge::default();
        let mut verdict = |at, hash| judge.judge(&head(at, hash, hash, false, (0, 1)));
        assert_eq!(verdict(1, 7), IdentityVerdict::New(0));
        assert_eq!(verdict(1, 7), IdentityVerdict::New(1));
        assert_eq!(verdict(1, 8), IdentityVerdict::New(0));
        assert_eq!(verdict(1, 7), IdentityVerdict::New(2));
        assert_eq!(verdict(2, 7), IdentityVerdict::New(0));
    }

    #[test]
    fn over_files_the_greatest_number_of_equals_in_one_of_them_holds() {
        let mut judge = Judge::default();
        let mut verdict = |file, hash| judge.judge(&head(1, hash, hash, false, (file, 1)));
        assert_eq!(verdict(0, 7), IdentityVerdict::New(0));
        assert_eq!(verdict(0, 7), IdentityVerdict::New(1));
        assert_eq!(verdict(1, 7), IdentityVerdict::Repeated);
        assert_eq!(verdict(1, 8), IdentityVerdict::New(0));
        assert_eq!(verdict(2, 7), IdentityVerdict::Repeated);
        assert_eq!(verdict(2, 7), IdentityVerdict::Repeated);
        assert_eq!(verdict(2, 7), IdentityVerdict::New(2));
    }

    #[test]
    fn numbers_and_json_are_the_same_content_however_they_are_written() {
        for (text, short) in [
            ("1.0", "1"),
            ("-0", "0"),
            ("-0.00", "0"),
            ("-2.50", "-2.5"),
            ("10", "10"),
            ("0.5", "0.5"),
            ("007", "007"),
            ("1.2.3", "1.2.3"),
            ("1.", "1."),
            ("-", "-"),
            ("2026-11-02", "2026-11-02"),
            (r#"{ "a": [1.0, -0 , "1.0 {"] }"#, r#"{"a":[1,0,"1.0 {"]}"#),
            ("[oops]", "[oops]"),
        ] {
            assert_eq!(canonical(text), short, "{text}");
        }
    }

    #[test]
    fn one_id_is_one_event_of_an_instant() {
        let mut judge = Judge::default();
        let mut verdict = |at, content, line| judge.judge(&head(at, 7, content, true, (0, line)));
        assert_eq!(verdict(1, 3, 1), IdentityVerdict::New(0));
        assert_eq!(verdict(1, 3, 2), IdentityVerdict::Repeated);
        assert_eq!(verdict(1, 4, 3), IdentityVerdict::Conflict((0, 1)));
        assert_eq!(verdict(2, 4, 4), IdentityVerdict::New(0));
    }

    #[test]
    fn case_of_the_person_and_order_of_attributes_do_not_show() {
        let ann = |text: &str| PersonKey::parse(text).unwrap();
        let one = of_content(
            "click_email",
            &ann("Ann@Example.com"),
            &mut [("link", "a"), ("email", "b")],
        );
        let two = of_content(
            "click_email",
            &ann("ann@example.com"),
            &mut [("email", "b"), ("link", "a")],
        );
        assert_eq!(one, two);
        let kelvin = of_content("click_email", &ann("\u{212a}@example.com"), &mut []);
        assert_eq!(
            kelvin,
            of_content("click_email", &ann("k@example.com"), &mut [])
        );
    }
}
