//! Command lines: one text that is split as a shell would split it, or words that are ready.

use std::ffi::{OsStr, OsString};

/// A command line without the name of the program.
pub(crate) trait Line {
    /// Returns its words.
    fn words(self) -> Vec<OsString>;
}

/// `campaign run 'Weekly letter'`: words stand between blanks, and what stands between `'` is one word.
impl Line for &str {
    fn words(self) -> Vec<OsString> {
        let mut words = Vec::new();
        let mut rest = self.trim_start();
        while !rest.is_empty() {
            let word = match rest.strip_prefix('\'') {
                None => rest.split(' ').next().unwrap(),
                Some(quoted) => quoted.split_once('\'').expect("a `'` closes the word").0,
            };
            let quotes = if rest.starts_with('\'') { 2 } else { 0 };
            words.push(OsString::from(word));
            let after = &rest[word.len() + quotes..];
            assert!(
                after.is_empty() || after.starts_with(' '),
                "`{self}` is not a list of words"
            );
            rest = after.trim_start();
        }
        words
    }
}

impl Line for &String {
    fn words(self) -> Vec<OsString> {
        self.as_str().words()
    }
}

impl Line for String {
    fn words(self) -> Vec<OsString> {
        self.as_str().words()
    }
}

impl<T: AsRef<OsStr>> Line for &[T] {
    fn words(self) -> Vec<OsString> {
        self.iter().map(|word| word.as_ref().to_owned()).collect()
    }
}

impl<T: AsRef<OsStr>, const N: usize> Line for [T; N] {
    fn words(self) -> Vec<OsString> {
        self.as_slice().words()
    }
}

impl<T: AsRef<OsStr>, const N: usize> Line for &[T; N] {
    fn words(self) -> Vec<OsString> {
        self.as_slice().words()
    }
}

impl<T: AsRef<OsStr>> Line for Vec<T> {
    fn words(self) -> Vec<OsString> {
        self.as_slice().words()
    }
}

impl<T: AsRef<OsStr>> Line for &Vec<T> {
    fn words(self) -> Vec<OsString> {
        self.as_slice().words()
    }
}
