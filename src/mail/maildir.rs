//! A Maildir: a message a file, written in `tmp` and moved into `new` when it is whole.
//!
//! A file is named by its message, so that a second export finds what is there, also where a mail reader has moved it
//! into `cur`. Messages of others are left alone.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::domain::Instant;
use crate::files::private;

use super::{Error, unwritable};

/// What the names of our files end with.
const OURS: &str = ".bugle";

/// The folders that make a folder a Maildir.
const FOLDERS: [&str; 3] = ["cur", "new", "tmp"];

/// A Maildir that is being written to.
#[derive(Debug)]
pub(crate) struct Maildir {
    folder: PathBuf,
    known: BTreeSet<Box<str>>,
    /// Written in `tmp` and not yet in `new`.
    aside: Vec<Aside>,
    /// Held open for the lock on it.
    _held: Option<File>,
}

/// A message that is whole in `tmp`, and perhaps not yet on the disk.
#[derive(Debug)]
struct Aside {
    file: File,
    name: String,
}

/// How many messages are made to last together: the first of them then takes the others along, where each by itself
/// would wait for the disk.
const BATCH: usize = 200;

impl Maildir {
    /// Opens a Maildir, making it where there is nothing or an empty folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        private::create_folder(folder)?;
        if !FOLDERS.iter().all(|name| folder.join(name).is_dir()) {
            // A kill may have left some of the three, and nothing else.
            for entry in fs::read_dir(folder).map_err(unwritable(folder))? {
                let name = entry.map_err(unwritable(folder))?.file_name();
                if !FOLDERS.iter().any(|ours| name == *ours) {
                    let what = "is not empty and not a Maildir: it has no `cur`, `new` and `tmp`";
                    return Err(Error::Foreign(folder.to_owned(), what));
                }
            }
            for name in FOLDERS {
                private::create_folder(&folder.join(name))?;
            }
        }
        let held = hold(&folder.join("tmp"))?;
        let mut known = BTreeSet::new();
        for name in ["new", "cur"] {
            let inner = folder.join(name);
            for entry in fs::read_dir(&inner).map_err(unwritable(&inner))? {
                let name = entry.map_err(unwritable(&inner))?.file_name();
                // Behind a colon, or what stands for one, mail readers keep flags.
                let name = name.to_string_lossy();
                if let Some(name) = name.split([':', ';', '!']).next()
                    && let Some(name) = name.strip_suffix(OURS)
                {
                    known.insert(Box::from(name));
                }
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            known,
            aside: Vec::new(),
            _held: held,
        })
    }

    /// Returns whether a message of this name is there, read or unread.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// Takes one message, which is delivered whole or not at all, also after a kill.
    pub(crate) fn put(&mut self, name: &str, at: Instant, message: &[u8]) -> Result<(), Error> {
        let file_name = format!("{name}{OURS}");
        let aside = self.folder.join("tmp").join(&file_name);
        // What a killed export has left goes; a new file is never one that somebody else has put there.
        match fs::remove_file(&aside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unwritable(&aside)(error));
            }
            Ok(()) | Err(_) => {}
        }
        let written = private::create_new(&aside).and_then(|mut file| {
            file.write_all(message)?;
            // Mail readers take a file's time for when the message arrived.
            if let Ok(micros) = u64::try_from(at.micros()) {
                file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))?;
            }
            Ok(file)
        });
        let file = written.map_err(unwritable(&aside))?;
        self.aside.push(Aside {
            file,
            name: file_name,
        });
        if self.aside.len() >= BATCH {
            self.deliver()?;
        }
        Ok(())
    }

    /// Moves what is in `tmp` into `new`, each message after it has reached the disk.
    fn deliver(&mut self) -> Result<(), Error> {
        let (tmp, new) = (self.folder.join("tmp"), self.folder.join("new"));
        for aside in &self.aside {
            private::sync(&aside.file, &tmp.join(&aside.name))?;
        }
        for aside in self.aside.drain(..) {
            let delivered = new.join(&aside.name);
            fs::rename(tmp.join(&aside.name), &delivered).map_err(unwritable(&delivered))?;
        }
        Ok(())
    }

    /// Makes what was delivered last.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.deliver()?;
        let new = self.folder.join("new");
        private::sync_folder(&new).map_err(unwritable(&new))
    }
}

/// Keeps other exports out of `tmp`, where two of them would write to one file. Only Unix opens folders as files.
fn hold(folder: &Path) -> Result<Option<File>, Error> {
    if !cfg!(unix) {
        return Ok(None);
    }
    let held = File::open(folder).map_err(unwritable(folder))?;
    private::lock(&held, folder)?;
    Ok(Some(held))
}
