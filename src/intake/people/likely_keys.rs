//! Finds the columns of a person list that could be its key, for the help of an error: no list is read by a guess.

use std::hash::BuildHasher as _;
use std::io::{self, Read};

use rustc_hash::{FxBuildHasher, FxHashSet};

use super::super::rows::{Next, Rows};
use super::cell::is_null;
use crate::domain::mailbox::is_address;
use crate::domain::value::{parse_date, parse_float};

/// How many rows are read to find columns that could be the key.
const SEARCHED: usize = 100_000;

/// Columns that could be the key: those with another value in every row.
pub(super) struct LikelyKeys {
    /// Columns whose every cell is an email address.
    pub(super) addresses: Vec<usize>,
    /// The others.
    pub(super) others: Vec<usize>,
    /// Of each column, whether every cell is a number, a date or an address.
    pub(super) measured: Vec<bool>,
}

impl LikelyKeys {
    /// Reads the rows, up to some number of them.
    pub(super) fn read<R: Read>(rows: &mut Rows<R>, width: usize) -> io::Result<Self> {
        let mut seen: Vec<Option<FxHashSet<u64>>> = vec![Some(FxHashSet::default()); width];
        let mut addresses = vec![true; width];
        let mut measured = vec![true; width];
        let mut count = 0;
        while count < SEARCHED {
            match rows.advance()? {
                Next::Row if rows.width() == width => {}
                Next::Row | Next::Flawed(_) => continue,
                Next::Cut(_) | Next::End => break,
            }
            count += 1;
            for (index, values) in seen.iter_mut().enumerate() {
                let cell = rows.cell(index).trim();
                let repeats = values
                    .as_mut()
                    .is_some_and(|values| !values.insert(FxBuildHasher.hash_one(cell)));
                if repeats || cell.is_empty() || is_null(cell) {
                    *values = None;
                }
                addresses[index] &= is_address(cell);
                measured[index] &= is_measure(cell);
            }
        }
        let unique = |index: &usize| count > 0 && seen[*index].is_some();
        let (addresses, others) = (0..width)
            .filter(unique)
            .partition(|index| addresses[*index]);
        Ok(Self {
            addresses,
            others,
            measured: if count > 0 { measured } else { Vec::new() },
        })
    }
}

/// Returns whether a cell is a number or a day, as no name of a column is.
fn is_measure(cell: &str) -> bool {
    parse_float(cell).is_some() || parse_date(cell.get(..10).unwrap_or(cell)).is_some()
}
