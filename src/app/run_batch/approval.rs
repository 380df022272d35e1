//! Guards that were asked about the people of all shards: `campaign run --approved FILE`.
//!
//! A shard knows a part of the audience alone. `shard sum` adds the dry runs of all shards, and asks each guard about the
//! sum; here the answers are read, and taken instead of those that this shard would give.

use std::collections::BTreeMap;
use std::path::Path;

use super::guards::GuardOutcome;
use crate::app::shard_sum::{self, SummedRun, fault_of_sum};
use crate::app::{Error, ErrorKind, UserError};
use crate::campaign::Campaign;
use crate::domain::text::fold;
use crate::results::GuardRow;
use crate::store::Store;

/// The guards of campaigns, asked about everyone in all shards.
#[derive(Debug, Clone)]
pub(crate) struct Approval {
    file: String,
    guards: BTreeMap<String, Vec<GuardRow>>,
}

impl Approval {
    /// Reads what `shard sum --format json` printed.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let runs = shard_sum::read_file(path)?;
        let guards = runs
            .into_iter()
            .map(|run: SummedRun| (fold(&run.campaign), run.guards));
        Ok(Self {
            file: path.display().to_string(),
            guards: guards.collect(),
        })
    }

    /// Returns what the guards of a campaign found, which this shard has asked as well: they must be the same ones.
    pub(super) fn outcomes(
        &self,
        campaign: &Campaign,
        own: &[GuardOutcome],
    ) -> Result<Vec<GuardOutcome>, UserError> {
        let (name, file) = (&campaign.full_name, &self.file);
        let Some(rows) = self.guards.get(&fold(name)) else {
            let message = format!("`{file}` has no run of `{name}`");
            return Err(UserError::new(ErrorKind::Files, message).help(HELP));
        };
        let same = |row: &GuardRow, own: &GuardOutcome| {
            row.guard == own.row.guard && row.limit == own.row.limit
        };
        let are_same =
            rows.len() == own.len() && rows.iter().zip(own).all(|(row, own)| same(row, own));
        if !are_same {
            let message = format!("`{file}` was summed under other guards than `{name}` has");
            return Err(UserError::new(ErrorKind::Files, message).help(HELP));
        }
        let outcome = |row: &GuardRow| GuardOutcome {
            fault: (!row.holds).then(|| fault_of_sum(name, row)),
            note: None,
            row: row.clone(),
        };
        Ok(rows.iter().map(outcome).collect())
    }
}

const HELP: &str = "`bugle campaign run NAME --dry-run --format json` in each shard and `bugle shard sum FILE… --format json` make it";

/// Refuses to ask guards about a part of the audience: what holds in each shard may be broken in all of them together.
pub(super) fn refuse_part(
    store: &Store,
    campaign: &Campaign,
    is_scheduled: bool,
) -> Result<(), Error> {
    let Some((shard, shards)) = store.shard_of()?.filter(|(_, shards)| *shards > 1) else {
        return Ok(());
    };
    let message = format!(
        "`{}` has guards, which count everyone, and this is shard {shard} of {shards}",
        campaign.full_name
    );
    let help = if is_scheduled {
        "a schedule cannot ask all shards: unschedule it there, and run it at its time with `--approved FILE`".to_owned()
    } else {
        format!("{HELP}; then give `--approved FILE` in each shard")
    };
    Err(UserError::new(ErrorKind::State, message).help(help).into())
}
