//! Parquet files: columns with real types, in groups of rows that fit into memory.

use std::io::{self, Write};
use std::sync::Arc;

use chrono::Datelike as _;
use parquet::basic::{
    Compression, LogicalType, Repetition, TimeUnit, TimestampType, Type as Physical,
};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::domain::ValueRef;
use crate::domain::view_column::{CellType, ViewColumn};

/// The most rows of a group.
const ROWS: usize = 1 << 16;

/// About how many bytes a group has in memory at most.
const BYTES: usize = 32 << 20;

/// The days from the year 1 to 1970.
const DAYS_TO_1970: i32 = 719_163;

/// A file being written.
pub(crate) struct ParquetFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// The cells of a column in the present group: which of them have a value, and the values.
struct Column {
    has_value: Vec<i16>,
    values: Values,
}

enum Values {
    Bytes(Vec<ByteArray>),
    Integers(Vec<i64>),
    Floats(Vec<f64>),
    Booleans(Vec<bool>),
    Days(Vec<i32>),
}

impl<W: Write + Send> ParquetFile<W> {
    /// Begins a file.
    pub(crate) fn new(out: W, columns: &[ViewColumn]) -> io::Result<Self> {
        let fields = columns.iter().map(|column| field(column).map(Arc::new));
        let fields = fields.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let schema = Type::group_type_builder("schema")
            .with_fields(fields)
            .build();
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("bugle version ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = Arc::new(schema.map_err(failed)?);
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties));
        Ok(Self {
            writer: writer.map_err(failed)?,
            columns: columns.iter().map(Column::of).collect(),
            rows: 0,
            bytes: 0,
        })
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, cells: &[Option<ValueRef<'_>>]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column.push(*cell);
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES {
            self.write_group().map_err(failed)?;
        }
        Ok(())
    }

    /// Writes the last group and what the file ends with, and gives the output back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.write_group()
            .and_then(|()| self.writer.into_inner())
            .map_err(failed)
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else {
                break;
            };
            column.write(&mut writer)?;
            writer.close()?;
        }
        group.close()?;
        self.rows = 0;
        self.bytes = 0;
        Ok(())
    }
}

impl Column {
    fn of(column: &ViewColumn) -> Self {
        Self {
            has_value: Vec::new(),
            values: match column.cell_type {
                CellType::Text | CellType::Json => Values::Bytes(Vec::new()),
                CellType::Integer | CellType::Datetime => Values::Integers(Vec::new()),
                CellType::Float => Values::Floats(Vec::new()),
                CellType::Boolean => Values::Booleans(Vec::new()),
                CellType::Date => Values::Days(Vec::new()),
            },
        }
    }

    /// Adds a cell, and returns about how many bytes it takes.
    fn push(&mut self, cell: Option<ValueRef<'_>>) -> usize {
        let mut size = size_of::<i16>();
        let is_there = match (&mut self.values, cell) {
            (Values::Bytes(values), Some(ValueRef::Text(text))) => {
                size += text.len() + size_of::<ByteArray>();
                values.push(ByteArray::from(text.as_bytes().to_vec()));
                true
            }
            (Values::Integers(values), Some(ValueRef::Integer(number))) => {
                values.push(number);
                true
            }
            (Values::Integers(values), Some(ValueRef::Datetime(at))) => {
                values.push(at.micros());
                true
            }
            (Values::Floats(values), Some(ValueRef::Float(number))) => {
                values.push(number);
                true
            }
            (Values::Booleans(values), Some(ValueRef::Boolean(truth))) => {
                values.push(truth);
                true
            }
            (Values::Days(values), Some(ValueRef::Date(day))) => {
                values.push(day.num_days_from_ce() - DAYS_TO_1970);
                true
            }
            (
                Values::Bytes(_)
                | Values::Integers(_)
                | Values::Floats(_)
                | Values::Booleans(_)
                | Values::Days(_),
                _,
            ) => false,
        };
        self.has_value.push(i16::from(is_there));
        size + size_of::<i64>()
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.has_value.as_slice());
        match &mut self.values {
            Values::Bytes(values) => {
                writer
                    .typed::<ByteArrayType>()
                    .write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Integers(values) => {
                writer
                    .typed::<Int64Type>()
                    .write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Floats(values) => {
                writer
                    .typed::<DoubleType>()
                    .write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Booleans(values) => {
                writer
                    .typed::<BoolType>()
                    .write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Days(values) => {
                writer
                    .typed::<Int32Type>()
                    .write_batch(values, levels, None)?;
                values.clear();
            }
        }
        self.has_value.clear();
        Ok(())
    }
}

/// Describes a column; every one of them may be empty.
fn field(column: &ViewColumn) -> Result<Type, ParquetError> {
    let timestamp = LogicalType::Timestamp(TimestampType {
        is_adjusted_to_u_t_c: true,
        unit: TimeUnit::MICROS,
    });
    let (physical, logical) = match column.cell_type {
        CellType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        CellType::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
        CellType::Integer => (Physical::INT64, None),
        CellType::Float => (Physical::DOUBLE, None),
        CellType::Boolean => (Physical::BOOLEAN, None),
        CellType::Date => (Physical::INT32, Some(LogicalType::Date)),
        CellType::Datetime => (Physical::INT64, Some(timestamp)),
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        error => io::Error::other(error),
    }
}
