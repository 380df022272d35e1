//! One copy of each text that comes again and again: states, sources, names of assets, links.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::Text;

/// The longest text that is worth remembering, in bytes.
const LONGEST: usize = 128;

/// Texts seen lately, shared with everyone who asks for an equal one.
///
/// A new text takes the place of an old one in the same slot; the old one is then merely allocated again.
#[derive(Debug)]
pub(crate) struct TextCache {
    slots: Vec<Option<Text>>,
    /// How many slots there are, once the first text has come.
    size: usize,
}

impl TextCache {
    /// Makes a cache of so many texts; few of them stay in the processor's cache.
    pub(crate) fn new(size: usize) -> Self {
        Self {
            slots: Vec::new(),
            size,
        }
    }

    /// Returns a text, shared with an earlier equal one where that is remembered.
    pub(crate) fn text(&mut self, text: &str) -> Text {
        if text.len() > LONGEST {
            return Text::from(text);
        }
        let slot = slot_of(FxBuildHasher.hash_one(text), self.size);
        self.slots.resize(self.size, None);
        match &self.slots[slot] {
            Some(known) if known.as_ref() == text => Text::clone(known),
            Some(_) | None => Text::clone(self.slots[slot].insert(Text::from(text))),
        }
    }
}

/// Returns the slot of a hash among so many. The upper bits of this hash are the well mixed ones.
pub(crate) fn slot_of(hash: u64, slots: usize) -> usize {
    usize::try_from(hash >> 44).unwrap_or_default() % slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one() {
        let mut cache = TextCache::new(16);
        let first = cache.text("spring");
        assert!(Text::ptr_eq(&first, &cache.text("spring")));
        assert_eq!(cache.text(&"x".repeat(200)).len(), 200);
    }

    #[test]
    fn a_text_that_lost_its_slot_is_still_right() {
        let mut cache = TextCache::new(1);
        for text in ["a", "b", "a"] {
            assert_eq!(&*cache.text(text), text);
        }
    }
}
