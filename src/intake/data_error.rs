//! What is wrong with a data file: `file:line:column`, what, and how to put it right.
//!
//! Campaign files have richer diagnostics with excerpts; a data file may have a million bad rows, so
//! only the first ones are kept and the rest are counted. Readers push, the command line prints.

use std::collections::BTreeMap;
use std::fmt;

use crate::diagnostic::bounded::bounded;

/// How many faults of one command are reported in full.
pub(crate) const MAX_REPORTED: usize = 20;

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

/// The faults found, in the order in which they were found: of each kind the first, and how often it was found again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    first: Vec<DataError>,
    /// Faults that are not kept, by the place in `first` of one that says the same.
    again: BTreeMap<usize, Repeats>,
    total: u64,
}

/// How often a fault was found again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Repeats {
    count: u64,
    last_line: u64,
}

/// All faults of one file that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FaultGroup<'a> {
    /// The first of them.
    pub(crate) first: &'a DataError,
    /// How many there are.
    pub(crate) count: u64,
    /// The line of the last of them.
    pub(crate) last_line: u64,
}

impl fmt::Display for FaultGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        match self.count {
            0 | 1 => Ok(()),
            count => write!(f, " ({count} times, the last in line {})", self.last_line),
        }
    }
}

impl Faults {
    /// Takes one more fault. Of those that say the same, and past the twentieth that says something new, it is only counted.
    pub(crate) fn push(&mut self, mut fault: DataError) {
        fault.message = bounded(fault.message);
        fault.help = fault.help.map(bounded);
        self.total += 1;
        if self.first.len() < MAX_REPORTED {
            self.first.push(fault);
            return;
        }
        let repeats = Repeats {
            count: 1,
            last_line: fault.line,
        };
        match self.first.iter().position(|known| known.says(&fault)) {
            Some(known) => self.repeated(known, repeats),
            None if self.groups().len() < MAX_REPORTED => self.first.push(fault),
            None => {}
        }
    }

    fn repeated(&mut self, known: usize, more: Repeats) {
        let repeats = self.again.entry(known).or_default();
        repeats.count += more.count;
        repeats.last_line = repeats.last_line.max(more.last_line);
    }

    /// Counts faults that are not listed.
    pub(crate) fn count(&mut self, unlisted: u64) {
        self.total += unlisted;
    }

    /// Takes over the faults of another file.
    pub(crate) fn append(&mut self, other: Self) {
        let kept = other.first.len() as u64;
        let again: u64 = other.again.values().map(|repeats| repeats.count).sum();
        self.total += other.total - kept - again;
        for (place, fault) in other.first.into_iter().enumerate() {
            let again = other.again.get(&place).copied();
            let kind = fault.clone();
            self.push(fault);
            let known = self.first.iter().position(|known| known.says(&kind));
            self.total += again.map_or(0, |again| again.count);
            if let (Some(known), Some(again)) = (known, again) {
                self.repeated(known, again);
            }
        }
    }

    /// Returns those that are kept, each with its place.
    pub(crate) fn reported(&self) -> &[DataError] {
        &self.first
    }

    /// Returns the faults that are kept, those that say the same as one.
    pub(crate) fn groups(&self) -> Vec<FaultGroup<'_>> {
        let mut groups: Vec<FaultGroup<'_>> = Vec::new();
        for (place, fault) in self.first.iter().enumerate() {
            let again = self.again.get(&place).copied().unwrap_or_default();
            let count = 1 + again.count;
            let last_line = fault.line.max(again.last_line);
            match groups.iter_mut().find(|group| group.first.says(fault)) {
                Some(group) => {
                    group.count += count;
                    group.last_line = group.last_line.max(last_line);
                }
                None => groups.push(FaultGroup {
                    first: fault,
                    count,
                    last_line,
                }),
            }
        }
        groups
    }

    /// Returns how many there are in all.
    #[cfg(test)]
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Returns how many are in no group.
    pub(crate) fn unreported(&self) -> u64 {
        let again: u64 = self.again.values().map(|repeats| repeats.count).sum();
        self.total - self.first.len() as u64 - again
    }

    /// Returns whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0
    }
}

impl DataError {
    /// Returns whether another fault says the same of another place in the same file.
    fn says(&self, other: &Self) -> bool {
        (&self.file, &self.message, &self.help) == (&other.file, &other.message, &other.help)
    }
}

impl From<DataError> for Faults {
    fn from(fault: DataError) -> Self {
        Self {
            first: vec![fault],
            again: BTreeMap::new(),
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
                for group in faults.groups() {
                    writeln!(f, "{group}")?;
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
            message: format!("no key {line}"),
            help: None,
        }
    }

    #[test]
    fn twenty_faults_are_listed_and_the_rest_counted() {
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

    #[test]
    fn faults_that_say_the_same_are_one_with_their_number() {
        let same = |line| DataError {
            message: "no key".to_owned(),
            ..fault(line)
        };
        let mut faults = Faults::default();
        for line in 1..=100 {
            faults.push(same(line));
        }
        faults.push(fault(101));
        let mut more = Faults::default();
        for line in 201..=250 {
            more.push(same(line));
        }
        faults.append(more);
        let groups: Vec<String> = faults.groups().iter().map(ToString::to_string).collect();
        assert_eq!(
            groups,
            [
                "p.csv:1:1: no key (150 times, the last in line 250)",
                "p.csv:101:1: no key 101",
            ]
        );
        assert_eq!((faults.total(), faults.unreported()), (151, 0));
    }
}
