//! A folder that is filled aside and gets its name at the end, so that under its name there is all of it or nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::identity::{folder_of, is_still_at, named};
use super::output::{ATTEMPTS, aside};
use super::{Error, private};

/// A folder in the making. Dropped before it is finished, it is removed again; what a killed command has left is replaced by
/// the next command that makes the same folder.
#[derive(Debug)]
pub(crate) struct NewFolder {
    path: PathBuf,
    /// Where it lies meanwhile; none once it has its name.
    aside: Option<PathBuf>,
    /// Folders in it.
    folders: Vec<PathBuf>,
    /// Open for the lock on it.
    _lock: Option<File>,
}

impl NewFolder {
    /// Begins a folder of this name, which must be free or that of an empty folder.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        let aside = aside(path);
        private::create_folder(folder_of(path))?;
        for _ in 0..ATTEMPTS {
            let is_new = match private::create_new_folder(&aside) {
                Ok(()) => true,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
                // Another command took it for what a killed one has left.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Error::at(&aside)(error)),
            };
            // Other systems than Unix open no folder, and have no lock on one.
            let lock = match File::open(&aside) {
                Ok(lock) => Some(lock),
                Err(_) if !cfg!(unix) => None,
                // The same here.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(Error::at(&aside)(error)),
            };
            if let Some(lock) = &lock {
                private::lock(lock, path)?;
                if !is_still_at(lock, &aside) {
                    continue;
                }
            }
            if is_new {
                return Ok(Self {
                    path: path.to_owned(),
                    aside: Some(aside),
                    folders: Vec::new(),
                    _lock: lock,
                });
            }
            // A killed command has left it.
            fs::remove_dir_all(&aside).map_err(Error::at(&aside))?;
        }
        Err(Error::Busy(path.to_owned()))
    }

    /// Returns where something in it lies while it is made.
    pub(crate) fn at(&self, inside: &Path) -> PathBuf {
        self.aside.as_deref().unwrap_or(&self.path).join(inside)
    }

    /// Makes a folder in it.
    pub(crate) fn folder(&mut self, inside: &Path) -> Result<(), Error> {
        let folder = self.at(inside);
        private::create_folder(&folder)?;
        self.folders.push(folder);
        Ok(())
    }

    /// Makes an empty file in it, for the owner alone.
    pub(crate) fn file(&self, inside: &Path) -> Result<File, Error> {
        let path = self.at(inside);
        private::create_new(&path).map_err(Error::at(&path))
    }

    /// Waits until the disk has a file in it.
    pub(crate) fn sync(&self, inside: &Path, file: &File) -> Result<(), Error> {
        private::sync(file, &self.at(inside))
    }

    /// Gives the folder its name, once the disk has what is in it.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        let Some(aside) = self.aside.clone() else {
            return Ok(());
        };
        for folder in self.folders.iter().chain([&aside]) {
            private::sync_folder(folder).map_err(Error::at(folder))?;
        }
        match fs::remove_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                return Err(Error::Busy(self.path.clone()));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::at(&self.path)(error));
            }
            Ok(()) | Err(_) => {}
        }
        fs::rename(&aside, &self.path).map_err(Error::at(&self.path))?;
        self.aside = None;
        let above = named(folder_of(&self.path));
        private::sync_folder(above).map_err(Error::at(above))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if let Some(aside) = &self.aside {
            // The command fails already; the next one removes what this one could not.
            let _ = fs::remove_dir_all(aside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn the_folder_has_its_name_once_it_is_whole() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("out");
        let mut folder = NewFolder::create(&path).unwrap();
        folder.folder(Path::new("shard-1")).unwrap();
        let inside = Path::new("shard-1/people.csv");
        let mut file = folder.file(inside).unwrap();
        file.write_all(b"email\n").unwrap();
        folder.sync(inside, &file).unwrap();
        assert!(!path.exists());
        assert!(NewFolder::create(&path).is_err());
        folder.finish().unwrap();
        assert_eq!(fs::read(path.join(inside)).unwrap(), b"email\n");
        drop(NewFolder::create(&outer.path().join("other")).unwrap());
        assert_eq!(fs::read_dir(outer.path()).unwrap().count(), 1);
    }
}
