//! Events as the readers give them.

pub use crate::world::event::{CLEARS, Event};
