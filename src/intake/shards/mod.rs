//! Cutting files into shards: which rows and lines belong together, and the files that they go to.
//!
//! [`key`] is a key of a person as a number, [`links`] joins the keys that mean one person, [`parts`] writes the part that
//! each shard has of a file. The readers of people and events say whom a row or a line is about; `app::shard` leads them.

pub(crate) mod key;
pub(crate) mod links;
pub(crate) mod parts;
