//! `campaign replay-events --people FILE`: a CSV row each time a trigger matched.
//!
//! The database keeps the matches until the file is complete. What it notes of the file then, before that gets its name,
//! lets the same command leave it as it is.

use crate::app::Error;
use crate::app::reexports::{MatchRow, Place, Store, Workspace, Written};
use crate::app::verdict;

use super::csv_file::CsvFile;

/// The file that matches go to.
pub(crate) struct MatchFile<'p> {
    place: &'p Place,
    file: CsvFile,
    /// The steps of the longest flow that a trigger starts.
    steps: usize,
    is_empty: bool,
    /// What the same command has written before.
    earlier: Option<Written>,
    dry_run: bool,
}

impl<'p> MatchFile<'p> {
    /// Begins the file of a replay; `identity` is what the same command is known by, where it is not a dry run.
    pub(crate) fn begin(
        place: &'p Place,
        store: &mut Store,
        identity: Option<u64>,
        workspace: &Workspace,
    ) -> Result<Self, Error> {
        let earlier = match identity {
            Some(identity) => store.begin_matches(identity)?,
            None => None,
        };
        if let Some(written) = earlier.filter(|_| place.is_file())
            && !CsvFile::is_published(place, written)?
            && let Some(file) = CsvFile::resume(place, written)?
        {
            // It was complete, and the command was killed before it had its name.
            file.publish()?;
        }
        let steps = verdict::steps_of_triggered(workspace);
        let mut file = CsvFile::create(place)?;
        file.record(&verdict::match_columns(steps))?;
        Ok(Self {
            place,
            file,
            steps,
            is_empty: true,
            earlier,
            dry_run: identity.is_none(),
        })
    }

    /// Writes a match.
    pub(crate) fn put(&mut self, matched: MatchRow) -> Result<(), Error> {
        self.is_empty = false;
        self.file.record(&verdict::match_cells(matched, self.steps))
    }

    /// Gives the file its name. Returns whether there was nothing to add to the one of the same command.
    pub(crate) fn finish(mut self, store: &mut Store) -> Result<bool, Error> {
        if let Some(written) = self.earlier.filter(|_| self.is_empty)
            && CsvFile::is_published(self.place, written)?
        {
            return Ok(true);
        }
        if !self.dry_run {
            self.file.keep()?;
            store.finish_matches(self.file.written())?;
        }
        self.file.publish()?;
        Ok(false)
    }
}
