//! bugle: smart campaigns as code.
//!
//! # The way data takes
//!
//! ```text
//! campaigns/*.yaml ── yaml ── source ── campaign::compile ──> Workspace ── engine::needs_of ──┐
//! people.csv ── intake::people ──> store                                                      │
//! events ── intake::events ──> events in order of time ────────────┐                          │
//!                                                                  v                          v
//!      store ── people of a chunk ──> World ── engine: one happening to quiescence ──> Journal ── store
//!      results ── render ──> table, JSON, JSON lines, CSV
//! ```
//!
//! # The rooms
//!
//! From the outside in: [`cli`] parses arguments and prints; [`app`] has the use cases; [`results`] are what they
//! return and [`render`] what that looks like. [`store`] is the database and [`intake`] the files of people and
//! events. [`engine`] does what campaigns say, on the people of a [`world`]. [`campaign`], [`filter`] and [`token`]
//! are definitions understood; [`source`] and [`yaml`] are definitions as written. [`mail`] writes what was sent as
//! messages, and [`files`] opens what is written. [`diagnostic`] holds faults, [`domain`] the words that all of them use.
//!
//! Which room may use which is reported in `docs/architecture.md` and tested in `tests/suite/architecture.rs`, as is
//! which crate lives where.
//!
//! # Every file that is read or written
//!
//! - Campaign files, `workspace.yaml`, `program.yaml` and the email texts they name: read by `source`.
//! - Person lists and event files, packed or not, or standard input: read by `intake`, which keeps what is too large
//!   for memory or read twice in scratch files that have no name, and writes `--rejects` and `--unknown`.
//! - Campaign files again, by `campaign fmt`: written by `app::fmt`.
//! - Messages of an editor on standard input and answers on standard output, by `lsp`: `cli::lsp`.
//! - The database with its `-wal` and `-shm`, its `.lock`, backups of it, and passing files whose names begin with its
//!   own: read and written by `store`.
//! - What `outbox export` writes, a Maildir or an mbox: written by `mail`.
//! - `campaign run --people FILE` and the workspaces of `demo` and `init`: written by `cli`, `app::demo` and `app::init`.
//! - An output while it is written: `.FILE.bugle-part` beside it, made by `files`.
//!
//! Nothing else is read, written or called: no configuration, no locale, no network. The clock is read in one place,
//! `cli/clock.rs`, and is an argument everywhere else.
//!
//! The library shows `main` to the program and [`testing`] to its tests; it promises no stable interface.

mod app;
mod campaign;
mod cli;
mod diagnostic;
mod domain;
mod engine;
mod files;
mod filter;
mod intake;
mod mail;
mod render;
mod results;
mod source;
mod store;
pub mod testing;
mod token;
mod world;
mod yaml;

pub use cli::main;
