//! The readers, and what must hold of each whatever it is given.
//!
//! These files are compiled twice: into the suite, and into the crate in `fuzz/`.

mod durations;
mod json;
mod logic;
mod mime;
mod recurrences;
mod rows;
mod tokens;
mod yaml;

/// A reader with what it is given.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// Panics where something does not hold.
    pub(crate) holds: fn(&[u8]),
    /// Texts that it takes.
    pub(crate) right: &'static [&'static str],
    /// What stands in such texts.
    pub(crate) words: &'static [&'static str],
    /// How often a short run changes them.
    pub(crate) times: u64,
}

pub(crate) const TARGETS: &[Target] = &[
    yaml::TARGET,
    rows::TARGET,
    json::TARGET,
    tokens::TARGET,
    logic::TARGET,
    durations::TARGET,
    recurrences::TARGET,
    mime::TARGET,
];
