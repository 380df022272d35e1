//! Tests of campaigns as XML in the form of `JUnit`, which CI services read.

use std::io::{self, Write};

use crate::results::{TestFailure, TestRow};

use super::{Look, Sheet as _};

/// Writes one suite a campaign, in the order of the rows.
pub(crate) fn junit(out: &mut impl Write, look: &Look, rows: &[TestRow]) -> io::Result<()> {
    let failed = |rows: &[TestRow]| rows.iter().filter(|row| !row.passed).count();
    let counts = |rows: &[TestRow]| {
        let (tests, failures) = (rows.len(), failed(rows));
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\"")
    };
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"bugle\" {}>", counts(rows))?;
    for suite in
        rows.chunk_by(|one, next| (&one.campaign, &one.file) == (&next.campaign, &next.file))
    {
        let name = suite.first().map_or("", |row| &row.campaign);
        writeln!(
            out,
            "  <testsuite name=\"{}\" {}>",
            attribute(name),
            counts(suite)
        )?;
        for row in suite {
            case(out, look, row)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(out: &mut impl Write, look: &Look, row: &TestRow) -> io::Result<()> {
    let (class, name) = (attribute(&row.campaign), attribute(&row.test));
    let (file, line) = (attribute(&row.file), row.line);
    let open = format!(
        "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\" line=\"{line}\""
    );
    if row.failures.is_empty() {
        return writeln!(out, "{open}/>");
    }
    writeln!(out, "{open}>")?;
    for failure in &row.failures {
        let message = attribute(&format!(
            "{}: expected {}, got {}",
            failure.what, failure.expected, failure.got
        ));
        let text = text(&described(look, row, failure)?);
        writeln!(
            out,
            "      <failure type=\"expectation\" message=\"{message}\">{text}</failure>"
        )?;
    }
    writeln!(out, "    </testcase>")
}

/// Says what was expected and found, and why, as people see it.
fn described(look: &Look, row: &TestRow, failure: &TestFailure) -> io::Result<String> {
    let mut lines = Vec::new();
    writeln!(lines, "{}:{}", row.file, failure.line)?;
    writeln!(lines, "{}", failure.what)?;
    writeln!(lines, "  expected  {}", failure.expected)?;
    writeln!(lines, "  got       {}", failure.got)?;
    if let Some(explanation) = &failure.explain {
        writeln!(lines)?;
        explanation.write(&mut lines, look)?;
    }
    Ok(String::from_utf8_lossy(&lines).into_owned())
}

/// Returns a text for an attribute between double quotes; its line ends stay.
fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => push(&mut out, other),
        }
    }
    out
}

/// Returns a text for the inside of an element.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    value
        .chars()
        .for_each(|character| push(&mut out, character));
    out
}

/// Adds a character; in the place of those that XML cannot hold stands a mark.
fn push(out: &mut String, character: char) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\r' => out.push_str("&#13;"),
        '\n' | '\t' => out.push(character),
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
        other => out.push(other),
    }
}
