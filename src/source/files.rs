//! Which files a path stands for, and their bytes.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::yaml::MAX_BYTES;

/// What a file is for, told by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileRole {
    /// `workspace.yaml`
    Workspace,
    /// `program.yaml`
    Program,
    /// Any other.
    Campaigns,
}

impl FileRole {
    /// Returns the role of a path.
    pub(super) fn of(path: &Path) -> Self {
        match path.file_name().and_then(|name| name.to_str()) {
            Some("workspace.yaml" | "workspace.yml") => Self::Workspace,
            Some("program.yaml" | "program.yml") => Self::Program,
            Some(_) | None => Self::Campaigns,
        }
    }
}

/// Why a file could not be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The system says so.
    Io(io::Error),
    /// Larger than any file that people write.
    TooLarge,
}

/// Reads a file, unless it is too large, which is seen before it is read.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let length = std::fs::metadata(path).map_err(Unreadable::Io)?.len();
    if length > MAX_BYTES as u64 {
        return Err(Unreadable::TooLarge);
    }
    std::fs::read(path).map_err(Unreadable::Io)
}

/// Returns every file that the paths stand for, in path order, each once; then the workspace and program files
/// that lie above them, up to the current directory.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut found = Vec::new();
    for path in paths {
        let kind = std::fs::metadata(path).map_err(|fault| (path.clone(), fault))?;
        if kind.is_dir() {
            walk(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
        above(path, kind.is_dir(), &mut found);
    }
    Ok(each_once(found))
}

/// Returns every file that the paths stand for, in path order, each once; nothing that lies above them.
pub(super) fn below(paths: &[PathBuf]) -> Result<Vec<PathBuf>, (PathBuf, io::Error)> {
    let mut found = Vec::new();
    for path in paths {
        let kind = std::fs::metadata(path).map_err(|fault| (path.clone(), fault))?;
        if kind.is_dir() {
            walk(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(each_once(found))
}

/// Sorts paths, and keeps one of those that are the same file.
fn each_once(mut found: Vec<PathBuf>) -> Vec<PathBuf> {
    found.sort();
    let mut seen = BTreeSet::new();
    found.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    found
}

/// Finds the YAML files of a folder and those below it. Hidden folders and links to folders are passed over.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let fail = |fault| (folder.to_owned(), fault);
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let kind = entry.file_type().map_err(fail)?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(&path, found)?;
        } else if is_yaml(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Finds workspace and program files beside a file or above a path, as far as the current directory.
fn above(path: &Path, is_folder: bool, found: &mut Vec<PathBuf>) {
    let Ok(real) = path.canonicalize() else {
        return;
    };
    let limit = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let inside = |folder: &Path| {
        limit.as_ref().is_ok_and(|limit| {
            folder
                .canonicalize()
                .is_ok_and(|real| real.starts_with(limit))
        })
    };
    let mut folder = if is_folder {
        PathBuf::from(path)
    } else {
        let beside = path.parent().unwrap_or(Path::new("")).to_owned();
        special(&beside, found);
        beside
    };
    let steps = real.components().count();
    for _ in 0..steps {
        folder = match folder.parent() {
            Some(parent) if !folder.ends_with("..") => parent.to_owned(),
            Some(_) | None => return,
        };
        if !inside(&shown(&folder)) {
            return;
        }
        special(&folder, found);
    }
}

/// Returns a folder as a path that the system takes: the empty one is the current directory.
fn shown(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder.to_owned()
    }
}

fn special(folder: &Path, found: &mut Vec<PathBuf>) {
    let names = [
        "workspace.yaml",
        "workspace.yml",
        "program.yaml",
        "program.yml",
    ];
    found.extend(
        names
            .into_iter()
            .map(|name| folder.join(name))
            .filter(|path| path.is_file()),
    );
}
