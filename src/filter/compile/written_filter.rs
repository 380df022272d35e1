//! One entry of a smart list as written: a key and what stands after it.

use std::borrow::Cow;

use crate::diagnostic::{Code, Span};
use crate::yaml::{Node, NodeKind};

use super::Context;

/// An entry taken apart: one key and what stands after it.
pub(super) struct WrittenFilter<'n> {
    pub(super) key: &'n str,
    pub(super) key_span: Span,
    pub(super) value: Cow<'n, Node>,
}

impl<'n> WrittenFilter<'n> {
    /// Takes an entry apart. A bare word is a key with nothing after it.
    pub(super) fn of(node: &'n Node, kind: &str, cx: &mut Context<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(entries) => match entries.as_slice() {
                [only] => Some(Self {
                    key: &only.key,
                    key_span: only.key_span,
                    value: Cow::Borrowed(&only.value),
                }),
                [] => {
                    let message = format!("this {kind} is empty");
                    cx.diagnostics.fault(Code::MissingValue, node.span, message);
                    None
                }
                [_, second, ..] => {
                    cx.diagnostics.fault_with(
                        Code::WrongShape,
                        second.key_span,
                        format!("a {kind} has one key, here is another"),
                        match kind {
                            "filter" => format!(
                                "write `- {}:` as an entry of its own, or group them with `all:` or `any:`",
                                second.key
                            ),
                            _ => format!("write `- {}:` as an entry of its own", second.key),
                        },
                    );
                    None
                }
            },
            NodeKind::Scalar { text, .. } => Some(Self {
                key: text,
                key_span: node.span,
                value: Cow::Owned(Node {
                    span: node.span,
                    kind: NodeKind::Null,
                }),
            }),
            NodeKind::Null => {
                cx.diagnostics.fault(
                    Code::MissingValue,
                    node.span,
                    format!("this {kind} is empty"),
                );
                None
            }
            NodeKind::List(_) => {
                cx.diagnostics.fault_with(
                    Code::WrongShape,
                    node.span,
                    format!("a {kind} is one key with its value, not a list"),
                    match kind {
                        "filter" => "group filters with `all:` or `any:`",
                        _ => "write each as an entry of its own",
                    },
                );
                None
            }
        }
    }
}
