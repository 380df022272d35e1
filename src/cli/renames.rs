//! `--map`: other names of columns and keys.

use crate::app::reexports::Renames;

use super::error::Error;

/// Reads the pairs.
pub fn read(arguments: &[String]) -> Result<Renames, Error> {
    Renames::parse(arguments.iter().map(String::as_str))
        .map_err(|message| Error::usage(message, "write `--map \"Work Email=email\"`"))
}
