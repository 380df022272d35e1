//! Which files a path stands for, and their bytes.
//!
//! A file that cannot be read is never passed over: its campaigns would be taken for gone.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::files::streams;
use crate::yaml::MAX_BYTES;

use super::Overlay;

/// What a file is for, which its name shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileRole {
    /// `workspace.yaml`
    Workspace,
    /// `program.yaml`
    Program,
    /// Any other.
    Campaigns,
}

impl FileRole {
    /// Returns the role of a path.
    pub(crate) fn of(path: &Path) -> Self {
        match path.file_name().and_then(|name| name.to_str()) {
            Some("workspace.yaml" | "workspace.yml") => Self::Workspace,
            Some("program.yaml" | "program.yml") => Self::Program,
            Some(_) | None => Self::Campaigns,
        }
    }
}

/// A file or folder that a path stands for and that is not read.
#[derive(Debug)]
pub(crate) struct ReadFault {
    /// The path as people wrote it.
    pub(crate) path: PathBuf,
    /// Why it cannot be read.
    pub(crate) why: Unreadable,
}

impl ReadFault {
    /// Makes the fault of a path.
    pub(super) fn new(path: &Path, why: Unreadable) -> Self {
        Self {
            path: path.to_owned(),
            why,
        }
    }

    /// Makes the fault of a path that the system does not let us read; a link that leads nowhere is reported as one.
    pub(super) fn of(path: &Path, fault: io::Error) -> Self {
        let is_link = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
        let why = if is_link && fault.kind() == io::ErrorKind::NotFound {
            Unreadable::BrokenLink
        } else {
            Unreadable::Io(fault)
        };
        Self::new(path, why)
    }
}

/// Why a file is not read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The system does not let us.
    Io(io::Error),
    /// It is a link, and nothing is where it leads.
    BrokenLink,
    /// A folder, a device or a pipe has the name of a campaign file.
    NotAFile,
    /// It is a link to a file outside of this folder.
    Outside(PathBuf),
}

/// What a file holds.
#[derive(Debug)]
pub(super) enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// More than any file that people write.
    TooLarge,
}

/// Reads a file, as far as it may go.
pub(super) fn read(path: &Path) -> io::Result<Content> {
    let mut bytes = Vec::new();
    // One byte more shows that there is more; a device may go on for ever.
    let limit = MAX_BYTES as u64 + 1;
    if is_stdin(path) {
        let stdin = streams::standard_input()?;
        stdin.lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(if bytes.len() > MAX_BYTES {
        Content::TooLarge
    } else {
        Content::Bytes(bytes)
    })
}

/// What some paths stand for.
#[derive(Debug, Default)]
pub(super) struct FoundFiles {
    /// Every file, in path order, each once; with the workspace and program files that lie above them, up to the
    /// current directory.
    pub(super) files: Vec<PathBuf>,
    /// What should be read and is not.
    pub(super) faults: Vec<ReadFault>,
}

/// Finds the files that paths stand for.
pub(super) fn find(paths: &[PathBuf]) -> FoundFiles {
    let mut found = FoundFiles::default();
    for path in paths {
        found.given(path);
    }
    if let [only] = paths
        && is_stdin(only)
    {
        // As if it lay where campaigns lie.
        let folder = Path::new("campaigns");
        found.special(if folder.is_dir() {
            folder
        } else {
            Path::new("")
        });
    }
    found.in_order()
}

/// Returns whether a path stands for standard input.
fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Finds the files that paths stand for, and nothing that lies above them.
pub(super) fn below(paths: &[PathBuf]) -> FoundFiles {
    let mut found = FoundFiles::default();
    for path in paths {
        found.below(path);
    }
    found.in_order()
}

/// Finds the files of a folder and those below it, and texts of an editor that stand where no file is yet.
pub(super) fn below_over(folder: &Path, overlay: &Overlay) -> FoundFiles {
    let mut found = FoundFiles::default();
    if folder.is_dir() {
        found.below(folder);
    }
    let texts = overlay.paths();
    let texts = texts.filter(|path| path.starts_with(folder) && is_yaml(path));
    found.files.extend(texts.map(Path::to_owned));
    found.in_order()
}

impl FoundFiles {
    /// Sorts the paths, and keeps one of those that are the same file.
    fn in_order(mut self) -> Self {
        let Self { files, faults } = &mut self;
        files.sort();
        let mut seen = BTreeSet::new();
        files.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
        faults.sort_by(|one, other| one.path.cmp(&other.path));
        faults.dedup_by(|one, other| one.path == other.path);
        self
    }

    /// Takes a path of the command line, with what lies above it.
    fn given(&mut self, path: &Path) {
        self.below(path);
        if is_stdin(path) {
            return;
        }
        if let Ok(kind) = std::fs::metadata(path) {
            self.above(path, kind.is_dir());
        }
    }

    /// Takes a path of the command line.
    fn below(&mut self, path: &Path) {
        if is_stdin(path) {
            return self.files.push(path.to_owned());
        }
        let kind = match std::fs::metadata(path) {
            Ok(kind) => kind,
            Err(fault) => return self.faults.push(ReadFault::of(path, fault)),
        };
        if kind.is_dir() {
            match path.canonicalize() {
                Ok(root) => self.walk(path, &root),
                Err(fault) => self.faults.push(ReadFault::of(path, fault)),
            }
        } else if kind.is_file() && !path.starts_with("/dev") {
            let beside = shown(path.parent().unwrap_or(Path::new("")));
            match beside.canonicalize() {
                Ok(root) => self.file(path, &root),
                Err(fault) => self.faults.push(ReadFault::of(path, fault)),
            }
        } else {
            // A pipe, or a link of the system's own, such as `/dev/stdin`.
            self.files.push(path.to_owned());
        }
    }

    /// Finds the YAML files of a folder and those below it. Hidden files and folders and links to folders are passed
    /// over.
    fn walk(&mut self, folder: &Path, root: &Path) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(fault) => return self.faults.push(ReadFault::of(folder, fault)),
        };
        for entry in entries {
            let entry = entry.and_then(|entry| Ok((entry.file_type()?, entry)));
            let (kind, entry) = match entry {
                Ok(entry) => entry,
                Err(fault) => {
                    self.faults.push(ReadFault::of(folder, fault));
                    continue;
                }
            };
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if is_yaml(&path) {
                self.file(&path, root);
            } else if kind.is_dir() {
                self.walk(&path, root);
            }
        }
    }

    /// Takes a path that has the name of a file to be read. A link must lead to a file below the root.
    fn file(&mut self, path: &Path, root: &Path) {
        match Self::checked(path, root) {
            Ok(()) => self.files.push(path.to_owned()),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn checked(path: &Path, root: &Path) -> Result<(), ReadFault> {
        let of_path = |fault| ReadFault::of(path, fault);
        let is_link = std::fs::symlink_metadata(path)
            .map_err(of_path)?
            .is_symlink();
        if !std::fs::metadata(path).map_err(of_path)?.is_file() {
            return Err(ReadFault::new(path, Unreadable::NotAFile));
        }
        if is_link && !path.canonicalize().map_err(of_path)?.starts_with(root) {
            let root = root.to_owned();
            return Err(ReadFault::new(path, Unreadable::Outside(root)));
        }
        Ok(())
    }

    /// Finds workspace and program files beside a file or above a path, as far as the current directory.
    fn above(&mut self, path: &Path, is_folder: bool) {
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
            self.special(&beside);
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
            self.special(&folder);
        }
    }

    /// Finds the workspace and program files of a folder.
    fn special(&mut self, folder: &Path) {
        let names = [
            "workspace.yaml",
            "workspace.yml",
            "program.yaml",
            "program.yml",
        ];
        for path in names.into_iter().map(|name| folder.join(name)) {
            match std::fs::symlink_metadata(&path) {
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
                Err(fault) => self.faults.push(ReadFault::of(&path, fault)),
                Ok(_) => match shown(folder).canonicalize() {
                    Ok(root) => self.file(&path, &root),
                    Err(fault) => self.faults.push(ReadFault::of(folder, fault)),
                },
            }
        }
    }
}

/// Returns whether there is nothing at a path any more. A broken link on the way is an error: what lies behind it may still
/// be there.
pub(crate) fn is_gone(path: &Path) -> Result<bool, ReadFault> {
    for place in path
        .ancestors()
        .filter(|place| !place.as_os_str().is_empty())
    {
        let is_link = match std::fs::symlink_metadata(place) {
            Ok(found) => found.is_symlink(),
            Err(fault) => {
                let none = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
                if none.contains(&fault.kind()) {
                    continue;
                }
                return Err(ReadFault::of(place, fault));
            }
        };
        if is_link {
            std::fs::metadata(place).map_err(|fault| ReadFault::of(place, fault))?;
        }
        return Ok(place != path);
    }
    Ok(true)
}

/// Returns whether a path has the name of a campaign file.
pub(crate) fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Returns a folder as a path that the system takes: the empty one is the current directory.
fn shown(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        folder.to_owned()
    }
}
