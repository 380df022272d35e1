//! Reasons about text tests: which texts can pass all of them.
//!
//! Keys are comparison keys, and so is the value in thought: only how the keys stand to each other is asked.

use crate::filter::operator::{Criterion, TextRelation};

use super::test_claim::TestClaim;

/// The text stands in a relation to any of some keys, or to none of them.
struct TextClaim<'a> {
    relation: TextRelation,
    keys: &'a [Box<str>],
    negative: bool,
}

fn asked<'t>(said: &TestClaim<'t>) -> Option<TextClaim<'t>> {
    match said.criterion() {
        Criterion::Text(relation, keys) => Some(TextClaim {
            relation: *relation,
            keys,
            negative: !said.meets(),
        }),
        Criterion::Empty
        | Criterion::Equal(_)
        | Criterion::Truth(_)
        | Criterion::Between(_)
        | Criterion::Side(..)
        | Criterion::Window(..)
        | Criterion::Frame(_) => None,
    }
}

/// Returns whether no text is as said: one test leaves no text, since the others take each of its keys.
pub(super) fn none(said: &[TestClaim<'_>]) -> bool {
    let asked: Vec<TextClaim> = said.iter().filter_map(self::asked).collect();
    let (no, yes): (Vec<&TextClaim>, Vec<&TextClaim>) =
        asked.iter().partition(|asked| asked.negative);
    let everything = no.iter().any(|no| {
        matches!(
            no.relation,
            TextRelation::StartsWith | TextRelation::Contains
        ) && no.keys.iter().any(|key| key.is_empty())
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

/// Returns the relation that is meant: what has a slash in it is not an asset's name.
fn meant(relation: TextRelation, key: &str) -> TextRelation {
    match relation {
        TextRelation::IsAsset if key.contains('/') => TextRelation::Is,
        TextRelation::Is
        | TextRelation::IsAsset
        | TextRelation::StartsWith
        | TextRelation::Contains => relation,
    }
}

/// Every text in the one relation to a key is in the other relation to another.
fn within(one: TextRelation, key: &str, other: TextRelation, of: &str) -> bool {
    match (meant(one, key), meant(other, of)) {
        (TextRelation::Is, TextRelation::Is)
        | (TextRelation::IsAsset | TextRelation::Is, TextRelation::IsAsset) => key == of,
        (TextRelation::Is | TextRelation::StartsWith, TextRelation::StartsWith) => {
            key.starts_with(of)
        }
        (
            TextRelation::Is | TextRelation::StartsWith | TextRelation::Contains,
            TextRelation::Contains,
        ) => key.contains(of),
        (TextRelation::IsAsset | TextRelation::StartsWith | TextRelation::Contains, _) => false,
    }
}

/// No text is in both relations.
fn apart(one: TextRelation, key: &str, other: TextRelation, of: &str) -> bool {
    match (meant(one, key), meant(other, of)) {
        (TextRelation::Is, TextRelation::Is) => key != of,
        (TextRelation::Is, TextRelation::StartsWith) => !key.starts_with(of),
        (TextRelation::StartsWith, TextRelation::Is) => !of.starts_with(key),
        (TextRelation::Is, TextRelation::Contains) => !key.contains(of),
        (TextRelation::Contains, TextRelation::Is) => !of.contains(key),
        (TextRelation::StartsWith, TextRelation::StartsWith) => {
            !key.starts_with(of) && !of.starts_with(key)
        }
        // `P.x` and `Q.x` are both `x`, so that assets differ only by what stands after the last dot.
        (TextRelation::IsAsset, TextRelation::Is | TextRelation::IsAsset)
        | (TextRelation::Is, TextRelation::IsAsset) => last(key) != last(of),
        (TextRelation::IsAsset | TextRelation::StartsWith | TextRelation::Contains, _) => false,
    }
}

fn last(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, last)| last)
}
