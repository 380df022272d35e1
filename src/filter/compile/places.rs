//! The source positions of a filter: a tree of the same shape as the [`Filter`](crate::filter::Filter).

use crate::diagnostic::Span;
use crate::filter::BuiltIn;
use crate::yaml::{Node, NodeKind};

use super::logic;

/// The place of a filter, and those of its parts where it is a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    /// Of the whole.
    pub(crate) span: Span,
    /// Of each part, in order; none for a single filter.
    pub(crate) parts: Vec<Places>,
}

impl Places {
    /// Finds the places of one filter or group.
    pub(crate) fn of(node: &Node) -> Self {
        Self {
            span: node.span,
            parts: parts(node).iter().map(Self::of).collect(),
        }
    }

    /// Finds the places of a smart list's filters under its logic; `whole` is that of the list.
    pub(crate) fn of_list(filters: &[Node], logic: Option<&Node>, whole: Span) -> Self {
        let places: Vec<Self> = filters.iter().map(Self::of).collect();
        let expression = logic.and_then(|node| Some((node.span, logic::tree(node, places.len())?)));
        match expression {
            Some((span, tree)) => tree.places(&places, span),
            None => Self {
                span: whole,
                parts: places,
            },
        }
    }
}

fn parts(node: &Node) -> &[Node] {
    if let NodeKind::Map(entries) = &node.kind
        && let [only] = entries.as_slice()
        && let Some(BuiltIn::All | BuiltIn::Any) = BuiltIn::named(&only.key)
        && let NodeKind::List(nodes) = &only.value.kind
    {
        return nodes;
    }
    &[]
}
