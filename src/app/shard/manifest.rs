//! `manifest.json`: what a split has made, in the folder of all shards and, for itself alone, in that of each.

use serde::{Deserialize, Serialize};

use crate::domain::Instant;
use crate::domain::hash::StableHasher;
use crate::results::ShardKind;

/// The name of the file.
pub(super) const NAME: &str = "manifest.json";

/// The version of what stands in it.
pub(super) const FORMAT: u32 = 1;

/// A split as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version of this file.
    pub(super) format: u32,
    /// Which split it is: a hash of all parts.
    pub(super) split: String,
    /// How many shards there are.
    pub(super) shards: usize,
    /// The instants of the first event and of the last one, where there are events.
    pub(super) first_event: Option<String>,
    pub(super) last_event: Option<String>,
    /// What each shard has, from the first one on; in the folder of a shard itself alone.
    pub(super) parts: Vec<ShardParts>,
}

/// What one shard has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShardParts {
    /// Its number, from 1.
    pub(super) shard: usize,
    /// Its part of each file, in the order of the command line, people first.
    pub(super) files: Vec<PartFile>,
}

/// The part that a shard has of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartFile {
    /// The name of the file.
    pub(super) file: String,
    /// Whether people or events are in it.
    pub(super) kind: ShardKind,
    /// Its rows or events; the header is none.
    pub(super) rows: u64,
    /// Its bytes, as they are stored.
    pub(super) bytes: u64,
    /// Their hash, in hexadecimal digits.
    pub(super) digest: String,
}

impl Manifest {
    /// Makes that of a split, from what each shard has.
    pub(super) fn new(parts: Vec<ShardParts>, span: Option<[Instant; 2]>) -> Self {
        let mut hasher = StableHasher::default();
        let files = parts.iter().flat_map(|part| &part.files);
        for file in files {
            hasher.part(file.file.as_bytes());
            hasher.part(file.digest.as_bytes());
        }
        hasher.part(&(parts.len() as u64).to_le_bytes());
        Self {
            format: FORMAT,
            split: hex(hasher.finish()),
            shards: parts.len(),
            first_event: span.map(|[first, _]| first.to_string()),
            last_event: span.map(|[_, last]| last.to_string()),
            parts,
        }
    }

    /// Returns that of one shard alone.
    pub(super) fn of_shard(&self, shard: &ShardParts) -> Self {
        Self {
            parts: vec![shard.clone()],
            ..self.clone()
        }
    }

    /// Returns what a shard calls itself in its database.
    pub(super) fn name_of(&self, shard: usize) -> String {
        format!("{} {shard}/{}", self.split, self.shards)
    }

    /// Returns it as the text of its file.
    pub(super) fn to_text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Returns a hash as it is written.
pub(super) fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}

/// Returns the name of a shard's folder.
pub(super) fn folder_name(shard: usize) -> String {
    format!("shard-{shard}")
}
