//! Files that a command writes beside the database: none of them may be one that it reads, which it would destroy.

use std::path::{Path, absolute};

use super::{ErrorKind, UserError};
use crate::intake::input::Input;

/// A file to be written.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    /// What goes there.
    pub what: &'a str,
    /// The option that named it.
    pub option: &'a str,
    /// Where it is.
    pub path: &'a Path,
}

/// Refuses to write where something is read, or where two outputs would be one file.
pub fn check_free(
    outputs: &[Output<'_>],
    inputs: &[Input],
    database: &Path,
) -> Result<(), UserError> {
    let database = Input::from_argument(database);
    for (index, output) in outputs.iter().enumerate() {
        let mut read = inputs.iter().chain([&database]);
        let mut written = outputs[..index].iter();
        if read.any(|input| input.is_at(output.path))
            || written.any(|other| is_same(other.path, output.path))
        {
            let path = output.path.display();
            let message = format!("{} cannot go to `{path}`, which is in use", output.what);
            let help = format!("name another file with `{}`", output.option);
            return Err(UserError::new(ErrorKind::Usage, message).help(help));
        }
    }
    Ok(())
}

/// Tells whether two paths, however written, are one file; it need not be there yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let known = Input::from_argument(one).is_at(other);
    known || absolute(one).is_ok_and(|one| absolute(other).is_ok_and(|other| one == other))
}
