//! The rules of what may be written: an output is never a file that the command uses, under any name.

use std::fmt;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::identity::{FileIdentity, Slot};
use super::{Error, streams};

/// What a database of SQLite begins with, and its journals.
const DATABASES: [&[u8]; 4] = [
    b"SQLite format 3\0",
    b"\x37\x7f\x06\x82",
    b"\x37\x7f\x06\x83",
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",
];

/// The longest of these.
const DATABASE_START: usize = 16;

/// What a file is used for, which an output would destroy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Use {
    /// The command reads it.
    Input,
    /// The database.
    Database,
    /// One of the files that belong to the database: its journal, its lock, a backup beside it.
    BesideDatabase,
    /// A campaign file, or the text of an email.
    CampaignFile,
    /// Another output of the same command, by the option that names it.
    Output(&'static str),
    /// Where a standard stream of the command leads.
    Stream(&'static str),
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input => f.write_str("this command reads it"),
            Self::Database => f.write_str("it is the database"),
            Self::BesideDatabase => f.write_str("it belongs to the database"),
            Self::CampaignFile => f.write_str("it belongs to the campaigns"),
            Self::Output(option) => write!(f, "`{option}` goes there"),
            Self::Stream(name) => write!(f, "it is {name} of this command"),
        }
    }
}

/// Why a path is not admitted as an output.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The file is used for something else.
    Used(Use),
    /// It is a link, which would be replaced where its target is meant.
    Link,
    /// It is a folder.
    Folder,
    /// It is neither a file nor a folder: a device, a pipe.
    Special,
    /// It is not a folder, and a folder is meant.
    NotAFolder,
    /// It holds a database, such as a backup.
    HoldsDatabase,
    /// The path is `-`, which means standard input elsewhere.
    Dash,
    /// The path does not end in a name.
    NoName,
    /// The system does not let it be written.
    Unwritable(Error),
}

impl Refusal {
    /// Returns what the system says, where no rule stands against the path.
    pub(crate) fn into_error(self) -> Result<Error, Self> {
        if let Self::Unwritable(error) = self {
            return Ok(error);
        }
        Err(self)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Used(by) => by.fmt(f),
            Self::Link => f.write_str("it is a link"),
            Self::Folder => f.write_str("it is a folder"),
            Self::Special => f.write_str("it is neither a file nor a folder"),
            Self::NotAFolder => f.write_str("it is not a folder"),
            Self::HoldsDatabase => f.write_str("it holds a database"),
            Self::Dash => f.write_str("it is not the name of a file"),
            Self::NoName => f.write_str("it does not end in a name"),
            Self::Unwritable(error) => error.fmt(f),
        }
    }
}

/// A path that a guard has admitted: the only thing that an output can be made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(super) path: PathBuf,
    pub(super) kind: PlaceKind,
}

/// What stands behind an admitted path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// A regular file, or nothing yet.
    File,
    /// `/dev/stdout`, which is written as it comes.
    StandardOutput,
    /// `/dev/null`.
    Nothing,
}

impl Place {
    /// Returns the path as it was named.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the error of a failed write.
    pub(crate) fn unwritable(&self, cause: std::io::Error) -> Error {
        Error::at(&self.path)(cause)
    }
}

/// A file that is in use.
#[derive(Debug)]
struct UsedFile {
    /// The path; none of a stream, whose file is open and keeps its identity.
    path: Option<PathBuf>,
    identity: Option<FileIdentity>,
    slot: Option<Slot>,
    by: Use,
}

impl UsedFile {
    /// Returns whether the file still has its identity: once it is gone, a new file may get it.
    fn is_there(&self) -> bool {
        let path = self.path.as_ref();
        path.is_none_or(|path| FileIdentity::of(path).ok() == self.identity)
    }
}

/// The files that a command uses, and the outputs admitted so far.
#[derive(Debug)]
pub(crate) struct Guard {
    used: Vec<UsedFile>,
}

impl Default for Guard {
    fn default() -> Self {
        Self::new()
    }
}

impl Guard {
    /// Makes one that knows the files behind the standard streams.
    pub(crate) fn new() -> Self {
        let streams = streams::regular_files().into_iter();
        let used = streams.map(|(name, metadata)| UsedFile {
            path: None,
            identity: FileIdentity::of_metadata(&metadata),
            slot: None,
            by: Use::Stream(name),
        });
        Self {
            used: used.collect(),
        }
    }

    /// Keeps outputs off a file, which need not be there yet.
    pub(crate) fn protect(&mut self, path: &Path, by: Use) {
        let used = UsedFile {
            path: Some(path.to_owned()),
            identity: FileIdentity::of(path).ok(),
            slot: Slot::of(path).ok(),
            by,
        };
        // What can be found by neither cannot be written to either.
        if used.identity.is_some() || used.slot.is_some() {
            self.used.push(used);
        }
    }

    /// Admits a path as the output that an option names, or says why it cannot be one.
    pub(crate) fn admit(&mut self, path: &Path, option: &'static str) -> Result<Place, Refusal> {
        let place = |kind| Place {
            path: path.to_owned(),
            kind,
        };
        if path == Path::new("-") {
            return Err(Refusal::Dash);
        }
        if path == Path::new("/dev/null") {
            return Ok(place(PlaceKind::Nothing));
        }
        if path == Path::new("/dev/stdout") {
            self.check(path, |by| !matches!(by, Use::Stream(_)))?;
            self.protect(path, Use::Output(option));
            return Ok(place(PlaceKind::StandardOutput));
        }
        if path.file_name().is_none() || ends_in_separator(path) {
            return Err(if path.is_dir() {
                Refusal::Folder
            } else {
                Refusal::NoName
            });
        }
        self.check_use(path)?;
        check_kind(path)?;
        self.protect(path, Use::Output(option));
        Ok(place(PlaceKind::File))
    }

    /// Admits a folder as the output that an option names; a link to one is taken for the folder.
    pub(crate) fn admit_folder(&self, path: &Path) -> Result<(), Refusal> {
        self.check_use(path)?;
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Ok(()),
            Ok(_) => Err(Refusal::NotAFolder),
            Err(_) if fs::symlink_metadata(path).is_ok() => Err(Refusal::Link),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Refusal::Unwritable(Error::at(path)(error))),
        }
    }

    /// Refuses what was admitted before more was known to be in use.
    pub(crate) fn check_again(&self, place: &Place) -> Result<(), Refusal> {
        match place.kind {
            PlaceKind::Nothing | PlaceKind::StandardOutput => Ok(()),
            PlaceKind::File => self.check(&place.path, |by| !matches!(by, Use::Output(_))),
        }
    }

    fn check_use(&self, path: &Path) -> Result<(), Refusal> {
        self.check(path, |_| true)
    }

    /// Refuses a path whose file is in use, as far as a use counts.
    fn check(&self, path: &Path, counts: impl Fn(&Use) -> bool) -> Result<(), Refusal> {
        let identity = FileIdentity::of(path).ok();
        let slot = Slot::of(path).ok();
        let is_it = |used: &&UsedFile| {
            slot.is_some() && used.slot == slot
                || identity.is_some() && used.identity == identity && used.is_there()
        };
        let found = self.used.iter().filter(is_it).find(|used| counts(&used.by));
        match found {
            Some(used) => Err(Refusal::Used(used.by.clone())),
            None => Ok(()),
        }
    }
}

/// Refuses what is there and is not a regular file, or holds a database.
fn check_kind(path: &Path) -> Result<(), Refusal> {
    let kind = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Refusal::Unwritable(Error::at(path)(error))),
    };
    if kind.is_symlink() {
        Err(Refusal::Link)
    } else if kind.is_dir() {
        Err(Refusal::Folder)
    } else if !kind.is_file() {
        Err(Refusal::Special)
    } else if holds_database(path) {
        Err(Refusal::HoldsDatabase)
    } else {
        Ok(())
    }
}

/// Returns whether a file holds a database of SQLite. The database of the command is known by its identity and is never
/// opened here; a file that cannot be read is taken for none.
fn holds_database(path: &Path) -> bool {
    let mut start = Vec::with_capacity(DATABASE_START);
    let read =
        File::open(path).and_then(|file| file.take(DATABASE_START as u64).read_to_end(&mut start));
    read.is_ok() && DATABASES.iter().any(|database| start.starts_with(database))
}

/// Returns whether a path is written as that of a folder: `out/`, `out/.`.
fn ends_in_separator(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    text.ends_with(b"/") || text.ends_with(b"/.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn refusal(guard: &mut Guard, path: &Path) -> String {
        guard.admit(path, "--people").unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_is_gone_keeps_no_other_off() {
        let (folder, path) = folder_with("bugle.db-wal", b"journal");
        let mut guard = Guard::new();
        guard.protect(&path, Use::Input);
        // The new name of the same file stands for a new file that has got the number of the old one.
        let other = folder.path().join("rejects.csv");
        fs::rename(&path, &other).unwrap();
        assert!(guard.admit(&other, "--rejects").is_ok());
        assert!(guard.admit(&path, "--rejects").is_err());
    }

    #[test]
    fn a_file_in_use_is_refused_under_any_name() {
        let (folder, path) = folder_with("people.csv", b"email\n");
        let hard = folder.path().join("hard.csv");
        fs::hard_link(&path, &hard).unwrap();
        let around = folder.path().join("none/../people.csv");
        fs::create_dir(folder.path().join("none")).unwrap();
        let mut guard = Guard::new();
        guard.protect(&path, Use::Input);
        for name in [&path, &hard, &around] {
            assert_eq!(refusal(&mut guard, name), "this command reads it");
        }
        assert!(
            guard
                .admit(&folder.path().join("out.csv"), "--people")
                .is_ok()
        );
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_protected_by_its_folder_and_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut guard = Guard::new();
        guard.protect(&folder.path().join("bugle.db-wal"), Use::BesideDatabase);
        let around = folder.path().join(".").join("bugle.db-wal");
        assert_eq!(refusal(&mut guard, &around), "it belongs to the database");
    }

    #[test]
    fn two_outputs_are_two_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let mut guard = Guard::new();
        let place = guard.admit(&path, "--rejects").unwrap();
        assert_eq!(refusal(&mut guard, &path), "`--rejects` goes there");
        assert!(guard.check_again(&place).is_ok());
        guard.protect(&path, Use::CampaignFile);
        let refused = guard.check_again(&place).unwrap_err();
        assert_eq!(refused.to_string(), "it belongs to the campaigns");
    }

    #[test]
    fn what_is_no_regular_file_is_refused() {
        let (folder, path) = folder_with("backup.db", b"SQLite format 3\0and so on");
        let mut guard = Guard::new();
        assert_eq!(refusal(&mut guard, &path), "it holds a database");
        assert_eq!(refusal(&mut guard, folder.path()), "it is a folder");
        assert_eq!(
            refusal(&mut guard, Path::new("-")),
            "it is not the name of a file"
        );
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink("nowhere", &link).unwrap();
            assert_eq!(refusal(&mut guard, &link), "it is a link");
            let zero = refusal(&mut guard, Path::new("/dev/zero"));
            assert_eq!(zero, "it is neither a file nor a folder");
        }
        for _ in 0..2 {
            assert!(guard.admit(Path::new("/dev/null"), "--people").is_ok());
        }
    }
}
