//! The tests of campaigns whose files are still where they were loaded from, and what they have seen. The files are read
//! together, since campaigns name each other, and the tests run once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::app::stored_workspace::StoredWorkspace;
use crate::app::test::{TestOptions, test};
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
    /// Runs the tests of the files of all stored campaigns.
    pub(super) fn run(opened: &StoredWorkspace, seed: u64, threads: usize) -> Self {
        let files = opened.stored.iter().map(|row| PathBuf::from(&row.file));
        let files: BTreeSet<PathBuf> = files.filter(|file| file.is_file()).collect();
        let paths: Vec<PathBuf> = files.iter().cloned().collect();
        let options = TestOptions {
            seed,
            threads,
            name: None,
            update: false,
            witness: false,
        };
        let tested = (!paths.is_empty()).then(|| test(&paths, options).ok());
        let tested = tested.flatten();
        let (rows, coverage) = match tested {
            Some(tested) => (Some(tested.rows), tested.coverage),
            None => (None, Vec::new()),
        };
        Self {
            rows,
            coverage,
            files,
        }
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
