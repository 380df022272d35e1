//! Several processes on one database, some of which are killed.
//!
//! Either all give the same command: then it has been done once. Or each gives another one, again and again until it is done:
//! then the database is as if they had been given one after the other, in some order.

use std::process::{Command, Stdio};
use std::time::Duration;

use fastrand::Rng;

use super::folder::{Folder, Left, text};
use super::shim::Shim;
use super::sweep::{Prepared, given_again};

/// How many processes may give one command at once.
const MOST: usize = 5;

/// Exit codes of a command that finds another one at work, on the database or on its output.
const BUSY: [i32; 2] = [4, 5];

/// Gives one command by several processes at once, and then once more.
pub(crate) fn the_same(prepared: &Prepared, shim: &Shim, seed: u64) -> Option<String> {
    let folder = prepared.before.copy();
    let mut random = Rng::with_seed(seed);
    let processes: Vec<Rng> = (0..random.usize(2..=MOST)).map(|_| random.fork()).collect();
    let line = prepared.case.line;
    let wrong = std::thread::scope(|scope| {
        let threads: Vec<_> = processes
            .into_iter()
            .map(|random| scope.spawn(|| once(shim.planted(&folder, line), random)))
            .collect();
        let ended = threads.into_iter().map(|thread| thread.join().unwrap());
        ended
            .flatten()
            .find(|(code, _)| !is_allowed(prepared, *code))
    });
    if let Some((code, said)) = wrong {
        return Some(format!("exit code {code}: {}", said.trim_end()));
    }
    given_again(prepared, &folder)
}

fn is_allowed(prepared: &Prepared, code: i32) -> bool {
    prepared.code == Some(code)
        || prepared.case.done_already.contains(&code)
        || BUSY.contains(&code)
}

/// Gives a command, and may kill it; returns how it ends, unless it is killed.
fn once(mut command: Command, mut random: Rng) -> Option<(i32, String)> {
    let child = command
        .args(["--wait", "1 minute"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    if random.u32(0..3) == 0 {
        std::thread::sleep(Duration::from_millis(random.u64(1..60)));
        // It may have ended.
        let _ = child.kill();
    }
    let output = child.wait_with_output().unwrap();
    let code = output.status.code()?;
    Some((code, text(&output.stderr)))
}

/// Commands of which none undoes what another one has done: each is one transaction, about people of its own.
const MIXED: [&str; 7] = [
    "person load some.csv",
    "person load others.csv --list Others",
    "person load third.csv --as-activities",
    "campaign replay-events first.jsonl",
    "campaign replay-events odd.jsonl --unknown unknown.jsonl --rejects rejects.jsonl",
    "campaign advance --until 2026-11-15",
    "campaign deactivate Visit",
];

/// How many of them are given at once.
const TOGETHER: usize = 4;

/// The folder in which they are given.
pub(crate) fn mixed_folder(shim: &Shim) -> Folder {
    let case = super::commands::CASES.iter();
    let case = case.clone().find(|case| case.name == "replay-events");
    let folder = case.unwrap().folder(shim);
    for name in ["some", "others", "third"] {
        let people = (1..=20).map(|number| format!("{name}{number}@example.com,{name},{number}\n"));
        let people: String = people.collect();
        folder.write(
            &format!("{name}.csv"),
            format!("email,first_name,lead_score\n{people}"),
        );
    }
    folder
}

/// Gives several commands at once, beside others that read, and looks for the order in which they may have come.
pub(crate) fn mixed(before: &Folder, seed: u64) -> Option<String> {
    let folder = before.copy();
    let mut random = Rng::with_seed(seed);
    let mut lines = MIXED;
    random.shuffle(&mut lines);
    let lines = &lines[..TOGETHER];
    let readers = ["db dump", "db check", "person list --count"];
    let wrong = std::thread::scope(|scope| {
        let writing: Vec<_> = lines
            .iter()
            .map(|line| (*line, random.fork()))
            .map(|(line, random)| scope.spawn(|| until_done(&folder, line, random)))
            .collect();
        let reading = scope.spawn(|| readers.iter().find_map(|line| reads(&folder, line)));
        let wrong = writing
            .into_iter()
            .filter_map(|thread| thread.join().unwrap())
            .next();
        wrong.or(reading.join().unwrap())
    });
    if wrong.is_some() {
        return wrong;
    }
    let left = folder.left();
    if is_in_some_order(before, lines, &left) {
        return None;
    }
    let check = left.differs_from(&before.copy().left());
    Some(format!(
        "{lines:?} in no order; {}",
        check.unwrap_or_default()
    ))
}

/// Gives a command until it is done; the first times it may be killed. Returns what is wrong.
fn until_done(folder: &Folder, line: &str, mut random: Rng) -> Option<String> {
    loop {
        match once(folder.command(line), random.fork()) {
            None => {}
            Some((0 | 6, _)) => return None,
            Some((code, said)) => {
                return Some(format!("{line}: exit code {code}: {}", said.trim_end()));
            }
        }
    }
}

fn reads(folder: &Folder, line: &str) -> Option<String> {
    let output = folder.run(line);
    let code = output.status.code();
    (code != Some(0)).then(|| format!("{line}: exit code {code:?}: {}", text(&output.stderr)))
}

/// Returns whether the commands, one after the other in some order, leave the same.
fn is_in_some_order(folder: &Folder, lines: &[&str], wanted: &Left) -> bool {
    if lines.is_empty() {
        return folder.copy().left().differs_from(wanted).is_none();
    }
    (0..lines.len()).any(|first| {
        let folder = folder.copy();
        folder.run(lines[first]);
        let mut rest = lines.to_vec();
        rest.remove(first);
        is_in_some_order(&folder, &rest, wanted)
    })
}
