//! Values between brackets, as far as they are written: `{ country: [USA, Ca`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Expected, Place, Step, trimmed, word_at};

/// Brackets that are open.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    open: Vec<Open>,
    quote: Option<char>,
}

/// A list or mapping that is not closed.
#[derive(Debug, Clone)]
struct Open {
    is_list: bool,
    /// The key whose value is being written.
    key: Option<String>,
    keys: BTreeSet<String>,
    /// Where the word begins that is being written.
    word: usize,
}

impl Flow {
    pub(super) fn is_closed(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes some bytes of a line; returns whether they end within a comment.
    pub(super) fn pass(&mut self, text: &str, bytes: Range<usize>) -> bool {
        let mut before = ' ';
        for (at, c) in text[bytes.clone()].char_indices() {
            let at = bytes.start + at;
            if let Some(quote) = self.quote {
                if c == quote && before != '\\' {
                    self.quote = None;
                }
            } else if c == '#' && before == ' ' {
                return true;
            } else {
                self.take(text, at, c, bytes.end);
            }
            before = c;
        }
        false
    }

    fn take(&mut self, text: &str, at: usize, c: char, end: usize) {
        match c {
            '{' | '[' => self.open.push(Open {
                is_list: c == '[',
                key: None,
                keys: BTreeSet::new(),
                word: at + 1,
            }),
            '}' | ']' => {
                self.open.pop();
            }
            _ => {
                let Some(open) = self.open.last_mut() else {
                    return;
                };
                let begins = text[open.word..at].trim().is_empty();
                match c {
                    '"' | '\'' if begins => self.quote = Some(c),
                    ',' => {
                        if open.is_list {
                            open.keys.clear();
                        }
                        open.key = None;
                        open.word = at + 1;
                    }
                    ':' if open.key.is_none() && ends_a_key(&text[at + 1..end]) => {
                        let key = text[trimmed(text, open.word..at)].to_owned();
                        open.keys.insert(key.clone());
                        open.key = Some(key);
                        open.word = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }

    /// Returns where a byte of a line lies, `above` which the way leads to the brackets.
    pub(super) fn at(
        mut self,
        text: &str,
        line: Range<usize>,
        byte: usize,
        above: Vec<Step>,
    ) -> Option<Place> {
        if self.pass(text, line.start..byte) {
            return None;
        }
        let mut path = above;
        for open in &self.open {
            path.extend(open.is_list.then_some(Step::Item));
            path.extend(open.key.clone().map(Step::Key));
        }
        let open = self.open.last()?;
        // A word may have begun on a line above.
        let start = open.word;
        let rest = &text[byte..line.end];
        let end = match self.quote {
            Some(quote) => rest.find(quote),
            None => rest.find([',', ']', '}', '[', '{', ':', '#']),
        };
        let end = byte + end.unwrap_or(rest.len());
        Some(Place {
            path,
            expected: match (&open.key, open.is_list) {
                (Some(_), _) => Expected::Value,
                (None, true) => Expected::Either,
                (None, false) => Expected::Key,
            },
            word: word_at(text, start..end.max(start), byte),
            beside: match open.key {
                Some(_) => BTreeSet::new(),
                None => open.keys.clone(),
            },
            in_brackets: true,
        })
    }
}

fn ends_a_key(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', ',', '[', ']', '{', '}'])
}
