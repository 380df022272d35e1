//! The identities of events of all shards, in their order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::{Connection, Rows};

use super::super::error::{Error, Result};
use super::super::insert::Into;
use super::source::Source;

const EVENTS: Into = Into {
    head: "INSERT OR ROLLBACK INTO event (at, hash, ordinal, content, set_aside)",
    columns: 5,
    tail: "",
};

/// An identity as it is stored, after which shard it is of: at, hash, ordinal; content, and whether it was set aside.
type Identity = (i64, i64, i64);

/// Writes the identities of all shards, and returns how many there are.
pub(super) fn write(sources: &[Source], to: &Connection) -> Result<u64> {
    let sql = "SELECT at, hash, ordinal, content, set_aside FROM event ORDER BY at, hash, ordinal";
    let statements = sources
        .iter()
        .map(|source| source.connection().prepare(sql));
    let mut statements = statements.collect::<rusqlite::Result<Vec<_>>>()?;
    let rows = statements.iter_mut().map(|statement| statement.query([]));
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut insert = EVENTS.single(to)?;
    let mut heap = BinaryHeap::new();
    for (source, rows) in rows.iter_mut().enumerate() {
        heap.extend(next(rows, source)?.map(Reverse));
    }
    let mut before: Option<(Identity, usize)> = None;
    let mut count = 0;
    while let Some(Reverse((identity, source, content, set_aside))) = heap.pop() {
        if let Some((other, first)) = before
            && other == identity
        {
            return Err(Error::state(
                format!(
                    "an event was taken in `{}` and in `{}`",
                    sources[first].name, sources[source].name
                ),
                Some(
                    "replay in each shard its own part of the file, which `bugle shard split` has made",
                ),
            ));
        }
        before = Some((identity, source));
        count += 1;
        insert.insert(|row| {
            let (at, hash, ordinal) = identity;
            row.bind(at)?;
            row.bind(hash)?;
            row.bind(ordinal)?;
            row.bind(content)?;
            row.bind(set_aside)
        })?;
        heap.extend(next(&mut rows[source], source)?.map(Reverse));
    }
    Ok(count)
}

type Queued = (Identity, usize, i64, Option<i64>);

fn next(rows: &mut Rows<'_>, source: usize) -> Result<Option<Queued>> {
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let identity = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Some((identity, source, row.get(3)?, row.get(4)?)))
}
