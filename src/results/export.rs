//! What `db export` wrote.

use serde::Serialize;

/// A view that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ExportedView {
    /// Its name.
    pub(crate) view: String,
    /// The file.
    pub(crate) file: String,
    /// Its columns.
    pub(crate) columns: u64,
    /// Its rows.
    pub(crate) rows: u64,
}
