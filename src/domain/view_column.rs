//! The columns of the views, with what their cells hold.

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellType {
    /// Text.
    Text,
    /// JSON, as text.
    Json,
    /// A whole number.
    Integer,
    /// A decimal number.
    Float,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// An instant.
    Datetime,
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ViewColumn {
    /// Its name.
    pub(crate) name: String,
    /// What its cells hold.
    pub(crate) cell_type: CellType,
}
