//! What is wrong with a data file: `file:line:column`, what, and how to put it right.
//!
//! Campaign files have richer diagnostics with excerpts; a data file may have a million bad rows, so
//! only the first ones are kept and the rest are counted. Readers push, the command line prints.

use std::fmt;

/// How many faults of one command are reported in full.
pub(crate) const TOLD: usize = 20;

/// One fault of a data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataError {
    /// The file as it was named on the command line.
    pub(crate) file: String,
    /// The physical line, from 1.
    pub(crate) line: u64,
    /// The character in that line, from 1.
    pub(crate) column: u64,
    /// What is wrong: lower case, no final stop, no personal values unless they were asked for.
    pub(crate) message: String,
    /// How to put it right, where that can be said.
    pub(crate) help: Option<String>,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.message
        )
    }
}

/// The first faults found, in the order in which they were found, and the number of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    first: Vec<DataError>,
    total: u64,
}

impl Faults {
    /// Takes one more fault; past the twentieth it is only counted.
    pub(crate) fn push(&mut self, fault: DataError) {
        if self.first.len() < TOLD {
            self.first.push(fault);
        }
        self.total += 1;
    }

    /// Counts faults that are not told.
    pub(crate) fn count(&mut self, untold: u64) {
        self.total += untold;
    }

    /// Takes over the faults of another file.
    pub(crate) fn append(&mut self, other: Self) {
        let room = TOLD - self.first.len();
        self.first.extend(other.first.into_iter().take(room));
        self.total += other.total;
    }

    /// Returns those that are reported.
    pub(crate) fn reported(&self) -> &[DataError] {
        &self.first
    }

    /// Returns how many there are in all.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Returns how many are counted only.
    pub(crate) fn unreported(&self) -> u64 {
        self.total - self.first.len() as u64
    }

    /// Returns whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0
    }
}

impl From<DataError> for Faults {
    fn from(fault: DataError) -> Self {
        Self {
            first: vec![fault],
            total: 1,
        }
    }
}

/// Why a data file was not read to its end.
#[derive(Debug)]
pub(crate) enum Error {
    /// It cannot be opened or read at all: missing, a directory, damaged compression.
    Unreadable {
        /// The file as it was named.
        file: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A file that rows should go to cannot be written.
    Unwritable(crate::files::Error),
    /// Its contents are at fault; nothing of it may be used.
    Faulty(Faults),
}

impl Error {
    /// Makes the error of a file that cannot be read.
    pub(crate) fn unreadable(file: &str, cause: std::io::Error) -> Self {
        Self::Unreadable {
            file: file.to_owned(),
            cause,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, cause } => write!(f, "cannot read `{file}`: {cause}"),
            Self::Unwritable(error) => error.fmt(f),
            Self::Faulty(faults) => {
                for fault in faults.reported() {
                    writeln!(f, "{fault}")?;
                }
                match faults.unreported() {
                    0 => Ok(()),
                    more => write!(f, "and {more} more"),
                }
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<crate::files::Error> for Error {
    fn from(error: crate::files::Error) -> Self {
        Self::Unwritable(error)
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::Faulty(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64) -> DataError {
        DataError {
            file: "p.csv".to_owned(),
            line,
            column: 1,
            message: "no key".to_owned(),
            help: None,
        }
    }

    #[test]
    fn twenty_faults_are_told_and_the_rest_counted() {
        let mut faults = Faults::default();
        for line in 1..=15 {
            faults.push(fault(line));
        }
        let mut more = Faults::default();
        for line in 16..=30 {
            more.push(fault(line));
        }
        faults.append(more);
        assert_eq!(faults.reported().len(), 20);
        assert_eq!(faults.reported()[19].line, 20);
        assert_eq!((faults.total(), faults.unreported()), (30, 10));
    }
}
