//! `campaign run --people FILE`: a CSV row a person, for its owner alone.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::app::reexports::Campaign;
use crate::app::{ErrorKind, UserError};
use crate::render;
use crate::results::VerdictRow;

use super::error::system;

/// The file that verdicts go to.
pub struct VerdictFile {
    path: PathBuf,
    file: BufWriter<File>,
    campaign: String,
}

impl VerdictFile {
    /// Makes the file, or empties it if it is there.
    pub fn create(path: &Path) -> Result<Self, UserError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|e| unwritable(path, &e))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
            campaign: String::new(),
        })
    }

    /// Writes the header of a campaign's rows.
    pub fn begin(&mut self, campaign: &Campaign) -> Result<(), UserError> {
        campaign.full_name.as_ref().clone_into(&mut self.campaign);
        let known = ["campaign", "person_id", "email", "verdict", "reason"];
        let steps = (1..=campaign.flow.len()).map(|step| format!("step_{step}"));
        let header: Vec<String> = known.map(str::to_owned).into_iter().chain(steps).collect();
        self.record(&header)
    }

    /// Writes one person's row.
    pub fn put(&mut self, row: &VerdictRow) -> Result<(), UserError> {
        let mut cells = vec![
            self.campaign.clone(),
            row.person_id.to_string(),
            row.email.clone().unwrap_or_default(),
            row.verdict.to_owned(),
            row.reason.clone().unwrap_or_default(),
        ];
        cells.extend(
            row.steps
                .iter()
                .map(|step| step.clone().unwrap_or_default()),
        );
        self.record(&cells)
    }

    /// Writes out what is still held back.
    pub fn finish(mut self) -> Result<(), UserError> {
        self.file.flush().map_err(|e| unwritable(&self.path, &e))
    }

    fn record(&mut self, cells: &[String]) -> Result<(), UserError> {
        render::csv::record(&mut self.file, cells).map_err(|e| unwritable(&self.path, &e))
    }
}

fn unwritable(path: &Path, error: &io::Error) -> UserError {
    let message = format!("cannot write `{}`: {}", path.display(), system(error));
    UserError::new(ErrorKind::Storage, message)
}
