//! Text from files and data, made safe to show: what would act on a terminal is written as an escape.
//!
//! Used wherever text that others wrote is shown: by the renderers of diagnostics and of tables.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns a text with control, bidirectional and zero-width characters as escapes such as `\u{1b}` and `\n`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// Returns JSON with hidden characters as `\u…`, which is the same text to every reader of JSON.
///
/// They can only stand inside texts; blanks and line ends between tokens are control characters too, but JSON's own.
pub(crate) fn visible_json(json: &str) -> Cow<'_, str> {
    let harmless = |byte: u8| byte.is_ascii() && byte != 0x7f;
    let hidden = |c: char| is_hidden(c) && !c.is_ascii_whitespace();
    if json.bytes().all(harmless) || !json.contains(hidden) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if hidden(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns source lines made visible, their line ends and tabs kept.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let joins = c == JOINER && is_picture(before) && is_picture(rest.clone().next());
        before = Some(c);
        if hidden(c) && !joins {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Joins emoji into one picture.
const JOINER: char = '\u{200d}';

/// Returns whether a character may be a part of a picture: an emoji, or a mark that colours or styles one.
fn is_picture(c: Option<char>) -> bool {
    c.is_some_and(|c| !c.is_alphanumeric() && u32::from(c) > 0x2000 && !is_hidden(c))
}

/// Returns whether a character is invisible, or moves or reorders what stands beside it.
///
/// Source: the Unicode properties `Cc`, `Bidi_Control` and, of `Default_Ignorable_Code_Point`, those that join nothing
/// in ordinary writing. The two joiners, which several scripts need, are shown as well: names are not harmed by being shown
/// too plainly. Between two emoji the joiner makes one picture and is left alone.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the first character of a name or address that is invisible, or moves what stands beside it.
///
/// The joiner U+200D between two emoji is part of one picture, and U+200C and U+200D between two letters beyond Latin are
/// part of how some scripts are written.
pub(crate) fn hidden_in(text: &str) -> Option<char> {
    let characters: Vec<char> = text.chars().collect();
    let joins = |index: usize| {
        let before = index.checked_sub(1).and_then(|at| characters.get(at));
        let (Some(before), Some(after)) = (before, characters.get(index + 1)) else {
            return false;
        };
        let script = |c: char| c.is_alphabetic() && u32::from(c) > 0x5ff;
        // Marks that colour or style an emoji stand between it and the joiner.
        let one_picture =
            characters[index] == JOINER && is_picture(Some(*before)) && is_picture(Some(*after));
        one_picture || (script(*before) && script(*after))
    };
    let mut hidden = characters.iter().enumerate();
    hidden
        .find(|(index, c)| {
            is_hidden(**c) && !(matches!(**c, '\u{200c}' | '\u{200d}') && joins(*index))
        })
        .map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone_and_not_copied() {
        assert!(matches!(visible("Zoë’s café 東京 👍"), Cow::Borrowed(_)));
    }

    #[test]
    fn joined_emoji_stay_one_picture_and_a_joiner_elsewhere_is_shown() {
        let picture = "👩\u{200d}💻 🏳\u{fe0f}\u{200d}🌈";
        assert_eq!(visible(picture), picture);
        assert_eq!(visible("A\u{200d}nn"), "A\\u{200d}nn");
        assert_eq!(visible("👍\u{200d}"), "👍\\u{200d}");
    }

    #[test]
    fn control_bidi_and_zero_width_characters_become_escapes() {
        assert_eq!(visible("a\x1b[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(visible("x\u{202e}y\u{200b}z"), "x\\u{202e}y\\u{200b}z");
        assert_eq!(visible("one\ntwo\tthree\r"), "one\\ntwo\\tthree\\r");
        assert_eq!(visible("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn source_lines_keep_their_line_ends_and_tabs() {
        assert_eq!(visible_lines("a\tb\n\u{7}"), "a\tb\n\\u{7}");
    }

    #[test]
    fn names_hold_no_invisible_characters_but_joiners_where_they_are_written() {
        for good in [
            "Zoë",
            "👩\u{200d}💻 Ann",
            "🏳\u{fe0f}\u{200d}🌈",
            "می\u{200c}خواهم",
        ] {
            assert_eq!(hidden_in(good), None, "{good:?}");
        }
        for bad in [
            "An\u{200b}n",
            "Ann\u{202e}",
            "A\u{200d}nn",
            "\u{200d}👍",
            "a\nb",
        ] {
            assert!(hidden_in(bad).is_some(), "{bad:?}");
        }
    }
}
