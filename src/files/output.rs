//! A file that is written aside and gets its name at the end.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::guard::{Place, PlaceKind};
use super::identity::{folder_of, is_still_at};
use super::{Error, private, streams};

/// What the name of a file ends with while it is written.
const ASIDE: &str = ".bugle-part";

/// The longest name that file systems commonly take, in bytes.
const LONGEST_NAME: usize = 255;

/// The characters that are kept of a name that would be too long with [`ASIDE`]; none takes more than four bytes.
const KEPT_OF_NAME: usize = 60;

/// How much is written or read at once.
const BUFFER: usize = 64 * 1024;

/// How often a name is tried that other commands take at the same moment.
pub(super) const ATTEMPTS: usize = 100;

/// A file that is being written.
///
/// What is written lies aside, in the same folder, until [`OutputFile::publish`] gives it its name. Dropped before, it
/// leaves no trace, unless it is kept. What a killed command has left aside is replaced by the next command that writes the same file.
#[derive(Debug)]
pub(crate) struct OutputFile {
    path: PathBuf,
    /// Where it lies meanwhile; none where bytes go straight to their place.
    aside: Option<PathBuf>,
    out: BufWriter<File>,
    /// Whether something was written since it was last known to be on the disk.
    is_unsynced: bool,
    /// Whether it stays aside for a later command, where this one does not publish it.
    is_kept: bool,
}

impl Place {
    /// Opens the output for writing. What is there so far stays until it is published.
    pub(crate) fn create(&self) -> Result<OutputFile, Error> {
        let (file, aside) = match self.kind {
            PlaceKind::File => {
                let aside = aside(&self.path);
                (claim(&aside, &self.path)?, Some(aside))
            }
            PlaceKind::StandardOutput => {
                let stdout = streams::standard_output();
                (stdout.map_err(Error::at(&self.path))?, None)
            }
            PlaceKind::Nothing => {
                let null = private::options().write(true).open(&self.path);
                (null.map_err(Error::at(&self.path))?, None)
            }
        };
        Ok(OutputFile {
            path: self.path.clone(),
            aside,
            out: BufWriter::with_capacity(BUFFER, file),
            is_unsynced: true,
            is_kept: false,
        })
    }

    /// Opens the output to go on after its first `bytes` bytes, which an earlier command has written: they lie aside still,
    /// or have the name already. Returns nothing where they are in neither place; `is_right` is asked about them.
    ///
    /// Where bytes go straight to their place, nobody knows what arrived there before.
    pub(crate) fn resume(
        &self,
        bytes: u64,
        is_right: &mut dyn FnMut(&mut dyn Read) -> io::Result<bool>,
    ) -> Result<Option<OutputFile>, Error> {
        match self.kind {
            PlaceKind::File => {}
            PlaceKind::StandardOutput | PlaceKind::Nothing => return Ok(Some(self.create()?)),
        }
        let aside = aside(&self.path);
        let unreadable = |cause| Error::at(&aside)(cause);
        if fs::symlink_metadata(&aside).is_ok_and(|metadata| metadata.is_file()) {
            let opened = private::options().read(true).write(true).open(&aside);
            let mut file = opened.map_err(unreadable)?;
            private::lock(&file, &self.path)?;
            let begins = begins_rightly(&mut file, bytes, is_right).map_err(unreadable)?;
            if begins && is_still_at(&file, &aside) {
                file.set_len(bytes).map_err(unreadable)?;
                file.seek(SeekFrom::End(0)).map_err(unreadable)?;
                return Ok(Some(OutputFile {
                    path: self.path.clone(),
                    aside: Some(aside),
                    out: BufWriter::with_capacity(BUFFER, file),
                    is_unsynced: true,
                    is_kept: true,
                }));
            }
        }
        let Some(mut published) = self.published().map_err(Error::at(&self.path))? else {
            return Ok(None);
        };
        let begins = begins_rightly(&mut published, bytes, is_right);
        if !begins.map_err(Error::at(&self.path))? {
            return Ok(None);
        }
        let mut output = self.create()?;
        let copied = published
            .rewind()
            .and_then(|()| io::copy(&mut published.take(bytes), &mut output));
        copied.map_err(Error::at(&self.path))?;
        output.is_kept = true;
        Ok(Some(output))
    }

    /// Returns whether the file of this name has `bytes` bytes that are right, and no more.
    pub(crate) fn holds(
        &self,
        bytes: u64,
        is_right: &mut dyn FnMut(&mut dyn Read) -> io::Result<bool>,
    ) -> Result<bool, Error> {
        let mut held = || -> io::Result<bool> {
            let Some(mut published) = self.published()? else {
                return Ok(false);
            };
            let is_whole = published.metadata()?.len() == bytes;
            Ok(is_whole && begins_rightly(&mut published, bytes, is_right)?)
        };
        held().map_err(Error::at(&self.path))
    }

    fn published(&self) -> io::Result<Option<File>> {
        match File::open(&self.path) {
            Ok(file) => Ok(file.metadata()?.is_file().then_some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Returns the path from the root on, with the links in its folder resolved, so that two names of one place are equal.
    pub(crate) fn whole_path(&self) -> String {
        let folder = fs::canonicalize(folder_of(&self.path));
        let whole = match (folder, self.path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => self.path.clone(),
        };
        whole.to_string_lossy().into_owned()
    }

    /// Returns whether the bytes go to a file of this name.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.kind, PlaceKind::File)
    }
}

/// Removes what an earlier command has left aside of an output that nobody will finish.
pub(crate) fn discard(path: &Path) -> Result<(), Error> {
    let aside = aside(path);
    match fs::symlink_metadata(&aside) {
        Ok(metadata) if metadata.is_file() => clear(&aside, path),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn begins_rightly(
    file: &mut File,
    bytes: u64,
    is_right: &mut dyn FnMut(&mut dyn Read) -> io::Result<bool>,
) -> io::Result<bool> {
    if file.metadata()?.len() < bytes {
        return Ok(false);
    }
    file.rewind()?;
    is_right(&mut BufReader::with_capacity(BUFFER, file).take(bytes))
}

impl OutputFile {
    /// Makes the error of a failed write.
    pub(crate) fn unwritable(&self, cause: io::Error) -> Error {
        Error::at(&self.path)(cause)
    }

    /// Lets everybody read the file; for what holds nothing about people, such as a manual page.
    pub(crate) fn share(&self) -> Result<(), Error> {
        if self.aside.is_none() {
            return Ok(());
        }
        private::make_readable(self.out.get_ref()).map_err(Error::at(&self.path))
    }

    /// Gives the file the permissions of the one that it replaces.
    pub(super) fn set_permissions(&self, permissions: fs::Permissions) -> Result<(), Error> {
        let set = self.out.get_ref().set_permissions(permissions);
        set.map_err(Error::at(&self.path))
    }

    /// Waits until the disk has all that was written. More may be written afterwards.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        self.out.flush().map_err(Error::at(&self.path))?;
        if self.aside.is_some() && self.is_unsynced {
            private::sync(self.out.get_ref(), &self.path)?;
        }
        self.is_unsynced = false;
        Ok(())
    }

    /// Lets the file stay aside where this command does not publish it: a later one goes on with it.
    pub(crate) fn keep(&mut self) -> Result<(), Error> {
        if self.aside.is_none() || self.is_kept {
            return Ok(());
        }
        self.is_kept = true;
        private::sync_folder(folder_of(&self.path)).map_err(Error::at(&self.path))
    }

    /// Gives the file its name, in place of what had it before, once all of it is on the disk.
    pub(crate) fn publish(mut self) -> Result<(), Error> {
        self.sync()?;
        let Some(aside) = &self.aside else {
            return Ok(());
        };
        fs::rename(aside, &self.path).map_err(Error::at(&self.path))?;
        self.aside = None;
        let folder = folder_of(&self.path);
        private::sync_folder(folder).map_err(Error::at(folder))
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_unsynced = true;
        self.out.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.is_unsynced = true;
        self.out.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        if let Some(aside) = self.aside.as_ref().filter(|_| !self.is_kept) {
            // The command fails already; the next one removes what this one could not.
            let _ = fs::remove_file(aside);
        }
    }
}

/// Returns where a file lies while it is written: beside its place, hidden, and always at the same path, so that the
/// next command finds what a killed one has left.
pub(super) fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default();
    let mut hidden = OsString::from(".");
    if name.len() + ".".len() + ASIDE.len() <= LONGEST_NAME {
        hidden.push(name);
    } else {
        let start: String = name.to_string_lossy().chars().take(KEPT_OF_NAME).collect();
        hidden.push(start);
    }
    hidden.push(ASIDE);
    path.with_file_name(hidden)
}

/// Makes the file aside and locks it, so that no other command takes it for what a killed one has left.
fn claim(aside: &Path, path: &Path) -> Result<File, Error> {
    let unwritable = |cause| Error::at(path)(cause);
    for _ in 0..ATTEMPTS {
        match private::create_new(aside) {
            Ok(file) => {
                // Between the two calls another command may have taken it away.
                private::lock(&file, path)?;
                if is_still_at(&file, aside) {
                    return Ok(file);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                clear(aside, path)?;
            }
            Err(error) => return Err(unwritable(error)),
        }
    }
    Err(Error::Busy(path.to_owned()))
}

/// Removes what a killed command has left; what a living one writes is left alone.
fn clear(aside: &Path, path: &Path) -> Result<(), Error> {
    let is_file = fs::symlink_metadata(aside).is_ok_and(|metadata| metadata.is_file());
    let held = if is_file {
        match File::open(aside) {
            Ok(file) => {
                private::lock(&file, path)?;
                if !is_still_at(&file, aside) {
                    return Ok(());
                }
                Some(file)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::at(aside)(error)),
        }
    } else {
        None
    };
    let removed = match fs::remove_file(aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::at(aside)(error)),
        Ok(()) | Err(_) => Ok(()),
    };
    drop(held);
    removed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Guard;

    fn place(path: &Path) -> Place {
        Guard::new().admit(path, "--people").unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_file_before_stays_until_the_new_one_is_published() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        let mut output = place(&path).create().unwrap();
        output.write_all(b"after").unwrap();
        output.sync().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        output.write_all(b" all").unwrap();
        output.publish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after all");
        assert_eq!(names(folder.path()), ["out.csv"]);
    }

    #[test]
    fn what_is_not_published_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = place(&folder.path().join("out.csv")).create().unwrap();
        output.write_all(b"row").unwrap();
        output.sync().unwrap();
        drop(output);
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_for_its_owner_alone_even_in_place_of_one_for_all() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        place(&path).create().unwrap().publish().unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_a_killed_command_has_left_is_replaced_and_a_living_one_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(aside(&path), "left").unwrap();
        let first = place(&path).create().unwrap();
        let second = place(&path).create().unwrap_err();
        let busy = format!("another command is writing to `{}`", path.display());
        assert_eq!(second.to_string(), busy);
        first.publish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
    }

    #[test]
    fn the_longest_name_is_written_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("é".repeat(127));
        place(&path).create().unwrap().publish().unwrap();
        assert!(path.is_file());
    }
}
