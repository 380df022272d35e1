//! `campaign watch`: checks campaign files whenever one is saved, and runs the tests that the save may have changed.
//!
//! Files are looked at again and again, which works on every file system. A test depends on the file of its campaign, on
//! those of the campaigns that take part (`with`), and on what all share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::campaign::case::Case;
use crate::campaign::{Campaign, Workspace};
use crate::results::{TestRow, WatchRow};
use crate::source::Stamps;

use super::test::some_tests;
use super::validate::{Validation, validate};
use super::{Error, ErrorKind, UserError};

/// Files that are watched.
#[derive(Debug)]
pub(crate) struct Watched {
    paths: Vec<PathBuf>,
    /// Files that are read and no YAML: the texts of emails.
    texts: Vec<PathBuf>,
    /// What the files looked like when they were read.
    stamps: Stamps,
    /// What they looked like since, where that is not the same: an editor may still be writing.
    moving: Option<Stamps>,
    /// What has changed since the last look that was taken.
    changed: Vec<PathBuf>,
    due: Due,
    /// Tests that failed when they were run last, by campaign and name.
    failing: BTreeSet<(String, String)>,
}

/// Which tests must be run.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Due {
    All,
    /// Those that depend on one of these files.
    Of(BTreeSet<PathBuf>),
}

/// What the files are now.
#[derive(Debug)]
pub(crate) struct Look {
    /// The counts.
    pub(crate) row: WatchRow,
    /// The check of all files.
    pub(crate) checked: Validation,
    /// The tests that were run.
    pub(crate) tests: Vec<TestRow>,
}

impl Watched {
    /// Begins to watch what paths stand for.
    pub(crate) fn new(paths: Vec<PathBuf>) -> Result<Self, UserError> {
        if paths.iter().any(|path| path.as_os_str() == "-") {
            let message = "standard input cannot be watched";
            return Err(UserError::new(ErrorKind::Usage, message).help("name files or folders"));
        }
        Ok(Self {
            stamps: Stamps::of(&paths, []),
            paths,
            texts: Vec::new(),
            moving: None,
            changed: Vec::new(),
            due: Due::All,
            failing: BTreeSet::new(),
        })
    }

    /// Returns whether files have changed since they were read, and stay as they are since the last time that this was
    /// asked: they can be read.
    pub(crate) fn has_changed(&mut self) -> bool {
        let now = self.stamped();
        if now == self.stamps {
            self.moving = None;
            return false;
        }
        if self.moving.as_ref() != Some(&now) {
            self.moving = Some(now);
            return false;
        }
        let changed = now.changed_since(&self.stamps);
        self.changed = changed.into_iter().map(Path::to_owned).collect();
        if let Due::Of(files) = &mut self.due {
            files.extend(self.changed.iter().cloned());
        }
        self.stamps = now;
        self.moving = None;
        true
    }

    fn stamped(&self) -> Stamps {
        Stamps::of(&self.paths, self.texts.iter().map(PathBuf::as_path))
    }

    /// Checks all files, and runs the tests that are due and those that have failed, unless there are errors.
    pub(crate) fn look(&mut self, seed: u64) -> Result<Look, Error> {
        let checked = validate(&self.paths)?;
        let read = checked.sources.all().map(|(_, file)| file.path.clone());
        self.texts = read.collect();
        self.stamps.add_missing(self.stamped());
        let tests = match &checked.workspace {
            Some(workspace) => self.run_tests(workspace, &checked, seed),
            None => Vec::new(),
        };
        let passed = tests.iter().filter(|row| row.passed).count();
        let changed = self.changed.iter();
        let row = WatchRow {
            changed: changed.map(|path| path.display().to_string()).collect(),
            campaigns: checked.rows.len(),
            errors: checked.diagnostics.errors(),
            warnings: checked.diagnostics.warnings(),
            tests: tests.len(),
            passed,
            failed: tests.len() - passed,
        };
        Ok(Look {
            row,
            checked,
            tests,
        })
    }

    fn run_tests(
        &mut self,
        workspace: &Workspace,
        checked: &Validation,
        seed: u64,
    ) -> Vec<TestRow> {
        let due = self.due.in_workspace(workspace);
        let wanted = |campaign: &Campaign, case: &Case| {
            let name = (campaign.full_name.to_string(), case.name.clone());
            due.covers(campaign, case, workspace) || self.failing.contains(&name)
        };
        let rows = some_tests(workspace, &checked.sources, seed, wanted);
        let failed = rows.iter().filter(|row| !row.passed);
        self.failing = failed
            .map(|row| (row.campaign.clone(), row.test.clone()))
            .collect();
        self.due = Due::Of(BTreeSet::new());
        rows
    }
}

impl Due {
    /// Returns the same, or all where a file has changed that is none of a campaign: what all share, or one that is gone.
    fn in_workspace(&self, workspace: &Workspace) -> Self {
        let Self::Of(files) = self else {
            return Self::All;
        };
        let of_campaign = |file: &Path| {
            let mut campaigns = workspace.campaigns.iter();
            campaigns.any(|campaign| Path::new(&campaign.file) == file)
        };
        if files.iter().all(|file| of_campaign(file)) {
            self.clone()
        } else {
            Self::All
        }
    }

    fn covers(&self, campaign: &Campaign, case: &Case, workspace: &Workspace) -> bool {
        let Self::Of(files) = self else {
            return true;
        };
        let others = case.with.iter().map(|id| workspace.campaign(*id));
        let mut involved = others.chain([campaign]);
        involved.any(|campaign| files.contains(Path::new(&campaign.file)))
    }
}
