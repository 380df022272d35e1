//! JSON: a row a line within one array, or one object; and JSON lines.
//!
//! Characters that a terminal would obey, or that nobody would see, are written as `\u…`, which is the same
//! text to every reader of JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::visible::visible_json;

/// Writes a value on one line, without the line's end.
pub(crate) fn value(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(Escaping(out), value).map_err(io::Error::from)
}

/// Writes a value and the line's end.
pub(crate) fn line(out: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
    value(out, row)?;
    out.write_all(b"\n")
}

/// Writes one object over several lines.
pub(crate) fn object(out: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(Escaping(out), object).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Writes an array, a row a line.
pub(crate) fn array(out: &mut impl Write, rows: &[impl Serialize]) -> io::Result<()> {
    out.write_all(b"[")?;
    for (index, row) in rows.iter().enumerate() {
        out.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        value(out, row)?;
    }
    out.write_all(if rows.is_empty() { b"]\n" } else { b"\n]\n" })
}

/// Passes JSON on, with invisible characters escaped; they can only stand inside texts.
///
/// The serialiser hands over whole fragments of text, so no character is ever cut in two.
struct Escaping<'a, W: Write>(&'a mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_all(visible_json(text).as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::visible::is_hidden;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        value(&mut out, &text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn invisible_characters_are_escaped_and_read_back_the_same() {
        for text in [
            "a\u{1b}[31m",
            "a\u{202e}b",
            "x\u{200b}y",
            "\u{9b}1m",
            "\u{e0041}",
            "Zoë\n",
        ] {
            let json = written(text);
            assert!(json.chars().all(|c| !is_hidden(c)), "{json:?}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
        assert_eq!(written("a\u{202e}b"), r#""a\u202eb""#);
        assert_eq!(written("Zoë"), r#""Zoë""#);
    }
}
