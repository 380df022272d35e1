//! The canonical layout of a YAML text: the same documents and the same comments, laid out in one way.
//!
//! [`laid_out`] reads a text into a tree that keeps how each value was written ([`tree`]), finds the comments between
//! the values ([`gaps`]), and writes both again ([`mod@print`], [`scalar`]). It then reads the new text and compares
//! documents and comments with those of the old one, so that a fault here can spoil no file. `app::fmt` uses it.

mod brackets;
mod gaps;
mod print;
mod scalar;
mod tree;

use super::{Node, NodeKind};
use crate::diagnostic::{Diagnostics, Sources};

/// The text has a shape that this module does not lay out, such as a mapping as a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unsupported;

/// How often a text is laid out until nothing changes any more: once is enough but for marks of documents that hold nothing.
const ROUNDS: usize = 8;

/// Returns a text in canonical layout, which laying it out again leaves as it is. The text must be free of faults: see
/// [`super::parse`].
///
/// The result has the line ends of the text, no byte-order mark, and one line end at its end.
pub(crate) fn laid_out(text: &str) -> Result<String, Unsupported> {
    let windows = text.contains("\r\n");
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    let plain = plain.replace("\r\n", "\n");
    let source = tree::read(&plain)?;
    let (written, again) = settled(print::print(&plain, &source)?)?;
    if !means_the_same(&plain, &written) {
        return Err(Unsupported);
    }
    let texts = |gaps: &gaps::Gaps| -> Vec<String> {
        gaps.comments.iter().map(|c| c.text.clone()).collect()
    };
    if texts(&again.gaps) != texts(&source.gaps) {
        return Err(Unsupported);
    }
    Ok(if windows {
        written.replace('\n', "\r\n")
    } else {
        written
    })
}

/// Lays a text out until nothing changes any more, and reads it.
fn settled(mut written: String) -> Result<(String, tree::Text), Unsupported> {
    for _ in 0..ROUNDS {
        let read = tree::read(&written)?;
        let next = print::print(&written, &read)?;
        if next == written {
            return Ok((written, read));
        }
        written = next;
    }
    Err(Unsupported)
}

/// Returns whether two texts hold the same documents, with keys and items in the same order.
fn means_the_same(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let mut diagnostics = Diagnostics::default();
        let file = Sources::default().add("", text);
        let documents = super::parse(file, text, &mut diagnostics);
        (diagnostics.errors() == 0).then_some(documents)
    };
    match (read(one), read(other)) {
        (Some(one), Some(other)) => {
            one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| is_same(a, b))
        }
        _ => false,
    }
}

/// Returns whether two values are the same. Quotes count where a plain text would be no value.
fn is_same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (NodeKind::Null, NodeKind::Null) => true,
        (
            NodeKind::Scalar { text, plain },
            NodeKind::Scalar {
                text: other,
                plain: other_plain,
            },
        ) => text == other && (plain == other_plain || !text.eq_ignore_ascii_case("null")),
        (NodeKind::List(one), NodeKind::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_same(a, b))
        }
        (NodeKind::Map(one), NodeKind::Map(other)) => {
            let pair = |(a, b): (&super::MapEntry, &super::MapEntry)| {
                a.key == b.key && is_same(&a.value, &b.value)
            };
            one.len() == other.len() && one.iter().zip(other).all(pair)
        }
        (
            NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_),
            NodeKind::Null | NodeKind::Scalar { .. } | NodeKind::List(_) | NodeKind::Map(_),
        ) => false,
    }
}

#[cfg(test)]
mod tests;
