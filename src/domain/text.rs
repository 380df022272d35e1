//! Text values and how they compare: by Unicode case, character by character.
//!
//! Names of lists, campaigns, fields and so on compare in Unicode's NFC as well, since an `é` of one character and one of two
//! look alike. Values do not: nothing is normalised but what bugle itself looks up.

use std::borrow::Cow;
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// A text value; cheap to copy, since old and new values, events and logs share it.
pub(crate) type Text = Arc<str>;

/// Returns a character's comparison key: upper case, then lower, without context or locale.
fn fold_char(c: char) -> impl Iterator<Item = char> {
    c.to_uppercase().flat_map(char::to_lowercase)
}

/// Returns a text in NFC, in which each letter with its marks is one character where there is one.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// Returns the comparison key of a name. Blanks count.
pub(crate) fn fold(name: &str) -> String {
    fold_value(&composed(name))
}

/// Returns the comparison key of a value. Blanks count; nothing is normalised.
pub(crate) fn fold_value(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(fold_char).collect()
}

/// Returns whether a value's comparison key is `folded`, without building it.
pub(crate) fn is_folded(text: &str, folded: &str) -> bool {
    if text.is_ascii() && folded.is_ascii() {
        return text.eq_ignore_ascii_case(folded);
    }
    text.chars().flat_map(fold_char).eq(folded.chars())
}

/// Returns whether two names are equal without regard to case.
pub(crate) fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    let (a, b) = (composed(a), composed(b));
    a.chars()
        .flat_map(fold_char)
        .eq(b.chars().flat_map(fold_char))
}

/// Returns an email address as it is stored: trimmed, non-ASCII letters in lower case.
///
/// ASCII letters keep their case; the database compares them without it.
pub(crate) fn stored_email(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.is_ascii() {
        return trimmed.to_owned();
    }
    trimmed
        .chars()
        .flat_map(|c| {
            if c.is_ascii() {
                Lower::One(c)
            } else {
                Lower::Many(fold_char(c))
            }
        })
        .collect()
}

/// One character or several, without allocation.
enum Lower<I> {
    One(char),
    Many(I),
}

impl<I: Iterator<Item = char>> IntoIterator for Lower<I> {
    type Item = char;
    type IntoIter =
        std::iter::Chain<std::option::IntoIter<char>, std::iter::Flatten<std::option::IntoIter<I>>>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            Self::One(c) => Some(c).into_iter().chain(None.into_iter().flatten()),
            Self::Many(rest) => None.into_iter().chain(Some(rest).into_iter().flatten()),
        }
    }
}

/// Returns the key under which two emails are the same person: trimmed, any case.
pub(crate) fn email_key(text: &str) -> String {
    fold_value(text.trim())
}

/// Returns the name under which catalogue entries are looked up: letters and digits alone, in lower case.
///
/// `First Name`, `firstName` and `first_name` have one key.
pub(crate) fn name_key(text: &str) -> String {
    if text.is_ascii() {
        // Catalogues are made by every command, so this is a good part of what a short one does.
        let mut key = String::with_capacity(text.len());
        key.extend(
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase()),
        );
        return key;
    }
    composed(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(fold_char)
        .collect()
}

/// Returns a header or label in snake case: `Number of Employees` is `number_of_employees`, `firstName` is `first_name`.
pub(crate) fn snake_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut previous: Option<char> = None;
    for c in composed(text).chars() {
        if c.is_alphanumeric() {
            let hump = c.is_uppercase()
                && previous.is_some_and(|p| p.is_lowercase() || p.is_ascii_digit());
            if (hump || previous.is_some_and(|p| !p.is_alphanumeric()))
                && !out.is_empty()
                && !out.ends_with('_')
            {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        }
        previous = Some(c);
    }
    out
}

/// Returns a number with its noun: `1 person`, `2 people`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Returns a name's slug: `California newsletter` is `california-newsletter`.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in composed(text).chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_ignored_character_by_character() {
        assert!(same("ÉCOLE", "école"));
        assert!(same("ΣΑΣ", "σας"), "both sigmas have one key");
        assert!(is_folded("Straße", &fold("STRASSE")));
        assert!(!same(" a", "a"));
    }

    #[test]
    fn names_compare_in_nfc_and_values_do_not() {
        let (one, two) = ("Gr\u{f6}\u{df}e", "Gro\u{308}\u{df}e");
        assert!(same(one, two));
        assert_eq!(fold(one), fold(two));
        assert_eq!(name_key(one), name_key(two));
        assert_eq!(snake_case(one), snake_case(two));
        assert_eq!(slug(one), slug(two));
        assert_ne!(fold_value(one), fold_value(two));
        assert!(!is_folded(two, &fold_value(one)));
    }

    #[test]
    fn names_have_one_key_in_every_spelling() {
        assert_eq!(name_key("First Name"), name_key("firstName"));
        assert_eq!(snake_case("Number of Employees"), "number_of_employees");
        assert_eq!(snake_case("firstName"), "first_name");
        assert_eq!(snake_case("SFDC Type"), "sfdc_type");
        assert_eq!(slug("California newsletter"), "california-newsletter");
    }

    #[test]
    fn emails_are_stored_trimmed_with_their_ascii_case() {
        assert_eq!(stored_email("  Ann@Example.com "), "Ann@Example.com");
        assert_eq!(stored_email("JÖRG@Example.com"), "JöRG@Example.com");
        assert_eq!(email_key(" ANN@example.com"), "ann@example.com");
    }
}
