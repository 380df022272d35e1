//! CSV: the same rows as JSON lines under a header of keys; what is not a single value is its JSON text.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeStruct, Serializer};

use super::{Look, Screen};
use crate::diagnostic::visible::visible;

/// Writes the header.
pub(crate) fn header<K: AsRef<str>>(out: &mut impl Write, keys: &[K]) -> io::Result<()> {
    write_record(out, keys.iter().map(|key| key.as_ref().as_bytes()))
}

/// Writes cells as they are.
pub(crate) fn record<C: AsRef<str>>(out: &mut impl Write, cells: &[C]) -> io::Result<()> {
    write_record(out, cells.iter().map(|cell| cell.as_ref().as_bytes()))
}

/// Writes one row; on a screen, characters that it would obey are written as escapes.
pub(crate) fn row(out: &mut impl Write, look: &Look, row: &impl Serialize) -> io::Result<()> {
    let mut record = CsvRecord::default();
    row.serialize(&mut record).map_err(io::Error::from)?;
    let cells = (0..record.ends.len()).map(|index| record.cell(index));
    match look.screen {
        Screen::File => write_record(out, cells),
        Screen::Terminal => {
            let shown: Vec<String> = cells
                .map(|cell| visible(&String::from_utf8_lossy(cell)).into_owned())
                .collect();
            write_record(out, shown.iter().map(String::as_bytes))
        }
    }
}

/// Many records, one after the other.
pub(crate) struct Records<W: Write>(csv::Writer<W>);

impl<W: Write> Records<W> {
    /// Begins to write.
    pub(crate) fn new(out: W) -> Self {
        Self(csv::Writer::from_writer(out))
    }

    /// Writes a record.
    pub(crate) fn write<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>) -> io::Result<()> {
        self.0.write_record(cells).map_err(io::Error::from)
    }

    /// Writes the rest, and gives the output back.
    pub(crate) fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn write_record<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a [u8]>) -> io::Result<()> {
    let mut line = csv::WriterBuilder::new()
        .buffer_capacity(512)
        .from_writer(out);
    line.write_record(cells).map_err(io::Error::other)?;
    line.flush()
}

/// The cells of one row, end to end; fed by serde.
#[derive(Default)]
struct CsvRecord {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl CsvRecord {
    fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }

    /// Adds a cell: nothing for null, a text as it is, anything else as JSON.
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        let start = self.bytes.len();
        serde_json::to_writer(&mut self.bytes, value)?;
        let json = &self.bytes[start..];
        if json == b"null" {
            self.bytes.truncate(start);
        } else if json.starts_with(b"\"") {
            if json.contains(&b'\\') {
                let text: String = serde_json::from_slice(json)?;
                self.bytes.truncate(start);
                self.bytes.extend_from_slice(text.as_bytes());
            } else {
                self.bytes.pop();
                self.bytes.remove(start);
            }
        }
        self.ends.push(self.bytes.len());
        Ok(())
    }
}

impl SerializeStruct for &mut CsvRecord {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _key: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        self.push(value)
    }

    fn end(self) -> serde_json::Result<()> {
        Ok(())
    }
}

impl SerializeMap for &mut CsvRecord {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _key: &T) -> serde_json::Result<()> {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> serde_json::Result<()> {
        self.push(value)
    }

    fn end(self) -> serde_json::Result<()> {
        Ok(())
    }
}

fn not_a_row<T>() -> serde_json::Result<T> {
    Err(serde::ser::Error::custom("a row is a structure or a map"))
}

macro_rules! refuse {
    ($( $method:ident($($type:ty),*); )*) => {
        $( fn $method(self, $(_: $type),*) -> serde_json::Result<()> { not_a_row() } )*
    };
}

impl<'a> Serializer for &'a mut CsvRecord {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = Impossible<(), serde_json::Error>;
    type SerializeTuple = Impossible<(), serde_json::Error>;
    type SerializeTupleStruct = Impossible<(), serde_json::Error>;
    type SerializeTupleVariant = Impossible<(), serde_json::Error>;
    type SerializeStructVariant = Impossible<(), serde_json::Error>;
    type SerializeMap = &'a mut CsvRecord;
    type SerializeStruct = &'a mut CsvRecord;

    fn serialize_struct(self, _: &'static str, _: usize) -> serde_json::Result<Self> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> serde_json::Result<Self> {
        Ok(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> serde_json::Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> serde_json::Result<()> {
        not_a_row()
    }

    fn serialize_seq(self, _: Option<usize>) -> serde_json::Result<Self::SerializeSeq> {
        not_a_row()
    }

    fn serialize_tuple(self, _: usize) -> serde_json::Result<Self::SerializeTuple> {
        not_a_row()
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> serde_json::Result<Self::SerializeTupleStruct> {
        not_a_row()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> serde_json::Result<Self::SerializeTupleVariant> {
        not_a_row()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> serde_json::Result<Self::SerializeStructVariant> {
        not_a_row()
    }

    refuse! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Zone;

    #[derive(Serialize)]
    struct Sample {
        name: &'static str,
        count: u64,
        none: Option<u64>,
        list: Vec<u64>,
        truth: bool,
    }

    #[test]
    fn single_values_are_bare_and_the_rest_is_json() {
        let mut out = Vec::new();
        let sample = Sample {
            name: "a \"quoted\", é\nname",
            count: 3,
            none: None,
            list: vec![1, 2],
            truth: true,
        };
        row(&mut out, &Look::plain(Zone::utc()), &sample).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\"a \"\"quoted\"\", é\nname\",3,,\"[1,2]\",true\n"
        );
    }
}
