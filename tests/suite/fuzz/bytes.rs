//! Values that are taken out of bytes, so that every text of bytes stands for some of them.

/// Bytes that are used up from the front; where none are left, they are 0.
pub(crate) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    /// A number below another one, of at most 16 bits.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let number = u32::from(self.byte()) << 8 | u32::from(self.byte());
        number % end
    }

    /// One of several.
    pub(crate) fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(u32::try_from(all.len()).unwrap()) as usize]
    }

    /// The text up to the next line end, or all that is left.
    pub(crate) fn line(&mut self) -> String {
        let end = self.0.iter().position(|byte| *byte == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.0[..end], &self.0[end + 1..]),
            None => (self.0, &[][..]),
        };
        self.0 = rest;
        String::from_utf8_lossy(line).into_owned()
    }

    /// All that is left.
    pub(crate) fn rest(self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }
}
