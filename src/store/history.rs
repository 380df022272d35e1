//! Activities of the past as filters see them, read from rows of the log.
//!
//! Texts kept once, and the attributes they stand for, are read once and shared by all people of a chunk.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::attributes::AttributeReader;
use super::bindings::Bindings;
use super::error::Result;
use super::row::number;
use super::texts;
use crate::domain::{ActivityTypeId, FieldType, Instant};
use crate::world::{Attributes, PastActivity};

/// The columns in the order in which [`History::record`] wants them, after the person.
pub(super) const COLUMNS: &str = "activity_id & 16777215, at, type, primary_value, attributes";

/// Reads rows of the log.
pub(super) struct History<'c> {
    connection: &'c Connection,
    bindings: &'c Bindings,
    reader: AttributeReader<'c>,
    texts: texts::TextReader<'c>,
    attributes: BTreeMap<(i64, ActivityTypeId, Option<FieldType>), Attributes>,
}

impl<'c> History<'c> {
    pub(super) fn new(connection: &'c Connection, bindings: &'c Bindings) -> Self {
        Self {
            connection,
            bindings,
            reader: AttributeReader::new(&bindings.activities, &bindings.fields),
            texts: texts::TextReader::new(connection),
            attributes: BTreeMap::new(),
        }
    }

    /// Reads one row; nothing for a type that the workspace has no more.
    pub(super) fn record(&mut self, row: &Row<'_>) -> Result<Option<PastActivity>> {
        let Some(activity) = self.bindings.activity(row.get(3)?) else {
            return Ok(None);
        };
        let primary = self.texts.text(row.get_ref(4)?)?;
        let field_type = self.reader.field_type(activity, primary.as_ref());
        let cell = row.get_ref(5)?;
        let attributes = if let ValueRef::Integer(number) = cell {
            self.shared(number, activity, field_type)?
        } else {
            self.reader
                .read(activity, field_type, texts::inline(cell)?)?
        };
        Ok(Some(PastActivity {
            at: Instant::from_micros(row.get(2)?),
            activity,
            ordinal: number(row.get(1)?)?,
            primary,
            attributes,
        }))
    }

    fn shared(
        &mut self,
        number: i64,
        activity: ActivityTypeId,
        field_type: Option<FieldType>,
    ) -> Result<Attributes> {
        let key = (number, activity, field_type);
        if let Some(attributes) = self.attributes.get(&key) {
            return Ok(Arc::clone(attributes));
        }
        let json = texts::read(self.connection, number)?;
        let attributes = self.reader.read(activity, field_type, Some(&json))?;
        self.attributes.insert(key, Arc::clone(&attributes));
        Ok(attributes)
    }
}
