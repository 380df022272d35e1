//! One copy of each text that comes again and again: asset names, links, lists.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use crate::domain::Text;

/// How many texts are remembered; a new one takes the place of an old one of the same slot.
const SLOTS: usize = 4096;

/// The longest text that is worth remembering, in bytes.
const LONGEST: usize = 128;

/// Texts seen lately, shared with whoever asks for an equal one.
#[derive(Debug, Default)]
pub(super) struct Reuse {
    slots: Vec<Option<Text>>,
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
