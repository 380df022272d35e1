//! Filters and triggers as written, understood: YAML nodes become a checked [`Filter`].
//!
//! Called by `campaign::compile` for smart lists, named smart lists, the `if` of choices and triggers, and
//! for filters given on the command line. Every fault goes to the context's diagnostics, and something is
//! returned in any case, so that all faults are reported in one pass; if there are errors among them, the caller must not run it.

mod activity;
mod activity_name;
mod constraint;
mod context;
mod entry;
mod logic;
mod membership;
mod never_happens;
mod places;
pub(crate) mod sample;
mod unknown;
mod values;
mod written_filter;

#[cfg(test)]
mod tests;

pub(crate) use context::{Context, Vocabulary};
pub(crate) use places::Places;

use crate::diagnostic::Diagnostics;
use crate::domain::{ActivityTypeId, FieldType, Zone};
use crate::yaml::Node;

use super::operator::operand::OperandContext;
use super::{Constraint, Filter, Numbered, Test};

/// A trigger as compiled: the parts of a campaign's trigger.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CompiledTrigger {
    /// The type.
    pub(crate) activity: ActivityTypeId,
    /// All must hold.
    pub(crate) constraints: Vec<Constraint>,
    /// What was written, in one line.
    pub(crate) written: String,
}

/// Compiles the entries of `filters:` under the `logic:` beside them (all, where none is written).
///
/// Without any entry everyone is meant, with any logic.
pub(crate) fn smart_list(filters: &[Node], logic: Option<&Node>, cx: &mut Context<'_>) -> Numbered {
    let entries: Vec<Filter> = filters
        .iter()
        .zip(1..)
        .map(|(node, number): (&Node, usize)| {
            cx.within(&number.to_string(), |cx| entry::filter(node, cx))
        })
        .collect();
    Numbered {
        logic: logic::join(entries.len(), logic, cx),
        entries,
    }
}

/// Compiles one filter or group: the `if` of a choice.
pub(crate) fn one(node: &Node, cx: &mut Context<'_>) -> Filter {
    entry::filter(node, cx)
}

/// Reads what a text must be, as the tests of campaigns write it: an operator map, or a bare value or list, which means
/// `is`. Returns the tests and how they read.
pub(crate) fn text_tests(
    node: &Node,
    zone: &Zone,
    diagnostics: &mut Diagnostics,
) -> Option<(Vec<Test>, String)> {
    let reading = OperandContext {
        field_type: FieldType::Text,
        zone,
        diagnostics,
    };
    let described = values::read(node, reading)?;
    Some((described.tests, described.words))
}

/// Compiles one entry of `triggers:`; nothing where its activity type cannot be reported.
pub(crate) fn trigger(node: &Node, cx: &mut Context<'_>) -> Option<CompiledTrigger> {
    let written = written_filter::WrittenFilter::of(node, "trigger", cx)?;
    activity::trigger(&written, cx)
}

/// The keys of activity filters that are not attributes: the day, and how many there are.
pub(crate) const BOUNDS: [&str; 2] = [DATE, TIMES];

/// The key that bounds the day of an activity.
const DATE: &str = "date_of_activity";

/// The key that says how many activities there must be.
const TIMES: &str = "min_number_of_times";
