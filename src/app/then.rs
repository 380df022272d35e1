//! People as they were at an instant or a moment.

use crate::campaign::Workspace;
use crate::domain::text::same;
use crate::domain::{CampaignId, Instant, PersonId};
use crate::store::{Bindings, Store};
use crate::world::past::{Past, PastNames, PersonThen, Then};
use crate::world::{Layout, Person};

use super::Error;

/// The instant that people are asked about at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskedAt {
    /// As they are, at the instant taken as now.
    Now(Instant),
    /// As they were after all that happened up to an instant.
    Past(Instant),
}

impl AskedAt {
    /// Returns the instant.
    pub(crate) fn instant(self) -> Instant {
        match self {
            Self::Now(at) | Self::Past(at) => at,
        }
    }
}

/// What the numbers and names in a database mean.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) bindings: &'a Bindings,
}

impl Known<'_> {
    /// Returns a person as they were, given their past and how they are now.
    pub(super) fn as_of(
        self,
        past: &Past,
        present: Person,
        layout: &Layout,
        then: Then,
    ) -> PersonThen {
        let find = |name: &str| -> Option<CampaignId> {
            let mut campaigns = self.workspace.campaigns.iter();
            let found = campaigns.find(|campaign| same(&campaign.full_name, name));
            found.map(|campaign| campaign.id)
        };
        let names = PastNames {
            fields: &self.workspace.fields,
            numbering: &self.bindings.numbering(),
            campaign: &find,
        };
        past.as_of(present, layout, &names, then)
    }

    /// Returns those of some people who were there when they are asked about, as they were then.
    pub(super) fn people_at(
        self,
        store: &Store,
        people: Vec<Person>,
        layout: &Layout,
        at: AskedAt,
    ) -> Result<Vec<Person>, Error> {
        let AskedAt::Past(at) = at else {
            return Ok(people);
        };
        let mut were = Vec::new();
        for person in people {
            let past = self.past(store, person.id)?;
            if existed(&past, at) {
                were.push(self.as_of(&past, person, layout, Then::At(at)).person);
            }
        }
        Ok(were)
    }

    /// Reads everything that has changed a person.
    pub(super) fn past(self, store: &Store, person: PersonId) -> Result<Past, Error> {
        Ok(store.past(person, self.bindings)?)
    }
}

/// Returns whether a person was there at an instant. One who was loaded always was.
pub(super) fn existed(past: &Past, at: Instant) -> bool {
    past.created_at().is_none_or(|made| made <= at)
}
