//! The test suite: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod architecture;
mod events;
mod help;
mod output;
mod store;
mod tool;
