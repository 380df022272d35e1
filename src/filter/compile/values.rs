//! Operator maps, bare values and lists of names, as every kind of filter writes them; and how they read aloud.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::FieldType;
use crate::filter::operator::operand::OperandContext;
use crate::filter::operator::{Family, Operand};
use crate::filter::{Operator, Test};
use crate::yaml::{MapEntry, Node, NodeKind};

use super::Context;

pub(super) fn is_any(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar { text, plain: true } if text.trim().eq_ignore_ascii_case("any"))
}

/// Tests with their words: `is CA or California`.
pub(super) struct DescribedTests {
    pub(super) tests: Vec<Test>,
    pub(super) words: String,
}

/// Reads an operator map, or a bare value or list, which means `is`.
pub(super) fn tests(
    node: &Node,
    field_type: FieldType,
    cx: &mut Context<'_>,
) -> Option<DescribedTests> {
    if Family::of(field_type) == Family::Text {
        warn_of_lists(node, field_type, cx);
    }
    read(
        node,
        OperandContext {
            field_type,
            zone: cx.zone,
            diagnostics: cx.diagnostics,
        },
    )
}

/// Reads an operator map, or a bare value or list, by the type of what it is asked of.
pub(super) fn read(node: &Node, mut reading: OperandContext<'_>) -> Option<DescribedTests> {
    let compiled: Vec<Option<(Test, String)>> = match &node.kind {
        NodeKind::Map(entries) if entries.is_empty() => {
            let message = "no operator is written";
            reading
                .diagnostics
                .push(Diagnostic::new(Code::MissingValue, node.span, message));
            return None;
        }
        NodeKind::Map(entries) => entries
            .iter()
            .map(|e| {
                let (operator, test) = Test::compile(&e.key, e.key_span, &e.value, &mut reading)?;
                Some((test, words(operator, &e.value)))
            })
            .collect(),
        NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Null => {
            let test = Test::compile_bare(node, &mut reading);
            vec![test.map(|(operator, test)| (test, words(operator, node)))]
        }
    };
    let (tests, parts): (Vec<Test>, Vec<String>) = compiled
        .into_iter()
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .unzip();
    Some(DescribedTests {
        tests,
        words: parts.join(" and "),
    })
}

/// Warns of a text that holds several values between semicolons, as Marketo displays a list. A link may hold some itself.
fn warn_of_lists(node: &Node, field_type: FieldType, cx: &mut Context<'_>) {
    let mut texts = Vec::new();
    match &node.kind {
        NodeKind::Map(entries) => {
            for entry in entries {
                each_scalar(&entry.value, &mut |text, span| texts.push((text, span)));
            }
        }
        NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Null => {
            each_scalar(node, &mut |text, span| texts.push((text, span)));
        }
    }
    let between = if field_type == FieldType::Url {
        "; "
    } else {
        ";"
    };
    for (text, span) in texts {
        let parts: Vec<&str> = text.split(between).map(str::trim).collect();
        if parts.len() < 2 || parts.iter().any(|part| part.is_empty()) {
            continue;
        }
        let message = format!("`{text}` is one value, semicolons included");
        let help = format!(
            "for any of several values write a list: `[{}]`",
            parts.join(", ")
        );
        cx.diagnostics
            .fault_with(Code::ListInText, span, message, help);
    }
}

/// Returns how an operator with its operand reads aloud.
fn words(operator: Operator, operand: &Node) -> String {
    let name = operator.name().replace('_', " ");
    match operator.operand() {
        Operand::Flag => name,
        Operand::Range => format!("{name} {}", join(operand, " and ")),
        Operand::Values | Operand::Value | Operand::Duration | Operand::Frame => {
            format!("{name} {}", join(operand, " or "))
        }
    }
}

fn join(operand: &Node, between: &str) -> String {
    let mut texts = Vec::new();
    each_scalar(operand, &mut |text, _| texts.push(text.to_owned()));
    texts.join(between)
}

fn each_scalar<'n>(node: &'n Node, see: &mut dyn FnMut(&'n str, Span)) {
    match &node.kind {
        NodeKind::Scalar { text, .. } => see(text, node.span),
        NodeKind::List(nodes) => {
            for node in nodes {
                each_scalar(node, see);
            }
        }
        NodeKind::Null | NodeKind::Map(_) => {}
    }
}

/// Returns a key of a mapping with what stands after it.
pub(super) fn entry_of<'n>(node: &'n Node, key: &str) -> Option<&'n MapEntry> {
    match &node.kind {
        NodeKind::Map(entries) => entries.iter().find(|entry| entry.key == key),
        NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) => None,
    }
}

/// A name as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct AssetName<'n> {
    pub(super) text: &'n str,
    pub(super) span: Span,
}

/// Returns the values that are meant whole: bare ones, and those of `is` and `is_not`.
///
/// They can be checked against the names that exist; part of a name, as `contains` takes it, cannot.
pub(super) fn whole_values(node: &Node) -> Vec<AssetName<'_>> {
    let mut names = Vec::new();
    let mut take = |text, span| names.push(AssetName { text, span });
    if let NodeKind::Map(entries) = &node.kind {
        for entry in entries
            .iter()
            .filter(|e| matches!(e.key.as_str(), "is" | "is_not"))
        {
            each_scalar(&entry.value, &mut take);
        }
    } else {
        each_scalar(node, &mut take);
    }
    names
}

/// Reads one name or a list of them.
pub(super) fn names<'n>(
    node: &'n Node,
    kind: &str,
    cx: &mut Context<'_>,
) -> Option<Vec<AssetName<'n>>> {
    let nodes = match &node.kind {
        NodeKind::List(nodes) if !nodes.is_empty() => nodes.as_slice(),
        NodeKind::List(_) | NodeKind::Null => {
            cx.diagnostics
                .fault(Code::MissingValue, node.span, format!("no {kind} is named"));
            return None;
        }
        NodeKind::Scalar { .. } | NodeKind::Map(_) => std::slice::from_ref(node),
    };
    let read: Vec<Option<AssetName<'n>>> = nodes.iter().map(|node| name(node, kind, cx)).collect();
    read.into_iter().collect()
}

fn name<'n>(node: &'n Node, kind: &str, cx: &mut Context<'_>) -> Option<AssetName<'n>> {
    match &node.kind {
        NodeKind::Scalar { text, .. } if text.contains("{{") => {
            cx.diagnostics.fault_with(
                Code::UnknownToken,
                node.span,
                "conditions take no tokens",
                format!("write the {kind}'s name itself"),
            );
            None
        }
        NodeKind::Scalar { text, .. } if text.trim().is_empty() => {
            cx.diagnostics
                .fault(Code::MissingValue, node.span, format!("no {kind} is named"));
            None
        }
        NodeKind::Scalar { text, .. } => Some(AssetName {
            text,
            span: node.span,
        }),
        NodeKind::Null => {
            cx.diagnostics
                .fault(Code::MissingValue, node.span, format!("no {kind} is named"));
            None
        }
        NodeKind::List(_) | NodeKind::Map(_) => {
            cx.diagnostics.fault(
                Code::WrongShape,
                node.span,
                format!("the name of a {kind} is a single value"),
            );
            None
        }
    }
}
