//! Power cuts, played from a record of what a command wrote and synced.
//!
//! Of each file the disk has what was written before its last sync; of what came after it, each write is there, is lost, or
//! is torn at a sector. A name that was made, moved or removed is on the disk once its folder was synced; until then all
//! names up to some point are there and no later ones, as a journalling file system keeps them. The index of a write-ahead
//! log (`-shm`) is memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::shim::Shim;
use super::sweep::Prepared;

/// The bytes that a disk writes whole.
const SECTOR: usize = 512;

/// A change that was recorded.
#[derive(Debug, Clone)]
enum Change {
    Create(PathBuf),
    Write(PathBuf, usize, Vec<u8>),
    Truncate(PathBuf, usize),
    Sync(PathBuf),
    Remove(PathBuf),
    Rename(PathBuf, PathBuf),
    Link(PathBuf, PathBuf),
    Folder(PathBuf),
}

/// Runs a command in a copy of its folder, cuts the power at a point that the seed gives, and returns what the disk has, and
/// whether the command had ended before the cut.
pub(crate) fn cut(prepared: &Prepared, shim: &Shim, seed: u64) -> (Folder, bool) {
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = prepared.before.copy();
    let log = tempfile::NamedTempFile::new().unwrap();
    shim.record(&folder, prepared.case.line, &log.path().to_owned());
    let top = fs::canonicalize(folder.path()).unwrap();
    let changes = read(&fs::read(log.path()).unwrap(), &top);
    // One cut in four comes after the end.
    let end = random.usize(0..=changes.len() * 4 / 3).min(changes.len());
    let disk = prepared.before.copy();
    play(&changes[..end], disk.path(), &mut random);
    // In the same place: a command may have recorded where its files lie.
    folder.become_like(&disk);
    (folder, end == changes.len())
}

/// Reads a record; of files outside of the folder nothing is kept.
fn read(log: &[u8], top: &Path) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut rest = log;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let parts: Vec<&str> = line.split('\t').collect();
        let [what, path, other, offset, length] = parts[..] else {
            panic!("a record has five parts: {line}");
        };
        let (offset, length) = (offset.parse().unwrap(), length.parse().unwrap());
        let inner = |path: &str| Path::new(path).strip_prefix(top).ok().map(Path::to_owned);
        let data: &[u8] = if what == "write" {
            let (data, after) = rest.split_at(length);
            rest = after;
            data
        } else {
            &[]
        };
        let Some(path) = inner(path) else { continue };
        changes.push(match what {
            "create" => Change::Create(path),
            "write" => Change::Write(path, offset, data.to_owned()),
            "truncate" => Change::Truncate(path, offset),
            "sync" => Change::Sync(path),
            "remove" => Change::Remove(path),
            "rename" => Change::Rename(path, inner(other).unwrap()),
            "link" => Change::Link(path, inner(other).unwrap()),
            "folder" => Change::Folder(path),
            other => panic!("{other} is no change"),
        });
    }
    changes
}

/// A file as the disk may have it.
#[derive(Debug, Clone, Default)]
struct File {
    /// What the disk has for certain.
    safe: Vec<u8>,
    /// What was written since, in order.
    open: Vec<Edit>,
}

#[derive(Debug, Clone)]
enum Edit {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl File {
    fn sync(&mut self) {
        for edit in std::mem::take(&mut self.open) {
            edit.apply(&mut self.safe);
        }
    }

    /// Returns what is there after the cut.
    fn after(mut self, random: &mut fastrand::Rng) -> Vec<u8> {
        for edit in self.open {
            match (random.u8(0..3), edit) {
                (0, _) => {}
                (1, Edit::Write(at, data)) if data.len() > SECTOR => {
                    let sectors = random.usize(0..=data.len() / SECTOR);
                    Edit::Write(at, data[..sectors * SECTOR].to_owned()).apply(&mut self.safe);
                }
                (_, edit) => edit.apply(&mut self.safe),
            }
        }
        self.safe
    }
}

impl Edit {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Truncate(length) => content.resize(*length, 0),
            Self::Write(at, data) => {
                if content.len() < at + data.len() {
                    content.resize(at + data.len(), 0);
                }
                content[*at..at + data.len()].copy_from_slice(data);
            }
        }
    }
}

/// Returns the path of what was renamed, or lay in a folder that was.
fn moved(path: &Path, from: &Path, to: &Path) -> Option<PathBuf> {
    let within = path.strip_prefix(from).ok()?;
    Some(if within.as_os_str().is_empty() {
        to.to_owned()
    } else {
        to.join(within)
    })
}

/// Plays changes onto what is on a disk, and leaves what a cut after the last of them leaves.
fn play(changes: &[Change], disk: &Path, random: &mut fastrand::Rng) {
    // Names that are certain: those before the last sync of a folder; of the others, the first few.
    let is_name = |change: &Change| match change {
        Change::Create(_)
        | Change::Remove(_)
        | Change::Rename(..)
        | Change::Link(..)
        | Change::Folder(_) => true,
        Change::Write(..) | Change::Truncate(..) | Change::Sync(_) => false,
    };
    let is_folder = |path: &PathBuf| {
        let made = |change: &Change| matches!(change, Change::Folder(made) if made == path);
        path.as_os_str().is_empty() || disk.join(path).is_dir() || changes.iter().any(made)
    };
    let synced = changes
        .iter()
        .rposition(|change| matches!(change, Change::Sync(path) if is_folder(path)));
    let from = synced.unwrap_or(0);
    let names: Vec<usize> = (from..changes.len())
        .filter(|at| is_name(&changes[*at]))
        .collect();
    let kept = random.usize(0..=names.len());
    let last_name = names.get(kept).copied().unwrap_or(changes.len());

    // Files by number, since a file keeps its content under another name.
    let mut files: Vec<File> = Vec::new();
    let mut now: BTreeMap<PathBuf, usize> = BTreeMap::new();
    read_files(disk, disk, &mut |name, content| {
        now.insert(name, files.len());
        files.push(File {
            safe: content,
            open: Vec::new(),
        });
    });
    let mut lasting = now.clone();
    let mut folders = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        match change {
            Change::Write(path, offset, data) => {
                if let Some(file) = now.get(path) {
                    files[*file].open.push(Edit::Write(*offset, data.clone()));
                }
            }
            Change::Truncate(path, length) => {
                if let Some(file) = now.get(path) {
                    files[*file].open.push(Edit::Truncate(*length));
                }
            }
            Change::Sync(path) => {
                if let Some(file) = now.get(path) {
                    files[*file].sync();
                }
            }
            Change::Folder(path) => folders.push(path.clone()),
            Change::Create(path) => {
                files.push(File::default());
                name(&mut now, &mut lasting, at < last_name, |names| {
                    names.insert(path.clone(), files.len() - 1);
                });
            }
            Change::Remove(path) => name(&mut now, &mut lasting, at < last_name, |names| {
                names.remove(path);
            }),
            Change::Rename(from, to) => {
                for folder in folders.iter_mut().filter(|_| at < last_name) {
                    *folder = moved(folder, from, to).unwrap_or_else(|| folder.clone());
                }
                name(&mut now, &mut lasting, at < last_name, |names| {
                    let here: Vec<PathBuf> = names.keys().cloned().collect();
                    for path in here {
                        if let (Some(new), Some(file)) = (moved(&path, from, to), names.get(&path))
                        {
                            let file = *file;
                            names.remove(&path);
                            names.insert(new, file);
                        }
                    }
                });
            }
            Change::Link(from, to) => name(&mut now, &mut lasting, at < last_name, |names| {
                if let Some(file) = names.get(from).copied() {
                    names.insert(to.clone(), file);
                }
            }),
        }
    }
    write_files(disk, &folders, lasting, files, random);
}

/// Changes the names of files: those that the process sees, and those that the disk has.
fn name(
    now: &mut BTreeMap<PathBuf, usize>,
    lasting: &mut BTreeMap<PathBuf, usize>,
    lasts: bool,
    change: impl Fn(&mut BTreeMap<PathBuf, usize>),
) {
    change(now);
    if lasts {
        change(lasting);
    }
}

fn write_files(
    disk: &Path,
    folders: &[PathBuf],
    names: BTreeMap<PathBuf, usize>,
    files: Vec<File>,
    random: &mut fastrand::Rng,
) {
    read_files(disk, disk, &mut |name, _| {
        fs::remove_file(disk.join(name)).unwrap();
    });
    for folder in folders {
        fs::create_dir_all(disk.join(folder)).unwrap();
    }
    // A file with several names has one content.
    let contents: Vec<Vec<u8>> = files.into_iter().map(|file| file.after(random)).collect();
    for (name, file) in names {
        if !name.to_string_lossy().ends_with("-shm") {
            let path = disk.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &contents[file]).unwrap();
        }
    }
}

fn read_files(top: &Path, folder: &Path, see: &mut dyn FnMut(PathBuf, Vec<u8>)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_files(top, &path, see);
        } else {
            let name = path.strip_prefix(top).unwrap().to_owned();
            see(name, fs::read(&path).unwrap());
        }
    }
}
