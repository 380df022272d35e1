//! How near a value is to what a filter asks: the nearest value that would meet it, and the distance.
//!
//! Values that might do are made of the operands of the filter's tests; whether one does is asked of the tests themselves.

use chrono::Days;

use crate::domain::instant::DAY;
use crate::domain::{FieldType, Text, Value};
use crate::filter::Test;
use crate::filter::operator::{
    Criterion, EvaluationTime, Family, Moment, Number, Point, frame_days,
};

/// A value that meets a filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NearValue {
    /// The value; none where an empty field meets it.
    pub(crate) value: Option<Value>,
    /// How far it is from the present one: by number, or by days. None where there is no distance, as between texts.
    pub(crate) distance: Option<f64>,
}

/// Returns the nearest value that passes all of some tests; nothing where none is known.
pub(crate) fn nearest_value(
    tests: &[Test],
    present: Option<&Value>,
    field_type: FieldType,
    when: &EvaluationTime<'_>,
) -> Option<NearValue> {
    let passing = values_beside(tests, field_type, when)
        .into_iter()
        .filter(|value| tests.iter().all(|test| test.holds(value.as_ref(), when)));
    let measured = passing.map(|value| NearValue {
        distance: distance(present, value.as_ref(), when),
        value,
    });
    // An empty field comes last: few would take a value away where another one does.
    measured.min_by(|a, b| {
        let rank = |near: &NearValue| near.distance.unwrap_or(f64::INFINITY);
        let empty = |near: &NearValue| near.value.is_none();
        (rank(a).total_cmp(&rank(b))).then(empty(a).cmp(&empty(b)))
    })
}

/// Returns values at and beside the operands of tests, whether they pass or not: some of either, where there are any.
pub(crate) fn values_beside(
    tests: &[Test],
    field_type: FieldType,
    when: &EvaluationTime<'_>,
) -> Vec<Option<Value>> {
    let mut candidates = vec![None];
    for test in tests {
        candidates_of(&test.criterion, field_type, when, &mut candidates);
    }
    candidates
}

/// Adds the values at and beside the operands of a criterion.
fn candidates_of(
    criterion: &Criterion,
    field_type: FieldType,
    when: &EvaluationTime<'_>,
    into: &mut Vec<Option<Value>>,
) {
    match criterion {
        Criterion::Empty => {}
        Criterion::Text(_, keys) => {
            into.extend(
                keys.iter()
                    .map(|key| Some(Value::Text(Text::from(key.as_ref())))),
            );
        }
        Criterion::Truth(_) => into.extend([true, false].map(|truth| Some(Value::Boolean(truth)))),
        Criterion::Equal(_) | Criterion::Between(_) | Criterion::Side(..) => {
            for point in criterion.points() {
                beside(*point, field_type, when, into);
            }
        }
        Criterion::Window(_, length) => {
            let edges = [
                when.now,
                length.before(when.now, when.zone),
                length.after(when.now, when.zone),
            ];
            for edge in edges {
                beside(Point::Moment(Moment::Instant(edge)), field_type, when, into);
            }
        }
        Criterion::Frame(frame) => {
            let (first, last) = frame_days(*frame, when);
            for day in [first, last] {
                beside(Point::Moment(Moment::Day(day)), field_type, when, into);
            }
        }
    }
}

/// A little, for numbers with a fraction.
const LITTLE: f64 = 0.01;

/// One second.
const SECOND: i64 = 1_000_000;

/// Adds a point, and the values right before and after it.
fn beside(
    point: Point,
    field_type: FieldType,
    when: &EvaluationTime<'_>,
    into: &mut Vec<Option<Value>>,
) {
    match (Family::of(field_type), point) {
        (Family::Decimal, Point::Number(number)) => {
            let number = number.decimal();
            into.extend([0.0, -LITTLE, LITTLE].map(|more| Some(Value::Float(number + more))));
        }
        (_, Point::Number(Number::Whole(number))) => {
            into.extend([0, -1, 1].map(|more| Some(Value::Integer(number.saturating_add(more)))));
        }
        (_, Point::Number(Number::Decimal(number))) => {
            for number in [number.floor(), number.ceil()] {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a number that saturates is still one of many that are tried"
                )]
                into.push(Some(Value::Integer(number as i64)));
            }
        }
        (_, Point::Moment(moment)) if field_type == FieldType::Date => {
            let day = moment.day(when.zone);
            into.extend(
                [Some(day), day.pred_opt(), day.succ_opt()].map(|day| day.map(Value::Date)),
            );
        }
        (_, Point::Moment(moment)) => {
            let next =
                |at: crate::domain::Instant, micros| Some(Value::Datetime(at.plus_micros(micros)));
            match moment {
                Moment::Instant(at) => into.extend([0, -SECOND, SECOND].map(|more| next(at, more))),
                Moment::Day(day) => {
                    let start = when.zone.start_of(day);
                    let end = day.checked_add_days(Days::new(1));
                    let end = end.map_or(start, |day| when.zone.start_of(day));
                    into.extend([
                        next(start, 0),
                        next(start, -SECOND),
                        next(end, 0),
                        next(end, -SECOND),
                    ]);
                }
            }
        }
    }
}

/// Returns how far a value is from another: by number, or by days begun.
fn distance(
    present: Option<&Value>,
    wanted: Option<&Value>,
    when: &EvaluationTime<'_>,
) -> Option<f64> {
    let (present, wanted) = (present?, wanted?);
    match (present, wanted) {
        (Value::Date(_) | Value::Datetime(_), Value::Date(_) | Value::Datetime(_)) => {
            let instant = |value: &Value| match value {
                Value::Date(day) => Some(when.zone.start_of(*day)),
                Value::Datetime(at) => Some(*at),
                Value::Text(_)
                | Value::Json(_)
                | Value::Integer(_)
                | Value::Float(_)
                | Value::Boolean(_) => None,
            };
            let apart = instant(present)?
                .micros()
                .abs_diff(instant(wanted)?.micros());
            let days = match (present, wanted) {
                // A day that is longer or shorter is one day all the same.
                (Value::Date(one), Value::Date(other)) => (*one - *other).num_days().unsigned_abs(),
                _ => apart.div_ceil(DAY.unsigned_abs()),
            };
            Some(Number::Whole(i64::try_from(days).unwrap_or(i64::MAX)).decimal())
        }
        (Value::Text(_), _) | (_, Value::Text(_)) => None,
        _ => Some((Number::of(present)?.decimal() - Number::of(wanted)?.decimal()).abs()),
    }
}
