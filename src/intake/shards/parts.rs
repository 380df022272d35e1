//! The parts of one file: a file a shard, packed as the whole one is.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use flate2::write::GzEncoder;

use crate::domain::hash::StableHasher;

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Not at all.
    Plain,
    /// With gzip.
    Gzip,
    /// With Zstandard.
    Zstd,
}

/// How much a part gathers before it is written.
const BUFFER: usize = 32 << 10;

/// The part that one shard has of a file.
pub(crate) struct Part {
    out: Encoder,
    lines: u64,
}

/// What a part holds, once it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartSummary {
    /// Its rows or events; the header is none.
    pub(crate) rows: u64,
    /// Its bytes, as they are stored.
    pub(crate) bytes: u64,
    /// Their hash.
    pub(crate) digest: u64,
}

enum Encoder {
    Plain(Counted),
    Gzip(Box<GzEncoder<Counted>>),
    Zstd(Box<zstd::Encoder<'static, Counted>>),
}

impl Part {
    /// Begins one in an empty file.
    pub(crate) fn new(file: File, packing: Packing) -> io::Result<Self> {
        let counted = Counted {
            file: BufWriter::with_capacity(BUFFER, file),
            bytes: 0,
            hash: StableHasher::default(),
        };
        let out = match packing {
            Packing::Plain => Encoder::Plain(counted),
            Packing::Gzip => Encoder::Gzip(Box::new(GzEncoder::new(
                counted,
                flate2::Compression::fast(),
            ))),
            Packing::Zstd => Encoder::Zstd(Box::new(zstd::Encoder::new(counted, 1)?)),
        };
        Ok(Self { out, lines: 0 })
    }

    /// Returns how many rows it has so far.
    pub(crate) fn rows(&self) -> u64 {
        self.lines
    }

    /// Writes something that is no row, such as a header.
    pub(crate) fn head(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// Writes a row, without its line end.
    pub(crate) fn row(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.lines += 1;
        self.out.write_all(bytes)
    }

    /// Writes the rest, and gives back the file, which is still to be synced.
    pub(crate) fn finish(self) -> io::Result<(File, PartSummary)> {
        let counted = match self.out {
            Encoder::Plain(counted) => counted,
            Encoder::Gzip(gzip) => gzip.finish()?,
            Encoder::Zstd(zstd) => zstd.finish()?,
        };
        let summary = PartSummary {
            rows: self.lines,
            bytes: counted.bytes,
            digest: counted.hash.finish(),
        };
        let file = counted
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        Ok((file, summary))
    }
}

/// Returns the hash of all bytes that a reader gives, as [`PartSummary::digest`] has it.
pub(crate) fn digest(mut from: impl io::Read) -> io::Result<u64> {
    let mut hash = StableHasher::default();
    let mut buffer = vec![0; BUFFER];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(hash.finish()),
            Ok(count) => hash.piece(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

impl Write for Encoder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(plain) => plain.write(bytes),
            Self::Gzip(gzip) => gzip.write(bytes),
            Self::Zstd(zstd) => zstd.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.flush(),
            Self::Gzip(gzip) => gzip.flush(),
            Self::Zstd(zstd) => zstd.flush(),
        }
    }
}

/// A file that counts and hashes what is written to it.
struct Counted {
    file: BufWriter<File>,
    bytes: u64,
    hash: StableHasher,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.bytes += count as u64;
        self.hash.piece(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
