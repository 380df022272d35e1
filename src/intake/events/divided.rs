//! Lines of files that are cut, with the keys in them, on their way from the checkers to the divider.

use super::divider::Divider;
use crate::intake::data_error::Error;
use crate::intake::shards::key::KeyHash;

/// The keys in a line.
#[derive(Debug, Default)]
pub(super) struct EventKeys {
    /// The one that says whom it is about.
    pub(super) person: Option<KeyHash>,
    /// Those that the person has from then on.
    pub(super) given: Vec<KeyHash>,
}

/// Lines with the keys in them.
#[derive(Debug, Default)]
pub(super) struct DividedLines {
    lines: Vec<(KeyHash, usize)>,
    bytes: Vec<u8>,
    joined: Vec<(KeyHash, KeyHash)>,
}

impl DividedLines {
    /// Takes a line, if it is well-formed, with the keys that were noted; they begin anew.
    pub(super) fn note(&mut self, keys: &mut EventKeys, is_good: bool, line: &[u8]) {
        let keys = std::mem::take(keys);
        if !is_good {
            return;
        }
        // A line about nobody is of an unknown type: any shard counts it.
        let person = keys.person.unwrap_or_else(|| KeyHash::of_line(line));
        let given = keys.given.into_iter().filter(|given| *given != person);
        self.joined.extend(given.map(|given| (person, given)));
        self.lines.push((person, line.len()));
        self.bytes.extend_from_slice(line);
    }

    /// Returns how many bytes the lines have.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Gives a divider the lines, or only the keys that they join.
    pub(super) fn give(&self, divider: &mut dyn Divider, lines: bool) -> Result<(), Error> {
        if !lines {
            let mut joined = self.joined.iter();
            return joined.try_for_each(|(person, given)| divider.join(*person, *given));
        }
        let mut rest = self.bytes.as_slice();
        for (person, length) in &self.lines {
            let (line, after) = rest.split_at(*length);
            divider.line(*person, line)?;
            rest = after;
        }
        Ok(())
    }
}
