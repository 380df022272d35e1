//! Several transactions that wait for the disk once.
//!
//! In a write-ahead log, a commit that does not wait for the disk is as atomic as one that does, and a kill takes nothing of
//! it: only when power fails may the last ones be gone, never an earlier one without the later. So a command with very many
//! small transactions, such as a year of scheduled runs, waits once at its end, before anything of it is reported.

use super::database::Store;
use super::error::Result;
use super::meta;

impl Store {
    /// Lets commits wait for the disk no longer, until [`Store::sync_now`].
    pub(crate) fn sync_later(&self) -> Result<()> {
        self.set_synchronous("NORMAL")
    }

    /// Waits until the disk has all that was committed, as each commit does from here on.
    pub(crate) fn sync_now(&self) -> Result<()> {
        self.set_synchronous("FULL")?;
        // A commit waits for the whole log, whatever it changes; one that changes nothing would be none.
        meta::count_sync(&self.connection).map_err(|error| error.at(&self.path))
    }

    fn set_synchronous(&self, how: &str) -> Result<()> {
        Ok(self.connection.pragma_update(None, "synchronous", how)?)
    }
}
