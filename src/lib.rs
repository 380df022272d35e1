//! bugle: smart campaigns as code.
//!
//! The map of the code is in `docs/architecture.md`.

pub mod app;
pub mod campaign;
pub mod cli;
pub mod diagnostic;
pub mod domain;
pub mod engine;
pub mod filter;
pub mod intake;
pub mod render;
pub mod results;
pub mod source;
pub mod store;
pub mod token;
pub mod world;
pub mod yaml;
