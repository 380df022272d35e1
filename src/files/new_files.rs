//! Many new files at once, such as a workspace to start from: all of them, or none.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::identity::named;
use super::{Error, private};

/// Whether a new file may be started as a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    /// It is read and written alone.
    Read,
    /// It may be started too, as git starts its hooks.
    Execute,
}

/// Files and folders that are made together. Dropped before they are finished, they are removed again.
#[derive(Debug, Default)]
pub(crate) struct NewFiles {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl NewFiles {
    /// Makes a folder with those above it, unless it is there.
    pub(crate) fn folder(&mut self, folder: &Path) -> Result<(), Error> {
        let above: Vec<&Path> = folder.ancestors().collect();
        for folder in above.into_iter().rev() {
            if !folder.as_os_str().is_empty() && !folder.is_dir() {
                private::create_folder(folder)?;
                self.folders.push(folder.to_owned());
            }
        }
        Ok(())
    }

    /// Writes a file, with the folders above it; one that is there is an error, and is left as it is.
    pub(crate) fn file(
        &mut self,
        path: &Path,
        bytes: &[u8],
        permission: Permission,
    ) -> Result<(), Error> {
        if let Some(folder) = path.parent() {
            self.folder(folder)?;
        }
        let mut file = private::create_new(path).map_err(Error::at(path))?;
        self.files.push(path.to_owned());
        file.write_all(bytes).map_err(Error::at(path))?;
        if permission == Permission::Execute {
            private::make_executable(&file).map_err(Error::at(path))?;
        }
        private::sync(&file, path)
    }

    /// Keeps them all, once the disk has their names.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        let mut folders: Vec<&Path> = self.files.iter().filter_map(|file| file.parent()).collect();
        folders.dedup();
        for folder in folders {
            private::sync_folder(named(folder)).map_err(Error::at(folder))?;
        }
        self.files.clear();
        self.folders.clear();
        Ok(())
    }
}

impl Drop for NewFiles {
    fn drop(&mut self) {
        // What cannot be removed is left: the error that is reported is the first one.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
