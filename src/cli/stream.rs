//! Writes rows while they are read, until the last row or until the reader of the pipe is gone.

use std::io;
use std::ops::ControlFlow;

use crate::app;
use crate::domain::Zone;
use crate::render::{RowStream, TableRow};

use super::context::Context;
use super::error::Error;

/// Writes the rows that a use case gives one by one. A closed pipe stops the reading.
pub(crate) fn stream<R: TableRow>(
    context: &mut Context,
    zone: &Zone,
    read: impl FnOnce(&mut dyn FnMut(&R) -> ControlFlow<()>) -> Result<(), app::Error>,
) -> Result<(), Error> {
    let (format, look) = (context.format()?, context.look(zone));
    let mut rows = RowStream::new(&mut context.out, format, &look)?;
    let mut failed: Option<io::Error> = None;
    read(&mut |row| match rows.push(row) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    })?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(rows.finish()?),
    }
}
