//! Activity filters and triggers: two names of one activity type, with the same constraints.

use crate::diagnostic::Code;
use crate::domain::{ActivityTypeId, FieldType};
use crate::filter::{ActivityFilter, Filter, Leaf, LeafKind, Sense, Test};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::activity_name::find_trigger;
use super::constraint::{self, Constraints};
use super::never_happens::ConstraintContext;
use super::values::{DescribedTests, tests};
use super::written_filter::WrittenFilter;
use super::{CompiledTrigger, Context, DATE, TIMES, unknown};

/// Compiles an activity filter.
pub(super) fn filter(
    written: &WrittenFilter<'_>,
    sense: Sense,
    activity: ActivityTypeId,
    cx: &mut Context<'_>,
) -> Option<Filter> {
    let bounds = bounds(&written.value, cx);
    let constraints = constraint::all(&written.value, activity, ConstraintContext::Filter, cx);
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
        subject: aloud(&format!("{not}{subject}"), &words),
        wanted: String::new(),
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
    let Constraints { list, words } =
        constraint::all(&written.value, activity, ConstraintContext::Trigger, cx)?;
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
        cx.diagnostics.fault_with(
            Code::WrongType,
            entry.value.span,
            format!("`{TIMES}` takes a whole number from 1"),
            format!("write `{TIMES}: 3`; for none at all use the filter's `not_` form"),
        );
    }
    times
}
