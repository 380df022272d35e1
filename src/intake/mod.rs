//! Files in: person lists and events, read into checked rows.

pub mod event;
