//! People as they were at an instant or a moment, with what a session knows of them.

use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, PersonId};
use crate::store::Store;
use crate::world::past::{Past, PastNames, PersonThen, Then};
use crate::world::{Layout, Person};

use super::{Error, Session};

/// Returns a person as they were, given their past and how they are now.
pub(super) fn as_of(
    session: &Session<'_>,
    past: &Past,
    present: Person,
    layout: &Layout,
    then: Then,
) -> PersonThen {
    let workspace = session.workspace();
    let find = |name: &str| -> Option<CampaignId> {
        let mut campaigns = workspace.campaigns.iter();
        let found = campaigns.find(|campaign| same(&campaign.full_name, name));
        found.map(|campaign| campaign.id)
    };
    let names = PastNames {
        fields: &workspace.fields,
        numbering: &session.bindings().numbering(),
        campaign: &find,
    };
    past.as_of(present, layout, &names, then)
}

/// Returns those of some people who were there at an instant, as they were then.
pub(super) fn people_at(
    store: &Store,
    session: &Session<'_>,
    people: Vec<Person>,
    layout: &Layout,
    at: Instant,
) -> Result<Vec<Person>, Error> {
    let mut were = Vec::new();
    for person in people {
        let past = past_of(store, session, person.id)?;
        if past.created_at().is_none_or(|made| made <= at) {
            were.push(as_of(session, &past, person, layout, Then::At(at)).person);
        }
    }
    Ok(were)
}

/// Reads everything that has changed a person.
pub(super) fn past_of(
    store: &Store,
    session: &Session<'_>,
    person: PersonId,
) -> Result<Past, Error> {
    Ok(store.past(person, session.bindings())?)
}
