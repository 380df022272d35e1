//! `shard sum`: the dry runs of a campaign in all shards, added up, with its guards asked about the sum.

use std::path::Path;

use serde::Deserialize;

use super::{Error, ErrorKind, UserError};
use crate::campaign::guard::Share;
use crate::domain::{GuardName, Reason, RunCounts, StepCount};
use crate::intake::data_error;
use crate::intake::input::Input;
use crate::results::{GuardRow, RunSummary};

/// One run, as `campaign run --dry-run --format json` prints it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SummedRun {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    matched: u64,
    excluded: u64,
    qualified: u64,
    blocked: u64,
    waiting: u64,
    finished: u64,
    steps: Vec<StepCount>,
    blocked_by: Vec<ReasonCount>,
    cut: u64,
    dry_run: bool,
    until: Option<serde_json::Value>,
    /// Its guards, each with what it found.
    pub(crate) guards: Vec<GuardRow>,
}

#[derive(Debug, Clone, Deserialize)]
struct ReasonCount {
    reason: Reason,
    count: u64,
}

/// Either one run or those of one command.
#[derive(Deserialize)]
#[serde(untagged)]
enum Printed {
    Several(Vec<SummedRun>),
    One(Box<SummedRun>),
}

impl SummedRun {
    fn counts(&self) -> RunCounts {
        let blocked = self.blocked_by.iter();
        RunCounts {
            matched: self.matched,
            excluded: self.excluded,
            qualified: self.qualified,
            blocked: blocked.map(|by| (by.reason, by.count)).collect(),
            blocked_people: self.blocked,
            waiting: self.waiting,
            finished: self.finished,
            steps: self.steps.clone(),
            allowed: Vec::new(),
            cut: self.cut,
        }
    }
}

/// Reads the runs in a file.
pub(crate) fn read_file(path: &Path) -> Result<Vec<SummedRun>, Error> {
    read(&Input::from_argument(path))
}

/// Reads the runs that an input holds, one after the other.
fn read(input: &Input) -> Result<Vec<SummedRun>, Error> {
    let name = input.name();
    let mut text = String::new();
    let read = input
        .open(&std::sync::Arc::default())
        .and_then(|mut stream| std::io::Read::read_to_string(&mut stream, &mut text));
    read.map_err(|cause| data_error::Error::unreadable(&name, cause))?;
    let mut runs = Vec::new();
    for printed in serde_json::Deserializer::from_str(&text).into_iter::<Printed>() {
        match printed {
            Ok(Printed::Several(several)) => runs.extend(several),
            Ok(Printed::One(one)) => runs.push(*one),
            Err(_) => return Err(not_a_dry_run(&name).into()),
        }
    }
    if runs.is_empty() || runs.iter().any(|run| !run.dry_run) {
        return Err(not_a_dry_run(&name).into());
    }
    if runs.iter().any(|run| run.until.is_some()) {
        let message =
            format!("`{name}` goes on through waits, and only what happens at once is added");
        return Err(UserError::new(ErrorKind::Files, message)
            .help("leave `--until` away")
            .into());
    }
    Ok(runs)
}

fn not_a_dry_run(file: &str) -> UserError {
    let message = format!("`{file}` is not the result of a dry run");
    let help =
        "`bugle campaign run NAME --dry-run --format json` in each shard prints what is added";
    UserError::new(ErrorKind::Files, message).help(help)
}

/// Adds the runs of all files, by campaign, in the order of the first file.
pub(crate) fn sum(inputs: &[Input]) -> Result<Vec<RunSummary>, Error> {
    let mut sums: Vec<RunSummary> = Vec::new();
    let mut added: Vec<usize> = Vec::new();
    for input in inputs {
        for run in read(input)? {
            match sums.iter().position(|sum| sum.campaign == run.campaign) {
                None => {
                    added.push(1);
                    sums.push(RunSummary {
                        campaign: run.campaign.clone(),
                        counts: run.counts(),
                        is_dry: true,
                        guards: run.guards,
                        ..RunSummary::default()
                    });
                }
                Some(place) => {
                    added[place] += 1;
                    let sum = &mut sums[place];
                    sum.counts.add(&run.counts());
                    add_guards(&mut sum.guards, &run)?;
                }
            }
        }
    }
    if let Some(other) = added.iter().position(|count| *count != added[0]) {
        let message = format!(
            "`{}` was run {} times and `{}` {} times",
            sums[0].campaign, added[0], sums[other].campaign, added[other]
        );
        let help = "each campaign needs the result of every shard, once";
        return Err(UserError::new(ErrorKind::Files, message).help(help).into());
    }
    Ok(sums)
}

/// Adds what the guards of one more shard found.
fn add_guards(sums: &mut [GuardRow], run: &SummedRun) -> Result<(), UserError> {
    let same = |sum: &GuardRow, row: &GuardRow| (sum.guard, &sum.limit) == (row.guard, &row.limit);
    let are_same = sums.len() == run.guards.len()
        && sums
            .iter()
            .zip(&run.guards)
            .all(|(sum, row)| same(sum, row));
    if !are_same {
        let message = format!("shards have run `{}` with different guards", run.campaign);
        return Err(UserError::new(ErrorKind::Files, message)
            .help("load the same campaigns in every shard"));
    }
    for (sum, row) in sums.iter_mut().zip(&run.guards) {
        let added = match sum.guard {
            GuardName::MaxPeople | GuardName::MinPeople => add_people(sum, row),
            GuardName::MaxChange => add_change(sum, row),
            GuardName::Never => add_never(sum, row),
            GuardName::MustInclude => {
                add_included(sum, row);
                Some(())
            }
        };
        if added.is_none() {
            let message = format!(
                "a guard of `{}` cannot be read: {}",
                run.campaign, row.actual
            );
            return Err(UserError::new(ErrorKind::Files, message)
                .help("the results must be of the same version of bugle"));
        }
    }
    Ok(())
}

fn add_people(sum: &mut GuardRow, row: &GuardRow) -> Option<()> {
    let (limit, all) = (
        number(&sum.limit)?,
        number(&sum.actual)? + number(&row.actual)?,
    );
    sum.actual = all.to_string();
    sum.holds = match sum.guard {
        GuardName::MaxPeople => all <= limit,
        GuardName::MinPeople | GuardName::MaxChange | GuardName::Never | GuardName::MustInclude => {
            all >= limit
        }
    };
    Some(())
}

/// What `max_change` found: how many there were, and how many there are.
const ARROW: &str = " → ";

fn add_change(sum: &mut GuardRow, row: &GuardRow) -> Option<()> {
    let pair = |text: &str| {
        let (last, now) = text.split_once(ARROW)?;
        Some((number(last)?, number(now)?))
    };
    let Some((last, now)) = pair(&sum.actual) else {
        // No run has finished, in any of them.
        return (sum.actual == row.actual).then_some(());
    };
    let (more_last, more_now) = pair(&row.actual)?;
    let (last, now) = (last + more_last, now + more_now);
    sum.actual = format!("{last}{ARROW}{now}");
    sum.holds = Share::parse(&sum.limit)?.allows(last, now);
    Some(())
}

/// What `never` found: `3 people`.
fn add_never(sum: &mut GuardRow, row: &GuardRow) -> Option<()> {
    let people = |text: &str| number(text.split(' ').next()?);
    let all = people(&sum.actual)? + people(&row.actual)?;
    sum.actual = crate::domain::text::counted(all, "person", "people");
    sum.holds = all == 0;
    Some(())
}

/// A person is in one shard, and unknown in the others.
fn add_included(sum: &mut GuardRow, row: &GuardRow) {
    if sum.actual == GuardRow::NO_SUCH_PERSON {
        sum.actual.clone_from(&row.actual);
        sum.holds = row.holds;
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// Says what is wrong where a guard is broken by the people of all shards together.
pub(crate) fn fault_of_sum(campaign: &str, row: &GuardRow) -> String {
    let (guard, limit, actual) = (row.guard.name(), &row.limit, &row.actual);
    format!("in all shards together, {guard} of `{campaign}` is {limit}, and there is: {actual}")
}

/// Returns a problem for each guard that the people of all shards break.
pub(crate) fn broken(sums: &[RunSummary]) -> Vec<UserError> {
    let rows = sums
        .iter()
        .flat_map(|sum| sum.guards.iter().map(|row| (&sum.campaign, row)));
    let broken = rows.filter(|(_, row)| !row.holds);
    broken
        .map(|(campaign, row)| {
            UserError::new(ErrorKind::Guard, fault_of_sum(campaign, row))
                .help("look at the smart list; `--allow GUARD` lets the runs break it")
        })
        .collect()
}
