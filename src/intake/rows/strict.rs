//! The bytes of one row: RFC 4180 to the letter, and where in the file a byte stands.

/// What is wrong with the quotes or line ends of a row, at a byte of it.
pub(super) enum Broken {
    Unclosed(usize),
    Stray(usize),
    AfterQuote(usize),
    Carriage(usize),
}

impl Broken {
    pub(super) fn offset(&self) -> usize {
        match self {
            Self::Unclosed(at) | Self::Stray(at) | Self::AfterQuote(at) | Self::Carriage(at) => *at,
        }
    }

    pub(super) fn message(&self) -> &'static str {
        match self {
            Self::Unclosed(_) => "quote is never closed",
            Self::Stray(_) => "quote inside an unquoted cell",
            Self::AfterQuote(_) => "text after a closing quote",
            Self::Carriage(_) => "carriage return without a line feed",
        }
    }

    pub(super) fn help(&self) -> Option<&'static str> {
        match self {
            Self::Unclosed(_) => None,
            Self::Stray(_) | Self::AfterQuote(_) => Some(
                "quote the whole cell and double the quotes inside it: `\"say \"\"hello\"\"\"`",
            ),
            Self::Carriage(_) => Some("save the file with line ends LF or CRLF"),
        }
    }
}

/// Walks a row without its line end as RFC 4180 says.
pub(super) fn check_quotes(body: &[u8], delimiter: u8) -> Result<(), Broken> {
    let mut at = 0;
    loop {
        if body.get(at) == Some(&b'"') {
            at = closing_quote(body, at).ok_or(Broken::Unclosed(at))? + 1;
            match body.get(at) {
                None => return Ok(()),
                Some(b) if *b == delimiter => {}
                Some(_) => return Err(Broken::AfterQuote(at)),
            }
        } else {
            loop {
                match body.get(at) {
                    None => return Ok(()),
                    Some(b) if *b == delimiter => break,
                    Some(b'"') => return Err(Broken::Stray(at)),
                    Some(b'\r') => return Err(Broken::Carriage(at)),
                    Some(_) => at += 1,
                }
            }
        }
        at += 1;
    }
}

/// Returns where the quote that opens at a byte is closed; doubled quotes are text.
fn closing_quote(body: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += body.get(at..)?.iter().position(|b| *b == b'"')?;
        if body.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Returns the byte at which a cell of a well-formed row begins, or the end of the row.
pub(super) fn cell_start(raw: &[u8], delimiter: u8, index: usize) -> usize {
    let body = without_line_end(raw);
    let mut at = 0;
    for _ in 0..index {
        if body.get(at) == Some(&b'"') {
            at = closing_quote(body, at).map_or(body.len(), |close| close + 1);
        }
        match body[at..].iter().position(|b| *b == delimiter) {
            Some(ahead) => at += ahead + 1,
            None => return body.len(),
        }
    }
    at
}

/// Returns line and column of a byte of a row that begins on a line; columns count characters.
pub(super) fn place(raw: &[u8], line: u64, offset: usize) -> (u64, u64) {
    let before = &raw[..offset.min(raw.len())];
    let start = before
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let characters = before[start..]
        .iter()
        .filter(|b| **b & 0xc0 != 0x80)
        .count();
    (line + newlines(before), characters as u64 + 1)
}

#[expect(
    clippy::naive_bytecount,
    reason = "only rows with quotes are counted, and they are short"
)]
pub(super) fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

pub(super) fn without_line_end(raw: &[u8]) -> &[u8] {
    let body = raw.strip_suffix(b"\n").unwrap_or(raw);
    body.strip_suffix(b"\r").unwrap_or(body)
}
