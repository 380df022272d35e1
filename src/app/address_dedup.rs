//! Remembers which addresses each step of a batch run has sent to, so that an address gets each email once.
//!
//! A run knows this while it walks. Commands that end waits of its people later ask here; what the run had sent before is read from
//! the log once.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, StartedCampaign, Step};
use crate::domain::{PersonId, RunId};
use crate::engine::ServedAddresses;
use crate::store::{Store, StoredRun};
use crate::world::WaitRow;

use super::{Error, Session};

/// What runs have served whose people wake.
#[derive(Debug, Default)]
pub(super) struct ServedRuns(BTreeMap<RunId, ServedAddresses>);

impl ServedRuns {
    /// Reads what the runs of some waits have sent, unless it is known already.
    pub(super) fn learn(
        &mut self,
        waits: &[WaitRow],
        session: &Session<'_>,
        store: &Store,
    ) -> Result<(), Error> {
        for wait in waits {
            let Some(run) = wait.run.filter(|run| !self.0.contains_key(run)) else {
                continue;
            };
            let walked = session.workspace().version(wait.campaign, wait.finishes);
            if walked.is_some_and(sends_email) {
                self.0.insert(run, of_run(run, store, session)?);
            }
        }
        Ok(())
    }

    /// Returns what a run has served, where its campaign sends email.
    pub(super) fn of(&mut self, run: Option<RunId>) -> Option<&mut ServedAddresses> {
        self.0.get_mut(&run?)
    }
}

/// Finds the addresses that people share, where the campaign sends email, and whom the run has served already.
pub(super) fn of_batch(
    store: &Store,
    session: &Session<'_>,
    campaign: &Campaign,
    run: Option<&StoredRun>,
) -> Result<ServedAddresses, Error> {
    if !sends_email(campaign) {
        return Ok(ServedAddresses::default());
    }
    match run.filter(|run| run.last_person > PersonId(0)) {
        Some(run) => of_run(run.id, store, session),
        None => Ok(ServedAddresses::new(store.shared_addresses()?)),
    }
}

/// Returns whether a campaign may send email, by itself or by one that it executes.
pub(super) fn sends_email(campaign: &Campaign) -> bool {
    campaign.flow.iter().flat_map(Step::actions).any(|action| {
        let effects = action.effects();
        let executes = matches!(effects.starts, Some(StartedCampaign::Executed(_)));
        effects.email.is_some() || executes
    })
}

/// Finds the addresses that people share, and whom a run has served already.
fn of_run(run: RunId, store: &Store, session: &Session<'_>) -> Result<ServedAddresses, Error> {
    let mut served = ServedAddresses::new(store.shared_addresses()?);
    let shared: BTreeSet<PersonId> = served.people().collect();
    for (person, campaign, step) in store.served_by(run, &shared, session.bindings())? {
        served.mark(person, campaign, step);
    }
    Ok(served)
}
