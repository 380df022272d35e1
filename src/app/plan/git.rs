//! `--against-git REV`: campaign files as they are in a commit, read with the `git` program.
//!
//! The folder in which the paths lie is written to a private place, and read there like any other. Nothing of the work tree
//! changes.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::app::{Error, ErrorKind, UserError};
use crate::files::checkout::Checkout;

/// Campaign files of a commit.
pub(crate) struct Revision {
    folder: Checkout,
    paths: Vec<PathBuf>,
}

/// Names of files that count for all that lies beneath them.
const ABOVE: [&str; 4] = [
    "workspace.yaml",
    "workspace.yml",
    "program.yaml",
    "program.yml",
];

impl Revision {
    /// Reads what some paths are in a commit.
    pub(crate) fn read(revision: &str, paths: &[PathBuf]) -> Result<Self, Error> {
        if revision.starts_with('-') {
            let message = format!("`{revision}` is no revision of git");
            return Err(UserError::new(ErrorKind::Usage, message).into());
        }
        let commit = format!("{revision}^{{commit}}");
        let commit = git(revision, &["rev-parse", "--verify", "--quiet", &commit])?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let folder = Checkout::new().map_err(|cause| unwritable(&cause))?;
        let mut read = Self {
            folder,
            paths: Vec::new(),
        };
        let mut tops: Vec<PathBuf> = Vec::new();
        for path in paths {
            let below = below(path)?;
            let top = below.components().next();
            let top = top.map_or_else(|| PathBuf::from("."), |top| PathBuf::from(top.as_os_str()));
            if !tops.contains(&top) {
                read.check_out(revision, &commit, &top)?;
                tops.push(top);
            }
            if !read.folder.path().join(&below).exists() {
                let message = format!("there is no `{}` in `{revision}`", path.display());
                let help = "`git ls-tree -r --name-only REV` lists what is there";
                return Err(UserError::new(ErrorKind::Storage, message)
                    .help(help)
                    .into());
            }
            read.take(&below);
        }
        Ok(read)
    }

    /// Returns the folder that stands for the current one.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the paths in that folder, with the workspace and program files above them.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    fn take(&mut self, below: &Path) {
        let folder = self.folder.path();
        self.paths.push(folder.join(below));
        for above in below.ancestors().skip(1) {
            let files = ABOVE.iter().map(|name| folder.join(above).join(name));
            self.paths.extend(files.filter(|file| file.is_file()));
        }
    }

    /// Writes all files of a folder of the commit.
    fn check_out(&self, revision: &str, commit: &str, top: &Path) -> Result<(), Error> {
        let top = top.to_string_lossy();
        let listed = git(revision, &["ls-tree", "-r", "-z", commit, "--", &top])?;
        let lines = listed
            .split(|byte| *byte == 0)
            .filter(|line| !line.is_empty());
        for line in lines {
            let line = String::from_utf8_lossy(line);
            let Some((head, path)) = line.split_once('\t') else {
                continue;
            };
            let mut words = head.split(' ');
            let (mode, kind, blob) = (words.next(), words.next(), words.next());
            // A link may lead anywhere, and another repository is not read.
            let is_file = kind == Some("blob") && mode != Some("120000");
            if let (true, Some(blob)) = (is_file, blob) {
                let bytes = git(revision, &["cat-file", "blob", blob])?;
                let added = self.folder.add(Path::new(path), &bytes);
                added.map_err(|cause| unwritable(&cause))?;
            }
        }
        Ok(())
    }
}

/// Returns a path as it is below the current folder.
fn below(path: &Path) -> Result<PathBuf, UserError> {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path);
    let mut below = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => below.push(name),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                let message = format!(
                    "`{}` does not lie in the current folder, of which git is asked",
                    path.display()
                );
                return Err(UserError::new(ErrorKind::Usage, message)
                    .help("start the command in a folder above it"));
            }
        }
    }
    Ok(below)
}

fn git(revision: &str, arguments: &[&str]) -> Result<Vec<u8>, UserError> {
    let done = Command::new("git").args(arguments).output();
    let output = done.map_err(|cause| {
        let error = UserError::new(
            ErrorKind::Storage,
            format!("cannot start the program `git`: {cause}"),
        );
        error.help("install it, or compare with files: `--against PATH`")
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("it is not there");
    let said = said.strip_prefix("fatal: ").unwrap_or(said);
    let message = format!("cannot read `{revision}` with git: {said}");
    Err(UserError::new(ErrorKind::Storage, message)
        .help("write a commit, a branch or a tag of the repository of the current folder"))
}

fn unwritable(cause: &io::Error) -> UserError {
    UserError::new(
        ErrorKind::Storage,
        format!("cannot write a temporary file: {cause}"),
    )
}
