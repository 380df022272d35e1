//! What cuts event files: it is given the keys that lines join, then the lines themselves.

use super::items::{self, JsonLayout};
use super::json;
use super::preset::Preset;
use crate::intake::data_error::Error;
use crate::intake::rejects::Rejects;
use crate::intake::shards::key::KeyHash;

/// What cuts event files.
pub(crate) trait Divider {
    /// Takes note of two keys of one person.
    fn join(&mut self, one: KeyHash, other: KeyHash) -> Result<(), Error>;

    /// Begins the next file.
    fn begin(&mut self, form: FileForm<'_>) -> Result<(), Error>;

    /// Takes a line of it, or an item of its list.
    fn line(&mut self, person: KeyHash, line: &[u8]) -> Result<(), Error>;
}

/// How the lines of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileForm<'a> {
    /// As JSON.
    Json {
        /// Whether they are items of a list.
        is_list: bool,
        /// The preset that the first of them was recognised as.
        preset: Option<Preset>,
        /// Whether an option names the preset.
        is_given: bool,
    },
    /// As rows below this header.
    Csv(&'a [u8]),
}

impl FileForm<'_> {
    /// A file without lines.
    pub(super) const EMPTY: Self = Self::Json {
        is_list: false,
        preset: None,
        is_given: false,
    };

    /// Returns whether a file that begins with this line is read as the whole one is.
    pub(crate) fn is_alike(self, line: &[u8]) -> bool {
        let Self::Json {
            is_list,
            preset,
            is_given,
        } = self
        else {
            return true;
        };
        let own_layout = is_list || items::layout(line.trim_ascii_start()) == JsonLayout::Lines;
        let text = std::str::from_utf8(line).unwrap_or_default();
        let detected = || Preset::detect(&json::object(text.trim()).ok()?);
        own_layout && (is_given || detected() == preset)
    }
}

/// What checks the files besides, when they are read for the first time.
pub(super) struct Divided<'d> {
    pub(super) divider: &'d mut (dyn Divider + 'd),
    /// Where malformed lines go: a file that other lines may be in already.
    pub(super) rejects: Option<Rejects>,
}
