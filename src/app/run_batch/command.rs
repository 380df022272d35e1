//! `campaign run` as one command over its campaigns: what it has done already when it is given again.
//!
//! The same command has the same campaigns in the same versions and order, the same people, the same seed, and the same
//! clock; one that stands unfinished is the same whatever the clock says. The campaigns that it has finished are passed
//! over, the one it was interrupted in goes on, and the others follow. From its first commit to its last one the command
//! stands unfinished: the run of each further campaign begins in the transaction that finishes the one before.

use std::collections::BTreeMap;

use crate::app::{Error, ErrorKind, Session, UserError};
use crate::campaign::Campaign;
use crate::domain::{CampaignId, Instant, PersonId, Text};
use crate::results::RunSummary;
use crate::store::{
    CommandId, CommandPlace, NextRun, RunCommand, RunState, Store, StoredCommand, StoredRun,
    Written,
};

use super::{check_clock, check_mode};

/// What `campaign run` is given.
#[derive(Debug, Clone)]
pub(crate) struct GivenCommand {
    /// The campaigns, in order.
    pub(crate) campaigns: Vec<CampaignId>,
    /// The instant taken as now.
    pub(crate) now: Instant,
    /// Only these people.
    pub(crate) only: Option<Vec<PersonId>>,
    /// The whole path of `--people`.
    pub(crate) people_file: Option<String>,
    /// Whether it is done once more, where it was finished before.
    pub(crate) again: bool,
}

/// A command, and how far it has got.
#[derive(Debug)]
pub(crate) struct CommandProgress {
    given: RunCommand,
    /// Its row, where it has one.
    id: Option<CommandId>,
    /// The newest run of each campaign, by place.
    runs: BTreeMap<usize, StoredRun>,
}

/// The place of a run in its command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunPlace<'c> {
    /// The command as given.
    pub(super) given: &'c RunCommand,
    /// Its row, where it has one.
    pub(super) id: Option<CommandId>,
    /// Which of its campaigns, from 0.
    pub(super) place: usize,
    /// The campaign that is to run next.
    next: Option<usize>,
}

impl CommandProgress {
    /// Finds out how far a command has got, and refuses one that cannot be done.
    pub(crate) fn of(
        store: &Store,
        session: &Session<'_>,
        given: &GivenCommand,
    ) -> Result<Self, Error> {
        let campaigns: Vec<&Campaign> = given
            .campaigns
            .iter()
            .map(|id| session.workspace().campaign(*id))
            .collect();
        let command = RunCommand {
            campaigns: campaigns
                .iter()
                .map(|campaign| (Text::clone(&campaign.full_name), campaign.version))
                .collect(),
            at: given.now,
            seed: session.seed,
            only: given.only.clone(),
            people_file: given.people_file.clone(),
        };
        let stored = match store.unfinished_run()? {
            Some(run) => Some(unfinished(store, &run, &command)?),
            None if given.again => None,
            None => store.same_command(&command)?,
        };
        let progress = match stored {
            None => Self {
                given: command,
                id: None,
                runs: BTreeMap::new(),
            },
            Some(stored) => Self::resumed(store, &command, stored)?,
        };
        if progress.is_finished() {
            return Ok(progress);
        }
        for campaign in campaigns {
            check_mode(campaign, session.opened)?;
        }
        if progress.id.is_none() {
            check_clock(store, given.now)?;
        }
        Ok(progress)
    }

    fn resumed(store: &Store, given: &RunCommand, stored: StoredCommand) -> Result<Self, Error> {
        let runs: BTreeMap<usize, StoredRun> = store
            .runs_of(stored.id)?
            .into_iter()
            .filter_map(|run| Some((run.begun.command?.place, run)))
            .collect();
        if runs.values().any(|run| run.state == RunState::Aborted) {
            // It was ended; given again, it is another one.
            return Ok(Self {
                given: given.clone(),
                id: None,
                runs: BTreeMap::new(),
            });
        }
        Ok(Self {
            given: RunCommand {
                people_file: given.people_file.clone(),
                ..stored.given
            },
            id: Some(stored.id),
            runs,
        })
    }

    /// Returns the command as it is typed to be the same whatever the clock says.
    pub(crate) fn typed(&self, store: &Store) -> String {
        format!("{} --now {}", as_written(&self.given, store), self.given.at)
    }

    /// Returns the instant taken as now, which is that of the first time.
    pub(crate) fn now(&self) -> Instant {
        self.given.at
    }

    /// Returns whether all of it is done.
    pub(crate) fn is_finished(&self) -> bool {
        self.next_after(None).is_none()
    }

    /// Returns the first campaign after a place that is still to run.
    fn next_after(&self, place: Option<usize>) -> Option<usize> {
        let first = place.map_or(0, |place| place + 1);
        (first..self.given.campaigns.len()).find(|place| self.finished(*place).is_none())
    }

    fn finished(&self, place: usize) -> Option<&StoredRun> {
        let run = self.runs.get(&place);
        run.filter(|run| run.state == RunState::Finished)
    }

    /// Returns what the run of a campaign counted, where it is finished.
    pub(crate) fn summary_of(&self, place: usize, campaign: &Campaign) -> Option<RunSummary> {
        let run = self.finished(place)?;
        Some(RunSummary {
            campaign: campaign.full_name.to_string(),
            run_id: Some(run.id.0),
            counts: run.counts.clone(),
            ..RunSummary::default()
        })
    }

    /// Returns whether anything was done: people dealt with, or a campaign finished.
    pub(crate) fn has_begun(&self) -> bool {
        (0..self.given.campaigns.len()).any(|place| self.is_begun(place))
    }

    /// Returns how much was written of the verdicts.
    pub(crate) fn written(&self) -> Option<Written> {
        self.runs.values().max_by_key(|run| run.id)?.written
    }

    /// Returns whether people were dealt with in the run of the campaign at a place.
    pub(crate) fn is_begun(&self, place: usize) -> bool {
        let run = self.runs.get(&place);
        run.is_some_and(|run| run.last_person > PersonId(0) || run.state == RunState::Finished)
    }

    /// Returns the run of the campaign at a place as a part of this command.
    pub(crate) fn place(&self, place: usize) -> RunPlace<'_> {
        RunPlace {
            given: &self.given,
            id: self.id,
            place,
            next: self.next_after(Some(place)),
        }
    }

    /// Notes that the run of a campaign was done just now.
    pub(crate) fn note(&mut self, store: &Store, summary: &RunSummary) -> Result<(), Error> {
        let run = summary.run_id.map(|id| store.run(crate::domain::RunId(id)));
        if let Some(run) = run.transpose()?.flatten()
            && let Some(CommandPlace { command, place }) = run.begun.command
        {
            self.id = Some(command);
            self.runs.insert(place, run);
        }
        Ok(())
    }
}

impl RunPlace<'_> {
    /// Returns the place as a row has it, where the command has a row.
    pub(super) fn stored(&self) -> Option<CommandPlace> {
        self.id.map(|command| CommandPlace {
            command,
            place: self.place,
        })
    }

    /// Returns the run that follows.
    pub(super) fn next(&self) -> Option<NextRun> {
        let place = self.next?;
        let (campaign, version) = self.given.campaigns.get(place)?;
        Some(NextRun {
            campaign: Text::clone(campaign),
            version: *version,
            place,
        })
    }
}

/// Returns the command of an unfinished run, where it is the one that is given now; otherwise it stands in the way.
fn unfinished(store: &Store, run: &StoredRun, given: &RunCommand) -> Result<StoredCommand, Error> {
    let Some(CommandPlace { command, .. }) = run.begun.command else {
        return Err(crate::app::unfinished(store, run));
    };
    let stored = store.command(command)?;
    let is_same = stored.given.campaigns == given.campaigns
        && stored.given.seed == given.seed
        && stored.given.only == given.only;
    let is_complete = given.people_file == stored.given.people_file
        || given.people_file.as_deref() == Some(NOWHERE) && stored.given.people_file.is_some();
    if is_same && is_complete {
        return Ok(stored);
    }
    Err(crate::app::unfinished(store, run))
}

/// The file that takes verdicts nobody wants.
pub(crate) const NOWHERE: &str = "/dev/null";

/// Writes out a command so that a shell reads it as it was given.
pub(crate) fn as_written(given: &RunCommand, store: &Store) -> String {
    let mut line = String::from("bugle campaign run");
    for (campaign, _) in &given.campaigns {
        line.push(' ');
        line.push_str(&shell_word(campaign));
    }
    for person in given.only.iter().flatten() {
        line.push_str(" --person ");
        line.push_str(&shell_word(&format!("#{}", person.0)));
    }
    if let Some(file) = &given.people_file {
        line.push_str(" --people ");
        line.push_str(&shell_word(file));
    }
    if given.seed != 0 {
        line.push_str(" --seed ");
        line.push_str(&given.seed.to_string());
    }
    line.push_str(&database_option(store));
    line
}

/// The database of a command that names none.
const DATABASE: &str = "bugle.db";

/// Returns the option that names the database, where it is not the one that is taken without.
pub(crate) fn database_option(store: &Store) -> String {
    let path = store.path();
    if std::fs::canonicalize(DATABASE).is_ok_and(|default| default == path) {
        return String::new();
    }
    format!(" --db {}", shell_word(&path.to_string_lossy()))
}

/// Returns a word as a shell reads it.
pub(crate) fn shell_word(word: &str) -> String {
    if word.contains(['"', '$', '`', '\\', '!']) {
        return format!("'{}'", word.replace('\'', r"'\''"));
    }
    format!("\"{word}\"")
}

/// Refuses verdicts that are wanted of a command that is done, and are no longer there.
pub(crate) fn verdicts_gone(path: &str) -> Error {
    UserError::new(
        ErrorKind::State,
        format!("this very command has run before, and its verdicts are not in `{path}`"),
    )
    .help("without `--people` it shows the counts; `--again` runs it once more")
    .into()
}

/// Refuses to go on with a file of verdicts of which the first part is gone.
pub(crate) fn part_gone(path: &str) -> Error {
    UserError::new(
        ErrorKind::Storage,
        format!("the verdicts that were written before the interruption are no longer beside `{path}`"),
    )
    .help("put the file `.NAME.bugle-part` back, or finish the run without verdicts: give the command with `--people /dev/null`")
    .into()
}
