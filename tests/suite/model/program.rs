//! The real program, given the scenario's files command by command in a temporary folder.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command as Process;

use tempfile::TempDir;

use super::calendar::rfc3339;
use super::definition::Workspace;
use super::scenario::{Command, Lost, Scenario, What};
use super::{files, yaml};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bugle");

/// Plays a scenario; returns the dump, or what went wrong.
pub(crate) fn play(scenario: &Scenario) -> Result<String, String> {
    let folder = TempDir::new().unwrap();
    play_in(scenario, folder.path(), |_, _| ())?;
    // Whatever happened, people are what their logs say, and logs are as they were written.
    bugle(folder.path(), None, &["db", "check"])?;
    bugle(folder.path(), None, &["db", "dump"])
}

/// Plays a scenario in a folder; `after` sees the database after each command.
pub(crate) fn play_in(
    scenario: &Scenario,
    folder: &Path,
    mut after: impl FnMut(&Command, &Path),
) -> Result<(), String> {
    write_campaigns(scenario, folder);
    for (number, command) in scenario.commands.iter().enumerate() {
        run(scenario, command, number, folder)?;
        after(command, &folder.join("model.db"));
    }
    Ok(())
}

/// Writes every file of a scenario and returns the commands that play it by hand.
pub(crate) fn write(scenario: &Scenario, folder: &Path) -> String {
    write_campaigns(scenario, folder);
    let mut script = format!("cd {} && rm -f model.db*\n", folder.display());
    for (number, command) in scenario.commands.iter().enumerate() {
        let arguments = arguments(scenario, command, number, folder);
        let quoted: Vec<String> = arguments
            .iter()
            .map(|argument| format!("'{argument}'"))
            .collect();
        let now = rfc3339(command.now);
        writeln!(
            script,
            "{PROGRAM} --db model.db --now {now} {}",
            quoted.join(" ")
        )
        .unwrap();
    }
    writeln!(script, "{PROGRAM} --db model.db db dump").unwrap();
    script
}

fn write_campaigns(scenario: &Scenario, folder: &Path) {
    write_workspace(&scenario.workspace, &folder.join("campaigns"));
    for (number, later) in scenario.later.iter().enumerate() {
        write_workspace(later, &folder.join(format!("campaigns-{number}")));
    }
}

/// Writes the campaign files of a workspace into a folder.
pub(crate) fn write_workspace(workspace: &Workspace, campaigns: &Path) {
    fs::create_dir_all(campaigns).unwrap();
    fs::write(campaigns.join("workspace.yaml"), yaml::workspace(workspace)).unwrap();
    for (number, campaign) in workspace.campaigns.iter().enumerate() {
        let file = campaigns.join(format!("{number}-{}.yaml", campaign.name.replace(' ', "-")));
        fs::write(file, yaml::campaign(workspace, campaign)).unwrap();
    }
}

fn run(scenario: &Scenario, command: &Command, number: usize, folder: &Path) -> Result<(), String> {
    let arguments = arguments(scenario, command, number, folder);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    bugle(folder, Some(&rfc3339(command.now)), &arguments).map(drop)
}

/// How commands cut their work: one after the other. None of it shows in what they do.
const PACES: [&[&str]; 5] = [
    &[],
    &["--chunk", "1", "--threads", "1", "--stretch", "4"],
    &["--threads", "0", "--chunk", "3"],
    &["--chunk", "2", "--threads", "2"],
    &["--chunk", "7", "--threads", "3", "--stretch", "1"],
];

/// The command line of one command; the files it reads are written.
fn arguments(scenario: &Scenario, command: &Command, number: usize, folder: &Path) -> Vec<String> {
    let mut arguments = what(scenario, command, number, folder);
    let pace = PACES[(number + scenario.commands.len()) % PACES.len()];
    arguments.extend(pace.iter().map(|&word| word.to_owned()));
    arguments
}

/// The command line of one command as a user would give it; the files it reads are written.
pub(crate) fn what(
    scenario: &Scenario,
    command: &Command,
    number: usize,
    folder: &Path,
) -> Vec<String> {
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let name = |campaign: &usize| scenario.workspace.full_name(*campaign);
    match &command.what {
        What::LoadCampaigns => words(&["campaign", "load", "campaigns"]),
        What::LoadAgain { later, lost } => {
            let lost = match lost {
                Lost::Keep => "keep",
                Lost::Drop => "drop",
            };
            words(&[
                "campaign",
                "load",
                &format!("campaigns-{later}"),
                "--waiting",
                lost,
            ])
        }
        What::LoadPeople(list) => {
            let file = format!("people-{number}.csv");
            fs::write(folder.join(&file), files::people(list)).unwrap();
            let key = if list.by_id { "id" } else { "email" };
            // Random lists give one person several emails, which real ones do by mistake alone.
            let mut arguments = words(&["person", "load", &file, "--key", key, "--allow-repeats"]);
            if let Some(list) = &list.list {
                arguments.extend(words(&["--list", list]));
            }
            arguments.extend(list.as_activities.then(|| "--as-activities".to_owned()));
            arguments
        }
        What::Replay {
            files: parts,
            scheduled,
        } => {
            let mut arguments = words(&["campaign", "replay-events"]);
            for (part, events) in parts.iter().enumerate() {
                let file = format!("events-{number}-{part}.jsonl");
                fs::write(folder.join(&file), files::events(events)).unwrap();
                arguments.push(file);
            }
            arguments.extend(scheduled.then(|| "--scheduled".to_owned()));
            arguments
        }
        What::Delete(person) => words(&["person", "delete", &format!("#{person}"), "--yes"]),
        What::Run(campaign) => words(&["campaign", "run", &name(campaign)]),
        What::Advance => words(&["campaign", "advance"]),
        What::Activate(campaign) => words(&["campaign", "activate", &name(campaign)]),
        What::Deactivate(campaign) => words(&["campaign", "deactivate", &name(campaign)]),
    }
}

/// Runs the program; done, also with something set aside, gives its standard output.
pub(crate) fn bugle(
    folder: &Path,
    now: Option<&str>,
    arguments: &[&str],
) -> Result<String, String> {
    let mut process = Process::new(PROGRAM);
    process
        .current_dir(folder)
        .env_clear()
        .args(arguments)
        .args(["--db", "model.db"]);
    if let Some(now) = now {
        process.args(["--now", now]);
    }
    let output = process.output().unwrap();
    // Done, done with something set aside, or no such person to delete.
    let no_such_person = output.status.code() == Some(4) && arguments.contains(&"delete");
    if matches!(output.status.code(), Some(0 | 6)) || no_such_person {
        return Ok(String::from_utf8(output.stdout).unwrap());
    }
    let reported = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "`bugle {}` ended with {}:\n{reported}",
        arguments.join(" "),
        output.status
    ))
}
