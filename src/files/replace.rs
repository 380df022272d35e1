//! Puts a new text in the place of a file, so that a reader sees the old one or the new one and never a part.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::Error;
use super::guard::{Place, PlaceKind};

/// Replaces what a file holds. Its permissions stay, and of a link the file that it leads to is replaced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let real = path.canonicalize().map_err(Error::at(path))?;
    let permissions = fs::metadata(&real).map_err(Error::at(path))?.permissions();
    if permissions.readonly() {
        return Err(Error::at(path)(io::ErrorKind::PermissionDenied.into()));
    }
    let place = Place {
        path: real,
        kind: PlaceKind::File,
    };
    let mut output = place.create()?;
    output.write_all(bytes).map_err(Error::at(path))?;
    output.set_permissions(permissions)?;
    output.publish()
}
