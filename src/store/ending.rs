//! The end of a writing command: removes a database that the command made and put nothing into, or a copy.

use std::path::PathBuf;

use super::paths;
use super::watch::{Moment, Watch};

/// What happens to the files of a writing command when it has closed them and still holds the lock.
#[derive(Debug)]
pub(super) struct Ending {
    /// The database.
    pub(super) path: PathBuf,
    /// The watch over it.
    pub(super) watch: Watch,
    /// Which files stay.
    pub(super) files: Files,
}

/// Which files stay when a command is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    /// They stay.
    Stay,
    /// The command has made the database: it stays if something was committed.
    StayIfUsed,
    /// The database was a copy to try things on.
    Go,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let in_place = self.watch.check(Moment::Closed).is_ok();
        let go = match self.files {
            Files::Stay => false,
            Files::StayIfUsed => !self.watch.has_committed(),
            Files::Go => true,
        };
        if go && in_place {
            // Where even that fails, an empty database is left, or a copy that the next command removes.
            let _ = paths::remove_database(&self.path);
        }
    }
}
