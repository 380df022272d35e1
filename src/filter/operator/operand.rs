//! An operand as written: one value of it, and what it is read by.

use crate::diagnostic::{Diagnostics, Span};
use crate::domain::{FieldType, Zone};

/// By what an operand is read, and where its faults go.
pub(crate) struct OperandContext<'a> {
    /// The type of the field or attribute.
    pub(crate) field_type: FieldType,
    /// The zone of dates and times without one.
    pub(crate) zone: &'a Zone,
    /// Where faults go.
    pub(crate) diagnostics: &'a mut Diagnostics,
}

/// One value as written.
pub(super) struct OperandItem<'n> {
    pub(super) text: &'n str,
    pub(super) span: Span,
}
