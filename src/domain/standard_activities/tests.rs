//! The rows as a table: no two types share a name, and each is found in every spelling.

use std::collections::BTreeMap;

use crate::domain::ActivityCatalogue;
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::FieldCatalogue;
use crate::domain::text::name_key;

#[test]
fn the_first_rows_are_those_that_the_engine_knows() {
    let catalogue = ActivityCatalogue::standard();
    for known in BuiltinActivity::ALL {
        let row = catalogue.get(known.id());
        assert_eq!(row.code, known.code(), "{known:?}");
        let spelt = name_key(&format!("{known:?}"));
        assert_eq!(name_key(&row.name), spelt, "{known:?}");
    }
}

#[test]
fn no_two_types_share_a_name_or_a_number() {
    let catalogue = ActivityCatalogue::standard();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut codes = BTreeMap::new();
    for (_, row) in catalogue.iter() {
        assert_eq!(codes.insert(row.code, &row.name), None, "{}", row.name);
        let names = [
            Some(row.name.as_ref()),
            row.trigger.as_deref(),
            row.filter.as_deref(),
        ];
        let aliases = row.aliases.iter().map(String::as_str);
        for name in names.into_iter().flatten().chain(aliases) {
            let owner = owners.entry(name_key(name)).or_insert(&row.name);
            assert_eq!(*owner, &*row.name, "{name}");
        }
    }
}

#[test]
fn every_type_has_a_filter_and_a_trigger_unless_it_can_have_none() {
    let catalogue = ActivityCatalogue::standard();
    let without = |name: fn(&crate::domain::ActivityType) -> bool| -> Vec<String> {
        let rows = catalogue.iter().filter(|(_, row)| name(row));
        rows.map(|(_, row)| row.name.to_string()).collect()
    };
    let no_log = [
        "delete_person",
        "remove_from_flow",
        "wait_started",
        "wait_ended",
    ];
    assert_eq!(without(|row| row.filter.is_none()), no_log);
    assert_eq!(
        without(|row| row.trigger.is_none()),
        [
            "send_email",
            "delete_person",
            "execute_campaign",
            "remove_from_flow",
            "wait_started",
            "wait_ended",
            "send_push_notification"
        ]
    );
}

#[test]
fn no_two_attributes_of_a_type_share_a_name() {
    for (_, row) in ActivityCatalogue::standard().iter() {
        let mut keys: BTreeMap<String, &str> = BTreeMap::new();
        for attribute in row.primary.iter().chain(&row.attributes) {
            for name in
                std::iter::once(&*attribute.key).chain(attribute.aliases.iter().map(String::as_str))
            {
                let owner = keys.entry(name_key(name)).or_insert(&attribute.key);
                assert_eq!(*owner, &*attribute.key, "{}: {name}", row.name);
            }
        }
    }
}

#[test]
fn no_standard_field_has_the_name_of_a_filter() {
    let fields = FieldCatalogue::standard();
    for (_, row) in ActivityCatalogue::standard().iter() {
        if let Some(name) = &row.filter {
            assert_eq!(fields.find(name), None, "{name}");
        }
    }
}

#[test]
fn names_and_attributes_are_found_in_every_spelling() {
    let catalogue = ActivityCatalogue::standard();
    let named = |name: &str| {
        catalogue
            .find(name)
            .map(|id| catalogue.get(id).name.to_string())
    };
    assert_eq!(named("lead_is_created").as_deref(), Some("new_person"));
    assert_eq!(named("New Lead").as_deref(), Some("new_person"));
    assert_eq!(
        named("nurture_track_changes").as_deref(),
        Some("change_engagement_program_stream")
    );
    assert_eq!(named("10").as_deref(), Some("open_email"));
    assert_eq!(
        named("Change Status in Progression").as_deref(),
        Some("change_program_status")
    );
    let key = |known: BuiltinActivity, name: &str| {
        let row = catalogue.get(known.id());
        row.attribute(name).map(|a| a.key.to_string())
    };
    assert_eq!(
        key(BuiltinActivity::ChangeDataValue, "Old Value").as_deref(),
        Some("previous_value")
    );
    assert_eq!(
        key(BuiltinActivity::ChangeDataValue, "Attribute Name").as_deref(),
        Some("field")
    );
    assert_eq!(
        key(BuiltinActivity::ChangeScore, "new_score").as_deref(),
        Some("new_value")
    );
    assert_eq!(
        key(BuiltinActivity::OpenEmail, "Mailing ID").as_deref(),
        Some("email")
    );
    assert_eq!(
        key(BuiltinActivity::FillOutForm, "Webpage ID").as_deref(),
        Some("web_page")
    );
    assert_eq!(
        key(BuiltinActivity::ClickEmail, "Is Mobile Device").as_deref(),
        Some("is_mobile_device")
    );
}
