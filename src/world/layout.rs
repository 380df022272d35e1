//! The layout of a world: which fields it holds, and at which index of a person.

use crate::domain::{FieldCatalogue, FieldId, Value};

/// The fields that were loaded, in order; a person's values stand in the same order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    fields: Vec<FieldId>,
    slots: Vec<Option<u16>>,
    absent: Vec<Option<Value>>,
}

impl Layout {
    /// Makes a layout of some fields of a catalogue; each counts once.
    pub(crate) fn of(
        fields: impl IntoIterator<Item = FieldId>,
        catalogue: &FieldCatalogue,
    ) -> Self {
        let mut layout = Self {
            fields: Vec::new(),
            slots: vec![None; catalogue.len()],
            absent: Vec::new(),
        };
        for field in fields {
            if layout.slots[field.0 as usize].is_none() {
                layout.slots[field.0 as usize] = u16::try_from(layout.fields.len()).ok();
                layout.fields.push(field);
                layout.absent.push(catalogue.field(field).when_absent());
            }
        }
        layout
    }

    /// Makes a layout of every field of a catalogue.
    pub(crate) fn all(catalogue: &FieldCatalogue) -> Self {
        Self::of(catalogue.iter().map(|(id, _)| id), catalogue)
    }

    /// Returns the loaded fields in order.
    pub(crate) fn fields(&self) -> &[FieldId] {
        &self.fields
    }

    /// Returns a field's place; nothing where it was not loaded.
    pub(crate) fn slot(&self, field: FieldId) -> Option<usize> {
        self.slots
            .get(field.0 as usize)
            .copied()
            .flatten()
            .map(usize::from)
    }

    /// Returns what stands in a place where nothing is stored.
    pub(crate) fn absent(&self, slot: usize) -> Option<&Value> {
        self.absent[slot].as_ref()
    }

    /// Returns the values of a person of whom nothing is known.
    pub(crate) fn blank(&self) -> Box<[Option<Value>]> {
        self.absent.clone().into_boxed_slice()
    }
}
