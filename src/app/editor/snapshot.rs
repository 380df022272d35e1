//! A workspace at one moment: its files with the unsaved texts over them, compiled.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use crate::app::unreadable_path::read_fault;
use crate::campaign::Workspace;
use crate::campaign::compile::{DatabaseNames, compile_with};
use crate::campaign::references::{Reference, all_references};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Sources};
use crate::domain::{Field, Text};
use crate::source::{LoadedFiles, Overlay, load_over};
use crate::store::{Error as StoreError, Store};

use super::guide::Guide;

/// What a database has that files need not declare.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct DatabaseView {
    fields: Vec<Field>,
    lists: Vec<Text>,
}

impl DatabaseView {
    /// Reads it.
    pub(crate) fn of(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            fields: store.stored_fields()?,
            lists: store.list_names()?,
        })
    }
}

/// A workspace at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(super) loaded: LoadedFiles,
    pub(super) workspace: Workspace,
    pub(super) references: Vec<Reference>,
    diagnostics: Diagnostics,
    /// What may stand where, made when it is first asked for.
    guide: OnceCell<Guide>,
    /// Files that cannot be read, each with the reason.
    pub(crate) unread: Vec<(PathBuf, String)>,
}

impl Snapshot {
    /// Reads and compiles the files of a folder.
    pub(crate) fn read(folder: &Path, overlay: &Overlay, database: &DatabaseView) -> Self {
        let (loaded, faults) = load_over(folder, overlay);
        let known = DatabaseNames {
            fields: &database.fields,
            lists: &database.lists,
        };
        let (workspace, mut diagnostics) = compile_with(&loaded, known);
        crate::app::test::events::check(&workspace, &mut diagnostics);
        let references = all_references(&loaded, &workspace);
        let unread = faults.into_iter().map(|fault| {
            let error = read_fault(&fault);
            (fault.path, error.message)
        });
        Self {
            unread: unread.collect(),
            loaded,
            workspace,
            references,
            diagnostics,
            guide: OnceCell::new(),
        }
    }

    /// Returns whether every file reads as YAML, so that no name is missing because its file is half written.
    pub(crate) fn is_whole(&self) -> bool {
        let faults = self.diagnostics.sorted();
        let is_syntax = |fault: &&Diagnostic| fault.code == Code::YamlSyntax;
        self.unread.is_empty() && !faults.iter().any(is_syntax)
    }

    /// Returns what may stand where.
    pub(super) fn guide(&self) -> &Guide {
        let made = || Guide::of(&self.loaded, &self.workspace);
        self.guide.get_or_init(made)
    }

    /// Returns the files that were read.
    pub(crate) fn sources(&self) -> &Sources {
        &self.loaded.sources
    }

    /// Returns every fault, by file and place.
    pub(crate) fn faults(&self) -> Vec<&Diagnostic> {
        self.diagnostics.sorted()
    }

    /// Returns the file of a path among those that were read.
    pub(crate) fn file(&self, path: &Path) -> Option<FileId> {
        let mut all = self.loaded.sources.all();
        all.find(|(_, file)| file.path == path).map(|(id, _)| id)
    }

    /// Returns the text of a file.
    pub(crate) fn text(&self, file: FileId) -> &str {
        &self.loaded.sources.file(file).text
    }
}
