//! One database of the databases of all shards.
//!
//! It is filled like any new database, under another name, and gets its own when it is whole. People are written in order of
//! key, so each table is written from its beginning to its end, and indexes are made when all rows are there.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::super::database::Store;
use super::super::error::{Error, Result};
use super::super::new_file::NewFile;
use super::super::{connection, meta, migrations, paths};
use super::source::{Merged, Source};
use super::{definitions, events, indexes, people, same};

/// The pages that the new database keeps in memory, in KiB.
const CACHE_KIB: i64 = 64 << 10;

/// The database of one shard.
#[derive(Debug, Clone)]
pub(crate) struct MergedShard {
    /// How messages call the shard: its folder.
    pub(crate) name: String,
    /// The database.
    pub(crate) database: PathBuf,
    /// What the database calls itself, where the split that made the folder made it too.
    pub(crate) shard: String,
}

/// Makes a new database of those of all shards; `reached` is given the count of people, and may end the work.
pub(crate) fn merge<E: From<Error>>(
    shards: &[MergedShard],
    to: &Path,
    reached: &mut dyn FnMut(u64) -> std::result::Result<(), E>,
) -> std::result::Result<Merged, E> {
    let to = paths::resolve(to)?;
    if paths::exists(&to)? {
        return Err(Error::Exists(to).into());
    }
    let sources = open(shards)?;
    let watermark = same::check(&sources)?;
    if let Some(journal) = paths::pending_journal(&to) {
        let database = to;
        return Err(Error::Orphan { journal, database }.into());
    }
    let new = NewFile::alone(&to).map_err(|e| e.at(&to))?;
    let mut made = begin(&new).map_err(|e| e.at(&to))?;
    let mut fill = || -> std::result::Result<Merged, E> {
        let transaction = made.transaction().map_err(Error::from)?;
        let set_aside = indexes::drop_all(&transaction)?;
        if let Some(watermark) = watermark {
            meta::set_watermark(&transaction, watermark)?;
        }
        if let Some(first) = sources.first() {
            meta::set_salt(&transaction, &meta::salt(first.connection())?)?;
        }
        definitions::write(&sources, &transaction)?;
        let mut merged = people::write(&sources, &transaction, reached)?;
        merged.events = events::write(&sources, &transaction)?;
        indexes::make_again(&transaction, &set_aside)?;
        people::refuse_ids_of_two_shards(&sources, &transaction)?;
        transaction.commit().map_err(Error::from)?;
        Ok(merged)
    };
    let merged = fill()?;
    let complete = || -> Result<()> {
        connection::keep_journal(&made)?;
        new.complete(made)
    };
    complete().map_err(|e| e.at(&to))?;
    new.move_to(&to)?;
    Ok(merged)
}

fn open(shards: &[MergedShard]) -> Result<Vec<Source>> {
    let mut sources = Vec::with_capacity(shards.len());
    for shard in shards {
        let store = Store::open_read(&shard.database)?;
        // What is sorted may be larger than the memory.
        store.connection.pragma_update(None, "temp_store", "FILE")?;
        if let Some(own) = meta::shard(&store.connection)?
            && own != shard.shard
        {
            return Err(Error::state(
                format!(
                    "`{}` is not the database of `{}`: it was made for another shard",
                    shard.database.display(),
                    shard.name
                ),
                Some("put each database back into the folder that it was made in"),
            ));
        }
        sources.push(Source {
            name: shard.name.clone(),
            store,
        });
    }
    Ok(sources)
}

fn begin(new: &NewFile) -> Result<Connection> {
    let mut made = new.connect()?;
    connection::configure(&made)?;
    made.pragma_update(None, "application_id", connection::APPLICATION_ID)?;
    migrations::create(&mut made)?;
    // Nobody sees the file before it is complete and synced.
    made.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
    made.pragma_update(None, "synchronous", "OFF")?;
    made.pragma_update(None, "cache_size", -CACHE_KIB)?;
    made.pragma_update(None, "temp_store", "FILE")?;
    Ok(made)
}
