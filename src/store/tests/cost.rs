//! What the store costs in a batch run and in a replay, without the engine:
//! `cargo test --release --lib store::tests::cost -- --ignored --nocapture`.
//!
//! A million people are read in chunks with three fields; 203,000 of them enter a campaign of three steps, which
//! makes the journals that a run would. Then a million random events over 100,000 people, with two effects in ten.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{
    ActivityCatalogue, CampaignId, FieldCatalogue, FieldId, Instant, Key, ListId, Mode, Outcome,
    PersonId, Text, Value,
};
use crate::store::{
    Access, Bindings, CommitProgress, Definition, Load, LoadRequest, MissingPolicy, ScheduleState,
    Store,
};
use crate::world::{
    Activity, Attributes, EntryRow, EventIdentity, Journal, Layout, ListChange, LogRow, Needs,
    Numbering, Origin, PersonChange,
};

const PEOPLE: i64 = 1_000_000;
const NOW: i64 = 1_793_613_600_000_000;

struct Setting {
    store: Store,
    fields: FieldCatalogue,
    bindings: Bindings,
}

fn setting(folder: &Path) -> Setting {
    let path = folder.join("store-bench.db");
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let access = Access {
        command: "bench".to_owned(),
        now: Instant::from_micros(NOW),
        wait: Duration::ZERO,
    };
    let mut store = Store::create_or_open(&path, &access).unwrap();
    let fields = FieldCatalogue::standard();
    let used = [
        "first_name",
        "last_name",
        "company",
        "city",
        "state",
        "country",
        "phone",
        "title",
        "lead_score",
        "unsubscribed",
    ];
    store
        .add_fields(used.map(|name| fields.field(fields.find(name).unwrap())))
        .unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch(&format!(
            "PRAGMA synchronous = OFF;
            WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {PEOPLE})
            INSERT INTO person (person_id, email, first_name, last_name, company, city, state, country, phone, title, lead_score, unsubscribed)
            SELECT n, 'person' || n || '@example.com', 'First' || n % 1000, 'Last' || n % 5000, 'Company ' || n % 20000, 'City ' || n % 300,
                'State ' || n % 50, 'Country ' || n % 20, '555-' || n, 'Title ' || n % 100, n * 7919 % 100, n % 40 = 0 FROM n;
            PRAGMA wal_checkpoint(TRUNCATE);"
        ))
        .unwrap();
    let definition = Definition {
        full_name: Text::from("Letter"),
        name: "Letter".to_owned(),
        program: None,
        mode: Mode::Batch,
        file: "letter.yaml".to_owned(),
        definition: "name: Letter\n".to_owned(),
        description: None,
        active: None,
        marketo_id: None,
        schedule: ScheduleState::No,
    };
    let load = Load {
        workspace: "",
        campaigns: &[definition],
        missing: &[],
        gone: MissingPolicy::Keep,
        fields: &fields,
        zone: &crate::domain::Zone::utc(),
        lists: &crate::world::Names::default(),
        now: Instant::from_micros(NOW),
    };
    store.begin_load(load).unwrap().commit().unwrap();
    let numbering = Numbering::default();
    numbering.lists.intern("Readers");
    let bindings = store
        .bind(
            &[Text::from("Letter")],
            &fields,
            &ActivityCatalogue::standard(),
            numbering,
        )
        .unwrap();
    Setting {
        store,
        fields,
        bindings,
    }
}

fn attributes(list: &[(&str, Value)]) -> Attributes {
    list.iter()
        .map(|(key, value)| (Key::from(*key), value.clone()))
        .collect()
}

/// A row of a person's log: its place, and that of the first row of its happening.
fn logged(person: PersonId, (ordinal, happening): (u32, u32), activity: Activity) -> LogRow {
    LogRow {
        person,
        ordinal,
        happening: Some(happening),
        activity,
    }
}

fn step(step: u32, known: BuiltinActivity, primary: &Text, attributes: Attributes) -> Activity {
    Activity {
        at: Instant::from_micros(NOW),
        activity: known.id(),
        primary: Some(Text::clone(primary)),
        attributes,
        origin: Some(Origin {
            campaign: CampaignId(0),
            run: None,
            step,
            choice: None,
        }),
        outcome: Some(Outcome::Succeeded),
        reason: None,
        event: None,
        marketo_campaign: None,
    }
}

/// Reads everyone and returns the score of those who would qualify.
fn read(setting: &mut Setting) -> Vec<(PersonId, i64)> {
    let layout = Layout::of(
        ["state", "lead_score", "unsubscribed"].map(|name| setting.fields.find(name).unwrap()),
        &setting.fields,
    );
    let needs = Needs::default();
    let mut chosen = Vec::new();
    let mut after = None;
    loop {
        let wanted = LoadRequest {
            layout: &layout,
            needs: &needs,
            bindings: &setting.bindings,
        };
        let people = setting.store.people_after(after, 10_000, wanted).unwrap();
        let Some(last) = people.last() else {
            return chosen;
        };
        after = Some(last.id);
        for person in &people {
            if let Some(Value::Integer(score)) = &person.fields[1]
                && *score >= 79
                && person.fields[2] == Some(Value::Boolean(false))
            {
                chosen.push((person.id, *score));
            }
        }
    }
}

fn write(setting: &mut Setting, journal: &Journal) {
    setting
        .store
        .write(journal, &setting.bindings, CommitProgress::default())
        .unwrap();
}

fn batch(setting: &mut Setting, chosen: &[(PersonId, i64)]) -> Duration {
    let score: FieldId = setting.fields.find("lead_score").unwrap();
    let (email, field, list) = (
        Text::from("california-newsletter"),
        Text::from("lead_score"),
        Text::from("Readers"),
    );
    let mut spent = Duration::ZERO;
    for some in chosen.chunks(40_000) {
        let mut journal = Journal::default();
        for (person, old) in some {
            let changed = attributes(&[
                ("change", Value::Integer(5)),
                ("new_value", Value::Integer(old + 5)),
                ("old_value", Value::Integer(*old)),
                (
                    "reason",
                    Value::text("Changed by Smart Campaign Letter action Change Score"),
                ),
            ]);
            let rows = [
                step(1, BuiltinActivity::SendEmail, &email, Arc::from([])),
                step(2, BuiltinActivity::ChangeScore, &field, changed),
                step(3, BuiltinActivity::AddToList, &list, Arc::from([])),
            ];
            journal.activities.extend(
                (0..)
                    .zip(rows)
                    .map(|(ordinal, row)| logged(*person, (ordinal, 0), row)),
            );
            let at = Instant::from_micros(NOW);
            journal.people.push((
                *person,
                PersonChange::Field(score, Some(Value::Integer(old + 5))),
            ));
            journal.people.push((
                *person,
                PersonChange::List {
                    list: ListId(0),
                    change: ListChange::Joined,
                    at,
                },
            ));
            journal.entries.push(EntryRow {
                person: *person,
                campaign: CampaignId(0),
                nth: 1,
                at,
                run: None,
                version: 1,
                place: 0,
                cause: None,
            });
        }
        let start = Clock::now();
        write(setting, &journal);
        spent += start.elapsed();
    }
    spent
}

fn replay(setting: &mut Setting, chunk: i64) -> Duration {
    let mut random = fastrand::Rng::with_seed(3);
    let mut next = vec![100_u32; 100_001];
    let pages: Vec<Text> = (0..200)
        .map(|n| Text::from(format!("/product/{n}")))
        .collect();
    let mut spent = Duration::ZERO;
    for from in (0..1_000_000).step_by(usize::try_from(chunk).unwrap()) {
        let mut journal = Journal::default();
        for n in from..from + chunk {
            let person = random.i64(1..=100_000);
            let at = Instant::from_micros(NOW + n * 1_000_000);
            let identity = EventIdentity {
                at,
                hash: random.i64(..),
                ordinal: 0,
                content: random.i64(..),
            };
            journal.events.push(identity);
            let visit = Activity {
                at,
                origin: None,
                outcome: None,
                event: Some(Text::from(format!("e-{n}"))),
                ..step(
                    1,
                    BuiltinActivity::ClickEmail,
                    &pages[random.usize(0..200)],
                    attributes(&[
                        (
                            "link",
                            Value::text(&format!(
                                "https://www.example.com/offer/{}",
                                random.u32(0..2000)
                            )),
                        ),
                        ("is_mobile_device", Value::Boolean(random.bool())),
                    ]),
                )
            };
            let slot = &mut next[usize::try_from(person).unwrap()];
            let first = *slot;
            journal
                .activities
                .push(logged(PersonId(person), (first, first), visit));
            *slot += 1;
            if n % 5 == 0 {
                journal.activities.push(logged(
                    PersonId(person),
                    (*slot, first),
                    step(1, BuiltinActivity::SendEmail, &pages[0], Arc::from([])),
                ));
                *slot += 1;
            }
        }
        let start = Clock::now();
        write(setting, &journal);
        spent += start.elapsed();
    }
    spent
}

/// Processor time of this process so far, in milliseconds: on a busy machine it says more than the clock.
fn processor() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = |at: usize| {
        stat.split(' ')
            .nth(at)
            .and_then(|n| n.parse::<u64>().ok())
            .unwrap_or(0)
    };
    (ticks(13) + ticks(14)) * 10
}

#[test]
#[ignore = "a measurement"]
fn the_cost_of_reading_people_and_writing_journals() {
    let place = super::Place::new();
    let folder = place.folder.path();
    let report = |what: &str, took: Duration, before: u64| {
        println!(
            "{what}: {} ms, processor {} ms",
            took.as_millis(),
            processor() - before
        );
    };
    for _ in 0..3 {
        let mut setting = setting(folder);
        let (start, before) = (Clock::now(), processor());
        let chosen = read(&mut setting);
        report(
            "read a million people without logs",
            start.elapsed(),
            before,
        );
        let before = processor();
        let took = batch(&mut setting, &chosen);
        report(
            "write a batch of 205,000, with making its journals",
            took,
            before,
        );
        let (start, before) = (Clock::now(), processor());
        read(&mut setting);
        report(
            "read a million people, a fifth with logs",
            start.elapsed(),
            before,
        );
        for chunk in [100_000, 250_000] {
            let mut fresh = self::setting(folder);
            let before = processor();
            let took = replay(&mut fresh, chunk);
            report(
                &format!("write a replay by {chunk}, with making its journals"),
                took,
                before,
            );
            let path = folder.join("store-bench.db");
            println!(
                "  {} MB",
                std::fs::metadata(path).unwrap().len() / 1_000_000
            );
        }
    }
}
