//! `campaign replay-events --people FILE`: a CSV row each time a trigger matched.

use crate::app::reexports::{Match, OutputFile, Place, Workspace};
use crate::app::{Error, verdict};
use crate::render;

/// The file that matches go to.
pub(crate) struct MatchFile(OutputFile);

impl MatchFile {
    /// Begins the file.
    pub(crate) fn create(place: &Place) -> Result<Self, Error> {
        Ok(Self(place.create()?))
    }

    /// Writes all matches, and gives the file its name.
    pub(crate) fn write(mut self, matches: &[Match], workspace: &Workspace) -> Result<(), Error> {
        self.record(&verdict::match_columns(workspace))?;
        for matched in matches {
            self.record(&verdict::match_cells(matched, workspace)?)?;
        }
        Ok(self.0.publish()?)
    }

    fn record(&mut self, cells: &[String]) -> Result<(), Error> {
        let written = render::csv::record(&mut self.0, cells);
        written.map_err(|cause| self.0.unwritable(cause).into())
    }
}
