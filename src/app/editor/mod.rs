//! What an editor asks of a workspace while someone writes in it: for `bugle lsp`.
//!
//! A [`Snapshot`] is a workspace at one moment, with unsaved texts over the files. Everything else here is a plain function
//! of a snapshot and a place in a text. Places are bytes, and paths are paths: what the protocol of editors makes of them is for
//! `cli::lsp`, the only caller.

pub(crate) mod complete;
pub(crate) mod fixes;
mod guide;
pub(crate) mod home;
pub(crate) mod hover;
mod names;
pub(crate) mod people;
mod place;
pub(crate) mod rename;
pub(crate) mod snapshot;
#[cfg(test)]
mod tests;

pub(crate) use snapshot::{DatabaseView, Snapshot};
