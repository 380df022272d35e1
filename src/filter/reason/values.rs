//! What tests on one value say together.
//!
//! The bounds of the tests cut all values into few pieces, and within a piece every test answers alike. So one
//! sample of each piece is enough, and the tests themselves answer for it: no operator has a second meaning here.
//! Texts have no such pieces, save where a test names the few that it allows.

use crate::domain::text::is_folded;
use crate::domain::{FieldType, Instant, Text, Value};
use crate::filter::operator::{Argument, Moment, Operator, Test, When};

use super::texts;

/// Tells whether no value, and no empty field, ever passes all tests.
pub(super) fn never(tests: &[&Test], of: FieldType, when: &When<'_>) -> bool {
    !tests.iter().all(|test| test.holds(None, when)) && none_passes(tests, of, when)
}

/// Tells whether whatever passes some tests passes another.
pub(super) fn implied(test: &Test, by: &[&Test], of: FieldType, when: &When<'_>) -> bool {
    if by.contains(&test) {
        return true;
    }
    let empty_passes = by.iter().all(|test| test.holds(None, when));
    if empty_passes && !test.holds(None, when) {
        return false;
    }
    if test.operator == Operator::IsNotEmpty || none_passes(by, of, when) {
        return true;
    }
    let bounds: Vec<&Test> = by.iter().copied().chain([test]).collect();
    samples(by, &bounds, of, when).map_or_else(
        || by.iter().any(|known| texts::implies(known, test)),
        |samples| {
            let mut passing = samples
                .iter()
                .filter(|value| by.iter().all(|test| may_hold(test, value, when)));
            !depends_on_now(test) && passing.all(|value| test.holds(Some(value), when))
        },
    )
}

/// Tells whether no value passes all tests; an empty field is none.
fn none_passes(tests: &[&Test], of: FieldType, when: &When<'_>) -> bool {
    if tests.iter().any(|test| test.operator == Operator::IsEmpty) {
        return true;
    }
    samples(tests, tests, of, when).map_or_else(
        || {
            tests
                .iter()
                .any(|one| tests.iter().any(|other| texts::exclude(one, other)))
        },
        |samples| {
            !samples
                .iter()
                .any(|value| tests.iter().all(|test| may_hold(test, value, when)))
        },
    )
}

fn may_hold(test: &Test, value: &Value, when: &When<'_>) -> bool {
    depends_on_now(test) || test.holds(Some(value), when)
}

fn depends_on_now(test: &Test) -> bool {
    matches!(test.argument, Argument::Duration(_) | Argument::Frame(_))
}

/// Returns a value of each piece that the bounds make; nothing where they cannot be told apart.
fn samples(
    known: &[&Test],
    bounds: &[&Test],
    of: FieldType,
    when: &When<'_>,
) -> Option<Vec<Value>> {
    match of {
        FieldType::String
        | FieldType::Text
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url => allowed_texts(known),
        FieldType::Integer | FieldType::Score | FieldType::Percent => Some(whole(bounds)),
        FieldType::Currency | FieldType::Float => Some(decimal(bounds)),
        FieldType::Boolean => Some(vec![Value::Boolean(true), Value::Boolean(false)]),
        FieldType::Date => Some(days(bounds, when)),
        FieldType::Datetime => instants(bounds, when),
    }
}

fn allowed_texts(known: &[&Test]) -> Option<Vec<Value>> {
    known.iter().find_map(|test| {
        let Argument::Texts(keys) = &test.argument else {
            return None;
        };
        // A key that is not its own key would not answer for the texts that have it.
        let text = |key: &str| is_folded(key, key).then(|| Value::Text(Text::from(key)));
        (test.operator == Operator::Is)
            .then(|| keys.iter().map(|key| text(key)).collect())
            .flatten()
    })
}

fn whole(bounds: &[&Test]) -> Vec<Value> {
    let numbers = bounds.iter().flat_map(|test| {
        if let Argument::Integers(numbers) = &test.argument {
            return numbers.as_slice();
        }
        &[]
    });
    let near = numbers.flat_map(|n| [n.saturating_sub(1), *n, n.saturating_add(1)]);
    near.chain([0]).map(Value::Integer).collect()
}

fn decimal(bounds: &[&Test]) -> Vec<Value> {
    let numbers = bounds.iter().flat_map(|test| {
        if let Argument::Floats(numbers) = &test.argument {
            return numbers.as_slice();
        }
        &[]
    });
    let near = numbers.flat_map(|n| [n.next_down(), *n, n.next_up()]);
    near.chain([0.0]).map(Value::Float).collect()
}

fn moments<'a>(bounds: &'a [&Test]) -> impl Iterator<Item = Moment> + 'a {
    bounds
        .iter()
        .flat_map(|test| {
            if let Argument::Moments(moments) = &test.argument {
                return moments.as_slice();
            }
            &[]
        })
        .copied()
}

fn days(bounds: &[&Test], when: &When<'_>) -> Vec<Value> {
    let near = moments(bounds).flat_map(|moment| {
        let day = match moment {
            Moment::Day(day) => day,
            Moment::Instant(at) => when.zone.date(at),
        };
        [day.pred_opt(), Some(day), day.succ_opt()]
    });
    let any = when.zone.date(when.now);
    near.flatten().chain([any]).map(Value::Date).collect()
}

/// Days and instants among the bounds cut time at different places, so that only one kind of them is sampled.
fn instants(bounds: &[&Test], when: &When<'_>) -> Option<Vec<Value>> {
    let is_day = |moment| matches!(moment, Moment::Day(_));
    let mixed = moments(bounds).any(is_day) && !moments(bounds).all(is_day);
    if mixed {
        return None;
    }
    let near = moments(bounds).flat_map(|moment| match moment {
        Moment::Day(day) => [day.pred_opt(), Some(day), day.succ_opt()]
            .map(|day| day.map(|day| when.zone.start_of(day))),
        Moment::Instant(at) => [-1, 0, 1].map(|step| Some(at.plus_micros(step))),
    });
    let any = Instant::from_micros(0);
    Some(near.flatten().chain([any]).map(Value::Datetime).collect())
}
