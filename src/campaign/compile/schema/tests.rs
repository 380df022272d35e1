//! The schema of campaigns has every name of the catalogues.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{File, of};
use crate::domain::{ActivityCatalogue, FieldCatalogue};
use crate::filter::{BuiltIn, Operator};

/// Returns the keys of the object at a place of a schema.
fn keys(schema: &Value, place: &str) -> BTreeSet<String> {
    let found = schema.pointer(&format!("{place}/properties"));
    let found = found.and_then(Value::as_object);
    let found = found.unwrap_or_else(|| panic!("no properties at {place}"));
    found.keys().cloned().collect()
}

#[test]
fn every_filter_trigger_and_operator_is_in_the_schema() {
    let schema = of(File::Campaign);
    let activities = ActivityCatalogue::standard();
    let filters = keys(&schema, "/definitions/filter");
    let triggers = keys(&schema, "/definitions/trigger");
    let mut expected: BTreeSet<String> = BuiltIn::ALL.map(|filter| filter.name().to_owned()).into();
    expected.extend(
        FieldCatalogue::default()
            .iter()
            .map(|(_, field)| field.name.clone()),
    );
    for (_, activity) in activities.iter() {
        if let Some(name) = &activity.filter {
            expected.insert(name.clone());
            expected.insert(format!("not_{name}"));
            let inside = keys(&schema, &format!("/definitions/filter_{}", activity.name));
            for attribute in activity.primary.iter().chain(&activity.attributes) {
                assert!(inside.contains(attribute.key.as_ref()), "{name}");
            }
        }
    }
    assert_eq!(filters, expected);
    let expected: BTreeSet<String> = activities
        .iter()
        .filter_map(|(_, activity)| activity.trigger.clone())
        .collect();
    assert_eq!(triggers, expected);
    let operators: BTreeSet<String> = Operator::ALL
        .into_iter()
        .map(|operator| operator.name().to_owned())
        .collect();
    assert_eq!(keys(&schema, "/definitions/any_tests"), operators);
}
