//! Event identity: decides whether two events are a repeat, a conflict or distinct.
//!
//! With an id (`id`, `marketoGUID`, `messageId`) an event is its instant and the hash of the id; without one it is its
//! instant, the hash of its content and its ordinal among equals. The content is the name of the activity type,
//! the person with case folded, and the attributes sorted by name, each as the text of the file: neither the type of
//! an attribute nor the format of the file shows in it, so a workspace may change between two readings of one file.

use rustc_hash::FxHashMap;

use crate::domain::PersonKey;
use crate::domain::hash::StableHasher;
use crate::domain::text::{email_key, fold};

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
        PersonKey::Id(text) => hasher.part(fold(text).as_bytes()),
        PersonKey::Number(number) => hasher.part(format!("#{number}").as_bytes()),
    }
    attributes.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in attributes {
        hasher.part(name.as_bytes());
        hasher.part(value.as_bytes());
    }
    hasher.finish()
}

/// What an event is to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdentityVerdict {
    /// New, with its ordinal among its equals.
    New(u32),
    /// The same id and content once more.
    Repeated,
    /// The same id and instant as the event at that place, and other content.
    Conflict((u32, u64)),
}

/// Judges events that come in order of their instants.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// The first event of the instant, which in most files is the only one.
    first: Option<Head>,
    /// All of them, once there is a second one: the latest ordinal, and the first head.
    equals: FxHashMap<(u64, bool), (u32, Head)>,
}

impl Judge {
    /// Judges the next event.
    pub fn judge(&mut self, head: &Head) -> IdentityVerdict {
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
            self.equals.insert((first.hash, first.has_id), (0, first));
        }
        let mut new = false;
        let (ordinal, known) = self
            .equals
            .entry((head.hash, head.has_id))
            .or_insert_with(|| {
                new = true;
                (0, *head)
            });
        if new {
            IdentityVerdict::New(0)
        } else if !head.has_id {
            *ordinal += 1;
            IdentityVerdict::New(*ordinal)
        } else if known.content == head.content {
            IdentityVerdict::Repeated
        } else {
            IdentityVerdict::Conflict(known.place)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    fn head(at: i64, hash: u64, content: u64, has_id: bool, line: u64) -> Head {
        Head {
            at: Instant::from_micros(at),
            hash,
            content,
            place: (0, line),
            has_id,
        }
    }

    #[test]
    fn equals_without_id_are_numbered_within_their_instant() {
        let mut judge = Judge::default();
        let mut verdict = |at, hash| judge.judge(&head(at, hash, hash, false, 1));
        assert_eq!(verdict(1, 7), IdentityVerdict::New(0));
        assert_eq!(verdict(1, 7), IdentityVerdict::New(1));
        assert_eq!(verdict(1, 8), IdentityVerdict::New(0));
        assert_eq!(verdict(1, 7), IdentityVerdict::New(2));
        assert_eq!(verdict(2, 7), IdentityVerdict::New(0));
    }

    #[test]
    fn one_id_is_one_event_of_an_instant() {
        let mut judge = Judge::default();
        let mut verdict = |at, content, line| judge.judge(&head(at, 7, content, true, line));
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
