//! The schemas by which editors complete and check campaign files.

use std::path::PathBuf;

use serde_json::Value;

use crate::campaign::Workspace;
use crate::campaign::compile::compile;
use crate::campaign::compile::schema::{self, Declared};
use crate::campaign::references::{Access, NameKind, references};
use crate::source::{self, LoadedFiles};
use crate::yaml::Node;

use super::Error;
use super::unreadable_path::unread;

/// Which kind of file is meant.
pub(crate) use crate::campaign::compile::schema::File;

/// Returns the JSON Schema of a kind of file.
pub(crate) fn schema(file: File) -> Value {
    schema::of(file)
}

/// Returns a schema as the text of a file.
pub(crate) fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

/// A workspace that schemas are made for.
#[derive(Debug)]
pub(crate) struct SchemaWorkspace {
    workspace: Workspace,
    declared: Declared,
    /// How many errors its files have, for which names may be missing.
    pub(crate) errors: usize,
}

impl SchemaWorkspace {
    /// Reads the files that a path stands for, as far as they can be read.
    pub(crate) fn read(path: PathBuf) -> Result<Self, Error> {
        let loaded = source::load(&[path]).map_err(|faults| unread(&faults))?;
        let (workspace, diagnostics) = compile(&loaded, &[]);
        Ok(Self {
            declared: declared(&loaded, &workspace),
            workspace,
            errors: diagnostics.errors(),
        })
    }

    /// Returns the JSON Schema of a kind of file in this workspace.
    pub(crate) fn schema(&self, file: File) -> Value {
        schema::of_workspace(file, &self.workspace, &self.declared)
    }
}

/// Returns the names that files declare, and those of the campaigns in them.
pub(super) fn declared(loaded: &LoadedFiles, workspace: &Workspace) -> Declared {
    let references = references(loaded, workspace);
    let names = |kind: NameKind| -> Vec<String> {
        references
            .iter()
            .filter(|name| name.kind == kind && name.access == Access::Defines)
            .map(|name| name.name.clone())
            .collect()
    };
    let bare = loaded
        .campaigns
        .iter()
        .map(|campaign| campaign.name.value.clone());
    let file = loaded.workspace.as_ref().map(|file| &file.node);
    let channels = file
        .and_then(|node| node.get("channels"))
        .and_then(Node::as_map);
    Declared {
        lists: names(NameKind::List),
        programs: names(NameKind::Program),
        smart_lists: names(NameKind::SmartList),
        campaigns: names(NameKind::Campaign)
            .into_iter()
            .chain(bare)
            .chain(["this".to_owned()])
            .collect(),
        channels: channels
            .unwrap_or_default()
            .iter()
            .map(|channel| channel.key.clone())
            .collect(),
    }
}
