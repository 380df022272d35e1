//! Activity filters and triggers: two names of one activity type, with the same constraints.

use crate::diagnostic::Code;
use crate::domain::text::name_key;
use crate::domain::{ActivityCatalogue, ActivityType, ActivityTypeId, FieldType};
use crate::filter::{ActivityFilter, Filter, Leaf, LeafKind, Sense, Test};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::constraint::{self, Constraints};
use super::entry::WrittenFilter;
use super::values::{DescribedTests, tests};
use super::{CompiledTrigger, Context, unknown};

/// The constraint on the activity's instant.
pub(super) const DATE: &str = "date_of_activity";
/// The constraint on how many there are.
pub(super) const TIMES: &str = "min_number_of_times";

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

/// Compiles an activity filter.
pub(super) fn filter(
    written: &WrittenFilter<'_>,
    sense: Sense,
    activity: ActivityTypeId,
    cx: &mut Context<'_>,
) -> Option<Filter> {
    let bounds = bounds(&written.value, cx);
    let constraints = constraint::all(
        &written.value,
        activity,
        constraint::ConstraintContext::Filter,
        cx,
    );
    let (
        ActivityBounds {
            date,
            date_words,
            times,
        },
        Constraints { list, mut words },
    ) = (bounds?, constraints?);
    words.extend(date_words);
    if times > 1 {
        words.push(format!("at least {times} times"));
    }
    let name = cx.activities.get(activity).filter.clone();
    let subject = name.as_deref().unwrap_or(written.key).replace('_', " ");
    let not = match sense {
        Sense::Positive => "",
        Sense::Negative => "not ",
    };
    Some(Filter::Leaf(Leaf {
        written: aloud(&format!("{not}{subject}"), &words),
        kind: LeafKind::Activity(ActivityFilter {
            sense,
            activity,
            constraints: list,
            date,
            at_least: times,
        }),
    }))
}

/// Compiles a trigger.
pub(super) fn trigger(
    written: &WrittenFilter<'_>,
    cx: &mut Context<'_>,
) -> Option<CompiledTrigger> {
    let Some(activity) = find_trigger(written.key, cx.activities) else {
        unknown::trigger(written.key, written.key_span, cx);
        return None;
    };
    let Constraints { list, words } = constraint::all(
        &written.value,
        activity,
        constraint::ConstraintContext::Trigger,
        cx,
    )?;
    let name = cx.activities.get(activity).trigger.clone();
    let subject = name.as_deref().unwrap_or(written.key).replace('_', " ");
    Some(CompiledTrigger {
        activity,
        constraints: list,
        written: aloud(&subject, &words),
    })
}

/// Returns how an activity filter reads: `opened email: spring, in past 30 days`.
fn aloud(subject: &str, words: &[String]) -> String {
    if words.is_empty() {
        return subject.to_owned();
    }
    format!("{subject}: {}", words.join(", "))
}

/// What an activity filter asks besides constraints on attributes.
struct ActivityBounds {
    date: Vec<Test>,
    date_words: Option<String>,
    times: u32,
}

fn bounds(value: &Node, cx: &mut Context<'_>) -> Option<ActivityBounds> {
    let mut bounds = Some(ActivityBounds {
        date: Vec::new(),
        date_words: None,
        times: 1,
    });
    let NodeKind::Map(entries) = &value.kind else {
        return bounds;
    };
    for entry in entries {
        let read = if entry.key == DATE {
            date(entry, cx).map(|DescribedTests { tests, words }| (Some((tests, words)), None))
        } else if entry.key == TIMES {
            times(entry, cx).map(|times| (None, Some(times)))
        } else {
            continue;
        };
        let Some((date, times)) = read else {
            bounds = None;
            continue;
        };
        if let Some(bounds) = &mut bounds {
            if let Some((tests, words)) = date {
                (bounds.date, bounds.date_words) = (tests, Some(words));
            }
            bounds.times = times.unwrap_or(bounds.times);
        }
    }
    bounds
}

fn date(entry: &MapEntry, cx: &mut Context<'_>) -> Option<DescribedTests> {
    let DescribedTests { tests, words } = tests(&entry.value, FieldType::Datetime, cx)?;
    let words = if words.starts_with("is") {
        format!("date of activity {words}")
    } else {
        words
    };
    Some(DescribedTests { tests, words })
}

fn times(entry: &MapEntry, cx: &mut Context<'_>) -> Option<u32> {
    let written = match &entry.value.kind {
        NodeKind::Scalar { text, .. } => text.trim().parse().ok(),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
    };
    let times = written.filter(|n| (1..=1_000_000).contains(n));
    if times.is_none() {
        cx.fault_with(
            Code::WrongType,
            entry.value.span,
            format!("`{TIMES}` takes a whole number from 1"),
            format!("write `{TIMES}: 3`; for none at all use the filter's `not_` form"),
        );
    }
    times
}
