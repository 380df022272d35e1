//! The page of each code: what it means, why it matters, an example, and the same mended.
//!
//! The one text is `docs/diagnostics.md`, a section a code, which is compiled in: documents and `bugle explain` say the
//! same. Tests see that each code has a page and that its examples show what they are there for.

use std::fmt::Write as _;

use super::Code;

const DOCUMENT: &str = include_str!("../../docs/diagnostics.md");

/// A piece of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// A paragraph.
    Prose(&'t str),
    /// Lines of a file, and the words that say what they are: `filters wrong`.
    Example(&'t str, &'t str),
}

/// Returns the pieces of a code's page, the line with its meaning first.
pub(crate) fn pieces(code: Code) -> Vec<Piece<'static>> {
    let section = DOCUMENT.split("\n## ").skip(1).find_map(|section| {
        let (name, text) = section.split_once('\n')?;
        (name == code.name()).then_some(text)
    });
    let mut rest = section.unwrap_or_default().trim();
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, after) = if let Some(block) = rest.strip_prefix("```yaml") {
            let (words, block) = block.split_once('\n').unwrap_or((block, ""));
            let (text, after) = block.split_once("\n```").unwrap_or((block, ""));
            (Piece::Example(words.trim(), text), after)
        } else {
            let (text, after) = rest.split_once("\n\n").unwrap_or((rest, ""));
            (Piece::Prose(text), after)
        };
        pieces.push(piece);
        rest = after.trim_start();
    }
    pieces
}

/// Returns what stands below the meaning, for a terminal: examples are set in and say where they stand.
pub(crate) fn text(code: Code) -> String {
    let mut out = String::new();
    for piece in pieces(code).into_iter().skip(1) {
        if !out.is_empty() {
            out.push('\n');
        }
        match piece {
            Piece::Prose(text) => {
                let _ = writeln!(out, "{}", without_links(text));
            }
            Piece::Example(words, text) => {
                let _ = writeln!(out, "{}:\n", heading(words));
                for line in text.lines() {
                    let _ = writeln!(out, "{}", format!("    {line}").trim_end());
                }
            }
        }
    }
    out.trim_end().to_owned()
}

/// Says in words what an example is: `Wrong, below flow`.
fn heading(words: &str) -> String {
    let has = |word| words.split_whitespace().any(|written| written == word);
    let mut heading = if has("given") {
        "Given"
    } else if has("wrong") {
        "Wrong"
    } else {
        "Right"
    }
    .to_owned();
    for part in ["triggers", "filters", "flow"] {
        if has(part) {
            let _ = write!(heading, ", below `{part}`");
        }
    }
    if has("workspace") {
        heading.push_str(", in the workspace file");
    }
    heading
}

/// Takes the targets off links: `[catalogue](catalogue.md)` is `catalogue`.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((label, after)) = link.split_once("](") else {
            break;
        };
        let (_, after) = after.split_once(')').unwrap_or(("", after));
        out.push_str(before);
        out.push_str(label);
        rest = after;
    }
    out.push_str(rest);
    out
}
