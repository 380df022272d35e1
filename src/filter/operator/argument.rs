//! Operators and their arguments as written: read by the field's type, with a fault for each that does not fit.

use std::cmp::Ordering;

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::domain::{FieldType, Value};
use crate::yaml::{Node, NodeKind};

use super::advice::meant;
use super::operand::{OperandContext, OperandItem};
use super::value::keys;
use super::{Comparison, Criterion, Family, Operator, Test};

impl Test {
    /// Reads an operator's name and its operand; nothing, and at least one fault, where they do not fit.
    ///
    /// The operator that is returned is the one that is meant: `is_empty: false` is `is_not_empty`.
    pub(crate) fn compile(
        name: &str,
        name_span: Span,
        operand: &Node,
        reading: &mut OperandContext<'_>,
    ) -> Option<(Operator, Self)> {
        let operator = reading.operator(name, name_span)?;
        reading.test(operator, name_span, operand)
    }

    /// Reads a bare value or list, which means `is`.
    pub(crate) fn compile_bare(
        operand: &Node,
        reading: &mut OperandContext<'_>,
    ) -> Option<(Operator, Self)> {
        reading.test(Operator::Is, operand.span, operand)
    }
}

impl OperandContext<'_> {
    pub(super) fn fault(&mut self, code: Code, span: Span, message: String, help: Option<String>) {
        let fault = Diagnostic::new(code, span, message);
        self.diagnostics.push(match help {
            Some(help) => fault.help(help),
            None => fault,
        });
    }

    fn operator(&mut self, name: &str, span: Span) -> Option<Operator> {
        let found = Operator::named(name);
        if found.is_none() {
            let help = meant(name).or_else(|| {
                did_you_mean(
                    name,
                    allowed(self.field_type).into_iter().map(Operator::name),
                )
            });
            let help = help.unwrap_or_else(|| self.choice());
            let message = format!("no operator is named `{name}`");
            self.fault(Code::UnknownOperator, span, message, Some(help));
        }
        found
    }

    /// Returns which operators go with the type.
    fn choice(&self) -> String {
        let names: Vec<String> = allowed(self.field_type)
            .into_iter()
            .map(|o| format!("`{}`", o.name()))
            .collect();
        format!(
            "operators of {} {} field are {}",
            article(self.field_type),
            self.field_type.name(),
            names.join(", ")
        )
    }

    fn test(&mut self, operator: Operator, span: Span, operand: &Node) -> Option<(Operator, Test)> {
        if !operator.allowed_for(self.field_type) {
            let message = format!(
                "`{}` does not go with {} {} field",
                operator.name(),
                article(self.field_type),
                self.field_type.name()
            );
            let help = self.choice();
            self.fault(Code::OperatorType, span, message, Some(help));
            return None;
        }
        if let NodeKind::Null = operand.kind {
            let message = format!("nothing is written after `{}`", operator.name());
            self.fault(
                Code::MissingValue,
                operand.span,
                message,
                Some(EMPTY_HELP.to_owned()),
            );
            return None;
        }
        let (operator, criterion) = match operator.comparison() {
            Comparison::Empty => (self.emptiness(operator, operand)?, Criterion::Empty),
            Comparison::Equal => {
                let items = self.several(operator, operand)?;
                (operator, self.equal(operator, &items)?)
            }
            Comparison::Text(relation) => {
                let items = self.several(operator, operand)?;
                (operator, Criterion::Text(relation, keys(&items)))
            }
            Comparison::Between => (operator, self.range(operator, operand)?),
            Comparison::Side(side) => {
                let item = self.single(operator, operand)?;
                (
                    operator,
                    Criterion::Side(side, self.point(operator, &item)?),
                )
            }
            Comparison::Window(window) => {
                let length = self.duration(operator, operand)?;
                (operator, Criterion::Window(window, length))
            }
            Comparison::Frame => (operator, Criterion::Frame(self.frame(operator, operand)?)),
        };
        let sense = operator.sense();
        Some((operator, Test { sense, criterion }))
    }

    /// Reads `true` or `false`; `is_empty: false` is `is_not_empty: true`, and the other way round.
    fn emptiness(&mut self, operator: Operator, operand: &Node) -> Option<Operator> {
        let item = self.single(operator, operand)?;
        let Ok(Value::Boolean(wanted)) = Value::parse(item.text, FieldType::Boolean, self.zone)
        else {
            let message = format!("`{}` takes `true` or `false`", operator.name());
            self.fault(Code::WrongType, item.span, message, None);
            return None;
        };
        Some(if wanted {
            operator
        } else {
            operator.opposite()?
        })
    }

    /// Reads a single value or a list of them.
    fn several<'n>(
        &mut self,
        operator: Operator,
        operand: &'n Node,
    ) -> Option<Vec<OperandItem<'n>>> {
        let NodeKind::List(nodes) = &operand.kind else {
            return Some(vec![self.single(operator, operand)?]);
        };
        if nodes.is_empty() {
            let message = format!("the list of `{}` is empty", operator.name());
            self.fault(
                Code::MissingValue,
                operand.span,
                message,
                Some(EMPTY_HELP.to_owned()),
            );
            return None;
        }
        if self.field_type == FieldType::Boolean {
            let message = "a boolean is compared with one value".to_owned();
            let help = "write `is_not_empty: true` for either of them".to_owned();
            self.fault(Code::WrongShape, operand.span, message, Some(help));
            return None;
        }
        // Every item is read, so that the faults of all are reported.
        let items: Vec<Option<OperandItem<'n>>> = nodes
            .iter()
            .map(|node| self.single(operator, node))
            .collect();
        items.into_iter().collect()
    }

    pub(super) fn single<'n>(
        &mut self,
        operator: Operator,
        operand: &'n Node,
    ) -> Option<OperandItem<'n>> {
        let (code, message, help) = match &operand.kind {
            NodeKind::Scalar { text, plain } => {
                if text.contains("{{") {
                    (
                        Code::UnknownToken,
                        "conditions take no tokens".to_owned(),
                        Some("write the value itself".to_owned()),
                    )
                } else if *plain && text.eq_ignore_ascii_case("null") {
                    (
                        Code::WrongType,
                        format!("`{text}` is not a value to compare with"),
                        Some(EMPTY_HELP.to_owned()),
                    )
                } else {
                    let (text, span) = (text.as_str(), operand.span);
                    return Some(OperandItem { text, span });
                }
            }
            NodeKind::Null => (
                Code::MissingValue,
                format!("a value of `{}` is missing", operator.name()),
                Some(EMPTY_HELP.to_owned()),
            ),
            NodeKind::List(_) => (
                Code::WrongShape,
                format!("`{}` takes a single value here", operator.name()),
                None,
            ),
            NodeKind::Map(_) => (
                Code::WrongShape,
                format!("`{}` takes a value, not a mapping", operator.name()),
                None,
            ),
        };
        self.fault(code, operand.span, message, help);
        None
    }

    fn range(&mut self, operator: Operator, operand: &Node) -> Option<Criterion> {
        let name = operator.name();
        let example = match Family::of(self.field_type) {
            Family::Moment => format!("write `{name}: [2026-01-01, 2026-12-31]`"),
            Family::Whole | Family::Decimal | Family::Text | Family::Boolean => {
                format!("write `{name}: [10, 20]`")
            }
        };
        let NodeKind::List(nodes) = &operand.kind else {
            let message = format!("`{name}` takes a list of two values");
            self.fault(Code::WrongShape, operand.span, message, Some(example));
            return None;
        };
        let [first, last] = nodes.as_slice() else {
            let message = format!("`{name}` takes two values, here are {}", nodes.len());
            self.fault(Code::WrongShape, operand.span, message, Some(example));
            return None;
        };
        // Both are read, so that each has its fault.
        let items = [first, last].map(|node| self.single(operator, node));
        let [Some(first), Some(last)] = items else {
            return None;
        };
        let points = [&first, &last].map(|item| self.point(operator, item));
        let [Some(from), Some(to)] = points else {
            return None;
        };
        if from.compare(to, self.zone).is_some_and(Ordering::is_gt) {
            let message = format!("the first value of `{name}` lies after the second");
            let help = format!("write `{name}: [{}, {}]`", last.text, first.text);
            self.fault(Code::WrongType, operand.span, message, Some(help));
            return None;
        }
        Some(Criterion::Between([from, to]))
    }
}

const EMPTY_HELP: &str = "to find people without a value write `is_empty: true`";

fn allowed(field_type: FieldType) -> Vec<Operator> {
    Operator::ALL
        .into_iter()
        .filter(|o| o.allowed_for(field_type))
        .collect()
}

fn article(field_type: FieldType) -> &'static str {
    match field_type.name().as_bytes().first() {
        Some(b'a' | b'e' | b'i' | b'o' | b'u') => "an",
        Some(_) | None => "a",
    }
}
