//! `db export`: the views as files, for programs that read tables.

use std::path::Path;

use super::{Control, Error};
use crate::domain::ValueRef;
use crate::domain::view_column::ViewColumn;
use crate::files::private;
use crate::results::ExportedView;
use crate::store::{Store, ViewSink};

/// How many rows are written between two looks at the stop flag.
const CHECKED: u64 = 4_096;

/// Writes one view.
pub(crate) trait ViewFile {
    /// Writes a row; what is empty is nothing.
    fn row(&mut self, cells: &[Option<ValueRef<'_>>]) -> Result<(), Error>;

    /// Writes the rest, and waits until the disk has it. The file gets its name when all views are written.
    fn end(&mut self) -> Result<(), Error>;

    /// Gives the file its name.
    fn publish(&mut self) -> Result<(), Error>;
}

/// Makes the folder that the files go to, for its owner alone.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Error> {
    Ok(private::create_folder(folder)?)
}

/// Begins the file of a view, and says where it will be.
pub(crate) type Begin<'a> =
    dyn FnMut(&'static str, &[ViewColumn]) -> Result<(String, Box<dyn ViewFile + 'a>), Error> + 'a;

/// Writes every view into a file of its own. Stopping leaves the files of before.
pub(crate) fn export_views(
    store: &Store,
    begin: &mut Begin<'_>,
    control: &mut Control<'_>,
) -> Result<Vec<ExportedView>, Error> {
    let mut exporting = Exporting {
        begin,
        files: Vec::new(),
        views: Vec::new(),
        rows: 0,
        control,
    };
    store.export(&mut exporting)?;
    // All of them are on the disk before the first has its name.
    for file in &mut exporting.files {
        file.publish()?;
    }
    Ok(exporting.views)
}

struct Exporting<'e, 'a, 'c> {
    begin: &'e mut Begin<'a>,
    files: Vec<Box<dyn ViewFile + 'a>>,
    views: Vec<ExportedView>,
    rows: u64,
    control: &'e mut Control<'c>,
}

impl ViewSink<Error> for Exporting<'_, '_, '_> {
    fn begin(&mut self, view: &'static str, columns: &[ViewColumn]) -> Result<(), Error> {
        let (file, out) = (self.begin)(view, columns)?;
        self.files.push(out);
        self.views.push(ExportedView {
            view: view.to_owned(),
            file,
            columns: columns.len() as u64,
            rows: 0,
        });
        Ok(())
    }

    fn row(&mut self, cells: &[Option<ValueRef<'_>>]) -> Result<(), Error> {
        if let (Some(file), Some(view)) = (self.files.last_mut(), self.views.last_mut()) {
            view.rows += 1;
            file.row(cells)?;
        }
        self.rows += 1;
        if self.rows.is_multiple_of(CHECKED) {
            self.control.check()?;
            self.control.reached(self.rows);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.files.last_mut() {
            Some(file) => file.end(),
            None => Ok(()),
        }
    }
}
