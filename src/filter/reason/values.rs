//! Reasons about several tests on one value.
//!
//! The bounds of the tests cut all values into few pieces, and within a piece every test answers alike. So one
//! sample of each piece is enough, and the tests themselves answer for it: no operator has a second meaning here.
//! Texts have no such pieces, and neither have windows that move with time: these are compared with each other.

use crate::domain::{FieldType, Instant, Text, Value};
use crate::filter::operator::{Criterion, EvaluationTime, Moment, Number, Point};

use super::test_claim::TestClaim;
use super::{texts, windows};

/// What values there are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// Those of a person field.
    Field(FieldType),
    /// Texts.
    Text,
    /// Instants.
    Instant,
    /// Those of an activity's attribute, which events may bring in any type.
    Attribute,
}

/// Returns whether no value, and no empty field, is as said.
pub(super) fn never(said: &[TestClaim<'_>], of: Of, when: &EvaluationTime<'_>) -> bool {
    !said.iter().all(|said| said.of(None, when)) && none_passes(said, of, when)
}

/// Returns whether no value is as said; an empty field is none.
pub(super) fn none_passes(said: &[TestClaim<'_>], of: Of, when: &EvaluationTime<'_>) -> bool {
    let is_empty = |said: &TestClaim| *said.criterion() == Criterion::Empty && said.meets();
    if said.iter().any(is_empty) {
        return true;
    }
    let windows = |days| windows::none(said, days);
    match of {
        Of::Text => texts::none(said),
        Of::Instant => windows(false) || no_sample(said, &instants(said, when), when),
        Of::Attribute if said.iter().any(is_text) => texts::none(said),
        Of::Attribute => windows(false) && windows(true) || no_sample(said, &any(said, when), when),
        Of::Field(of) => match of {
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => texts::none(said),
            FieldType::Integer | FieldType::Score | FieldType::Percent => {
                no_sample(said, &whole(said), when)
            }
            FieldType::Currency | FieldType::Float => no_sample(said, &decimal(said), when),
            FieldType::Boolean => no_sample(said, &booleans(), when),
            FieldType::Date => windows(true) || no_sample(said, &days(said, when), when),
            FieldType::Datetime => windows(false) || no_sample(said, &instants(said, when), when),
        },
    }
}

/// Returns whether no sample is as said. What a window that moves with time says is open.
fn no_sample(said: &[TestClaim<'_>], samples: &[Value], when: &EvaluationTime<'_>) -> bool {
    let fixed: Vec<_> = said
        .iter()
        .filter(|said| !moves(said.criterion()))
        .collect();
    !samples
        .iter()
        .any(|value| fixed.iter().all(|said| said.of(Some(value), when)))
}

fn moves(criterion: &Criterion) -> bool {
    matches!(criterion, Criterion::Window(..) | Criterion::Frame(_))
}

fn is_text(said: &TestClaim<'_>) -> bool {
    matches!(said.criterion(), Criterion::Text(..))
}

/// Returns values of every type, and one that can be read as none.
fn any(said: &[TestClaim<'_>], when: &EvaluationTime<'_>) -> Vec<Value> {
    let unreadable = Value::Text(Text::from("?"));
    let mut samples = vec![unreadable];
    samples.extend(whole(said));
    samples.extend(decimal(said));
    samples.extend(booleans());
    samples.extend(days(said, when));
    samples.extend(instants(said, when));
    samples
}

fn booleans() -> Vec<Value> {
    vec![Value::Boolean(true), Value::Boolean(false)]
}

fn points<'a>(said: &'a [TestClaim<'_>]) -> impl Iterator<Item = Point> + 'a {
    said.iter()
        .flat_map(|said| said.criterion().points())
        .copied()
}

fn numbers<'a>(said: &'a [TestClaim<'_>]) -> impl Iterator<Item = Number> + 'a {
    points(said).filter_map(|point| match point {
        Point::Number(number) => Some(number),
        Point::Moment(_) => None,
    })
}

fn whole(said: &[TestClaim<'_>]) -> Vec<Value> {
    let near = numbers(said).filter_map(|number| match number {
        Number::Whole(n) => Some([n.saturating_sub(1), n, n.saturating_add(1)]),
        Number::Decimal(_) => None,
    });
    near.flatten().chain([0]).map(Value::Integer).collect()
}

fn decimal(said: &[TestClaim<'_>]) -> Vec<Value> {
    let near = numbers(said)
        .map(Number::decimal)
        .flat_map(|n| [n.next_down(), n, n.next_up()]);
    near.chain([0.0]).map(Value::Float).collect()
}

fn moments<'a>(said: &'a [TestClaim<'_>]) -> impl Iterator<Item = Moment> + 'a {
    points(said).filter_map(|point| match point {
        Point::Moment(moment) => Some(moment),
        Point::Number(_) => None,
    })
}

fn days(said: &[TestClaim<'_>], when: &EvaluationTime<'_>) -> Vec<Value> {
    let near = moments(said).flat_map(|moment| {
        let day = moment.day(when.zone);
        [day.pred_opt(), Some(day), day.succ_opt()]
    });
    let any = when.zone.date(when.now);
    near.flatten().chain([any]).map(Value::Date).collect()
}

/// Returns the first instant of each piece: a day begins one and its end the next, an instant is one by itself.
fn instants(said: &[TestClaim<'_>], when: &EvaluationTime<'_>) -> Vec<Value> {
    let near = moments(said).flat_map(|moment| match moment {
        Moment::Day(day) => {
            let first = when.zone.start_of(day);
            let next = day.succ_opt().map(|next| when.zone.start_of(next));
            [Some(first.plus_micros(-1)), Some(first), next]
        }
        Moment::Instant(at) => [-1, 0, 1].map(|step| Some(at.plus_micros(step))),
    });
    let any = Instant::from_micros(0);
    near.flatten().chain([any]).map(Value::Datetime).collect()
}
