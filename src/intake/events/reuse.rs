//! One copy of each text that comes again and again: asset names, links, lists.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::domain::{ActivityTypeId, Text};
use crate::world::Attributes;

/// How many texts are remembered; a new one takes the place of an old one of the same slot.
const SLOTS: usize = 4096;

/// The longest text that is worth remembering, in bytes.
const LONGEST: usize = 128;

/// Texts seen lately, shared with whoever asks for an equal one.
#[derive(Debug, Default)]
pub(super) struct Reuse {
    slots: Vec<Option<Text>>,
    sets: Vec<Option<Set>>,
}

/// Attributes, with the activity type and the bytes that they were read from.
#[derive(Debug)]
struct Set {
    activity: ActivityTypeId,
    packed: Box<[u8]>,
    attributes: Attributes,
}

impl Reuse {
    /// Returns a text, shared with an earlier equal one where that is remembered.
    pub fn text(&mut self, text: &str) -> Text {
        if text.len() > LONGEST {
            return Text::from(text);
        }
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, None);
        }
        // The upper bits of this hash are its good ones.
        let hash = FxBuildHasher.hash_one(text);
        let slot = usize::try_from(hash >> 52).unwrap_or_default() % SLOTS;
        if let Some(known) = &self.slots[slot]
            && known.as_ref() == text
        {
            return Text::clone(known);
        }
        let new = Text::from(text);
        self.slots[slot] = Some(Text::clone(&new));
        new
    }

    /// Returns the attributes of an activity, shared with an earlier one that was read from the same bytes where that
    /// is remembered; else `read` reads them.
    pub fn attributes(
        &mut self,
        activity: ActivityTypeId,
        packed: &[u8],
        read: impl FnOnce(&mut Self) -> Attributes,
    ) -> Attributes {
        if packed.len() > LONGEST {
            return read(self);
        }
        if self.sets.is_empty() {
            self.sets.resize_with(SLOTS, || None);
        }
        let hash = FxBuildHasher.hash_one((activity, packed));
        let slot = usize::try_from(hash >> 52).unwrap_or_default() % SLOTS;
        if let Some(known) = &self.sets[slot]
            && known.activity == activity
            && *known.packed == *packed
        {
            return Attributes::clone(&known.attributes);
        }
        let attributes = read(self);
        self.sets[slot] = Some(Set {
            activity,
            packed: packed.into(),
            attributes: Attributes::clone(&attributes),
        });
        attributes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one() {
        let mut reuse = Reuse::default();
        let first = reuse.text("spring");
        assert!(Text::ptr_eq(&first, &reuse.text("spring")));
        assert_eq!(reuse.text(&"x".repeat(200)).len(), 200);
    }
}
