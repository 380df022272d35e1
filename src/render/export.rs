//! Rows of the views as files for programs that read tables: CSV, JSON lines, and Parquet where it is compiled in.

use std::io::{self, Write};

use serde::Serialize as _;

use super::csv::Records;
#[cfg(feature = "parquet")]
use super::parquet::ParquetFile;
use crate::domain::ValueRef;
use crate::domain::view_column::{CellType, ViewColumn};

/// The form of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportFormat {
    /// A header and rows.
    Csv,
    /// An object a line.
    Jsonl,
    /// Columns with types.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl ExportFormat {
    /// Returns how the names of the files end.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
        }
    }
}

/// A file that rows of one view are written to.
pub(crate) enum TableFile<W: Write + Send> {
    /// CSV.
    Csv(Box<Records<W>>),
    /// JSON lines.
    Jsonl {
        /// Where they go.
        out: W,
        /// The columns: the keys.
        columns: Vec<ViewColumn>,
    },
    /// Parquet.
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetFile<W>>),
}

impl<W: Write + Send> TableFile<W> {
    /// Begins a file.
    pub(crate) fn new(format: ExportFormat, out: W, columns: &[ViewColumn]) -> io::Result<Self> {
        Ok(match format {
            ExportFormat::Csv => {
                let mut records = Records::new(out);
                records.write(columns.iter().map(|column| column.name.as_bytes()))?;
                Self::Csv(Box::new(records))
            }
            ExportFormat::Jsonl => Self::Jsonl {
                out,
                columns: columns.to_vec(),
            },
            #[cfg(feature = "parquet")]
            ExportFormat::Parquet => Self::Parquet(Box::new(ParquetFile::new(out, columns)?)),
        })
    }

    /// Writes a row.
    pub(crate) fn row(&mut self, cells: &[Option<ValueRef<'_>>]) -> io::Result<()> {
        match self {
            Self::Csv(records) => {
                let texts: Vec<_> = cells
                    .iter()
                    .map(|cell| cell.map(ValueRef::to_text))
                    .collect();
                let texts = texts.iter().map(|text| text.as_deref().unwrap_or_default());
                records.write(texts.map(str::as_bytes))
            }
            Self::Jsonl { out, columns } => object(out, columns, cells),
            #[cfg(feature = "parquet")]
            Self::Parquet(file) => file.row(cells),
        }
    }

    /// Writes the rest, and gives the output back.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::Csv(records) => records.finish(),
            Self::Jsonl { out, .. } => Ok(out),
            #[cfg(feature = "parquet")]
            Self::Parquet(file) => file.finish(),
        }
    }
}

fn object(
    out: &mut impl Write,
    columns: &[ViewColumn],
    cells: &[Option<ValueRef<'_>>],
) -> io::Result<()> {
    let mut line = Vec::with_capacity(256);
    for (index, (column, cell)) in columns.iter().zip(cells).enumerate() {
        line.push(if index == 0 { b'{' } else { b',' });
        serde_json::to_writer(&mut line, &column.name)?;
        line.push(b':');
        match (column.cell_type, cell) {
            (_, None) => line.extend_from_slice(b"null"),
            // It is JSON already, and stays what it is.
            (CellType::Json, Some(ValueRef::Text(json))) => line.extend_from_slice(json.as_bytes()),
            (_, Some(value)) => value.serialize(&mut serde_json::Serializer::new(&mut line))?,
        }
    }
    line.extend_from_slice(b"}\n");
    out.write_all(&line)
}
