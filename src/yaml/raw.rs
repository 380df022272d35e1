//! One document whose aliases are still edges: values in a row, which name each other by their places.

use crate::diagnostic::Span;

/// A value's place in [`Document::values`].
pub(super) type Index = usize;

/// A value as the parser gave it.
pub(super) struct RawScalar {
    pub(super) span: Span,
    pub(super) kind: RawKind,
}

/// What a raw value is.
pub(super) enum RawKind {
    /// Nothing, or `~`.
    Null,
    /// Text, and whether it was written plain.
    Scalar(String, bool),
    /// A list.
    List(Vec<Index>),
    /// Keys and values.
    Map(Vec<(Index, Index)>),
    /// The value of an anchor.
    Alias(Index),
}

/// One document.
pub(super) struct Document {
    pub(super) values: Vec<RawScalar>,
    pub(super) root: Index,
}
