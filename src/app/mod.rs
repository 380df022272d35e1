//! Use cases, one a file: each does what one command asks, from the database and files to finished results.
//!
//! A use case takes the instant taken as now, the seed and its options as arguments; it prints nothing, reads no
//! clock and knows no command line. `cli` calls it and hands its results to `render`.

pub mod error;
pub mod show;
pub mod load_people;
pub mod stop;
pub mod validate;

pub use error::{Error, Kind, Problem};
pub use stop::Stop;
