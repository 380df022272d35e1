//! How wide the columns of a table are in a terminal, and where texts are broken.
//!
//! Words stay whole as far as there is room. A table whose columns cannot stand side by side at all is not
//! squeezed: its rows are written one below the other.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

/// What a column asks for, in character cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Wish {
    /// It cannot be narrower.
    pub(super) least: usize,
    /// No word is broken then.
    pub(super) word: usize,
    /// Nothing is wrapped then.
    pub(super) whole: usize,
}

/// From how many cells on a word may be broken, most generous first. Where shorter words would have to be broken, the columns
/// do not share a line.
const BOUNDS: [usize; 2] = [usize::MAX, 40];

/// Returns the widths of columns that share a line; nothing if they cannot.
pub(super) fn fit(wishes: &[Wish], room: usize) -> Option<Vec<usize>> {
    let bounded = |bound: usize| -> Vec<usize> {
        let width = |wish: &Wish| wish.least.max(wish.word.min(bound));
        wishes.iter().map(width).collect()
    };
    let mut widths = BOUNDS
        .into_iter()
        .map(bounded)
        .find(|widths| widths.iter().sum::<usize>() <= room)?;
    let mut left = room - widths.iter().sum::<usize>();
    // What is left goes to the columns that still wrap, in equal parts, until none does or nothing is left.
    loop {
        let wrapping: Vec<usize> = (0..wishes.len())
            .filter(|column| widths[*column] < wishes[*column].whole)
            .collect();
        if wrapping.is_empty() || left == 0 {
            return Some(widths);
        }
        let share = (left / wrapping.len()).max(1);
        for column in wrapping {
            let more = share.min(wishes[column].whole - widths[column]).min(left);
            widths[column] += more;
            left -= more;
        }
    }
}

/// Returns the width of the longest word.
pub(super) fn longest_word(text: &str) -> usize {
    let words = text.split('\n').flat_map(words);
    words.map(|word| word.text.width()).max().unwrap_or(0)
}

/// A part of a line that is not broken where there is room: a word, an instant, an address.
struct Word<'a> {
    text: &'a str,
    /// Whether a blank stands between it and the one before it.
    apart: bool,
}

/// Returns the words of a line. An instant is one, `Program.Campaign` has two, and so has the path of a file for each folder.
fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begin = 0;
    while begin < line.len() {
        let rest = &line[begin..];
        let length = match instant(rest) {
            Some(length) => length,
            None => rest.find(' ').unwrap_or(rest.len()),
        };
        let apart = begin > 0;
        let mut from = 0;
        let word = &rest[..length];
        for end in named(word).chain(folders(word)) {
            words.push(Word {
                text: &rest[from..end],
                apart: apart && from == 0,
            });
            from = end;
        }
        words.push(Word {
            text: &rest[from..length],
            apart: apart && from == 0,
        });
        begin += length + 1;
    }
    words
}

/// Returns the length of the instant that a text begins with, `2026-12-01 09:00:00`, and of what follows it up to a blank.
fn instant(text: &str) -> Option<usize> {
    let shape = "dddd-dd-dd dd:dd";
    let bytes = text.as_bytes();
    let alike = shape.bytes().enumerate().all(|(at, shape)| {
        bytes.get(at).is_some_and(|byte| match shape {
            b'd' => byte.is_ascii_digit(),
            mark => *byte == mark,
        })
    });
    let end = text.get(shape.len()..)?.find(' ');
    alike.then(|| end.map_or(text.len(), |end| shape.len() + end))
}

/// Returns where the names of campaigns begin behind those of their programs; an address has none.
fn named(word: &str) -> impl Iterator<Item = usize> + '_ {
    let is_address = word.contains(['@', '/', ':']);
    word.match_indices('.')
        .map(|(dot, _)| dot + 1)
        .filter(move |after| {
            let mut rest = word[*after..].chars();
            !is_address && rest.next().is_some_and(char::is_uppercase)
        })
}

/// Returns where the folders of a file's path end, such as `campaigns/webinar/invitation.yaml`. A web address has none.
fn folders(word: &str) -> impl Iterator<Item = usize> + '_ {
    let (folder, file) = word.rsplit_once('/').unwrap_or_default();
    let is_path = file.contains('.')
        && !folder.is_empty()
        && !word.contains(['@', '?', '='])
        && !word.contains("//")
        && !folder
            .split('/')
            .next()
            .is_some_and(|first| first.contains('.'));
    let slashes = word.match_indices('/').map(|(at, _)| at + 1);
    slashes.filter(move |end| is_path && *end > 1)
}

/// Breaks a text into lines: between words, within a word that is too long after a mark such as `/` or `.`, and where
/// there is none anywhere.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let mut used = 0;
        for word in words(line) {
            let gap = usize::from(word.apart);
            if used > 0 && used + gap + word.text.width() > width {
                out.push('\n');
                used = 0;
            } else if gap > 0 {
                out.push(' ');
                used += gap;
            }
            used = put(&mut out, word.text, used, width);
        }
    }
    out
}

/// Puts a word at the end of a line, broken as often as it must be; returns how much of the last line is used.
fn put(out: &mut String, word: &str, mut used: usize, width: usize) -> usize {
    let mut rest = word;
    // Measured once: a word may be as long as a file.
    let mut left = rest.width();
    while used + left > width {
        let cut = cut(rest, width.saturating_sub(used).max(1));
        if cut == rest.len() {
            break;
        }
        let part = &rest[..cut];
        out.push_str(part);
        out.push('\n');
        left = left.saturating_sub(part.width());
        rest = &rest[cut..];
        used = 0;
    }
    out.push_str(rest);
    used + left
}

/// Returns where a word is broken so that its first part fits: after the last mark, else where the room ends.
fn cut(word: &str, room: usize) -> usize {
    let (mut used, mut end, mut mark) = (0, 0, None);
    for (at, c) in word.char_indices() {
        used += c.width().unwrap_or(0);
        if used > room && at > 0 {
            break;
        }
        end = at + c.len_utf8();
        if matches!(
            c,
            '/' | '.' | '_' | '-' | '@' | '?' | '&' | '=' | ',' | ';' | ':'
        ) {
            mark = Some(end);
        }
    }
    mark.filter(|mark| *mark < word.len() && *mark * 2 > end)
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(word: usize, whole: usize) -> Wish {
        Wish {
            least: 0,
            word,
            whole,
        }
    }

    fn fixed(width: usize) -> Wish {
        Wish {
            least: width,
            word: 0,
            whole: width,
        }
    }

    #[test]
    fn columns_that_wrap_share_what_the_others_leave() {
        assert_eq!(
            fit(&[fixed(10), text(5, 50), text(5, 12)], 40),
            Some(vec![10, 18, 12])
        );
        assert_eq!(fit(&[fixed(10), text(5, 8)], 80), Some(vec![10, 8]));
    }

    #[test]
    fn a_long_word_is_broken_before_a_column_is_given_up() {
        assert_eq!(fit(&[fixed(10), text(57, 57)], 55), Some(vec![10, 45]));
        assert_eq!(fit(&[fixed(10), text(37, 37)], 30), None);
        assert_eq!(fit(&[fixed(10), text(37, 37), text(20, 20)], 25), None);
    }

    #[test]
    fn an_instant_and_an_address_stay_whole_and_a_campaign_begins_after_its_program() {
        assert_eq!(
            wrap("until 2026-12-01 09:00:00, then", 20),
            "until\n2026-12-01 09:00:00,\nthen"
        );
        assert_eq!(longest_word("until 2026-12-01 09:00"), 16);
        assert_eq!(
            wrap("to ann.Smith@example.com", 22),
            "to\nann.Smith@example.com"
        );
        assert_eq!(
            wrap("Autumn fair.Sunday letter", 14),
            "Autumn fair.\nSunday letter"
        );
        assert_eq!(longest_word("Autumn fair.Sunday letter"), 6);
        assert_eq!(
            wrap("campaigns/webinar/invitation.yaml:3:1", 22),
            "campaigns/webinar/\ninvitation.yaml:3:1"
        );
        assert_eq!(longest_word("campaigns/webinar/invitation.yaml"), 15);
        let address = "https://www.example.com/fair.html";
        assert_eq!(longest_word(address), address.len());
        assert_eq!(wrap("one two", 80), "one two");
        assert_eq!(wrap("Fair.Letter", 80), "Fair.Letter");
    }

    #[test]
    fn texts_are_broken_between_words_then_after_marks_then_anywhere() {
        assert_eq!(wrap("one two three", 8), "one two\nthree");
        assert_eq!(
            wrap("campaigns/customers/renewal.yaml", 20),
            "campaigns/customers/\nrenewal.yaml"
        );
        assert_eq!(wrap("abcdefghij", 4), "abcd\nefgh\nij");
        assert_eq!(wrap("see abcdefghij", 6), "see\nabcdef\nghij");
        assert_eq!(wrap("a\nb c", 1), "a\nb\nc");
        assert_eq!(wrap("東京都", 4), "東京\n都");
        assert_eq!(wrap("", 4), "");
        assert_eq!(wrap("東", 1), "東");
    }

    #[test]
    fn a_word_as_long_as_a_file_is_broken_in_time() {
        // It took a minute for each of these, since what was left was measured at each line anew.
        let broken = wrap(&"a".repeat(1 << 20), 4);
        assert_eq!(broken.len(), (1 << 20) / 4 * 5 - 1);
    }
}
