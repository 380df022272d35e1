//! Values as written, read by the type of what they are compared with.

use chrono::NaiveDate;

use crate::diagnostic::Code;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::text::fold;
use crate::domain::value::{parse_date, parse_datetime};
use crate::domain::{Duration, FieldType, Value};
use crate::yaml::Node;

use super::advice::{misread, window_for};
use super::argument::{OperandContext, OperandItem};
use super::{Argument, Moment, Operator, TimeFrame};

impl OperandContext<'_> {
    /// Reads values by the type; the faults of all are told.
    pub(super) fn values(
        &mut self,
        operator: Operator,
        items: &[OperandItem<'_>],
    ) -> Option<Argument> {
        match self.field_type {
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => {
                let keys = items.iter().map(|item| fold(item.text).into_boxed_str());
                Some(Argument::Texts(keys.collect()))
            }
            FieldType::Integer | FieldType::Score | FieldType::Percent => {
                let read = |value| {
                    if let Value::Integer(n) = value {
                        Some(n)
                    } else {
                        None
                    }
                };
                self.each(items, read).map(Argument::Integers)
            }
            FieldType::Currency | FieldType::Float => {
                let read = |value| {
                    if let Value::Float(n) = value {
                        Some(n)
                    } else {
                        None
                    }
                };
                self.each(items, read).map(Argument::Floats)
            }
            FieldType::Boolean => {
                let read = |value| {
                    if let Value::Boolean(b) = value {
                        Some(b)
                    } else {
                        None
                    }
                };
                let values = self.each(items, read)?;
                values.first().copied().map(Argument::Boolean)
            }
            FieldType::Date | FieldType::Datetime => self.moments(operator, items),
        }
    }

    fn each<T>(
        &mut self,
        items: &[OperandItem<'_>],
        read: fn(Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values: Vec<Option<T>> = items
            .iter()
            .map(
                |item| match Value::parse(item.text, self.field_type, self.zone) {
                    Ok(value) => read(value),
                    Err(expected) => {
                        self.misfit(item, expected, misread(item.text, self.field_type));
                        None
                    }
                },
            )
            .collect();
        values.into_iter().collect()
    }

    fn moments(&mut self, operator: Operator, items: &[OperandItem<'_>]) -> Option<Argument> {
        let moments: Vec<Option<Moment>> = items
            .iter()
            .map(|item| {
                let moment = self.moment(item.text);
                if moment.is_none() {
                    let help = Duration::parse(item.text)
                        .ok()
                        .map(|_| window_for(operator, item.text));
                    self.misfit(
                        item,
                        "a date as YYYY-MM-DD or a time as 2026-11-02 10:00",
                        help,
                    );
                }
                moment
            })
            .collect();
        Some(Argument::Moments(
            moments.into_iter().collect::<Option<_>>()?,
        ))
    }

    /// A bare date is a day; a date field compares days alone.
    fn moment(&self, text: &str) -> Option<Moment> {
        let day: Option<NaiveDate> = parse_date(text);
        if let Some(day) = day {
            return Some(Moment::Day(day));
        }
        let at = parse_datetime(text, self.zone)?;
        Some(if self.field_type == FieldType::Date {
            Moment::Day(self.zone.date(at))
        } else {
            Moment::Instant(at)
        })
    }

    pub(super) fn duration(&mut self, operator: Operator, operand: &Node) -> Option<Argument> {
        let item = self.single(operator, operand)?;
        match Duration::parse(item.text) {
            Ok(length) => Some(Argument::Duration(length)),
            Err(help) => {
                let message = format!("`{}` is no duration", item.text);
                self.fault(Code::BadDuration, item.span, message, Some(help));
                None
            }
        }
    }

    pub(super) fn frame(&mut self, operand: &Node) -> Option<Argument> {
        let item = self.single(Operator::InTimeFrame, operand)?;
        let frame = TimeFrame::named(item.text);
        if frame.is_none() {
            let names = || TimeFrame::ALL.into_iter().map(TimeFrame::name);
            let help = did_you_mean(item.text, names()).unwrap_or_else(|| {
                let all: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                format!("time frames are {}", all.join(", "))
            });
            let message = format!("no time frame is named `{}`", item.text);
            self.fault(Code::WrongType, item.span, message, Some(help));
        }
        frame.map(Argument::Frame)
    }

    fn misfit(&mut self, item: &OperandItem<'_>, expected: &str, help: Option<String>) {
        let message = format!("expected {expected}, found `{}`", item.text);
        self.fault(Code::WrongType, item.span, message, help);
    }
}
