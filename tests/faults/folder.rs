//! Folders to work in: copies of a prepared one, and what lies in them in the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Everything that a command leaves, as one compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    /// What `db dump` prints, and its exit code.
    dump: (Option<i32>, String),
    /// What `db check` finds.
    check: String,
    /// The other files with their content; of databases and locks the name alone.
    files: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Left {
    /// Names the first thing that differs from what should be there.
    pub(crate) fn differs_from(&self, wanted: &Self) -> Option<String> {
        if self.check != wanted.check {
            return Some(format!("db check: {}", self.check.trim_end()));
        }
        if self.dump != wanted.dump {
            let (mine, theirs) = (self.dump.1.lines(), wanted.dump.1.lines());
            let first = mine.zip(theirs).find(|(one, other)| one != other);
            let lines = [&self.dump.1, &wanted.dump.1].map(|text| text.lines().count());
            return Some(match first {
                Some((is, wanted)) => format!("the dump has {is} instead of {wanted}"),
                None => format!("the dump has {} lines instead of {}", lines[0], lines[1]),
            });
        }
        for (name, content) in &wanted.files {
            match self.files.get(name) {
                None => return Some(format!("{} is missing", name.display())),
                Some(is) if is != content => {
                    return Some(format!("{} is another one", name.display()));
                }
                Some(_) => {}
            }
        }
        let mut more = self.files.keys();
        let more = more.find(|name| !wanted.files.contains_key(*name));
        more.map(|name| format!("{} was left behind", name.display()))
    }
}

/// A folder in which commands are given; it is removed in the end.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: tempfile::TempDir,
}

impl Folder {
    /// Makes an empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Returns where it lies.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Makes another folder with the same files.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::new();
        copy_files(self.path(), copy.path());
        copy
    }

    /// Replaces all that lies here by what lies in another folder.
    pub(crate) fn become_like(&self, other: &Self) {
        for entry in fs::read_dir(self.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }
        copy_files(other.path(), self.path());
    }

    /// Returns the command of a command line; blanks part its words, but not within quotes.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bugle"));
        command
            .args(words(line))
            .current_dir(self.path())
            .env("BUGLE_NOW", "2026-11-20T09:00:00Z")
            .env("BUGLE_CHUNK", "7")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// Returns all that lies here.
    pub(crate) fn left(&self) -> Left {
        let (dump, check) = if self.path().join("bugle.db").exists() {
            let dump = self.run("db dump");
            let check = self.run("db check");
            (
                (dump.status.code(), text(&dump.stdout)),
                text(&check.stderr),
            )
        } else {
            ((None, String::new()), String::new())
        };
        let mut files = BTreeMap::new();
        collect(self.path(), self.path(), &mut files);
        Left { dump, check, files }
    }
}

/// Returns what a program printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let mut words = Vec::new();
    for (number, part) in parts {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_files(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Collects files by their path below the top. The bytes of a database are compared by its dump; a Maildir names each
/// file by what is in it.
fn collect(top: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(top, &path, files);
            continue;
        }
        let name = path.strip_prefix(top).unwrap().to_owned();
        let shown = name.to_string_lossy();
        // What is replaced or upgraded twice is kept twice; what a journal holds is in the dump; a lock is made anew.
        let twice = [".before-restore-", ".backup-"];
        let passing = ["-shm", "-wal", ".lock"];
        if twice.iter().any(|part| shown.contains(part))
            || passing.iter().any(|end| shown.ends_with(end))
        {
            continue;
        }
        let is_database = shown.contains(".db");
        let content = (!is_database).then(|| fs::read(&path).unwrap());
        files.insert(name, content);
    }
}
