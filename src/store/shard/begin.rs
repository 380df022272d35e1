//! The empty databases of a split.

use std::path::PathBuf;

use super::super::create;
use super::super::error::Result;
use super::super::meta;

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
