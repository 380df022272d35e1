//! The empty databases of a split.

use std::path::PathBuf;

use super::super::create;
use super::super::database::Store;
use super::super::error::{Error, Result};
use super::super::meta;

impl Store {
    /// Returns which shard the database is, and of how many; nothing of one that belongs to no split.
    pub(crate) fn shard_of(&self) -> Result<Option<(u64, u64)>> {
        let Some(name) = meta::shard(&self.connection)? else {
            return Ok(None);
        };
        let read = |name: &str| {
            let (shard, shards) = name.rsplit(' ').next()?.split_once('/')?;
            Some((shard.parse().ok()?, shards.parse().ok()?))
        };
        let unread = || Error::Inconsistent("the name of the shard cannot be read".to_owned());
        read(&name).map(Some).ok_or_else(unread)
    }
}

/// Makes the database of each shard, in a folder that nobody else uses yet: the path of each, and what it is called.
///
/// All of them hash the keys of erased people alike, so that these are known again in the database that they are merged
/// into.
pub(crate) fn begin(shards: &[(PathBuf, String)]) -> Result<()> {
    let mut common: Option<Vec<u8>> = None;
    for (path, name) in shards {
        let mut salt = common.take();
        create::create_with(path, |connection| {
            match &salt {
                Some(salt) => meta::set_salt(connection, salt)?,
                None => salt = Some(meta::salt(connection)?),
            }
            meta::set_shard(connection, name)
        })?;
        common = salt;
    }
    Ok(())
}
