//! Random workspaces again: what `campaign explain` and `person show` report of the past is what was so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::calendar::rfc3339;
use super::program;
use super::random_story::scenario;
use super::scenario::{Scenario, What};

/// Stories whose campaigns keep their definitions: what is explained of the past is asked of the newest version.
fn steady(seed: u64) -> Scenario {
    let mut story = scenario(seed);
    story
        .commands
        .retain(|command| !matches!(command.what, What::LoadAgain { .. }));
    story
}

/// A folder in which a story is played.
struct Played(TempDir);

impl Played {
    /// Plays a story; `after` is called after each of its commands, with the instant of the command.
    fn new(story: &Scenario, mut after: impl FnMut(&Path, &str)) -> Self {
        let folder = TempDir::new().unwrap();
        program::play_in(story, folder.path(), |command, database| {
            after(database.parent().unwrap(), &rfc3339(command.now));
        })
        .unwrap();
        Self(folder)
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }
}

/// Runs a command and returns the rows of its result.
fn rows(folder: &Path, now: Option<&str>, arguments: &[&str]) -> Vec<Value> {
    let arguments = [arguments, &["--format", "jsonl"]].concat();
    let text = program::bugle(folder, now, &arguments).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns everyone by number: `#17`.
fn everyone(folder: &Path) -> Vec<String> {
    let people = rows(folder, None, &["person", "list"]);
    let numbers: BTreeSet<i64> = people
        .iter()
        .map(|person| person["person_id"].as_i64().unwrap())
        .collect();
    numbers.iter().map(|number| format!("#{number}")).collect()
}

/// Returns the rows of a person's log.
fn log(folder: &Path, person: &str) -> Vec<Value> {
    rows(folder, None, &["person", "log", person])
}

/// Returns the full names of the campaigns of a mode.
fn campaigns(folder: &Path, is_wanted: impl Fn(&Value) -> bool) -> Vec<String> {
    let campaigns = rows(folder, None, &["campaign", "list"]);
    let wanted = campaigns.iter().filter(|campaign| is_wanted(campaign));
    wanted
        .map(|campaign| campaign["campaign"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the rows of a person's log that led into a campaign, with the campaign, as the database has them.
fn causes(folder: &Path) -> BTreeSet<(i64, String)> {
    let database = rusqlite::Connection::open(folder.join("model.db")).unwrap();
    let sql = "SELECT e.person_id << 24 | e.cause, full_name FROM entry e JOIN campaign USING (campaign_id)
        WHERE e.cause IS NOT NULL";
    let mut statement = database.prepare(sql).unwrap();
    let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    pairs.unwrap().map(Result::unwrap).collect()
}

/// How many rows of the log are asked about besides those that started campaigns: one in so many.
const SAMPLED: usize = 8;

#[test]
#[ignore = "slow"]
fn an_event_is_explained_as_the_engine_judged_it() {
    let (mut entered, mut not, mut stopped, mut asked) = (0, 0, 0, 0);
    for seed in 100..103 {
        let played = Played::new(&steady(seed), |_, _| ());
        let folder = played.folder();
        let triggered = campaigns(folder, |campaign| campaign["mode"] == "triggered");
        let executable = campaigns(folder, |campaign| campaign["mode"] == "executable");
        let causes = causes(folder);
        for person in everyone(folder) {
            for row in log(folder, &person) {
                let id = row["activity_id"].as_i64().unwrap();
                let executed = executable.iter().filter(|campaign| {
                    row["type"] == "execute_campaign" && row["primary_value"] == campaign.as_str()
                });
                for campaign in triggered.iter().chain(executed) {
                    let has_entered = causes.contains(&(id, campaign.clone()));
                    asked += 1;
                    if !has_entered && asked % SAMPLED != 0 {
                        continue;
                    }
                    let event = id.to_string();
                    let arguments = ["campaign", "explain", campaign, "--person", &person];
                    let arguments = [&arguments[..], &["--event", &event]].concat();
                    let explained = rows(folder, None, &arguments).remove(0);
                    let obstacles = explained["blocked_by"].as_array().unwrap();
                    let is_blocked = |by: &str| obstacles.iter().any(|obstacle| obstacle == by);
                    let inactive = is_blocked("inactive");
                    let enters = explained["qualifies"] == true && !inactive;
                    let about = format!("seed {seed}: {campaign}: {explained:#}");
                    assert!(
                        enters == has_entered || is_blocked("cascade_limit"),
                        "{about}"
                    );
                    assert_eq!(!explained["entered"].is_null(), has_entered, "{about}");
                    *if has_entered { &mut entered } else { &mut not } += 1;
                    stopped += u32::from(inactive);
                }
            }
        }
    }
    assert!(
        entered > 30 && not > 60 && stopped > 10,
        "too little was asked: {entered} entered, {not} did not, {stopped} were not active"
    );
}

/// What was reported of one person after a command.
struct Reported {
    at: String,
    rows: usize,
    batch: Vec<String>,
    shown: Value,
    explained: Vec<Value>,
}

/// Whether nothing came late: late events, and waits that had ended when a batch ran, change what is reported of the past.
fn in_order(log: &[Value], then: &Reported) -> bool {
    let mut rows: Vec<&Value> = log.iter().collect();
    rows.sort_by_key(|row| row["activity_id"].as_i64());
    let at = |row: &&Value| instant(row["at"].as_str().unwrap());
    let (before, after) = rows.split_at(then.rows);
    before.is_sorted_by_key(at) && after.iter().all(|row| at(row) > instant(&then.at))
}

fn instant(text: &str) -> chrono::DateTime<chrono::FixedOffset> {
    chrono::DateTime::parse_from_rfc3339(text).unwrap()
}

/// Reports what is so at an instant: of now, or of the past.
fn report(folder: &Path, person: &str, batch: &[String], moment: &[&str]) -> (Value, Vec<Value>) {
    let (now, at) = match moment {
        ["--now", now] => (Some(*now), &[][..]),
        past => (None, past),
    };
    let shown = rows(folder, now, &[&["person", "show", person], at].concat()).remove(0);
    let explained = batch.iter().map(|campaign| {
        let arguments = ["campaign", "explain", campaign, "--person", person];
        rows(folder, now, &[&arguments[..], at].concat()).remove(0)
    });
    (shown, explained.collect())
}

#[test]
#[ignore = "slow"]
fn the_past_is_reported_as_it_was_reported_then() {
    let mut compared = BTreeMap::from([("same", 0), ("changed", 0)]);
    for seed in [200, 202, 205, 207, 208] {
        let mut reported: BTreeMap<String, Vec<Reported>> = BTreeMap::new();
        let mut number = 0;
        let played = Played::new(&steady(seed), |folder, now| {
            number += 1;
            // One person in four and one campaign in three are enough.
            let batch = campaigns(folder, |campaign| campaign["mode"] == "batch");
            let batch: Vec<String> = batch.into_iter().skip(number % 3).step_by(3).collect();
            for person in everyone(folder).into_iter().skip(number % 4).step_by(4) {
                let (shown, explained) = report(folder, &person, &batch, &["--now", now]);
                let rows = log(folder, &person).len();
                let at = now.to_owned();
                reported.entry(person).or_default().push(Reported {
                    at,
                    rows,
                    batch: batch.clone(),
                    shown,
                    explained,
                });
            }
        });
        let folder = played.folder();
        let there: BTreeSet<String> = everyone(folder).into_iter().collect();
        for (person, reported) in reported {
            if !there.contains(&person) {
                continue;
            }
            let log = log(folder, &person);
            let mut now = rows(folder, None, &["person", "show", &person]).remove(0);
            forget_kept_fields(&mut now);
            for then in reported {
                if !in_order(&log, &then) {
                    continue;
                }
                let about = format!("seed {seed}: {person} at {}", then.at);
                let (mut shown, explained) =
                    report(folder, &person, &then.batch, &["--at", &then.at]);
                let mut wanted = then.shown;
                forget_what_is_not_recorded(&mut shown, &mut wanted);
                assert_eq!(shown, wanted, "{about}");
                assert_eq!(explained, then.explained, "{about}");
                let key = if shown == now { "same" } else { "changed" };
                *compared.entry(key).or_default() += 1;
            }
        }
    }
    assert!(compared["changed"] > 20, "{compared:?}");
}

/// Takes out of a report when the person came and last changed: `--at` knows little of that.
fn forget_kept_fields(shown: &mut Value) {
    let fields = shown["person"].as_object_mut().unwrap();
    fields.retain(|field, _| !["created_at", "updated_at"].contains(&field.as_str()));
}

/// Takes out of two reports of one person what nothing records of the past.
fn forget_what_is_not_recorded(shown: &mut Value, then: &mut Value) {
    forget_kept_fields(then);
    forget_kept_fields(shown);
    // Fields that came later were empty, flags among them false.
    let known = then["person"].clone();
    let person = shown["person"].as_object_mut().unwrap();
    person.retain(|field, value| {
        known.get(field).is_some() || !(value.is_null() || *value == Value::Bool(false))
    });
    // Since when a new person was on a list that they have left since.
    let lists = then["lists"].as_array().cloned().unwrap();
    for list in shown["lists"].as_array_mut().unwrap() {
        if list["added_at"].is_null() {
            let known = lists.iter().find(|known| known["list"] == list["list"]);
            list["added_at"] = known.map_or(Value::Null, |known| known["added_at"].clone());
        }
    }
    // Whose steps were to follow after waits that are over.
    let waits = shown["waits"].as_array().unwrap();
    for (wait, then) in waits.iter().zip(then["waits"].as_array_mut().unwrap()) {
        if wait["version"].is_null() {
            then["version"] = Value::Null;
        }
    }
}

#[test]
#[ignore = "slow"]
fn everyone_is_explained_as_a_run_judges_them() {
    let (mut asked, mut decided) = (0, 0);
    for seed in 100..108 {
        let played = Played::new(&steady(seed), |_, _| ());
        let folder = played.folder();
        let now = rfc3339(steady(seed).commands.last().unwrap().now);
        let people = everyone(folder).len();
        for campaign in campaigns(folder, |campaign| campaign["mode"] == "batch") {
            let explain = ["campaign", "explain", &campaign, "--all"];
            let explained = rows(folder, Some(&now), &explain).remove(0);
            let about = format!("seed {seed}: {campaign}: {explained:#}");
            assert_eq!(explained["asked"], people, "{about}");
            for filter in explained["filters"].as_array().unwrap() {
                let count = |key: &str| filter[key].as_u64().unwrap();
                assert_eq!(count("holds") + count("fails"), people as u64, "{about}");
                decided += count("decides");
            }
            // A run above `max_people` is refused, with its counts.
            let run = [
                "campaign",
                "run",
                &campaign,
                "--dry-run",
                "--format",
                "jsonl",
            ];
            let Ok(text) = program::bugle(folder, Some(&now), &run) else {
                continue;
            };
            let run: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(explained["qualify"], run["qualified"], "{about}");
            assert_eq!(explained["excluded"], run["excluded"], "{about}");
            asked += 1;
        }
    }
    assert!(
        asked > 5 && decided > 20,
        "{asked} asked, {decided} decided"
    );
}
