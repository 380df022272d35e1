//! What a load of campaigns leaves behind.

use std::sync::LazyLock;

use crate::domain::{FieldCatalogue, Mode, Text, Zone};
use crate::store::{DefinitionChange, Load, MissingPolicy, ScheduleState};
use crate::world::Names;

use super::Place;
use super::workspace::{at, definition};

fn load<'a>(campaigns: &'a [crate::store::Definition], now: &str) -> Load<'a> {
    static BASICS: LazyLock<(FieldCatalogue, Zone, Names)> =
        LazyLock::new(|| (FieldCatalogue::standard(), Zone::utc(), Names::default()));
    let (fields, zone, lists) = &*BASICS;
    Load {
        workspace: "time_zone: UTC\n",
        campaigns,
        missing: &[],
        gone: MissingPolicy::Keep,
        fields,
        zone,
        lists,
        now: at(now),
    }
}

#[test]
fn a_new_version_is_made_when_the_meaning_changed() {
    let place = Place::new();
    let mut store = place.create();
    let mut campaign = definition("Autumn.Newsletter", Mode::Batch);
    let mut save = |campaign: &crate::store::Definition| {
        store
            .begin_load(load(std::slice::from_ref(campaign), "2026-11-01"))
            .unwrap()
            .commit()
            .unwrap()[0]
    };
    assert_eq!(save(&campaign), (DefinitionChange::Added, 1));
    campaign.description = Some("Monthly".to_owned());
    campaign.full_name = Text::from("autumn.NEWSLETTER");
    assert_eq!(save(&campaign), (DefinitionChange::Unchanged, 1));
    campaign.definition = "name: other\n".to_owned();
    assert_eq!(save(&campaign), (DefinitionChange::Changed, 2));
    let stored = &store.definitions().unwrap()[0];
    assert_eq!(stored.version, 2);
    assert_eq!(stored.description.as_deref(), Some("Monthly"));
    let (first, workspace) = store.definition("Autumn.Newsletter", 1).unwrap().unwrap();
    assert_eq!(
        (first.as_str(), workspace.as_str()),
        ("name: Newsletter\n", "time_zone: UTC\n")
    );
    assert_eq!(place.query("SELECT count(*) FROM workspace_version"), ["1"]);
}

#[test]
fn activation_that_is_not_written_stays_as_commands_left_it() {
    let place = Place::new();
    let mut store = place.create();
    let mut campaign = definition("Welcome", Mode::Triggered);
    let one = [Text::from("Welcome")];
    let status = || place.query("SELECT status FROM v_campaign");
    store
        .begin_load(load(&[campaign.clone()], "2026-11-01"))
        .unwrap()
        .commit()
        .unwrap();
    assert_eq!(status(), ["inactive"]);
    assert_eq!(
        store
            .set_active(&one, true, at("2026-11-02"))
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        store
            .set_active(&one, true, at("2026-11-02"))
            .unwrap()
            .len(),
        0
    );
    store
        .begin_load(load(&[campaign.clone()], "2026-11-02"))
        .unwrap()
        .commit()
        .unwrap();
    assert_eq!(status(), ["active"]);
    campaign.active = Some(false);
    store
        .begin_load(load(&[campaign], "2026-11-03"))
        .unwrap()
        .commit()
        .unwrap();
    assert_eq!(status(), ["inactive"]);
}

#[test]
fn a_schedule_counts_from_the_load_that_brought_it() {
    let place = Place::new();
    let mut store = place.create();
    let mut campaign = definition("Letter", Mode::Batch);
    campaign.schedule = ScheduleState::Next(Some(at("2026-12-01 09:00")));
    store
        .begin_load(load(&[campaign.clone()], "2026-11-01"))
        .unwrap()
        .commit()
        .unwrap();
    store
        .begin_load(load(&[campaign.clone()], "2026-11-05"))
        .unwrap()
        .commit()
        .unwrap();
    let from = |store: &crate::store::Store| store.definitions().unwrap()[0].scheduled_from;
    assert_eq!(from(&store), Some(at("2026-11-01")));
    assert_eq!(
        place.query("SELECT status, next_run_at FROM v_campaign"),
        ["scheduled|2026-12-01T09:00:00Z"]
    );
    campaign.definition.push_str("schedule: another\n");
    store
        .begin_load(load(&[campaign.clone()], "2026-11-06"))
        .unwrap()
        .commit()
        .unwrap();
    assert_eq!(from(&store), Some(at("2026-11-06")));
    let missing = [Text::from("Letter")];
    let gone = Load {
        missing: &missing,
        gone: MissingPolicy::Prune,
        ..load(&[], "2026-11-07")
    };
    store.begin_load(gone).unwrap().commit().unwrap();
    assert_eq!(from(&store), None);
    assert!(store.definitions().unwrap()[0].missing);
}
