//! Opening data files: plain, gzip or zstd (seen from the first bytes), or standard input as `-`.
//!
//! What is inside is not looked at here; the readers of people and events do that.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek as _, Stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use super::shards::parts::Packing;
use crate::files::streams;

/// Something to read, as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// A text that is part of something else, such as a campaign file.
    Text {
        /// What messages call it.
        name: String,
        /// What it says.
        text: String,
    },
}

impl Input {
    /// Takes an argument of the command line; `-` is standard input.
    pub(crate) fn from_argument(argument: impl AsRef<OsStr>) -> Self {
        let argument = argument.as_ref();
        if argument == "-" {
            Self::Stdin
        } else {
            Self::Path(PathBuf::from(argument))
        }
    }

    /// Returns what messages and summaries call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
            Self::Text { name, .. } => name.clone(),
        }
    }

    /// Returns whether opening it again gives the same bytes: not so for pipes and standard input.
    pub(crate) fn is_repeatable(&self) -> bool {
        match self {
            Self::Path(path) => path.metadata().is_ok_and(|meta| meta.is_file()),
            Self::Stdin => false,
            Self::Text { .. } => true,
        }
    }

    /// Returns where it is, if it is a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => Some(path),
            Self::Stdin | Self::Text { .. } => None,
        }
    }

    /// Returns the size in bytes as stored, where that is known before reading.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Self::Path(path) => path
                .metadata()
                .ok()
                .filter(std::fs::Metadata::is_file)
                .map(|meta| meta.len()),
            Self::Stdin => None,
            Self::Text { text, .. } => Some(text.len() as u64),
        }
    }

    /// Opens it and unpacks gzip and zstd on the way; counts the bytes that are read, as they are stored.
    pub(crate) fn open(&self, read: &Arc<AtomicU64>) -> io::Result<InputStream> {
        match self {
            Self::Path(path) => {
                if path.is_dir() {
                    return Err(io::Error::new(
                        io::ErrorKind::IsADirectory,
                        "it is a directory",
                    ));
                }
                InputStream::unpack(RawInput::File(File::open(path)?, Arc::clone(read)))
            }
            Self::Stdin => InputStream::unpack(RawInput::Stdin(streams::standard_input()?)),
            Self::Text { text, .. } => {
                let bytes = Cursor::new(text.clone().into_bytes());
                InputStream::unpack(RawInput::Text(bytes))
            }
        }
    }
}

/// Bytes as they are stored.
#[derive(Debug)]
enum RawInput {
    File(File, Arc<AtomicU64>),
    Stdin(Stdin),
    Text(Cursor<Vec<u8>>),
}

impl Read for RawInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file, read) => {
                let count = file.read(buffer)?;
                read.fetch_add(count as u64, Ordering::Relaxed);
                Ok(count)
            }
            Self::Stdin(stdin) => stdin.read(buffer),
            Self::Text(text) => text.read(buffer),
        }
    }
}

/// The first bytes, already read, and the rest.
type Whole = io::Chain<Cursor<Vec<u8>>, RawInput>;

/// The bytes of an opened input, unpacked.
pub(crate) struct InputStream(Unpacked);

enum Unpacked {
    Plain(Whole),
    Gzip(Box<MultiGzDecoder<Whole>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Whole>>>),
}

impl InputStream {
    /// Reads a scratch file from its beginning.
    pub(crate) fn of_scratch(mut file: File) -> io::Result<Self> {
        file.rewind()?;
        let whole = Cursor::new(Vec::new()).chain(RawInput::File(file, Arc::default()));
        Ok(Self(Unpacked::Plain(whole)))
    }

    /// Returns how the bytes are packed.
    pub(crate) fn packing(&self) -> Packing {
        match &self.0 {
            Unpacked::Plain(_) => Packing::Plain,
            Unpacked::Gzip(_) => Packing::Gzip,
            Unpacked::Zstd(_) => Packing::Zstd,
        }
    }

    fn unpack(mut raw: RawInput) -> io::Result<Self> {
        let mut magic = Vec::with_capacity(4);
        raw.by_ref().take(4).read_to_end(&mut magic)?;
        let gzip = magic.starts_with(&[0x1f, 0x8b]);
        let zstd = magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
        let whole = Cursor::new(magic).chain(raw);
        Ok(Self(if gzip {
            Unpacked::Gzip(Box::new(MultiGzDecoder::new(whole)))
        } else if zstd {
            Unpacked::Zstd(Box::new(zstd::Decoder::new(whole)?))
        } else {
            Unpacked::Plain(whole)
        }))
    }
}

impl Read for InputStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Unpacked::Plain(whole) => whole.read(buffer),
            Unpacked::Gzip(gzip) => gzip.read(buffer),
            Unpacked::Zstd(zstd) => zstd.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn read(bytes: &[u8]) -> io::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut text = String::new();
        Input::from_argument(&path)
            .open(&Arc::default())?
            .read_to_string(&mut text)?;
        Ok(text)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn packing_is_seen_from_the_first_bytes() {
        assert_eq!(read(b"email\n").unwrap(), "email\n");
        assert_eq!(read(b"").unwrap(), "");
        assert_eq!(read(&gzip(b"email\n")).unwrap(), "email\n");
        let zstd = zstd::encode_all(&b"email\n"[..], 1).unwrap();
        assert_eq!(read(&zstd).unwrap(), "email\n");
    }

    #[test]
    fn joined_gzip_files_are_read_to_the_end() {
        let mut joined = gzip(b"email\n");
        joined.extend(gzip(b"ann@example.com\n"));
        assert_eq!(read(&joined).unwrap(), "email\nann@example.com\n");
    }

    #[test]
    fn a_cut_gzip_file_is_an_error() {
        let whole = gzip(b"email\nann@example.com\n");
        assert!(read(&whole[..whole.len() - 9]).is_err());
    }

    #[test]
    fn a_folder_is_no_input() {
        let folder = tempfile::tempdir().unwrap();
        let input = Input::from_argument(folder.path());
        let error = input.open(&Arc::default()).err().unwrap();
        assert_eq!(error.to_string(), "it is a directory");
    }
}
