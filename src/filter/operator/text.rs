//! How texts compare: by Unicode case, character by character; every character is an ordinary one.
//!
//! Keys are comparison keys (`domain::text::fold_value`; of assets, whose names compare as names do, `fold`), made when the campaign was compiled. An ASCII value is
//! compared in place; another is folded once for all keys.

use crate::domain::text::{fold, fold_value, is_folded};

/// How a text stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextRelation {
    /// It is the other.
    Is,
    /// It names the same asset: it is the other, with or without a `Program.` prefix.
    IsAsset,
    /// It begins with the other.
    StartsWith,
    /// It contains the other.
    Contains,
}

impl TextRelation {
    /// Returns whether a text stands so to one of some keys.
    pub(super) fn holds(self, text: &str, keys: &[Box<str>]) -> bool {
        match self {
            Self::Is => is(text, keys),
            Self::IsAsset => is_asset(text, keys),
            Self::StartsWith => starts_with(text, keys),
            Self::Contains => contains(text, keys),
        }
    }
}

/// The whole text is one of the keys.
fn is(text: &str, keys: &[Box<str>]) -> bool {
    keys.iter().any(|key| is_folded(text, key))
}

/// The text begins with one of the keys.
fn starts_with(text: &str, keys: &[Box<str>]) -> bool {
    if text.is_ascii() {
        let bytes = text.as_bytes();
        return keys.iter().any(|key| {
            bytes
                .get(..key.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(key.as_bytes()))
        });
    }
    let folded = fold_value(text);
    keys.iter().any(|key| folded.starts_with(key.as_ref()))
}

/// One of the keys stands somewhere in the text.
fn contains(text: &str, keys: &[Box<str>]) -> bool {
    if text.is_ascii() {
        return keys
            .iter()
            .any(|key| contains_ascii(text.as_bytes(), key.as_bytes()));
    }
    let folded = fold_value(text);
    keys.iter().any(|key| folded.contains(key.as_ref()))
}

fn contains_ascii(text: &[u8], key: &[u8]) -> bool {
    key.is_empty()
        || text
            .windows(key.len())
            .any(|part| part.eq_ignore_ascii_case(key))
}

/// The text names the same asset as one of the keys: equal, or equal but for a `Program.` before one of them.
///
/// Links are not asset names, so the dots of `example.com/pricing.html` do not end a prefix.
fn is_asset(text: &str, keys: &[Box<str>]) -> bool {
    let folded;
    let text = if text.is_ascii() {
        text
    } else {
        folded = fold(text);
        &folded
    };
    if is(text, keys) {
        return true;
    }
    if text.contains('/') {
        return false;
    }
    keys.iter()
        .any(|key| !key.contains('/') && (after_dot(text, key) || after_dot_of_key(text, key)))
}

/// `P.x` was stored and `x` is wanted.
fn after_dot(text: &str, key: &str) -> bool {
    text.match_indices('.')
        .any(|(dot, _)| is_folded(&text[dot + 1..], key))
}

/// `x` was stored and `P.x` is wanted.
fn after_dot_of_key(text: &str, key: &str) -> bool {
    key.match_indices('.')
        .any(|(dot, _)| is_folded(text, &key[dot + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> Vec<Box<str>> {
        texts.iter().map(|t| fold(t).into_boxed_str()).collect()
    }

    #[test]
    fn an_asset_is_the_same_with_or_without_its_program() {
        assert!(is_asset("Autumn.Spring Mail", &keys(&["spring mail"])));
        assert!(is_asset("Spring mail", &keys(&["Autumn.Spring Mail"])));
        assert!(is_asset("A.B.Mail", &keys(&["B.mail"])));
        assert!(is_asset("Cafe\u{301}.Mail", &keys(&["caf\u{e9}.mail"])));
        assert!(!is_asset("Winter.Mail", &keys(&["Autumn.Mail"])));
        assert!(!is_asset("SpringMail", &keys(&["Mail"])));
        assert!(!is_asset("x.example/pricing.html", &keys(&["html"])));
    }

    #[test]
    fn the_empty_text_is_in_every_text() {
        assert!(contains("abc", &keys(&[""])));
        assert!(contains("", &keys(&[""])));
        assert!(starts_with("é", &keys(&[""])));
    }
}
