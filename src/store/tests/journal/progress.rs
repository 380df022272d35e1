//! How far a command got: events that were taken, and runs.

use crate::domain::{RunCounts, RunId, Text};
use crate::store::{CommitProgress, NewRun, RunProgress, RunState, Seen, Store};
use crate::world::{EventIdentity, Journal};

use super::super::workspace::{at, person};
use super::{empty, with_three};

#[test]
fn events_are_known_again_by_instant_hash_and_ordinal() {
    let (place, mut store, workspace) = empty();
    let identity = |second: i64, hash, ordinal, content| EventIdentity {
        at: at("2026-11-02").plus_micros(second * 1_000_000),
        hash,
        ordinal,
        content,
    };
    let events = (0..500).map(|n| identity(n, -n, 0, n)).collect();
    workspace.write(
        &mut store,
        &Journal {
            events,
            ..Journal::default()
        },
    );
    let asked = [
        identity(499, -499, 0, 499),
        identity(-5, 0, 0, 0),
        identity(7, -7, 0, 8),
        identity(7, -7, 1, 7),
        identity(7, -7, 0, 7),
        identity(900, 0, 0, 0),
    ];
    assert_eq!(
        store.events_known(&asked).unwrap(),
        [
            Seen::Taken,
            Seen::New,
            Seen::Different,
            Seen::New,
            Seen::Taken,
            Seen::New
        ]
    );
    let aside = identity(8, 0, 0, 1);
    let note = |store: &mut Store, journal: Journal| {
        workspace.write(store, &journal);
        let asked = [aside, identity(8, 0, 0, 2)];
        store.events_known(&asked).unwrap()
    };
    let known = note(
        &mut store,
        Journal {
            set_aside: vec![aside],
            ..Journal::default()
        },
    );
    assert_eq!(known, [Seen::SetAside, Seen::Mended]);
    let known = note(
        &mut store,
        Journal {
            retried: vec![aside],
            events: vec![aside],
            ..Journal::default()
        },
    );
    assert_eq!(known, [Seen::Taken, Seen::Different]);
    let again = store.write(
        &Journal {
            events: vec![identity(7, -7, 0, 7)],
            ..Journal::default()
        },
        &workspace.bind(&store),
        CommitProgress::default(),
    );
    assert_eq!(
        again.unwrap_err().to_string(),
        format!(
            "`{}` is not as bugle leaves it: its rows contradict what is to be written",
            place.db().display()
        )
    );
}

#[test]
fn a_run_is_found_unfinished_until_its_last_chunk() {
    let (_place, mut store, workspace) = with_three();
    let begun = NewRun {
        campaign: Text::from("Autumn.Newsletter"),
        version: 1,
        at: at("2026-11-02 12:00"),
        seed: u64::MAX,
        only: Some(vec![person(1), person(3)]),
        occurrence: Some("2026-11-02T12:00:00".to_owned()),
        command: None,
    };
    assert_eq!(store.unfinished_run().unwrap(), None);
    let run = store.begin_run(&begun).unwrap();
    assert_eq!(run, RunId(1));
    assert_eq!(store.unfinished_run().unwrap().unwrap().begun, begun);
    let mut progress = RunProgress {
        run,
        last_person: person(1),
        state: RunState::Running,
        counts: RunCounts {
            matched: 2,
            ..RunCounts::default()
        },
        written: None,
        next: None,
    };
    let mut write = |progress: &RunProgress| {
        let how_far = CommitProgress {
            watermark: Some(at("2026-11-02 12:00")),
            run: Some(progress),
        };
        store
            .write(&Journal::default(), &workspace.bind(&store), how_far)
            .unwrap();
        store.unfinished_run().unwrap()
    };
    let stored = write(&progress).unwrap();
    assert_eq!((stored.last_person, stored.counts.matched), (person(1), 2));
    progress.state = RunState::Finished;
    assert_eq!(write(&progress), None);
    assert_eq!(store.watermark().unwrap(), Some(at("2026-11-02 12:00")));
    assert!(
        store
            .has_run("autumn.newsletter", "2026-11-02T12:00:00")
            .unwrap()
    );
    assert!(
        !store
            .has_run("Autumn.Newsletter", "2026-12-02T12:00:00")
            .unwrap()
    );
    assert_eq!(store.runs(None).unwrap().len(), 1);
}
