//! Parts of what is written for people beside tables: headings, names with their values, and texts that hang.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::layout::wrap;
use super::{Colour, Look, TableCell};
use crate::diagnostic::visible::visible;

/// Writes the heading of a part, with a blank line before it.
pub(super) fn section(out: &mut impl Write, look: &Look, title: &str) -> io::Result<()> {
    writeln!(out, "\n{}", strong(title, look))
}

/// Returns text in bold where colours are allowed.
pub(super) fn strong(text: &str, look: &Look) -> String {
    let text = visible(text);
    match look.colour {
        Colour::Always => {
            let bold = anstyle::Style::new().bold();
            format!("{bold}{text}{bold:#}")
        }
        Colour::Never => text.into_owned(),
    }
}

/// Writes names and values under each other.
pub(super) fn facts(
    out: &mut impl Write,
    look: &Look,
    facts: &[(String, TableCell)],
) -> io::Result<()> {
    let width = facts
        .iter()
        .map(|(name, _)| name.width())
        .max()
        .unwrap_or(0);
    for (name, value) in facts {
        let pad = " ".repeat(width - name.width() + 2);
        write!(out, "{}{pad}", strong(name, look))?;
        hanging(out, look, width + 2, &value.text)?;
    }
    Ok(())
}

/// Writes a text after so many characters of its line; where a terminal wraps it, the other lines are indented as the first.
pub(super) fn hanging(
    out: &mut impl Write,
    look: &Look,
    indent: usize,
    text: &str,
) -> io::Result<()> {
    let text = visible(text);
    let room = look
        .width
        .map(|width| usize::from(width).saturating_sub(indent));
    let Some(room) = room.filter(|room| *room >= NARROWEST && text.width() > *room) else {
        return writeln!(out, "{text}");
    };
    let margin = format!("\n{}", " ".repeat(indent));
    writeln!(out, "{}", wrap(&text, room).replace('\n', &margin))
}

/// Where there is less room than this beside an indent, lines are left to the terminal.
const NARROWEST: usize = 20;
