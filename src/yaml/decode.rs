//! From the bytes of a file to its text. The callers that read files use it; it reads none itself.

use std::fmt;

/// Why a file is not UTF-8 text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Utf8Fault {
    /// The line of the first wrong byte, from 1.
    pub(crate) line: usize,
    /// The wrong byte's distance from the start of the file.
    pub(crate) byte: usize,
    /// The file begins as UTF-16 does.
    pub(crate) utf16: bool,
}

impl fmt::Display for Utf8Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.utf16 {
            return f.write_str("the file is UTF-16; save it as UTF-8");
        }
        write!(
            f,
            "the file is not UTF-8: line {}, byte {} of the file",
            self.line, self.byte
        )
    }
}

impl std::error::Error for Utf8Fault {}

/// Returns the bytes of a file as text, without a byte-order mark.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, Utf8Fault> {
    let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..byte];
        Utf8Fault {
            line: before.split(|b| *b == b'\n').count(),
            byte,
            utf16,
        }
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(decode(b"\xEF\xBB\xBFname: a".to_vec()).unwrap(), "name: a");
    }

    #[test]
    fn a_byte_that_is_not_utf_8_is_named_by_line_and_offset() {
        let fault = decode(b"a: 1\nname: caf\xE9\n".to_vec()).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "the file is not UTF-8: line 2, byte 14 of the file"
        );
    }

    #[test]
    fn utf_16_is_recognised() {
        let fault = decode(b"\xFF\xFEn\0".to_vec()).unwrap_err();
        assert_eq!(fault.to_string(), "the file is UTF-16; save it as UTF-8");
    }
}
