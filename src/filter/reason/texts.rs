//! What one text test says of another, for values that are not empty.
//!
//! Keys are comparison keys, and so is the value in thought: only how the keys stand to each other is asked.

use crate::filter::operator::{Argument, Operator, Test};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Relation {
    Is,
    IsAsset,
    StartsWith,
    Contains,
}

/// A text test: a relation to any of some keys, or its complement.
struct Asked<'a> {
    relation: Relation,
    keys: &'a [Box<str>],
    negative: bool,
}

fn asked(test: &Test) -> Option<Asked<'_>> {
    let (keys, whole) = match &test.argument {
        Argument::Texts(keys) => (keys, Relation::Is),
        Argument::Assets(keys) => (keys, Relation::IsAsset),
        Argument::None
        | Argument::Integers(_)
        | Argument::Floats(_)
        | Argument::Boolean(_)
        | Argument::Moments(_)
        | Argument::Duration(_)
        | Argument::Frame(_) => return None,
    };
    let negative = test.operator.complement_of();
    let positive = negative.unwrap_or(test.operator);
    let relations = [
        (Operator::Is, whole),
        (Operator::StartsWith, Relation::StartsWith),
        (Operator::Contains, Relation::Contains),
    ];
    let (_, relation) = relations
        .into_iter()
        .find(|(operator, _)| *operator == positive)?;
    Some(Asked {
        relation,
        keys,
        negative: negative.is_some(),
    })
}

/// Tells whether no text passes both.
pub(super) fn exclude(one: &Test, other: &Test) -> bool {
    let (Some(one), Some(other)) = (asked(one), asked(other)) else {
        return false;
    };
    match (one.negative, other.negative) {
        (false, false) => apart(&one, &other),
        (false, true) => within(&one, &other),
        (true, false) => within(&other, &one),
        (true, true) => false,
    }
}

/// Tells whether every text that passes one passes the other.
pub(super) fn implies(one: &Test, other: &Test) -> bool {
    let (Some(one), Some(other)) = (asked(one), asked(other)) else {
        return false;
    };
    match (one.negative, other.negative) {
        (false, false) => within(&one, &other),
        (false, true) => apart(&one, &other),
        (true, false) => false,
        (true, true) => within(&other, &one),
    }
}

/// Every text in the one relation is in the other.
fn within(one: &Asked<'_>, other: &Asked<'_>) -> bool {
    let each = |key: &str, of: &str| match (one.relation, other.relation) {
        (Relation::Is, Relation::Is) | (Relation::IsAsset | Relation::Is, Relation::IsAsset) => {
            key == of
        }
        (Relation::Is | Relation::StartsWith, Relation::StartsWith) => key.starts_with(of),
        (Relation::Is | Relation::StartsWith | Relation::Contains, Relation::Contains) => {
            key.contains(of)
        }
        (Relation::IsAsset | Relation::StartsWith | Relation::Contains, _) => false,
    };
    let mut keys = one.keys.iter();
    keys.all(|key| other.keys.iter().any(|of| each(key, of)))
}

/// No text is in both relations.
fn apart(one: &Asked<'_>, other: &Asked<'_>) -> bool {
    let each = |key: &str, of: &str| match (one.relation, other.relation) {
        (Relation::Is, Relation::Is) => key != of,
        (Relation::Is, Relation::StartsWith) => !key.starts_with(of),
        (Relation::StartsWith, Relation::Is) => !of.starts_with(key),
        (Relation::Is, Relation::Contains) => !key.contains(of),
        (Relation::Contains, Relation::Is) => !of.contains(key),
        (Relation::StartsWith, Relation::StartsWith) => {
            !key.starts_with(of) && !of.starts_with(key)
        }
        // `P.x` and `Q.x` are both `x`, so that only what stands after the last dot tells assets apart.
        (Relation::IsAsset, Relation::Is | Relation::IsAsset)
        | (Relation::Is, Relation::IsAsset) => last(key) != last(of),
        (Relation::IsAsset | Relation::StartsWith | Relation::Contains, _) => false,
    };
    let mut keys = one.keys.iter();
    keys.all(|key| other.keys.iter().all(|of| each(key, of)))
}

fn last(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, last)| last)
}
