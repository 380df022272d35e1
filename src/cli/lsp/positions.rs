//! From bytes of a text to lines and columns of the protocol, whose columns count UTF-16 units, and back.

use super::protocol::{Position, Range};

/// Where the lines of a text begin.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Finds the lines; they end with a line feed, a carriage return, or both.
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
        Self {
            text,
            starts: starts.collect(),
        }
    }

    /// Returns where a byte stands; past the end, the end.
    pub(super) fn position(&self, byte: usize) -> Position {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let before = &self.text[self.starts[line]..byte];
        let character = before.chars().map(char::len_utf16).sum::<usize>();
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            character: u32::try_from(character).unwrap_or(u32::MAX),
        }
    }

    /// Returns where some bytes stand.
    pub(super) fn range(&self, bytes: std::ops::Range<usize>) -> Range {
        Range {
            start: self.position(bytes.start),
            end: self.position(bytes.end),
        }
    }

    /// Returns the byte at a position; past the end of a line, its end, and past the end of the text, that.
    pub(super) fn byte(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize) else {
            return self.text.len();
        };
        let next = self.starts.get(position.line as usize + 1);
        let line = &self.text[*start..next.copied().unwrap_or(self.text.len())];
        let line = line.trim_end_matches(['\r', '\n']);
        let mut units = 0;
        for (at, character) in line.char_indices() {
            if units >= position.character as usize {
                return start + at;
            }
            units += character.len_utf16();
        }
        start + line.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, Position};

    #[test]
    fn columns_count_utf_16_units_and_lines_end_in_three_ways() {
        let text = "é🙂x\r\ny\rz\n";
        let lines = Lines::of(text);
        for (byte, line, character) in [
            (0, 0, 0),
            (2, 0, 1),
            (6, 0, 3),
            (7, 0, 4),
            (9, 1, 0),
            (10, 1, 1),
            (11, 2, 0),
            (13, 3, 0),
        ] {
            let position = Position { line, character };
            assert_eq!(lines.position(byte), position, "{byte}");
            assert_eq!(lines.byte(position), byte, "{byte}");
        }
        // Within a character, past a line, past the text.
        assert_eq!(
            lines.byte(Position {
                line: 0,
                character: 2
            }),
            6
        );
        assert_eq!(
            lines.byte(Position {
                line: 1,
                character: 9
            }),
            10
        );
        assert_eq!(
            lines.byte(Position {
                line: 9,
                character: 0
            }),
            text.len()
        );
        assert_eq!(
            lines.position(3),
            Position {
                line: 0,
                character: 1
            }
        );
    }
}
