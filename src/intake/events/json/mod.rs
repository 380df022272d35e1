//! One line of JSON, read strictly and with the place of everything in it.
//!
//! `serde_json` is not used here because it keeps the last of two equal keys, rounds integers beyond 64 bits and gives
//! values no place. This reader refuses both, and borrows from the line wherever there is no escape. It knows
//! nothing of events.

use std::borrow::Cow;

use super::line_error::LineError;

/// How deep arrays and objects may lie in each other.
const DEEPEST: usize = 64;

/// From how many members on equal names are found by sorting.
const MANY: usize = 16;

/// A value of an object's member.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number as written: an integer of 64 bits, or a decimal that is finite.
    Number(&'a str),
    /// Text, its escapes resolved.
    Text(Cow<'a, str>),
    /// An array or object as written; it is well-formed.
    Nested(&'a str),
}

/// One name and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member<'a> {
    /// The name, its escapes resolved.
    pub(crate) name: Cow<'a, str>,
    /// The byte at which the name begins.
    pub(crate) name_at: usize,
    /// The value.
    pub(crate) value: Scalar<'a>,
    /// The byte at which the value begins.
    pub(crate) value_at: usize,
}

/// Reads a line that is one object.
pub(crate) fn object(text: &str) -> Result<Vec<Member<'_>>, LineError> {
    let mut reader = JsonReader::new(text);
    reader.blanks();
    if reader.peek() == Some(b'[') {
        return Err(reader
            .error("an array where an object is expected")
            .help("write one object a line: {\"at\":…,\"person\":…,\"type\":…}"));
    }
    let mut members = Vec::with_capacity(12);
    reader.object(0, &mut members)?;
    reader.end()?;
    Ok(members)
}

/// Reads a text that is one array; of each entry the value and its place.
pub(super) fn array(text: &str) -> Result<Vec<(Scalar<'_>, usize)>, LineError> {
    let mut reader = JsonReader::new(text);
    reader.blanks();
    let mut entries = Vec::new();
    reader.array(0, &mut |value, at| entries.push((value, at)))?;
    reader.end()?;
    Ok(entries)
}

/// Returns an array or object without blanks between its parts, its numbers rewritten by `number`; nothing where the text
/// is not JSON.
pub(super) fn compacted(text: &str, number: &dyn Fn(&str) -> Cow<'_, str>) -> Option<String> {
    let mut reader = JsonReader::new(text);
    reader.blanks();
    reader.value(0).and_then(|_| reader.end()).ok()?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ' ' | '\t' | '\r' | '\n' => {
                rest = &rest[1..];
                continue;
            }
            '"' => string_length(rest),
            '-' | '0'..='9' => {
                let end = rest.find([',', '}', ']', ' ', '\t', '\r', '\n']);
                let literal = &rest[..end.unwrap_or(rest.len())];
                out.push_str(&number(literal));
                rest = &rest[literal.len()..];
                continue;
            }
            other => other.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Some(out)
}

/// Returns the length of the text in double quotes that begins here, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

struct JsonReader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> JsonReader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn error(&self, message: &str) -> LineError {
        LineError::new(self.at, message)
    }

    fn expected(&self, what: &str) -> LineError {
        match self.peek() {
            None => self.error(&format!("the line ends where {what} is expected")),
            Some(b'\'') => self
                .error(&format!("a single quote where {what} is expected"))
                .help("JSON writes names and texts in double quotes"),
            Some(_) => self.error(&format!("{what} is expected here")),
        }
    }

    fn end(&mut self) -> Result<(), LineError> {
        self.blanks();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self
                .error("something follows the object")
                .help("write one object a line")),
        }
    }

    fn object(&mut self, depth: usize, members: &mut Vec<Member<'a>>) -> Result<(), LineError> {
        if self.peek() != Some(b'{') {
            return Err(self.expected("an object"));
        }
        self.descend(depth)?;
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let name_at = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name in double quotes"));
            }
            let name = self.string()?;
            if members.len() < MANY && members.iter().any(|m| m.name == name) {
                return Err(twice(&name, name_at));
            }
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.expected("`:`"));
            }
            self.at += 1;
            self.blanks();
            let value_at = self.at;
            let value = self.value(depth + 1)?;
            members.push(Member {
                name,
                name_at,
                value,
                value_at,
            });
            if self.more(b'}', "`,` or `}`")? {
                continue;
            }
            return if members.len() > MANY {
                distinct(members)
            } else {
                Ok(())
            };
        }
    }

    fn array(
        &mut self,
        depth: usize,
        each: &mut dyn FnMut(Scalar<'a>, usize),
    ) -> Result<(), LineError> {
        if self.peek() != Some(b'[') {
            return Err(self.expected("a list"));
        }
        self.descend(depth)?;
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let at = self.at;
            let value = self.value(depth + 1)?;
            each(value, at);
            if !self.more(b']', "`,` or `]`")? {
                return Ok(());
            }
        }
    }

    /// Steps past the opening bracket.
    fn descend(&mut self, depth: usize) -> Result<(), LineError> {
        if depth >= DEEPEST {
            return Err(self.error(&format!(
                "arrays and objects lie more than {DEEPEST} deep in each other"
            )));
        }
        self.at += 1;
        Ok(())
    }

    /// Steps past a comma and returns true, or past the closing bracket and returns false.
    fn more(&mut self, close: u8, what: &str) -> Result<bool, LineError> {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.blanks();
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) | None => Err(self.expected(what)),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Scalar<'a>, LineError> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => self.string().map(Scalar::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Scalar::Number),
            Some(b't') => self.word("true", Scalar::Boolean(true)),
            Some(b'f') => self.word("false", Scalar::Boolean(false)),
            Some(b'n') => self.word("null", Scalar::Null),
            Some(b'{') => {
                self.object(depth, &mut Vec::new())?;
                Ok(Scalar::Nested(&self.text[start..self.at]))
            }
            Some(b'[') => {
                self.array(depth, &mut |_, _| ())?;
                Ok(Scalar::Nested(&self.text[start..self.at]))
            }
            Some(b'N' | b'I') => Err(self.error("JSON has no NaN and no infinity")),
            Some(_) | None => Err(self.expected("a value")),
        }
    }

    fn word(&mut self, word: &str, value: Scalar<'a>) -> Result<Scalar<'a>, LineError> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<&'a str, LineError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.at;
        let digits = self.digits()?;
        if digits > 1 && self.bytes[first] == b'0' {
            return Err(LineError::new(start, "a number has a leading zero")
                .help("write it in double quotes if it is text"));
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let literal = &self.text[start..self.at];
        let fits = if whole {
            digits < 19 || literal.parse::<i64>().is_ok()
        } else {
            literal.parse::<f64>().is_ok_and(f64::is_finite)
        };
        if fits {
            return Ok(literal);
        }
        let message = if whole {
            "an integer that does not fit 64 bits"
        } else {
            "a number beyond the range of numbers"
        };
        Err(LineError::new(start, message).help("write it in double quotes to keep it as text"))
    }

    fn digits(&mut self) -> Result<usize, LineError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.expected("a digit"));
        }
        Ok(self.at - start)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, LineError> {
        let open = self.at;
        self.at += 1;
        let start = self.at;
        self.plain();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
        }
        let mut text = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.error("a control character in a text")),
                None => return Err(LineError::new(open, "a text that is never closed")),
            }
            let from = self.at;
            self.plain();
            text.push_str(&self.text[from..self.at]);
        }
    }

    /// Steps over what stands for itself in a text.
    fn plain(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest
            .iter()
            .position(|b| SPECIAL[*b as usize])
            .unwrap_or(rest.len());
    }

    fn escape(&mut self) -> Result<char, LineError> {
        let at = self.at;
        self.at += 1;
        let letter = self.peek();
        self.at += 1;
        match letter {
            Some(b'"') => Ok('"'),
            Some(b'\\') => Ok('\\'),
            Some(b'/') => Ok('/'),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.code_point(at),
            Some(_) | None => Err(LineError::new(at, "no such escape in JSON")),
        }
    }

    fn code_point(&mut self, at: usize) -> Result<char, LineError> {
        let half = || LineError::new(at, "half of a surrogate pair");
        let first = self.hex(at)?;
        let code = match first {
            0 => return Err(LineError::new(at, "a NUL character")),
            0xd800..=0xdbff => {
                if !self.bytes[self.at..].starts_with(b"\\u") {
                    return Err(half());
                }
                self.at += 2;
                let second = self.hex(at)?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(half());
                }
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(half)
    }

    fn hex(&mut self, at: usize) -> Result<u32, LineError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self
                .peek()
                .and_then(|b| char::from(b).to_digit(16))
                .ok_or_else(|| LineError::new(at, "`\\u` needs four hexadecimal digits"))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// The bytes that do not stand for themselves in a text.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

fn twice(name: &str, at: usize) -> LineError {
    LineError::new(at, format!("key `{name}` is given twice"))
}

/// Finds equal names among many members.
fn distinct(members: &[Member<'_>]) -> Result<(), LineError> {
    let mut names: Vec<(&str, usize)> = members
        .iter()
        .map(|m| (m.name.as_ref(), m.name_at))
        .collect();
    names.sort_unstable();
    names
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .min_by_key(|pair| pair[1].1)
        .map_or(Ok(()), |pair| Err(twice(pair[1].0, pair[1].1)))
}

#[cfg(test)]
mod tests;
