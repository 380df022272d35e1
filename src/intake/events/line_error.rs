//! The error of one line of an event file. It has no line number yet, because blocks of lines are read in parallel.

/// What is wrong, where in the text of the line, and how to put it right. No values, since they may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineError {
    /// The byte of the line's text at which it shows.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) message: String,
    /// How to put it right.
    pub(crate) help: Option<String>,
}

impl LineError {
    /// Makes the error of a place in a line, without advice.
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            help: None,
        }
    }

    /// Adds how to put it right.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns its column in a line, from 1, in characters.
    pub(crate) fn column(&self, line: &[u8]) -> u64 {
        let before = &line[..self.at.min(line.len())];
        String::from_utf8_lossy(before).chars().count() as u64 + 1
    }
}
