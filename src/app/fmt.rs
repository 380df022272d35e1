//! `campaign fmt`: puts campaign files into canonical layout. What they mean and what their comments say never changes.

use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Sources, Span};
use crate::files;
use crate::results::{FmtChange, FmtRow};
use crate::source::{self, ReadText};
use crate::yaml::{self, Unsupported};

use super::Error;
use super::unreadable_path::unread;

/// Whether files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FmtMode {
    /// Each file that changes is written.
    Write,
    /// They are only compared.
    Compare,
}

/// What laying out some files has shown.
#[derive(Debug, Default)]
pub(crate) struct Formatted {
    /// One row for each file that changes or cannot be laid out, in path order.
    pub(crate) rows: Vec<FmtRow>,
    /// How many files were read.
    pub(crate) files: usize,
    /// Why files cannot be laid out.
    pub(crate) diagnostics: Diagnostics,
    /// Their texts.
    pub(crate) sources: Sources,
}

/// Puts every YAML file that the paths stand for into canonical layout. Files with faults of syntax are left as they are.
pub(crate) fn fmt(paths: &[PathBuf], mode: FmtMode) -> Result<Formatted, Error> {
    let mut done = Formatted::default();
    for path in source::yaml_files(paths).map_err(|faults| unread(&faults))? {
        done.files += 1;
        let read = source::read_text(&path, &mut done.sources, &mut done.diagnostics);
        let read = read.map_err(|fault| unread(&[fault]))?;
        let laid_out = read.and_then(|read| done.lay_out(&read).map(|text| (read, text)));
        let shown = path.display().to_string();
        let Some((read, text)) = laid_out else {
            done.rows.push(FmtRow {
                file: shown,
                change: FmtChange::Faulty,
                diff: None,
            });
            continue;
        };
        if text == read.text && !read.byte_order_mark {
            continue;
        }
        if mode == FmtMode::Write {
            files::replace(&path, text.as_bytes())?;
        }
        done.rows.push(FmtRow {
            diff: Some(diff(&shown, &read.text, &text)),
            file: shown,
            change: match mode {
                FmtMode::Write => FmtChange::Formatted,
                FmtMode::Compare => FmtChange::NotFormatted,
            },
        });
    }
    Ok(done)
}

/// A text in canonical layout, and what it was before.
#[derive(Debug)]
pub(crate) struct FormattedText {
    /// The new text.
    pub(crate) text: String,
    /// How the old one differs from it; nothing where it does not.
    pub(crate) diff: Option<String>,
}

/// Puts the text of one file into canonical layout; `name` stands for the file in faults.
pub(crate) fn fmt_text(name: &str, bytes: Vec<u8>) -> Result<FormattedText, Error> {
    let mut done = Formatted::default();
    let read = source::read_bytes(
        Path::new(name),
        bytes,
        &mut done.sources,
        &mut done.diagnostics,
    );
    let laid_out = read.and_then(|read| done.lay_out(&read).map(|text| (read, text)));
    let Some((read, text)) = laid_out else {
        return Err(Error::Campaigns(Box::new(super::error::FaultyCampaigns {
            diagnostics: done.diagnostics,
            sources: done.sources,
        })));
    };
    let changed = text != read.text || read.byte_order_mark;
    Ok(FormattedText {
        diff: changed.then(|| diff(name, &read.text, &text)),
        text,
    })
}

impl Formatted {
    /// Returns how many files are, or would be, changed.
    pub(crate) fn changed(&self) -> usize {
        let faulty = |row: &&FmtRow| row.change != FmtChange::Faulty;
        self.rows.iter().filter(faulty).count()
    }

    /// Returns the canonical layout of a text, unless it has faults of syntax, which are noted.
    fn lay_out(&mut self, read: &ReadText) -> Option<String> {
        let before = self.diagnostics.errors();
        yaml::parse(read.file, &read.text, &mut self.diagnostics);
        if self.diagnostics.errors() > before {
            return None;
        }
        let text = yaml::laid_out(&read.text);
        if text == Err(Unsupported) {
            self.diagnostics.push(unsupported(read.file));
        }
        text.ok()
    }
}

/// Makes the fault of a file whose shape the layout does not know.
fn unsupported(file: FileId) -> Diagnostic {
    let start = Span {
        file,
        start: 0,
        end: 0,
    };
    let message = "the file has a shape that cannot be laid out, and is left as it is";
    Diagnostic::new(Code::YamlSyntax, start, message)
        .help("write keys on one line, and values of several lines as `|` blocks")
}

/// Returns how two texts differ, as `diff -u` shows it.
fn diff(file: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    unified.header(file, file).to_string()
}
