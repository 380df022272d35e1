//! `bugle shard`: one workspace on many machines, and one database again.
//!
//! [`split`] cuts person lists and event files by the keys of people; each shard is a folder in which the ordinary commands
//! run. [`merge`] makes one database of theirs. [`dividers`] give each line its shard, [`manifest`] is what a split writes of itself.

mod dividers;
mod manifest;
pub(crate) mod merge;
mod parts;
pub(crate) mod split;
