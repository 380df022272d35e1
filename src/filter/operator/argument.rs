//! Operators and their arguments as written: read by the field's type, with a fault for whatever does not fit.

use crate::diagnostic::suggest::did_you_mean;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::domain::{FieldType, Instant, Value, Zone};
use crate::yaml::{Node, NodeKind};

use super::advice::other_words;
use super::{Argument, Family, Moment, Operator, Test};

/// By what an operand is read, and where its faults go.
pub struct OperandContext<'a> {
    /// The type of the field or attribute.
    pub field_type: FieldType,
    /// The zone of dates and times without one.
    pub zone: &'a Zone,
    /// Where faults go.
    pub diagnostics: &'a mut Diagnostics,
}

impl Test {
    /// Reads an operator's name and its operand; nothing, and at least one fault, where they do not fit.
    pub fn compile(
        name: &str,
        name_span: Span,
        operand: &Node,
        reading: &mut OperandContext<'_>,
    ) -> Option<Self> {
        let operator = reading.operator(name, name_span)?;
        reading.test(operator, name_span, operand)
    }

    /// Reads a bare value or list, which means `is`.
    pub fn compile_bare(operand: &Node, reading: &mut OperandContext<'_>) -> Option<Self> {
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
            let help = other_words(name).map(str::to_owned).or_else(|| {
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

    fn test(&mut self, operator: Operator, span: Span, operand: &Node) -> Option<Test> {
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
        let (operator, argument) = match operator {
            Operator::IsEmpty | Operator::IsNotEmpty => {
                (self.emptiness(operator, operand)?, Argument::None)
            }
            Operator::Is
            | Operator::IsNot
            | Operator::StartsWith
            | Operator::NotStartsWith
            | Operator::Contains
            | Operator::NotContains => {
                let items = self.several(operator, operand)?;
                (operator, self.values(operator, &items)?)
            }
            Operator::Between => (operator, self.range(operand)?),
            Operator::GreaterThan
            | Operator::LessThan
            | Operator::AtLeast
            | Operator::AtMost
            | Operator::After
            | Operator::Before
            | Operator::OnOrAfter
            | Operator::OnOrBefore => {
                let item = self.single(operator, operand)?;
                (operator, self.values(operator, &[item])?)
            }
            Operator::InPast
            | Operator::InPastBefore
            | Operator::InFuture
            | Operator::InFutureAfter => (operator, self.duration(operator, operand)?),
            Operator::InTimeFrame => (operator, self.frame(operand)?),
        };
        Some(Test { operator, argument })
    }

    /// `is_empty: false` is `is_not_empty: true`, and the other way round.
    fn emptiness(&mut self, operator: Operator, operand: &Node) -> Option<Operator> {
        let item = self.single(operator, operand)?;
        let opposite = if operator == Operator::IsEmpty {
            Operator::IsNotEmpty
        } else {
            Operator::IsEmpty
        };
        match Value::parse(item.text, FieldType::Boolean, self.zone) {
            Ok(Value::Boolean(true)) => Some(operator),
            Ok(Value::Boolean(false)) => Some(opposite),
            Ok(_) | Err(_) => {
                let message = format!("`{}` takes `true` or `false`", operator.name());
                self.fault(Code::WrongType, item.span, message, None);
                None
            }
        }
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
        // Every item is read, so that the faults of all are told.
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
                        format!("`{text}` is no value to compare with"),
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

    fn range(&mut self, operand: &Node) -> Option<Argument> {
        let example = match Family::of(self.field_type) {
            Family::Moment => "between: [2026-01-01, 2026-12-31]",
            Family::Whole | Family::Decimal | Family::Text | Family::Boolean => "between: [10, 20]",
        };
        let NodeKind::List(nodes) = &operand.kind else {
            let message = "`between` takes a list of two values".to_owned();
            self.fault(
                Code::WrongShape,
                operand.span,
                message,
                Some(format!("write `{example}`")),
            );
            return None;
        };
        if nodes.len() != 2 {
            let message = format!("`between` takes two values, here are {}", nodes.len());
            self.fault(
                Code::WrongShape,
                operand.span,
                message,
                Some(format!("write `{example}`")),
            );
            return None;
        }
        let items = self.several(Operator::Between, operand)?;
        let argument = self.values(Operator::Between, &items)?;
        let ascending = match &argument {
            Argument::Integers(bounds) => bounds.is_sorted(),
            Argument::Floats(bounds) => bounds.is_sorted(),
            Argument::Moments(bounds) => bounds.is_sorted_by_key(|m| self.first_instant(*m)),
            Argument::None
            | Argument::Texts(_)
            | Argument::Assets(_)
            | Argument::Boolean(_)
            | Argument::Duration(_)
            | Argument::Frame(_) => true,
        };
        if !ascending {
            let message = "the first value of `between` lies after the second".to_owned();
            let help = format!("write `between: [{}, {}]`", items[1].text, items[0].text);
            self.fault(Code::WrongType, operand.span, message, Some(help));
            return None;
        }
        Some(argument)
    }

    fn first_instant(&self, moment: Moment) -> Instant {
        match moment {
            Moment::Day(day) => self.zone.start_of(day),
            Moment::Instant(at) => at,
        }
    }
}

/// One value as written.
pub(super) struct OperandItem<'n> {
    pub(super) text: &'n str,
    pub(super) span: Span,
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
