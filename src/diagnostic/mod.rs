//! Faults in people's files, as data.
//!
//! A [`Diagnostic`] says what is wrong, where, and how to put it right. Everything that reads campaign
//! files pushes into one [`Diagnostics`], so that every fault of every file is reported in one pass. Nothing
//! here prints; `text`, `json` and `github` turn finished diagnostics into text for their callers.

pub(crate) mod bounded;
pub(crate) mod code;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod page;
pub(crate) mod suggest;
pub(crate) mod text;
pub(crate) mod visible;

use std::path::{Path, PathBuf};

use bounded::bounded;

pub(crate) use code::Code;

/// A file whose text is kept for excerpts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId(u32);

/// A byte range inside one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// The file the bytes are in.
    pub(crate) file: FileId,
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
}

/// Whether a fault stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Cannot run as written.
    Error,
    /// Runs, but probably not as meant.
    Warning,
}

impl Severity {
    /// Returns the lower-case word people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One fault: what, where, and how to put it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    /// Its stable code; the severity follows from it.
    pub(crate) code: Code,
    /// What is wrong: lower case, no final stop, user text in backticks.
    pub(crate) message: String,
    /// The bytes that the fault is about.
    pub(crate) span: Span,
    /// A short text under the caret.
    pub(crate) label: Option<String>,
    /// How to put it right.
    pub(crate) help: Option<String>,
    /// Other places that matter, each with its text.
    pub(crate) related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// Makes a fault with no label, help or related places.
    pub(crate) fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
            label: None,
            help: None,
            related: Vec::new(),
        }
    }

    /// Adds how to put it right.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the text under the caret.
    #[must_use]
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place that matters.
    #[must_use]
    pub(crate) fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    /// Returns whether it stops the work.
    pub(crate) fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Faults as they are found; sorted when they are reported.
#[derive(Debug, Default, Clone)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Takes one more fault.
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) {
        diagnostic.message = bounded(diagnostic.message);
        diagnostic.help = diagnostic.help.map(bounded);
        self.list.push(diagnostic);
    }

    /// Takes a fault that needs no advice.
    pub(crate) fn fault(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::new(code, span, message));
    }

    /// Takes a fault with advice on how to put it right.
    pub(crate) fn fault_with(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Diagnostic::new(code, span, message).help(help));
    }

    /// Returns how many are errors.
    pub(crate) fn errors(&self) -> usize {
        self.list
            .iter()
            .filter(|d| d.severity() == Severity::Error)
            .count()
    }

    /// Returns how many are warnings.
    pub(crate) fn warnings(&self) -> usize {
        self.list.len() - self.errors()
    }

    /// Returns them in the order in which they are reported: by file, place, code; each once.
    pub(crate) fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
        sorted.dedup();
        sorted
    }

    /// Returns those that lie in one span of a file, for instance one campaign's document.
    pub(crate) fn within(&self, span: Span) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter().filter(move |d| {
            d.span.file == span.file && d.span.start >= span.start && d.span.start <= span.end
        })
    }
}

/// One file as it was read.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// The path as people wrote it.
    pub(crate) path: PathBuf,
    /// Its text, without a byte-order mark.
    pub(crate) text: String,
}

/// Every file read in this command, kept for excerpts and positions.
#[derive(Debug, Default, Clone)]
pub(crate) struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Keeps a file.
    pub(crate) fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
        });
        id
    }

    /// Puts another text in the place of a file's: what people wrote, where that was a part of what was read.
    pub(crate) fn replace(&mut self, id: FileId, text: impl Into<String>) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            file.text = text.into();
        }
    }

    /// Returns a kept file.
    pub(crate) fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Returns all kept files, in the order in which they were read.
    pub(crate) fn all(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// Returns a kept file's path.
    pub(crate) fn path(&self, id: FileId) -> &Path {
        &self.file(id).path
    }

    /// Returns the text of a span.
    pub(crate) fn text(&self, span: Span) -> &str {
        self.file(span.file)
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Returns line and column of a span's start, both from 1; columns count Unicode characters.
    pub(crate) fn position(&self, span: Span) -> (usize, usize) {
        let text = &self.file(span.file).text;
        let before = text.get(..span.start as usize).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        (line, column)
    }

    /// Returns `path:line:column`, the way every fault names its place.
    pub(crate) fn place(&self, span: Span) -> String {
        let (line, column) = self.position(span);
        format!("{}:{line}:{column}", self.path(span.file).display())
    }
}
