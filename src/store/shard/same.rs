//! What all shards must have alike, since it is there once in the database that they become.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::super::error::{Error, Result};
use super::super::meta;
use super::source::Source;
use crate::domain::Instant;

/// What is compared: what it is, and the query whose rows must be the same.
const ALIKE: [(&str, &str); 6] = [
    (
        "workspaces",
        "SELECT version, definition FROM workspace_version ORDER BY version",
    ),
    (
        "campaigns",
        "SELECT campaign_id, key, full_name, name, program, slug, mode, active, version, missing, invalid, marketo_id,
            scheduled_from FROM campaign ORDER BY campaign_id",
    ),
    (
        "versions of campaigns",
        "SELECT campaign_id, version, workspace, definition, description FROM campaign_version
            ORDER BY campaign_id, version",
    ),
    (
        "activations of campaigns",
        "SELECT activation_id, campaign_id, at, active, by FROM activation ORDER BY activation_id",
    ),
    (
        "runs",
        "SELECT run_id, campaign_id, version, at, seed, state, occurrence, command_id, place FROM run ORDER BY run_id",
    ),
    (
        "commands",
        "SELECT command_id, campaigns, at, seed FROM run_command ORDER BY command_id",
    ),
];

/// Checks that the shards fit together, and returns the watermark of all of them.
pub(super) fn check(sources: &[Source]) -> Result<Option<Instant>> {
    let Some((first, others)) = sources.split_first() else {
        return Err(Error::state("there is no shard to merge", None));
    };
    for source in sources {
        refuse_unfinished(source)?;
    }
    for other in others {
        for (what, sql) in ALIKE {
            if rows(first.connection(), sql)? != rows(other.connection(), sql)? {
                return Err(differ(what, first, other));
            }
        }
        refuse_other_salt(first, other)?;
    }
    let watermark = common_watermark(sources)?;
    let next = "SELECT campaign_id, next_run_at FROM campaign ORDER BY campaign_id";
    for other in others {
        if rows(first.connection(), next)? != rows(other.connection(), next)? {
            return Err(differ("next runs of campaigns", first, other));
        }
    }
    Ok(watermark)
}

fn differ(what: &str, first: &Source, other: &Source) -> Error {
    Error::state(
        format!(
            "`{}` and `{}` have different {what}",
            first.name, other.name
        ),
        Some(
            "give every shard the same commands in the same order, with the same `--now` and `--until`; a command that \
             one of them has not had can still be given",
        ),
    )
}

fn refuse_unfinished(source: &Source) -> Result<()> {
    match source.store.unfinished_run()? {
        None => Ok(()),
        Some(run) => Err(Error::state(
            format!(
                "run {} of `{}` is unfinished in `{}`",
                run.id, run.begun.campaign, source.name
            ),
            Some("give the command again in that shard: it goes on from there"),
        )),
    }
}

/// Erased people are known again by hashes, and those of two salts cannot be compared.
fn refuse_other_salt(first: &Source, other: &Source) -> Result<()> {
    let erased = |source: &Source| -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM tombstone)";
        Ok(source.connection().query_row(sql, [], |row| row.get(0))?)
    };
    if meta::salt(first.connection())? == meta::salt(other.connection())?
        || !(erased(first)? || erased(other)?)
    {
        return Ok(());
    }
    Err(Error::state(
        format!(
            "people were erased, and `{}` and `{}` hash their keys differently",
            first.name, other.name
        ),
        Some(
            "give the commands again on the `bugle.db` that `bugle shard split` has made in each folder",
        ),
    ))
}

/// Returns the latest watermark. A shard that is behind may be taken for one that is not where no wait ends in between.
fn common_watermark(sources: &[Source]) -> Result<Option<Instant>> {
    let mut latest = None;
    for source in sources {
        latest = latest.max(meta::watermark(source.connection())?);
    }
    let Some(latest) = latest else {
        return Ok(None);
    };
    for source in sources {
        if meta::watermark(source.connection())? == Some(latest) {
            continue;
        }
        let sql = "SELECT count(*) FROM wait WHERE until <= ?1";
        let due: i64 = source
            .connection()
            .query_row(sql, [latest.micros()], |row| row.get(0))?;
        if due > 0 {
            return Err(Error::state(
                format!(
                    "other shards are at {latest}, and in `{}` waits are due until then ({due})",
                    source.name
                ),
                Some(&format!(
                    "take it there first: `bugle campaign advance --to {latest}`; `replay-events --until` takes every shard to \
                     one instant"
                )),
            ));
        }
    }
    Ok(Some(latest))
}

fn rows(connection: &Connection, sql: &str) -> Result<Vec<Vec<Value>>> {
    let mut statement = connection.prepare(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|column| row.get(column));
        all.push(cells.collect::<rusqlite::Result<_>>()?);
    }
    Ok(all)
}
