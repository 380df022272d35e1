//! Names as small numbers: lists and programs, found without regard to case.
//!
//! A workspace has [`Names`] of its own. A piece of work begins with those and goes on with a [`Numbering`], which every
//! world, thread and transaction of it shares: a number that was given means the same everywhere, for as long as it lasts.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

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

    /// Lets a name that is not there mean what a number means.
    pub(crate) fn also(&mut self, name: &str, number: u32) {
        self.by_key.entry(fold(name)).or_insert(number);
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

/// Names that several parts of a piece of work share. It only grows, so a number stays valid in every thread that has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedNames(Arc<RwLock<Names>>);

impl SharedNames {
    /// Begins with some names, which keep their numbers.
    pub(crate) fn of(names: &Names) -> Self {
        Self(Arc::new(RwLock::new(names.clone())))
    }

    /// Returns the number of a name, giving it the next one if it is new.
    pub(crate) fn intern(&self, name: &str) -> u32 {
        if let Some(number) = self.find(name) {
            return number;
        }
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        names.intern(name)
    }

    /// Finds a name's number.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.names().find(name)
    }

    /// Finds the number of an asset by its name, with or without its `Program.` prefix.
    pub(crate) fn find_asset(&self, name: &str) -> Option<u32> {
        self.names().find_asset(name)
    }

    /// Returns the number of an asset by its name, with or without its `Program.` prefix; a new name gets the next one.
    pub(crate) fn intern_asset(&self, name: &str) -> u32 {
        let known = self.find_asset(name);
        known.unwrap_or_else(|| self.intern(name))
    }

    /// Returns the name of a number, as first written.
    pub(crate) fn name(&self, number: u32) -> Text {
        Text::clone(self.names().name(number))
    }

    fn names(&self) -> RwLockReadGuard<'_, Names> {
        // No operation in here can panic half way, so a poisoned lock is still consistent.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the numbers of lists and programs mean in a piece of work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbering {
    /// Static lists; events and the database may bring new ones.
    pub(crate) lists: SharedNames,
    /// Programs; events and the database may bring new ones.
    pub(crate) programs: SharedNames,
}

impl Numbering {
    /// Begins with the names of a workspace.
    pub(crate) fn of(lists: &Names, programs: &Names) -> Self {
        Self {
            lists: SharedNames::of(lists),
            programs: SharedNames::of(programs),
        }
    }
}
