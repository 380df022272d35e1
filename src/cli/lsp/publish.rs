//! Faults as editors show them, by file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::app::editor::Snapshot;
use crate::diagnostic::{Diagnostic, FileId, Severity, Span};

use super::positions::Lines;
use super::protocol::{Fault, Location, Position, Range, Related};

/// Returns the faults of every file that has one; `uri` names files as the editor does.
pub(super) fn faults(
    snapshot: &Snapshot,
    uri: impl Fn(&Path) -> String,
) -> BTreeMap<PathBuf, Vec<Fault>> {
    let mut faults: BTreeMap<PathBuf, Vec<Fault>> = BTreeMap::new();
    let mut places = Places::of(snapshot);
    for diagnostic in snapshot.faults() {
        let path = snapshot.sources().path(diagnostic.span.file).to_owned();
        let fault = places.fault(diagnostic, &uri);
        faults.entry(path).or_default().push(fault);
    }
    for (path, why) in &snapshot.unread {
        faults.entry(path.clone()).or_default().push(unread(why));
    }
    faults
}

/// Returns one fault as editors show it.
pub(super) fn fault(
    snapshot: &Snapshot,
    diagnostic: &Diagnostic,
    uri: impl Fn(&Path) -> String,
) -> Fault {
    Places::of(snapshot).fault(diagnostic, &uri)
}

/// The lines of files, found once each.
struct Places<'a> {
    snapshot: &'a Snapshot,
    lines: BTreeMap<FileId, Lines<'a>>,
}

impl<'a> Places<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            lines: BTreeMap::new(),
        }
    }

    fn range(&mut self, span: Span) -> Range {
        let text = self.snapshot.text(span.file);
        let lines = self
            .lines
            .entry(span.file)
            .or_insert_with(|| Lines::of(text));
        lines.range(span.start as usize..span.end as usize)
    }

    fn fault(&mut self, diagnostic: &Diagnostic, uri: &impl Fn(&Path) -> String) -> Fault {
        let related = diagnostic.related.iter().map(|(span, text)| Related {
            location: Location {
                uri: uri(self.snapshot.sources().path(span.file)),
                range: self.range(*span),
            },
            message: text.clone(),
        });
        let related = related.collect();
        Fault {
            range: self.range(diagnostic.span),
            severity: match diagnostic.severity() {
                Severity::Error => 1,
                Severity::Warning => 2,
            },
            code: diagnostic.code.name(),
            source: "bugle",
            message: message(diagnostic),
            related_information: related,
        }
    }
}

/// Returns what is wrong and how to put it right.
fn message(diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    message
}

/// Returns the fault of a file that cannot be read.
fn unread(why: &str) -> Fault {
    let start = Position {
        line: 0,
        character: 0,
    };
    Fault {
        range: Range { start, end: start },
        severity: 1,
        code: "unreadable",
        source: "bugle",
        message: why.to_owned(),
        related_information: Vec::new(),
    }
}
