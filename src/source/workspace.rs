//! `workspace.yaml`: what campaigns share. Texts of emails kept in files of their own are put in here.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::yaml::{self, MapEntry, Node, NodeKind};

use super::files::{self, Content, ReadFault};
use super::{LoadedFiles, Overlay, Program};

/// The workspace file as written, with every `body_file` replaced by the `body` it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workspace {
    /// The path as people wrote it.
    pub(crate) path: PathBuf,
    /// The whole document.
    pub(crate) node: Node,
}

impl Workspace {
    /// Takes a document; reads the files that its emails name, which must lie in the workspace's folder.
    pub(super) fn read(path: PathBuf, mut node: Node, bodies: &mut Bodies<'_>) -> Self {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        for entry in emails(&mut node) {
            if let NodeKind::Map(keys) = &mut entry.value.kind {
                bodies.put_in(keys, &folder);
            }
        }
        Self { path, node }
    }

    /// Returns the entries of `programs:`.
    pub(super) fn programs(&self) -> &[MapEntry] {
        let programs = self.node.get("programs");
        programs.and_then(Node::as_map).unwrap_or_default()
    }
}

/// Takes some of the programs out of a workspace's document.
pub(super) fn without_programs(workspace: &mut Node, is_out: impl Fn(&str) -> bool) {
    if let NodeKind::Map(sections) = &mut workspace.kind {
        for section in sections
            .iter_mut()
            .filter(|section| section.key == "programs")
        {
            if let NodeKind::Map(programs) = &mut section.value.kind {
                programs.retain(|program| !is_out(&program.key));
            }
        }
    }
}

impl LoadedFiles {
    /// Returns the workspace's definition as it is stored: without layout, the texts of emails in their places, and
    /// the programs that folders make among the others. Nothing where there is neither a workspace nor a program.
    pub(crate) fn canonical_workspace(&self) -> Option<String> {
        let file = self.workspace.as_ref().map(|workspace| &workspace.node);
        let first = self.programs.first().map(|program| &program.node);
        let mut node = Node {
            span: file.or(first)?.span,
            kind: file.map_or(NodeKind::Map(Vec::new()), |node| node.kind.clone()),
        };
        if !self.programs.is_empty() {
            add_programs(&mut node, &self.programs);
        }
        Some(yaml::canonical(&node, &[]))
    }
}

/// Puts programs under `programs:` of a workspace, as if they had been written there.
fn add_programs(workspace: &mut Node, programs: &[Program]) {
    let span = workspace.span;
    let NodeKind::Map(sections) = &mut workspace.kind else {
        return;
    };
    let place = sections.iter().position(|entry| entry.key == "programs");
    let place = place.unwrap_or_else(|| {
        sections.push(MapEntry {
            key: "programs".to_owned(),
            key_span: span,
            value: Node {
                span,
                kind: NodeKind::Map(Vec::new()),
            },
        });
        sections.len() - 1
    });
    if let NodeKind::Map(entries) = &mut sections[place].value.kind {
        entries.extend(programs.iter().map(Program::as_entry));
    }
}

/// Returns the entries under `emails`.
fn emails(workspace: &mut Node) -> &mut [MapEntry] {
    let NodeKind::Map(entries) = &mut workspace.kind else {
        return &mut [];
    };
    let emails = entries.iter_mut().find(|entry| entry.key == "emails");
    match emails.map(|entry| &mut entry.value.kind) {
        Some(NodeKind::Map(emails)) => emails,
        Some(NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_)) | None => &mut [],
    }
}

/// Returns the files that the emails of a workspace name for their texts, as they are written.
pub(super) fn body_files(workspace: &mut Node) -> Vec<String> {
    let entries = emails(workspace).iter();
    let files = entries.filter_map(|entry| match &entry.value.get("body_file")?.kind {
        NodeKind::Scalar { text, .. } => Some(text.clone()),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
    });
    files.collect()
}

/// Where the texts of emails come from, and where they and their faults go.
pub(super) struct Bodies<'a> {
    /// Texts that stand in the place of files.
    pub(super) overlay: &'a Overlay,
    /// The texts that were read.
    pub(super) sources: &'a mut Sources,
    /// What is wrong in the workspace file.
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Files that cannot be read.
    pub(super) faults: &'a mut Vec<ReadFault>,
}

impl Bodies<'_> {
    /// Puts the text of a file in the place of an email's `body_file`.
    fn put_in(&mut self, keys: &mut [MapEntry], folder: &Path) {
        let written = keys.iter().find(|entry| entry.key == "body");
        let written = written.map(|entry| entry.key_span);
        let Some(entry) = keys.iter_mut().find(|entry| entry.key == "body_file") else {
            return;
        };
        if let Some(body) = written {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateKey,
                    entry.key_span,
                    "an email has either `body` or `body_file`, not both",
                )
                .related(body, "`body` is here"),
            );
            return;
        }
        let NodeKind::Scalar { text, .. } = &entry.value.kind else {
            return;
        };
        match read_inside(folder, text, self.overlay) {
            Ok((path, body)) => {
                let end = u32::try_from(body.len()).unwrap_or(u32::MAX);
                let file = self.sources.add(path, body.as_str());
                "body".clone_into(&mut entry.key);
                entry.value = Node {
                    span: Span {
                        file,
                        start: 0,
                        end,
                    },
                    kind: NodeKind::Scalar {
                        text: body,
                        plain: false,
                    },
                };
            }
            Err(BodyFault::Unreadable(fault)) => self.faults.push(fault),
            Err(BodyFault::Wrong(message)) => self.diagnostics.push(
                Diagnostic::new(Code::WrongType, entry.value.span, message)
                    .help("name a text file in the folder of the workspace file, or below it"),
            ),
        }
    }
}

/// Why the text of an email is not put in.
enum BodyFault {
    /// What is written is at fault.
    Wrong(String),
    /// The file is there and cannot be read.
    Unreadable(ReadFault),
}

impl From<String> for BodyFault {
    fn from(message: String) -> Self {
        Self::Wrong(message)
    }
}

/// Reads a file that lies in a folder, links followed; or the text in its place.
fn read_inside(
    folder: &Path,
    written: &str,
    overlay: &Overlay,
) -> Result<(PathBuf, String), BodyFault> {
    let path = folder.join(written);
    let unreadable = |fault: std::io::Error| {
        use std::io::ErrorKind as Io;
        let kind = fault.kind();
        let is_there = std::fs::symlink_metadata(&path).is_ok();
        let is_none = [Io::NotFound, Io::NotADirectory].contains(&kind) && !is_there;
        if is_none || [Io::InvalidFilename, Io::InvalidInput].contains(&kind) {
            BodyFault::Wrong(format!("there is no file `{written}`"))
        } else {
            BodyFault::Unreadable(ReadFault::of(&path, fault))
        }
    };
    let home = if folder.as_os_str().is_empty() {
        Path::new(".").canonicalize()
    } else {
        folder.canonicalize()
    }
    .map_err(unreadable)?;
    let real = path.canonicalize().map_err(unreadable)?;
    if !real.starts_with(&home) {
        return Err(format!("`{written}` lies outside the folder of the workspace").into());
    }
    if !std::fs::metadata(&real).map_err(unreadable)?.is_file() {
        return Err(format!("`{written}` is not a file").into());
    }
    if let Some(text) = overlay.text(&path).or_else(|| overlay.text(&real)) {
        return Ok((path, text.to_owned()));
    }
    let bytes = match files::read(&real).map_err(unreadable)? {
        Content::Bytes(bytes) => bytes,
        Content::TooLarge => return Err(format!("`{written}` is larger than 4 MiB").into()),
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok((path, text)),
        Err(_) => Err(format!("`{written}` is not UTF-8 text").into()),
    }
}
