//! The test suite: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod architecture;
mod commands;
mod compile;
mod demo;
mod diagnostics;
mod docs;
mod durability;
mod events;
mod help;
mod operators;
mod output;
mod past;
mod people;
mod recurrences;
mod schedule;
mod schema;
mod store;
mod time;
mod tool;
mod validate;
