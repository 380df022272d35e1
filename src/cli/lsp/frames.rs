//! Messages on the wire: a header with a length, and so many bytes of JSON.
//!
//! The bytes are read here, not by the crate of the protocol, so that a message that is no JSON, or longer than any that an
//! editor sends, is answered and the next one is read.

use std::io::{self, BufRead, Read as _, Write};

use lsp_server::Message;
use serde_json::Value;

/// The longest message that is read, in bytes: well above the largest campaign file.
const LONGEST: u64 = 64 * 1024 * 1024;

/// The longest line of a header that is read, in bytes.
const LONGEST_LINE: u64 = 8 * 1024;

/// What came in.
#[derive(Debug)]
pub(super) enum Frame {
    /// A message.
    Message(Message),
    /// JSON that is no message of the protocol.
    NoMessage(String),
    /// Bytes that are no JSON.
    NoJson(String),
}

/// Reads one message; nothing at the end of the input. A header without a length is an error: nobody knows where the
/// next one begins.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Frame>> {
    let Some(length) = read_header(input)? else {
        return Ok(None);
    };
    if length > LONGEST {
        io::copy(&mut input.take(length), &mut io::sink())?;
        let message = format!("the message is longer than {LONGEST} bytes");
        return Ok(Some(Frame::NoJson(message)));
    }
    let mut body = Vec::new();
    let read = input.take(length).read_to_end(&mut body)?;
    if (read as u64) < length {
        return Ok(None);
    }
    let value: Value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(error) => return Ok(Some(Frame::NoJson(error.to_string()))),
    };
    Ok(Some(match serde_json::from_value(value) {
        Ok(message) => Frame::Message(message),
        Err(_) => Frame::NoMessage("neither a request, an answer nor a notification".to_owned()),
    }))
}

/// Reads a header up to its empty line, and returns the length that it names.
fn read_header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.trim().eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let missing = || io::Error::new(io::ErrorKind::InvalidData, "a message without its length");
    length.ok_or_else(missing).map(Some)
}

/// Writes one message.
pub(super) fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{Frame, read};

    #[test]
    fn what_is_no_message_is_passed_over() {
        let good = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let frame = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let input = [
            frame("{"),
            frame("[]"),
            format!("Content-Type: x\r\ncontent-length:{}\n\n{good}", good.len()),
        ];
        let input = input.concat();
        let mut input = input.as_bytes();
        assert!(matches!(read(&mut input), Ok(Some(Frame::NoJson(_)))));
        assert!(matches!(read(&mut input), Ok(Some(Frame::NoMessage(_)))));
        assert!(matches!(read(&mut input), Ok(Some(Frame::Message(_)))));
        assert!(matches!(read(&mut input), Ok(None)));
    }

    #[test]
    fn a_length_that_nobody_sends_takes_no_room() {
        for length in [u64::MAX, 1 << 40] {
            let input = format!("Content-Length: {length}\r\n\r\n{{}}");
            assert!(matches!(
                read(&mut input.as_bytes()),
                Ok(Some(Frame::NoJson(_)))
            ));
        }
        assert!(read(&mut "Content-Length: -1\r\n\r\n{}".as_bytes()).is_err());
        assert!(read(&mut "hello\r\n\r\n".as_bytes()).is_err());
        assert!(matches!(
            read(&mut "Content-Length: 9\r\n\r\n{}".as_bytes()),
            Ok(None)
        ));
    }
}
