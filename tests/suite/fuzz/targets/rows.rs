//! CSV: a reader that is written from RFC 4180 alone, a character at a time, takes and refuses the same.

use bugle::testing::readers::rows;

use super::Target;

pub(crate) const TARGET: Target = Target {
    name: "csv",
    holds,
    right: &[
        "email,name\r\nann@example.com,\"Ann, \"\"A\"\"\"\r\n\r\nben@example.com,\n",
        "a,b,c\n\"two\nlines\",,\u{e9}\n1,2,3",
    ],
    words: &[
        ",", "\"", "\"\"", "\n", "\r\n", "\r", "\0", ";", "\u{e9}", " ", "a", "\n\n", "\",\"",
        "\"\n",
    ],
    times: 6_000,
};

fn holds(bytes: &[u8]) {
    // What is no CSV at all is recognised by its beginning, which is not the matter here.
    let text = [b"head,er\n", bytes].concat();
    assert_eq!(rows(&text, b','), naive(&text));
}

/// Reads rows a character at a time; nothing where a row is flawed.
fn naive(bytes: &[u8]) -> Option<Vec<Vec<String>>> {
    let text = std::str::from_utf8(bytes).ok()?;
    // A file may end within its last line end.
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains('\0') {
        return None;
    }
    let mut rows = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix('\n'))
        {
            rest = after;
            continue;
        }
        let mut row = Vec::new();
        loop {
            let (cell, after) = if rest.starts_with('"') {
                quoted(rest)?
            } else {
                plain(rest)?
            };
            row.push(cell);
            if let Some(after) = after.strip_prefix(',') {
                rest = after;
                continue;
            }
            rest = after
                .strip_prefix("\r\n")
                .or_else(|| after.strip_prefix('\n'))
                .or(after.is_empty().then_some(""))?;
            break;
        }
        rows.push(row);
    }
    Some(rows)
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = &text[1..];
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None => return Some((cell, after)),
        }
    }
}

fn plain(text: &str) -> Option<(String, &str)> {
    let end = text.find(['\n', ',']).unwrap_or(text.len());
    let (cell, rest) = text.split_at(end);
    let (cell, rest) = match cell.strip_suffix('\r') {
        Some(before) if rest.starts_with('\n') => (before, &text[end - 1..]),
        Some(_) | None => (cell, rest),
    };
    (!cell.contains(['"', '\r'])).then(|| (cell.to_owned(), rest))
}
