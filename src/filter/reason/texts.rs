//! What text tests leave of all texts.
//!
//! Keys are comparison keys, and so is the value in thought: only how the keys stand to each other is asked.

use crate::filter::operator::{Argument, Operator, Test};

use super::values::TestClaim;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Relation {
    Is,
    IsAsset,
    StartsWith,
    Contains,
}

/// The text stands in a relation to any of some keys, or to none of them.
struct TextClaim<'a> {
    relation: Relation,
    keys: &'a [Box<str>],
    negative: bool,
}

fn asked<'t>(said: &TestClaim<'t>) -> Option<TextClaim<'t>> {
    let test: &'t Test = said.test;
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
    Some(TextClaim {
        relation,
        keys,
        negative: negative.is_some() == said.holds,
    })
}

/// Tells whether no text is as said: one test leaves no text, since the others take each of its keys.
pub(super) fn none(said: &[TestClaim<'_>]) -> bool {
    let asked: Vec<TextClaim> = said.iter().filter_map(self::asked).collect();
    let (no, yes): (Vec<&TextClaim>, Vec<&TextClaim>) =
        asked.iter().partition(|asked| asked.negative);
    let everything = no.iter().any(|no| {
        matches!(no.relation, Relation::StartsWith | Relation::Contains)
            && no.keys.iter().any(|key| key.is_empty())
    });
    everything
        || yes.iter().any(|one| {
            one.keys.iter().all(|key| {
                let taken = |no: &&TextClaim| {
                    no.keys
                        .iter()
                        .any(|of| within(one.relation, key, no.relation, of))
                };
                let apart = |yes: &&TextClaim| {
                    yes.keys
                        .iter()
                        .all(|of| apart(one.relation, key, yes.relation, of))
                };
                no.iter().any(taken) || yes.iter().any(apart)
            })
        })
}

/// Returns the relation that is meant: what has a slash in it is no asset's name.
fn meant(relation: Relation, key: &str) -> Relation {
    match relation {
        Relation::IsAsset if key.contains('/') => Relation::Is,
        Relation::Is | Relation::IsAsset | Relation::StartsWith | Relation::Contains => relation,
    }
}

/// Every text in the one relation to a key is in the other relation to another.
fn within(one: Relation, key: &str, other: Relation, of: &str) -> bool {
    match (meant(one, key), meant(other, of)) {
        (Relation::Is, Relation::Is) | (Relation::IsAsset | Relation::Is, Relation::IsAsset) => {
            key == of
        }
        (Relation::Is | Relation::StartsWith, Relation::StartsWith) => key.starts_with(of),
        (Relation::Is | Relation::StartsWith | Relation::Contains, Relation::Contains) => {
            key.contains(of)
        }
        (Relation::IsAsset | Relation::StartsWith | Relation::Contains, _) => false,
    }
}

/// No text is in both relations.
fn apart(one: Relation, key: &str, other: Relation, of: &str) -> bool {
    match (meant(one, key), meant(other, of)) {
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
    }
}

fn last(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, last)| last)
}
