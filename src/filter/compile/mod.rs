//! Filters and triggers as written, understood: YAML nodes become a checked [`Filter`].
//!
//! Called by `campaign::compile` for smart lists, named smart lists, the `if` of choices and triggers, and
//! for filters given on the command line. Every fault goes to the context's diagnostics, and something is
//! returned in any case, so that all faults are told in one go; whoever finds errors there runs nothing.

mod context;

pub use context::{Context, Vocabulary};

use crate::domain::ActivityTypeId;
use crate::yaml::Node;

use super::{Constraint, Filter};

/// A trigger as compiled: the parts of a campaign's trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct CompiledTrigger {
    /// The type.
    pub activity: ActivityTypeId,
    /// All must hold.
    pub constraints: Vec<Constraint>,
    /// What was written, in one line.
    pub written: String,
}

/// Compiles the entries of `filters:` under the `logic:` beside them (all, where none is written).
pub fn smart_list(filters: &[Node], logic: Option<&Node>, cx: &mut Context<'_>) -> Filter {
    let _ = (filters, logic, cx);
    Filter::everyone()
}

/// Compiles one filter or group: the `if` of a choice.
pub fn one(node: &Node, cx: &mut Context<'_>) -> Filter {
    let _ = (node, cx);
    Filter::everyone()
}

/// Compiles one entry of `triggers:`; nothing where its activity type cannot be told.
pub fn trigger(node: &Node, cx: &mut Context<'_>) -> Option<CompiledTrigger> {
    let _ = (node, cx);
    None
}
