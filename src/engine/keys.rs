//! Who has which key: the one thing that people have in common with each other.
//!
//! An event finds its person by a key, and keys move. Where only events move them, a replay finds out beforehand whom each
//! event means, and can then process people in any order; these are the questions that decide it.

use crate::campaign::{Action, Campaign};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{CampaignId, FieldId};
use crate::world::event::EventAsset;
use crate::world::{Event, World};

use super::{Engine, apply};

impl Engine<'_> {
    /// Returns whether an event that finds its person may give them another key or erase them; any other leaves all keys as
    /// they are.
    pub(crate) fn may_move_keys(&self, event: &Event) -> bool {
        if event.outcome.is_some() {
            return false;
        }
        let mut moves = event.activity == BuiltinActivity::DeletePerson.id();
        apply::fields_of(self, event, &mut |field| moves |= is_key(field));
        moves
    }

    /// Finds the list or program that an event names, as it is meant at this moment; a new name gets its number.
    pub(crate) fn asset_of(world: &World, event: &Event) -> EventAsset {
        if event.outcome.is_some() {
            return EventAsset::ByName;
        }
        apply::asset_of(world, event)
    }

    /// Returns whether a flow of active trigger campaigns, or of those that people wait in, may change keys, erase people
    /// or ask somebody outside: what it does then depends on the order among people.
    pub(crate) fn flows_meet(&self, waited_in: impl IntoIterator<Item = CampaignId>) -> bool {
        self.reachable(waited_in).into_iter().any(meets)
    }
}

fn meets(campaign: &Campaign) -> bool {
    campaign
        .flow
        .iter()
        .flat_map(crate::campaign::Step::actions)
        .any(|action| {
            matches!(action, Action::DeletePerson | Action::CallWebhook { .. })
                || action.effects().writes.is_some_and(is_key)
        })
}

fn is_key(field: FieldId) -> bool {
    field == EMAIL || field == ID
}
