//! Random workspaces again: what `campaign explain` and `person show` tell of the past is what was so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bugle::app::StoredWorkspace;
use bugle::app::explain::{ExplainAt, explain};
use bugle::app::past::show_at;
use bugle::app::show_person::show;
use bugle::domain::{Instant, Mode, PersonId, PersonKey};
use bugle::results::{Explanation, Obstacle, PersonDetail};
use bugle::store::{LogEntry, LogQuery, LogScope, Store, place_of};
use tempfile::TempDir;

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

/// The campaigns that a person entered, each with the place of the row of their log that began the entry.
fn entries(database: &Path, person: PersonId) -> BTreeSet<(String, u32)> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let sql = "SELECT full_name, cause FROM entry JOIN campaign USING (campaign_id)
        WHERE person_id = ?1 AND cause IS NOT NULL";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([person.0], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

fn open(database: &Path) -> (Store, StoredWorkspace) {
    let store = Store::open_read(database).unwrap();
    let opened = StoredWorkspace::of(&store).unwrap();
    (store, opened)
}

fn everyone(store: &Store) -> Vec<PersonId> {
    let is_there = |person: &PersonId| {
        let key = PersonKey::Number(*person);
        store.find(&key).unwrap().is_some()
    };
    (1..store.next_person().unwrap().0)
        .map(PersonId)
        .filter(is_there)
        .collect()
}

/// How many rows of the log are asked about besides those that started campaigns: one in so many.
const SAMPLED: usize = 4;

#[test]
fn an_event_is_explained_as_the_engine_judged_it() {
    let (mut entered, mut not, mut stopped) = (0, 0, 0);
    let mut wrong = Vec::new();
    for seed in 100..103 {
        let folder = TempDir::new().unwrap();
        program::play_in(&steady(seed), folder.path(), |_, _| ()).unwrap();
        let database = folder.path().join("model.db");
        let (store, opened) = open(&database);
        let mut asked = 0;
        for person in everyone(&store) {
            let log = store
                .log_rows(&LogQuery::of(LogScope::Person(person)))
                .unwrap();
            let entries = entries(&database, person);
            for row in &log {
                let place = place_of(row.activity_id);
                for campaign in &opened.workspace.campaigns {
                    let asks = match campaign.mode {
                        Mode::Triggered => true,
                        Mode::Executable => {
                            *row.activity == *"execute_campaign"
                                && row.primary.as_deref() == Some(&*campaign.full_name)
                        }
                        Mode::Batch => false,
                    };
                    let did_enter = entries.contains(&(campaign.full_name.to_string(), place));
                    asked += 1;
                    if !asks || (!did_enter && asked % SAMPLED != 0) {
                        continue;
                    }
                    let id = row.activity_id.to_string();
                    let name = &campaign.full_name;
                    let told = explain(&store, &opened, name, person, ExplainAt::Event(&id), 0);
                    let told = told.unwrap();
                    let cut = told.blocked_by.contains(&Obstacle::CascadeLimit);
                    let inactive = told.blocked_by.contains(&Obstacle::Inactive);
                    if (told.qualifies && !inactive) != did_enter && !cut {
                        wrong.push(format!("seed {seed}: {name}: activity {id}: {told:#?}"));
                    }
                    assert_eq!(told.entered.is_some(), did_enter);
                    *if did_enter { &mut entered } else { &mut not } += 1;
                    stopped += u32::from(inactive);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong[0]);
    assert!(
        entered > 30 && not > 60 && stopped > 10,
        "too little was asked: {entered} entered, {not} did not, {stopped} were not active"
    );
}

/// What was reported of one person after a command.
struct Told {
    at: Instant,
    rows: usize,
    shown: PersonDetail,
    explained: Vec<Explanation>,
}

/// Whether nothing came late: late events, and waits that had ended when a batch ran, change what is reported of the past.
fn in_order(log: &[LogEntry], then: &Told) -> bool {
    let mut rows: Vec<&LogEntry> = log.iter().collect();
    rows.sort_by_key(|row| row.activity_id);
    let (before, after) = rows.split_at(then.rows);
    before.is_sorted_by_key(|row| row.at) && after.iter().all(|row| row.at > then.at)
}

fn tell(
    store: &Store,
    opened: &StoredWorkspace,
    person: PersonId,
    moment: ExplainAt<'_>,
) -> Vec<Explanation> {
    let batch = opened.workspace.campaigns.iter();
    batch
        .filter(|campaign| campaign.mode == Mode::Batch)
        .map(|campaign| {
            let name = &campaign.full_name;
            explain(store, opened, name, person, moment, 0).unwrap()
        })
        .collect()
}

#[test]
fn the_past_is_told_as_it_was_told_then() {
    let mut compared = BTreeMap::from([("same", 0), ("changed", 0)]);
    for seed in [200, 202, 205] {
        let folder = TempDir::new().unwrap();
        let mut told: BTreeMap<PersonId, Vec<Told>> = BTreeMap::new();
        program::play_in(&steady(seed), folder.path(), |command, database| {
            let (store, opened) = open(database);
            let at = Instant::from_micros(command.now);
            // Every other person is enough.
            for person in everyone(&store).into_iter().step_by(2) {
                told.entry(person).or_default().push(Told {
                    at,
                    rows: store
                        .log_rows(&LogQuery::of(LogScope::Person(person)))
                        .unwrap()
                        .len(),
                    shown: show(&store, person).unwrap(),
                    explained: tell(&store, &opened, person, ExplainAt::Now(at)),
                });
            }
        })
        .unwrap();
        let (store, opened) = open(&folder.path().join("model.db"));
        let there: BTreeSet<PersonId> = everyone(&store).into_iter().collect();
        for (person, told) in told {
            if !there.contains(&person) {
                continue;
            }
            let log = store
                .log_rows(&LogQuery::of(LogScope::Person(person)))
                .unwrap();
            let now = show(&store, person).unwrap();
            for then in told {
                if !in_order(&log, &then) {
                    continue;
                }
                let about = format!("seed {seed}: #{person} at {}", then.at);
                let mut shown = show_at(&store, person, then.at).unwrap();
                // Fields that came later were empty, flags among them false.
                shown.person.0.retain(|field, value| {
                    let empty = value.is_null() || *value == false;
                    then.shown.person.0.contains_key(field) || !empty
                });
                // Nobody noted since when a new person was on a list that they have left since.
                for list in shown.lists.iter_mut().filter(|l| l.added_at.is_none()) {
                    let known = then.shown.lists.iter().find(|l| l.list == list.list);
                    list.added_at = known.and_then(|known| known.added_at);
                }
                // Whose steps were to follow is not noted of waits that are over.
                let mut wanted = then.shown.clone();
                for (wait, then) in shown.waits.iter().zip(&mut wanted.waits) {
                    then.version = then.version.filter(|_| wait.version.is_some());
                }
                assert_eq!(shown, wanted, "{about}");
                let explained = tell(&store, &opened, person, ExplainAt::Past(then.at));
                assert_eq!(explained, then.explained, "{about}");
                let key = if shown == now { "same" } else { "changed" };
                *compared.entry(key).or_default() += 1;
            }
        }
    }
    assert!(compared["changed"] > 20, "{compared:?}");
}
