//! Single values: quotes only where they are needed, and the lines of values that have several.

use std::ops::Range;

use saphyr_parser::ScalarStyle;

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// On lines of its own, or after a key or dash.
    Block,
    /// Between brackets, where commas and brackets end a plain value.
    Brackets,
}

/// Returns a single value that was written on one line.
pub(super) fn one_line(style: ScalarStyle, text: &str, written: &str, around: Around) -> String {
    if style == ScalarStyle::Plain {
        return written.to_owned();
    }
    if reads_as_itself(text, around) && !looks_like_another_type(text) {
        return text.to_owned();
    }
    let marks = text.contains(['"', '\\']);
    if style == ScalarStyle::SingleQuoted && !marks {
        return format!("\"{text}\"");
    }
    written.to_owned()
}

/// Returns the lines of a plain or quoted value that was written on several: the breaks mean blanks and line ends, the
/// blanks around them nothing.
pub(super) fn lines(written: &str) -> Vec<&str> {
    written.split('\n').map(str::trim).collect()
}

/// Returns whether a text, written plain, reads as itself.
fn reads_as_itself(text: &str, around: Around) -> bool {
    let free = around == Around::Block || !text.contains([',', '[', ']', '{', '}']);
    free && crate::yaml::canonical::is_plain(text) && !text.contains('\n')
}

/// Returns whether programs that guess types would read a plain text as no text: a number, a date, a truth value, nothing.
fn looks_like_another_type(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    let words = [
        "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=",
    ];
    let number = text.trim_start_matches(['+', '-', '.']);
    words.contains(&word.as_str())
        || number.starts_with(|c: char| c.is_ascii_digit())
        || matches!(number.to_ascii_lowercase().as_str(), "inf" | "nan")
}

/// The lines of a `|` or `>` block, without the blanks that all of them begin with.
#[derive(Debug)]
pub(super) struct BlockLines<'a> {
    /// `|` or `>`, how line ends at the end count, and a number where the first line begins with a blank.
    pub(super) header: String,
    pub(super) lines: Vec<&'a str>,
    /// Empty lines at its end belong to its text.
    pub(super) keeps_end: bool,
}

/// Returns the lines of a block. `text` is what it stands for, `header` and `end` are places in `source`.
pub(super) fn block<'a>(
    source: &'a str,
    text: &str,
    header: &Range<usize>,
    end: usize,
) -> BlockLines<'a> {
    let written = &source[header.clone()];
    let keeps_end = written.contains('+');
    let first_line = source[header.end..].find('\n');
    let from = first_line.map_or(source.len(), |feed| header.end + feed + 1);
    let lines: Vec<&str> = match source.get(from..end) {
        Some(lines) if !lines.is_empty() => lines
            .strip_suffix('\n')
            .unwrap_or(lines)
            .split('\n')
            .collect(),
        Some(_) | None => Vec::new(),
    };
    let deeper = leading_blanks(text.trim_start_matches('\n'));
    let first = lines.iter().find(|line| !line.trim().is_empty());
    let margin = first.map_or(0, |line| leading_blanks(line).saturating_sub(deeper));
    let mut lines: Vec<&str> = lines
        .into_iter()
        .map(|line| line.get(margin..).unwrap_or_default())
        .collect();
    if !keeps_end {
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
    }
    let kind = if written.starts_with('|') { "|" } else { ">" };
    let number = if deeper > 0 { "2" } else { "" };
    let chomp = if keeps_end {
        "+"
    } else if written.contains('-') {
        "-"
    } else {
        ""
    };
    BlockLines {
        header: format!("{kind}{number}{chomp}"),
        lines,
        keeps_end,
    }
}

fn leading_blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
