//! Shards: the databases that a split begins, and the one that a merge makes of them.
//!
//! [`mod@merge`] leads: [`same`] compares what all shards must have alike, [`definitions`] writes that, [`people`] and [`rows`]
//! copy everyone in order of key, [`events`] the identities of events.

mod begin;
mod definitions;
mod events;
mod indexes;
mod merge;
mod people;
mod rows;
mod same;
mod source;
mod texts;

pub(crate) use begin::begin;
pub(crate) use merge::{MergedShard, merge};
