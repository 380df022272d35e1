//! What stands between the values of a text: comments, dashes, anchors and tags, headers of blocks, directives.
//!
//! The parser reports no comments, and no places of the rest. Outside values, each of them is given by its first
//! character.

use std::ops::Range;

/// What was found, each kind in order.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    pub(super) comments: Vec<Comment>,
    /// The places of dashes that begin the items of lists.
    pub(super) dashes: Vec<usize>,
    /// Anchors and tags.
    pub(super) properties: Vec<Range<usize>>,
    /// `|`, `>-` and the like.
    pub(super) headers: Vec<Range<usize>>,
    /// Lines such as `%YAML 1.2`.
    pub(super) directives: Vec<Range<usize>>,
}

/// A comment.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) start: usize,
    /// From its `#` on, without blanks at its end.
    pub(super) text: String,
    /// Nothing but blanks stands before it in its line.
    pub(super) own_line: bool,
    /// How many characters stand before it in its line.
    pub(super) column: usize,
}

/// Finds them in all of a text but its values, which are given in order.
pub(super) fn find(text: &str, values: &[Range<usize>]) -> Gaps {
    let mut gaps = Gaps::default();
    let mut values = values.iter().peekable();
    let mut at = 0;
    while at < text.len() {
        if let Some(value) = values.next_if(|value| value.start <= at) {
            at = at.max(value.end);
            continue;
        }
        at = gaps.take(text, at);
    }
    gaps
}

impl Gaps {
    /// Takes what stands at a place, and returns the place after it.
    fn take(&mut self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        let line_start = text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        let word = at..at + word_length(&text[at..]);
        let line = at..text[at..].find('\n').map_or(text.len(), |feed| at + feed);
        let after_blank = at == line_start || matches!(bytes[at - 1], b' ' | b'\t');
        let before_blank = bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace);
        let marker = at == line_start && ["---", "..."].contains(&&text[word.clone()]);
        match bytes[at] {
            _ if marker => word.end,
            b'#' if after_blank => {
                let before = &text[line_start..at];
                self.comments.push(Comment {
                    start: at,
                    text: text[line.clone()].trim_end().to_owned(),
                    own_line: before.trim().is_empty(),
                    column: before.chars().count(),
                });
                line.end
            }
            b'%' if at == line_start => {
                self.directives.push(line.clone());
                line.end
            }
            b'-' if before_blank => {
                self.dashes.push(at);
                at + 1
            }
            b'&' | b'!' => {
                self.properties.push(word.clone());
                word.end
            }
            b'|' | b'>' => {
                self.headers.push(word.clone());
                word.end
            }
            _ => at + text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
}

/// Returns how long a word is that ends at a blank or at a character that ends values in brackets.
pub(super) fn word_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
    // A tag such as `!<tag:yaml.org,2002:str>` goes on to its bracket.
    if let Some(verbatim) = text.strip_prefix("!<") {
        return verbatim.find('>').map_or(text.len(), |end| end + 3);
    }
    text.find(ends).unwrap_or(text.len())
}

/// Returns whether an empty line stands between a place and the last text before it.
pub(super) fn blank_before(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let blanks = &before[before.trim_end().len()..];
    blanks.matches('\n').count() > 1
}

/// Returns how many characters stand before a place in its line.
pub(super) fn column(text: &str, at: usize) -> usize {
    let line_start = text[..at].rfind('\n').map_or(0, |feed| feed + 1);
    text[line_start..at].chars().count()
}
