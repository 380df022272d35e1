//! The versions of a campaign, as they were loaded.

use crate::domain::Instant;
use crate::domain::text::fold;
use crate::store::database::Store;
use crate::store::error::Result;
use crate::store::row::number;

/// What one version of a campaign says, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VersionText {
    /// The number of the version, from 1.
    pub(crate) version: u32,
    /// What it means, in canonical form.
    pub(crate) definition: String,
    /// The load that brought it.
    pub(crate) loaded_at: Instant,
}

impl Store {
    /// Returns every version of a campaign, oldest first.
    pub(crate) fn versions(&self, full_name: &str) -> Result<Vec<VersionText>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT v.version, v.definition, v.loaded_at
             FROM campaign c JOIN campaign_version v USING (campaign_id)
             WHERE c.key = ?1 ORDER BY v.version",
        )?;
        let mut rows = statement.query([fold(full_name)])?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            versions.push(VersionText {
                version: number(row.get(0)?)?,
                definition: row.get(1)?,
                loaded_at: Instant::from_micros(row.get(2)?),
            });
        }
        Ok(versions)
    }
}
