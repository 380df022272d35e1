//! What is wrong with one line of an event file, before it is known where that line stands.

/// What is wrong, where in the text of the line, and how to put it right. No values, since they may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The byte of the line's text at which it shows.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub help: Option<String>,
}

impl Trouble {
    /// Makes one.
    pub fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            help: None,
        }
    }

    /// Adds how to put it right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns how many lines further down than the start of `text` it shows, and its column from 1, in characters.
    pub fn place_in(&self, text: &[u8]) -> (u64, u64) {
        let before = &text[..self.at.min(text.len())];
        let lines = before.iter().filter(|b| **b == b'\n').count();
        let start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |newline| newline + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        (lines as u64, column as u64)
    }
}
