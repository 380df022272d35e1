//! Values as written, read by the type of what they are compared with.

use chrono::NaiveDate;

use crate::diagnostic::Code;
use crate::diagnostic::suggest::did_you_mean;
use crate::domain::text::fold_value;
use crate::domain::value::{parse_date, parse_datetime};
use crate::domain::{Duration, FieldType, Value};
use crate::yaml::Node;

use super::advice::{misread, window_for};
use super::operand::{OperandContext, OperandItem};
use super::{Criterion, Family, Moment, Number, Operator, Point, TextRelation, TimeFrame};

impl OperandContext<'_> {
    /// Reads the operands of `is` and `is_not`; every one that does not fit is a fault.
    pub(super) fn equal(
        &mut self,
        operator: Operator,
        items: &[OperandItem<'_>],
    ) -> Option<Criterion> {
        match Family::of(self.field_type) {
            Family::Text => Some(Criterion::Text(TextRelation::Is, keys(items))),
            Family::Boolean => items
                .first()
                .and_then(|item| self.truth(item))
                .map(Criterion::Truth),
            Family::Whole | Family::Decimal | Family::Moment => {
                self.points(operator, items).map(Criterion::Equal)
            }
        }
    }

    fn truth(&mut self, item: &OperandItem<'_>) -> Option<bool> {
        match Value::parse(item.text, FieldType::Boolean, self.zone) {
            Ok(value) => super::holds::truth(&value),
            Err(expected) => {
                self.misfit(item, expected, misread(item.text, FieldType::Boolean));
                None
            }
        }
    }

    /// Reads numbers, days or instants; every one that does not fit is a fault.
    pub(super) fn points(
        &mut self,
        operator: Operator,
        items: &[OperandItem<'_>],
    ) -> Option<Vec<Point>> {
        let points: Vec<Option<Point>> = items
            .iter()
            .map(|item| self.point(operator, item))
            .collect();
        points.into_iter().collect()
    }

    /// Reads a number, a day or an instant.
    pub(super) fn point(&mut self, operator: Operator, item: &OperandItem<'_>) -> Option<Point> {
        match Family::of(self.field_type) {
            Family::Moment => self.day_or_instant(operator, item).map(Point::Moment),
            Family::Whole | Family::Decimal | Family::Text | Family::Boolean => {
                let value = Value::parse(item.text, self.field_type, self.zone);
                match value.and_then(|value| Number::of(&value).ok_or("a number")) {
                    Ok(number) => Some(Point::Number(number)),
                    Err(expected) => {
                        self.misfit(item, expected, misread(item.text, self.field_type));
                        None
                    }
                }
            }
        }
    }

    fn day_or_instant(&mut self, operator: Operator, item: &OperandItem<'_>) -> Option<Moment> {
        let moment = self.moment(item.text);
        if moment.is_none() {
            let help = Duration::parse(item.text)
                .ok()
                .map(|_| window_for(operator, item.text));
            let expected = "a date as YYYY-MM-DD or a time as 2026-11-02 10:00";
            self.misfit(item, expected, help);
        }
        moment
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

    pub(super) fn duration(&mut self, operator: Operator, operand: &Node) -> Option<Duration> {
        let item = self.single(operator, operand)?;
        match Duration::parse(item.text) {
            Ok(length) => Some(length),
            Err(help) => {
                let message = format!("`{}` is not a duration", item.text);
                self.fault(Code::BadDuration, item.span, message, Some(help));
                None
            }
        }
    }

    pub(super) fn frame(&mut self, operator: Operator, operand: &Node) -> Option<TimeFrame> {
        let item = self.single(operator, operand)?;
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
        frame
    }

    fn misfit(&mut self, item: &OperandItem<'_>, expected: &str, help: Option<String>) {
        let message = format!("expected {expected}, found `{}`", item.text);
        self.fault(Code::WrongType, item.span, message, help);
    }
}

/// Returns the comparison keys of texts.
pub(super) fn keys(items: &[OperandItem<'_>]) -> Vec<Box<str>> {
    let keys = items
        .iter()
        .map(|item| fold_value(item.text).into_boxed_str());
    keys.collect()
}
