//! The test suite: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod architecture;
mod automation;
mod calls;
mod campaign_tests;
mod commands;
mod counts;
mod database;
mod demo;
mod docs;
mod durability;
mod explain;
mod fields;
mod fmt;
mod happenings;
mod help;
mod import;
mod init;
mod interop;
mod mail;
mod messages;
mod model;
mod names;
mod outbox;
mod output;
mod outputs;
mod past;
mod person_lists;
mod qualification;
mod release;
mod samples;
mod schedule;
mod schema;
mod several;
mod statuses;
mod surprises;
mod taking;
mod time;
mod tokens;
mod tool;
mod validate;
mod waiting;
mod waits;
mod where_used;
mod year;
