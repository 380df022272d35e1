//! What mends a fault: for every "did you mean", the name that is meant.

use crate::diagnostic::suggest::suggested;
use crate::diagnostic::{Diagnostic, FileId, Span};

use super::Snapshot;
use super::rename::{Edit, Written};

/// One way to mend a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fix<'a> {
    /// The fault.
    pub(crate) fault: &'a Diagnostic,
    /// What is done, in a few words.
    pub(crate) title: String,
    pub(crate) edit: Edit,
    /// Whether there is no other way.
    pub(crate) is_only: bool,
}

impl Snapshot {
    /// Returns what mends the faults that touch some bytes of a file.
    pub(crate) fn fixes(&self, file: FileId, bytes: std::ops::Range<usize>) -> Vec<Fix<'_>> {
        let touches = |span: Span| {
            span.file == file
                && span.start as usize <= bytes.end
                && bytes.start <= span.end as usize
        };
        let faults = self.faults().into_iter();
        let faults = faults.filter(|fault| touches(fault.span));
        faults.flat_map(|fault| self.fixes_of(fault)).collect()
    }

    fn fixes_of<'a>(&self, fault: &'a Diagnostic) -> Vec<Fix<'a>> {
        let meant = fault.help.as_deref().map(suggested).unwrap_or_default();
        let Some((span, wrong)) = self.wrong_word(fault) else {
            return Vec::new();
        };
        let is_only = meant.len() == 1;
        let written = Written::of(self.loaded.sources.text(span));
        let fixes = meant.into_iter().map(|meant| Fix {
            fault,
            title: format!("Change `{wrong}` to `{meant}`"),
            edit: written.with(span, meant),
            is_only,
        });
        fixes.collect()
    }

    /// Finds the word that a fault is about, which its message quotes: all of the bytes that it concerns, or a part, such as
    /// the name in a token.
    fn wrong_word<'a>(&self, fault: &'a Diagnostic) -> Option<(Span, &'a str)> {
        let raw = self.loaded.sources.text(fault.span);
        let whole = Written::of(raw);
        let mut quoted = fault.message.split('`').skip(1).step_by(2);
        quoted.find_map(|word| {
            if word == whole.text {
                return Some((fault.span, word));
            }
            let mut places = raw.match_indices(word);
            let at = match (places.next(), places.next()) {
                (Some((at, _)), None) if !word.is_empty() => at,
                _ => return None,
            };
            let start = fault.span.start + u32::try_from(at).ok()?;
            let end = start + u32::try_from(word.len()).ok()?;
            Some((
                Span {
                    start,
                    end,
                    ..fault.span
                },
                word,
            ))
        })
    }
}
