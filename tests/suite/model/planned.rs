//! Random workspaces again: `campaign plan` shows no difference where nothing was changed, and else what loading and running
//! makes of two copies of the database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::calendar::rfc3339;
use super::definition::{Mode, Workspace};
use super::dice::Dice;
use super::random_story::scenario;
use super::random_values::Around;
use super::scenario::{Scenario, What};
use super::{program, random_workspace, samples};
use crate::tool::query::query;

/// A story up to a replay, whose events are still to come.
struct Planned {
    folder: TempDir,
    story: Scenario,
    now: String,
    until: String,
    events: Vec<String>,
    /// The folder of the campaigns that are loaded.
    loaded: String,
    /// These campaigns.
    workspace: Workspace,
}

/// Ten days.
const LATER: i64 = 10 * 86_400_000_000;

impl Planned {
    /// Plays a story up to its last replay.
    fn new(seed: u64) -> Self {
        let mut story = scenario(seed);
        // What a command activates, a load of the same files deactivates.
        story
            .commands
            .retain(|command| !matches!(command.what, What::Activate(_) | What::Deactivate(_)));
        let is_replay = |what: &What| matches!(what, What::Replay { .. });
        let last = story
            .commands
            .iter()
            .rposition(|command| is_replay(&command.what));
        let last = last.unwrap();
        let replay = story.commands.split_off(last).swap_remove(0);
        let folder = TempDir::new().unwrap();
        program::play_in(&story, folder.path(), |_, _| ()).unwrap();
        let What::Replay { files, .. } = &replay.what else {
            unreachable!("it is one")
        };
        let mut events = Vec::new();
        for (part, list) in files.iter().enumerate() {
            let name = format!("to-come-{part}.jsonl");
            fs::write(folder.path().join(&name), super::files::events(list)).unwrap();
            events.push(name);
        }
        let mut latest = None;
        for command in &story.commands {
            if let What::LoadAgain { later, .. } = command.what {
                latest = Some(later);
            }
        }
        let (loaded, workspace) = match latest {
            Some(later) => (format!("campaigns-{later}"), story.later[later].clone()),
            None => ("campaigns".to_owned(), story.workspace.clone()),
        };
        Self {
            folder,
            now: rfc3339(replay.now),
            until: rfc3339(replay.now + LATER),
            events,
            loaded,
            workspace,
            story,
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn plan(&self, change: &str) -> Json {
        let mut arguments = vec![
            "campaign",
            "plan",
            change,
            "--waiting",
            "keep",
            "--format",
            "json",
        ];
        arguments.extend(["--until", &self.until, "--people", "differ.csv", "--events"]);
        arguments.extend(self.events.iter().map(String::as_str));
        let text = program::bugle(self.path(), Some(&self.now), &arguments).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Writes another version of the campaigns; some have the filters, the rule or the schedule of another one.
    fn change(&self, seed: u64) -> bool {
        let mut dice = Dice::new(seed + 77);
        let day = NaiveDate::parse_from_str(&self.now[..10], "%Y-%m-%d").unwrap();
        let mut changed = random_workspace::changed(&mut dice, Around(day), &self.workspace);
        let others = changed.campaigns.clone();
        for campaign in &mut changed.campaigns {
            let like = |other: &&super::definition::Campaign| {
                other.mode == campaign.mode && other.program == campaign.program
            };
            let like: Vec<_> = others.iter().filter(like).collect();
            let other = dice.pick(&like);
            if dice.chance(50) {
                campaign.filters.clone_from(&other.filters);
                campaign.logic = other.logic.clone();
            }
            if dice.chance(30) {
                campaign.qualification = other.qualification;
            }
            if dice.chance(30) && campaign.mode == Mode::Batch {
                campaign.schedule.clone_from(&other.schedule);
            }
        }
        samples::place(&mut changed);
        let folder = self.path().join("change");
        program::write_workspace(&changed, &folder);
        program::bugle(self.path(), None, &["campaign", "validate", "change"]).is_ok()
    }

    /// Does on a copy of the database what the plan shows.
    fn live(&self, name: &str, load: Option<&str>) -> Lived {
        let folder = self.path().join(name);
        fs::create_dir(&folder).unwrap();
        let from = self.path().join("model.db");
        for file in ["model.db", "model.db-wal"] {
            let from = from.with_file_name(file);
            if from.exists() {
                fs::copy(from, folder.join(file)).unwrap();
            }
        }
        let run = |arguments: &[&str]| {
            program::bugle(&folder, Some(&self.now), arguments).unwrap();
        };
        if let Some(load) = load {
            let files = self.path().join(load);
            run(&[
                "campaign",
                "load",
                files.to_str().unwrap(),
                "--waiting",
                "keep",
            ]);
        }
        let events: Vec<PathBuf> = self
            .events
            .iter()
            .map(|name| self.path().join(name))
            .collect();
        let mut replay = vec![
            "campaign",
            "replay-events",
            "--scheduled",
            "--until",
            &self.now,
        ];
        replay.extend(events.iter().map(|path| path.to_str().unwrap()));
        run(&replay);
        let sql = "SELECT full_name FROM campaign
            WHERE mode = 'batch' AND scheduled_from IS NULL AND NOT invalid ORDER BY full_name";
        for campaign in query(&folder.join("model.db"), sql) {
            run(&["campaign", "run", &campaign, "--again"]);
        }
        program::bugle(&folder, Some(&self.until), &["campaign", "advance"]).unwrap();
        Lived::of(&folder.join("model.db"))
    }
}

/// What a database has: how often each person entered each campaign, what steps did, and who is there.
struct Lived {
    entries: BTreeMap<(String, String), u64>,
    mails: BTreeMap<String, u64>,
    people: BTreeSet<String>,
}

impl Lived {
    fn of(database: &Path) -> Self {
        let cells = |sql: &str| -> Vec<Vec<String>> {
            let rows = query(database, sql).into_iter();
            rows.map(|row| row.split('|').map(str::to_owned).collect())
                .collect()
        };
        let entries = cells(
            "SELECT c.full_name, e.person_id, count(*) FROM entry e JOIN campaign c USING (campaign_id) GROUP BY 1, 2",
        );
        let mails = cells(
            "SELECT primary_value, count(*) FROM v_activity
             WHERE type = 'send_email' AND outcome = 'succeeded' AND campaign IS NOT NULL GROUP BY 1",
        );
        Self {
            entries: entries
                .into_iter()
                .map(|row| ((row[0].clone(), row[1].clone()), row[2].parse().unwrap()))
                .collect(),
            mails: mails
                .into_iter()
                .map(|row| (row[0].clone(), row[1].parse().unwrap()))
                .collect(),
            people: query(database, "SELECT person_id FROM person")
                .into_iter()
                .collect(),
        }
    }

    /// Returns who has entered what since an earlier state.
    fn entered_since(&self, before: &Self) -> BTreeSet<(String, String)> {
        let entries = self.entries.iter();
        let new = entries.filter(|(key, count)| before.entries.get(*key).unwrap_or(&0) < *count);
        new.map(|(key, _)| key.clone()).collect()
    }
}

/// Returns who differs in a plan's file, by campaign and number.
fn differing(folder: &Path, change: &str) -> BTreeSet<(String, String)> {
    let mut reader = csv::Reader::from_path(folder.join("differ.csv")).unwrap();
    let rows = reader.records().map(Result::unwrap);
    rows.filter(|row| &row[5] == change)
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect()
}

fn nothing_differs(seed: u64) {
    let planned = Planned::new(seed);
    let plan = planned.plan(&planned.loaded);
    for key in ["definitions", "campaigns", "effects"] {
        assert_eq!(plan[key], json!([]), "{key} of story {seed}: {plan}");
    }
    let mail = plan["mail"].as_object().unwrap();
    assert!(
        mail.values().all(|count| count["before"] == count["after"]),
        "{plan}"
    );
    assert!(!planned.story.commands.is_empty());
}

fn the_plan_is_what_happens(seed: u64) {
    let planned = Planned::new(seed);
    if !planned.change(seed) {
        return;
    }
    let plan = planned.plan("change");
    let database = planned.path().join("model.db");
    let base = Lived::of(&database);
    let before = planned.live("before", None);
    let after = planned.live("after", Some("change"));
    let entered = [&before, &after].map(|lived| lived.entered_since(&base));
    // Nothing remains of those who were erased.
    let is_there = |(_, person): &&(String, String)| {
        before.people.contains(person) && after.people.contains(person)
    };
    for (change, side) in [("out", 0), ("in", 1)] {
        let expected = entered[side].difference(&entered[1 - side]);
        let expected: BTreeSet<_> = expected.filter(is_there).cloned().collect();
        let found = differing(planned.path(), change);
        let found: BTreeSet<_> = found.iter().filter(is_there).cloned().collect();
        assert_eq!(found, expected, "{change} in story {seed}: {plan}");
    }
    if before.people != after.people || !base.people.is_subset(&after.people) {
        return;
    }
    for row in plan["campaigns"].as_array().unwrap() {
        let name = row["campaign"].as_str().unwrap();
        for (side, key) in ["before", "after"].into_iter().enumerate() {
            let people = entered[side]
                .iter()
                .filter(|(campaign, _)| campaign == name);
            assert_eq!(row[key], people.count(), "{key} of {name} in story {seed}");
        }
    }
    let sent = |lived: &Lived, email: &str| {
        let count = |lived: &Lived| lived.mails.get(email).copied().unwrap_or(0);
        count(lived) - count(&base)
    };
    let emails: BTreeSet<&String> = before.mails.keys().chain(after.mails.keys()).collect();
    let expected: Vec<Json> = emails
        .into_iter()
        .map(|email| (email, sent(&before, email), sent(&after, email)))
        .filter(|(_, before, after)| before != after)
        .map(|(email, before, after)| {
            json!({ "effect": "mail", "name": email, "before": before, "after": after })
        })
        .collect();
    let effects = plan["effects"].as_array().unwrap().iter();
    let mails: Vec<Json> = effects
        .filter(|row| row["effect"] == "mail")
        .cloned()
        .collect();
    assert_eq!(mails, expected, "mails in story {seed}");
}

/// Makes both tests of some stories.
macro_rules! stories {
    ($($equal:ident, $live:ident = $seeds:expr;)*) => { $(
        #[test]
        fn $equal() {
            $seeds.for_each(nothing_differs);
        }

        #[test]
        fn $live() {
            $seeds.for_each(the_plan_is_what_happens);
        }
    )* };
}

stories! {
    nothing_differs_in_00_to_05, the_plan_is_what_happens_in_00_to_05 = (0..6);
}

#[test]
#[ignore = "slow"]
fn nothing_differs_in_06_to_25() {
    (6..26).for_each(nothing_differs);
}

#[test]
#[ignore = "slow"]
fn the_plan_is_what_happens_in_06_to_25() {
    (6..26).for_each(the_plan_is_what_happens);
}

fn the_load_is_what_advance_sends(seed: u64) {
    let planned = Planned::new(seed);
    let arguments = [
        "campaign",
        "schedule",
        "--load",
        "--until",
        &planned.until,
        "-f",
        "json",
    ];
    let rows = program::bugle(planned.path(), Some(&planned.now), &arguments).unwrap();
    let rows: Vec<Json> = serde_json::from_str(&rows).unwrap();
    let mails: u64 = rows.iter().map(|row| row["mails"].as_u64().unwrap()).sum();
    let sent = || -> u64 {
        let sql = "SELECT count(*) FROM activity a JOIN activity_type t ON t.code = a.type
             WHERE t.name = 'send_email' AND a.outcome = 1 AND a.campaign_id IS NOT NULL";
        query(&planned.path().join("model.db"), sql)[0]
            .parse()
            .unwrap()
    };
    let people = || {
        query(
            &planned.path().join("model.db"),
            "SELECT count(*) FROM person",
        )
    };
    let (before, there) = (sent(), people());
    program::bugle(
        planned.path(),
        Some(&planned.until),
        &["campaign", "advance"],
    )
    .unwrap();
    // Nothing remains of those who were erased.
    if there == people() {
        assert_eq!(mails, sent() - before, "story {seed}: {rows:?}");
    }
}

#[test]
fn the_load_is_what_advance_sends_in_00_to_05() {
    (0..6).for_each(the_load_is_what_advance_sends);
}
