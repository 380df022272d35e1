//! The test suite: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod architecture;
mod calls;
mod campaign_tests;
mod commands;
mod compile;
mod counts;
mod demo;
mod diagnostics;
mod docs;
mod durability;
mod events;
mod explain;
mod fields;
mod fmt;
mod help;
mod import;
mod init;
mod interop;
mod mail;
mod model;
mod names;
mod operators;
mod outbox;
mod output;
mod outputs;
mod past;
mod people;
mod qualification;
mod recurrences;
mod schedule;
mod schema;
mod several;
mod statuses;
mod steps;
mod store;
mod surprises;
mod taking;
mod time;
mod tokens;
mod tool;
mod validate;
mod waiting;
mod waits;
mod year;
