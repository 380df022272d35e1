//! One copy of the attributes that come again and again, and of their texts: asset names, links, lists.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::domain::text_cache::slot_of;
use crate::domain::{ActivityTypeId, Text, TextCache};
use crate::world::Attributes;

/// How many texts and how many sets of attributes are remembered; a new one takes the place of an old one of its slot.
const SLOTS: usize = 4096;

/// The longest packed attributes that are worth remembering, in bytes.
const LONGEST: usize = 128;

/// Texts and attributes seen lately, shared with every event that has equal ones.
#[derive(Debug)]
pub(super) struct Reuse {
    texts: TextCache,
    sets: Vec<Option<Set>>,
}

impl Default for Reuse {
    fn default() -> Self {
        Self {
            texts: TextCache::new(SLOTS),
            sets: Vec::new(),
        }
    }
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
    pub(crate) fn text(&mut self, text: &str) -> Text {
        self.texts.text(text)
    }

    /// Returns the attributes of an activity, shared with an earlier one that was read from the same bytes where that
    /// is remembered; else `read` reads them.
    pub(crate) fn attributes(
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
        let slot = slot_of(hash, SLOTS);
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
