//! The test suite: one binary, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod architecture;
mod automation;
#[cfg(unix)]
mod bad_inputs;
mod calls;
mod campaign_tests;
mod chunks;
mod commands;
mod completions;
mod counts;
mod database;
mod demo;
mod docs;
mod durability;
mod everyone;
mod explain;
mod fields;
mod fmt;
mod growth;
mod guards;
mod happenings;
mod help;
mod import;
mod init;
mod interop;
mod kept_fields;
mod limit;
mod list_names;
mod mail;
mod matches;
mod member_lists;
mod messages;
mod model;
mod mutated;
mod names;
mod outbox;
mod output;
mod outputs;
mod past;
mod person_lists;
mod programs;
mod qualification;
mod ranges;
mod rehearsal;
mod release;
mod same_command;
mod samples;
mod schedule;
mod schema;
mod several;
mod statuses;
mod surprises;
mod taking;
#[cfg(target_os = "linux")]
mod terminal;
mod time;
mod tokens;
mod tool;
mod travel;
mod validate;
mod waiting;
mod waits;
mod where_used;
mod year;
