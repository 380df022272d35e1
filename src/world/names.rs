//! Names as small numbers: lists and programs, found without regard to case.

use std::collections::HashMap;

use crate::domain::Text;
use crate::domain::text::fold;

/// An ordered set of names. A name's number is its place, in order of first mention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    names: Vec<Text>,
    by_key: HashMap<String, u32>,
}

impl Names {
    /// Returns the number of a name, giving it the next one if it is new.
    pub(crate) fn intern(&mut self, name: &str) -> u32 {
        let key = fold(name);
        if let Some(number) = self.by_key.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(Text::from(name));
        self.by_key.insert(key, number);
        number
    }

    /// Finds a name's number.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.by_key.get(&fold(name)).copied()
    }

    /// Finds an asset by its name, with or without its `Program.` prefix.
    pub(crate) fn find_asset(&self, name: &str) -> Option<u32> {
        let bare = || {
            let mut dots = name.match_indices('.');
            dots.find_map(|(dot, _)| self.find(&name[dot + 1..]))
        };
        self.find(name)
            .or_else(bare)
            .or_else(|| self.find_prefixed(name))
    }

    /// Finds the one name that is `Program.` before a bare one; of several none is meant.
    fn find_prefixed(&self, bare: &str) -> Option<u32> {
        let ending = format!(".{}", fold(bare));
        let mut found = self.names.iter().zip(0..).filter(|(name, _)| {
            let key = fold(name);
            key.len() > ending.len() && key.ends_with(&ending)
        });
        match (found.next(), found.next()) {
            (Some((_, number)), None) => Some(number),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    /// Returns the name of a number, as first written.
    pub(crate) fn name(&self, number: u32) -> &Text {
        &self.names[number as usize]
    }

    /// Returns all names in order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Text> {
        self.names.iter()
    }
}
