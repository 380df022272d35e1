//! The same stories, cut into shards: each shard plays the commands on its part of the files, and what is merged is what the
//! whole story came to.
//!
//! The model takes no part: the program is compared with itself. A story whose flows change keys does not divide; then the
//! merge must say so. In every story one command of a shard is given twice, as after a kill.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command as Process;

use tempfile::TempDir;

use super::calendar::rfc3339;
use super::program::PROGRAM;
use super::scenario::{Command, Event, Scenario, What};
use super::{program, random_story};

#[test]
fn stories_in_shards() {
    for seed in [2, 10] {
        play(seed);
    }
}

#[test]
#[ignore = "slow"]
fn more_stories_in_shards() {
    for seed in 0..20 {
        play(seed);
    }
}

/// Other stories, such as `BUGLE_STORIES=60..200`. Without that variable none.
#[test]
fn other_stories_in_shards() {
    for seed in super::wanted() {
        play(seed);
    }
}

/// What came of a story in shards.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Same,
    /// It does not divide, and the program says so.
    Refused,
}

fn play(seed: u64) {
    let shards = 1 + usize::try_from(seed % 7).unwrap();
    let mut scenario = random_story::scenario(seed);
    leave_numbers_out(&mut scenario);
    if let Err(problem) = cut(&scenario, seed, shards) {
        panic!("story {seed} in {shards} shards\n{problem}");
    }
}

/// Takes away the events that name people by the numbers of one database, which no file that is cut may have.
fn leave_numbers_out(scenario: &mut Scenario) {
    for command in &mut scenario.commands {
        if let What::Replay { files, .. } = &mut command.what {
            let by_key = |event: &Event| !event.person.starts_with('#');
            for events in files {
                events.retain(by_key);
            }
        }
    }
}

fn cut(scenario: &Scenario, seed: u64, shards: usize) -> Result<Outcome, String> {
    let outer = TempDir::new().unwrap();
    let outer = outer.path();
    let whole = outer.join("whole");
    fs::create_dir(&whole).unwrap();
    let erased = play_whole(scenario, &whole)?;
    let expected = bugle(
        &whole,
        &["db", "dump", "--by-key", "--db", "model.db"],
        &[0],
    )?;
    if let Err(problem) = split(scenario, &whole, outer, shards) {
        // A column that only the rows give its type may look otherwise in a part.
        let explained = problem.contains("declare the field in `workspace.yaml`");
        return if explained {
            Ok(Outcome::Refused)
        } else {
            Err(problem)
        };
    }
    for shard in 1..=shards {
        let folder = outer.join("parts").join(format!("shard-{shard}"));
        play_shard(scenario, &whole, &folder, &erased, seed)?;
    }
    let merged = bugle(
        outer,
        &["shard", "merge", "parts", "--db", "merged.db"],
        &[0],
    );
    if let Err(problem) = merged {
        let explained =
            shards > 1 && problem.contains("a flow has given a person another email or id");
        return if explained {
            Ok(Outcome::Refused)
        } else {
            Err(problem)
        };
    }
    bugle(outer, &["db", "check", "--db", "merged.db"], &[0])?;
    let actual = bugle(
        outer,
        &["db", "dump", "--by-key", "--db", "merged.db"],
        &[0],
    )?;
    match difference(&expected, &actual) {
        None => Ok(Outcome::Same),
        Some(difference) => Err(difference),
    }
}

/// Plays the story on the uncut files; returns the keys of people who are erased, by the number of the command.
fn play_whole(scenario: &Scenario, whole: &Path) -> Result<BTreeMap<usize, String>, String> {
    let mut erased = BTreeMap::new();
    let mut number = 0;
    program::play_in(scenario, whole, |_, database| {
        number += 1;
        if let Some(Command {
            what: What::Delete(person),
            ..
        }) = scenario.commands.get(number)
        {
            erased
                .extend(key_of(database, i64::try_from(*person).unwrap()).map(|key| (number, key)));
        }
    })?;
    Ok(erased)
}

fn key_of(database: &Path, person: i64) -> Option<String> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let sql = "SELECT coalesce(id, email) FROM person WHERE person_id = ?1";
    connection.query_row(sql, [person], |row| row.get(0)).ok()
}

fn split(scenario: &Scenario, whole: &Path, outer: &Path, shards: usize) -> Result<(), String> {
    let shards = shards.to_string();
    let mut arguments: Vec<String> = ["shard", "split", "--shards", &shards, "-o", "parts"]
        .map(str::to_owned)
        .to_vec();
    for (number, command) in scenario.commands.iter().enumerate() {
        let path = |name: String| whole.join(name).display().to_string();
        match &command.what {
            What::LoadPeople(list) => {
                let key = if list.by_id { "id" } else { "email" };
                let list = path(format!("people-{number}.csv"));
                arguments.extend([
                    "--people".to_owned(),
                    list,
                    "--key".to_owned(),
                    key.to_owned(),
                ]);
            }
            What::Replay { files, .. } => {
                let files =
                    (0..files.len()).map(|part| path(format!("events-{number}-{part}.jsonl")));
                arguments.push("--events".to_owned());
                arguments.extend(files);
            }
            What::LoadCampaigns
            | What::LoadAgain { .. }
            | What::Run(_)
            | What::Advance
            | What::Activate(_)
            | What::Deactivate(_)
            | What::Delete(_) => {}
        }
    }
    if !arguments
        .iter()
        .any(|word| word == "--people" || word == "--events")
    {
        fs::write(outer.join("nobody.csv"), "email\n").unwrap();
        arguments.extend(["--people", "nobody.csv"].map(str::to_owned));
    }
    // The fields of the workspace, as the first command loads it.
    let campaigns = whole.join("campaigns").display().to_string();
    bugle(
        outer,
        &["campaign", "load", &campaigns, "--db", "fields.db"],
        &[0],
    )?;
    arguments.extend(["--db", "fields.db"].map(str::to_owned));
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    bugle(outer, &arguments, &[0]).map(drop)
}

/// Gives a shard every command of the story.
fn play_shard(
    scenario: &Scenario,
    whole: &Path,
    folder: &Path,
    erased: &BTreeMap<usize, String>,
    seed: u64,
) -> Result<(), String> {
    let again = usize::try_from(seed).unwrap() % scenario.commands.len();
    let mut reached = None;
    for (number, command) in scenario.commands.iter().enumerate() {
        let mut arguments = program::what(scenario, command, number, whole);
        for word in &mut arguments {
            if word.starts_with("campaigns") {
                *word = whole.join(&*word).display().to_string();
            }
        }
        match &command.what {
            What::Delete(_) => match erased.get(&number) {
                Some(key) => arguments[2].clone_from(key),
                None => continue,
            },
            What::Replay { files, .. } => {
                // The last event may be in another shard.
                let last = files.iter().flatten().map(|event| event.at).max();
                if last > reached {
                    reached = last;
                    let until = last.map(rfc3339).unwrap_or_default();
                    arguments.extend(["--until".to_owned(), until]);
                }
            }
            What::LoadCampaigns
            | What::LoadAgain { .. }
            | What::LoadPeople(_)
            | What::Run(_)
            | What::Advance
            | What::Activate(_)
            | What::Deactivate(_) => {}
        }
        let now = rfc3339(command.now);
        arguments.extend([
            "--now".to_owned(),
            now,
            "--db".to_owned(),
            "bugle.db".to_owned(),
        ]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        bugle(folder, &arguments, &[0, 6]).or_else(|problem| {
            // The person is in another shard.
            let is_elsewhere =
                matches!(command.what, What::Delete(_)) && problem.contains("with exit status: 4");
            if is_elsewhere {
                Ok(String::new())
            } else {
                Err(problem)
            }
        })?;
        if number == again && is_known_again(&command.what) {
            bugle(folder, &arguments, &[0, 6])?;
        }
    }
    Ok(())
}

/// Returns whether a command does nothing when it is given twice.
fn is_known_again(what: &What) -> bool {
    match what {
        What::LoadCampaigns | What::Replay { .. } | What::Run(_) | What::Advance => true,
        What::LoadPeople(list) => list.as_activities,
        What::LoadAgain { .. } | What::Delete(_) | What::Activate(_) | What::Deactivate(_) => false,
    }
}

fn bugle(folder: &Path, arguments: &[&str], codes: &[i32]) -> Result<String, String> {
    let mut process = Process::new(PROGRAM);
    let output = process
        .current_dir(folder)
        .env_clear()
        .args(arguments)
        .output()
        .unwrap();
    if output
        .status
        .code()
        .is_some_and(|code| codes.contains(&code))
    {
        return Ok(String::from_utf8(output.stdout).unwrap());
    }
    Err(format!(
        "`bugle {}` in `{}` ended with {}:\n{}",
        arguments.join(" "),
        folder.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// Returns the first lines that differ.
fn difference(expected: &str, actual: &str) -> Option<String> {
    let (mut left, mut right) = (expected.lines(), actual.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            (a, b) => {
                return Some(format!(
                    "whole:  {}\nmerged: {}",
                    a.unwrap_or("the end"),
                    b.unwrap_or("the end")
                ));
            }
        }
    }
}
