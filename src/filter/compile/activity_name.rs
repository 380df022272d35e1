//! Which activity type a filter or a trigger names.

use crate::domain::text::name_key;
use crate::domain::{ActivityCatalogue, ActivityType, ActivityTypeId};
use crate::filter::Sense;

/// Finds the activity filter that a key names, inverted by `not_` or not.
pub(super) fn find(key: &str, activities: &ActivityCatalogue) -> Option<(Sense, ActivityTypeId)> {
    let key = name_key(key);
    let positive = named(&key, activities, |t| t.filter.as_deref());
    positive.map(|id| (Sense::Positive, id)).or_else(|| {
        let rest = key.strip_prefix("not")?;
        let id = named(rest, activities, |t| t.filter.as_deref())?;
        Some((Sense::Negative, id))
    })
}

/// Finds the trigger that a key names.
pub(super) fn find_trigger(key: &str, activities: &ActivityCatalogue) -> Option<ActivityTypeId> {
    named(&name_key(key), activities, |t| t.trigger.as_deref())
}

/// Finds a type by one of its two names, or by an alias if it has such a name at all.
fn named(
    key: &str,
    activities: &ActivityCatalogue,
    name: impl Fn(&ActivityType) -> Option<&str>,
) -> Option<ActivityTypeId> {
    // Most filters name a field, so that this ends here for them; the scans below make keys of all names.
    let first = activities.with_key(key)?;
    if name(activities.get(first)).is_some_and(|n| name_key(n) == key) {
        return Some(first);
    }
    let by_name = activities
        .iter()
        .find(|(_, t)| name(t).is_some_and(|n| name_key(n) == key));
    let by_alias = || {
        activities
            .iter()
            .find(|(_, t)| name(t).is_some() && t.aliases.iter().any(|a| name_key(a) == key))
    };
    by_name.or_else(by_alias).map(|(id, _)| id)
}
