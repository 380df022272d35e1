//! The tests of campaigns whose files are still where they were loaded from, and what they have seen. The files are read
//! together, since campaigns name each other, and the tests run once.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::app::Error;
use crate::app::stored_workspace::StoredWorkspace;
use crate::app::test::{TestOptions, test};
use crate::app::unreadable_path::unreadable;
use crate::domain::text::same;
use crate::results::{CampaignCoverage, TestRow, TestVerdict};

/// The tests of all files.
pub(super) struct FileTests {
    /// None where the files have errors, so that no test can run.
    rows: Option<Vec<TestRow>>,
    coverage: Vec<CampaignCoverage>,
    files: BTreeSet<PathBuf>,
}

impl FileTests {
    /// Runs the tests of the files of all stored campaigns. A file that cannot be read is an error, one that is gone is not.
    pub(super) fn run(opened: &StoredWorkspace, seed: u64, threads: usize) -> Result<Self, Error> {
        let mut files = BTreeSet::new();
        for row in &opened.stored {
            let file = PathBuf::from(&row.file);
            match fs::metadata(&file) {
                Ok(metadata) if metadata.is_file() => {
                    files.insert(file);
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unreadable(&file, &error).into()),
            }
        }
        let paths: Vec<PathBuf> = files.iter().cloned().collect();
        let options = TestOptions {
            seed,
            threads,
            name: None,
            update: false,
            witness: false,
        };
        let (rows, coverage) = if paths.is_empty() {
            (None, Vec::new())
        } else {
            match test(&paths, options) {
                Ok(tested) => (Some(tested.rows), tested.coverage),
                Err(Error::Campaigns(_)) => (None, Vec::new()),
                Err(error) => return Err(error),
            }
        };
        Ok(Self {
            rows,
            coverage,
            files,
        })
    }

    /// Returns the tests of a campaign; nothing where its file is gone or tests cannot run.
    pub(super) fn of(&self, file: &str, campaign: &str) -> Option<Vec<TestVerdict>> {
        let rows = self.rows.as_ref()?;
        self.files.contains(&PathBuf::from(file)).then(|| {
            let mine = rows.iter().filter(|row| same(&row.campaign, campaign));
            let verdicts = mine.map(|row| TestVerdict {
                test: row.test.clone(),
                passed: row.passed,
            });
            verdicts.collect()
        })
    }

    /// Returns what the tests have seen of a campaign; nothing where they could not run.
    pub(super) fn coverage_of(&self, campaign: &str) -> Option<CampaignCoverage> {
        let mut all = self.coverage.iter();
        all.find(|one| same(&one.campaign, campaign)).cloned()
    }
}
