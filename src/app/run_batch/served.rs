//! One email to one address in a batch: whom a run may serve, and whom it has served before it was interrupted.

use std::collections::BTreeSet;

use crate::app::Error;
use crate::campaign::Campaign;
use crate::domain::PersonId;
use crate::domain::activity_type::Known;
use crate::engine::Served;
use crate::store::{Bindings, Run, Store};

/// Finds the addresses that people share, where the campaign sends email, and whom the run has served already.
pub(super) fn served(
    store: &Store,
    campaign: &Campaign,
    run: Option<&Run>,
    bindings: &Bindings,
) -> Result<Served, Error> {
    let email = Known::SendEmail.id();
    let executes = Known::ExecuteCampaign.id();
    if !campaign
        .flow
        .iter()
        .any(|step| step.activity == email || step.activity == executes)
    {
        return Ok(Served::default());
    }
    let mut served = Served::new(store.shared_addresses()?);
    if let Some(run) = run.filter(|run| run.last_person > PersonId(0)) {
        let shared: BTreeSet<PersonId> = served.people().collect();
        for (person, campaign, step) in store.served_by(run.id, &shared, bindings)? {
            served.mark(person, campaign, step);
        }
    }
    Ok(served)
}
