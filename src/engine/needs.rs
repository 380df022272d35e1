//! Collects what a set of campaigns needs to know about people.

use std::collections::BTreeSet;

use crate::campaign::{Action, Campaign, StartedCampaign};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::field::{EMAIL, ID};
use crate::domain::{ActivityTypeId, CampaignId, FieldId};
use crate::world::{Event, Needs};

use super::Engine;
use super::apply::{self, LEAD_SOURCE};

/// Returns what some campaigns need, with those that they execute and those that their activities may start.
pub(crate) fn needs_of(
    engine: &Engine<'_>,
    campaigns: impl IntoIterator<Item = CampaignId>,
) -> Needs {
    let mut asked = NeedsCollector::default();
    asked.open.extend(campaigns);
    asked.all(engine);
    asked.needs
}

/// What is needed, as far as campaigns were asked.
#[derive(Default)]
struct NeedsCollector {
    needs: Needs,
    seen: BTreeSet<CampaignId>,
    open: Vec<CampaignId>,
}

impl NeedsCollector {
    /// Asks every campaign that is still to be asked, and those that follow from it.
    fn all(&mut self, engine: &Engine<'_>) {
        while let Some(id) = self.open.pop() {
            if self.seen.insert(id) {
                let campaign = engine.workspace.campaign(id);
                campaign.filter.needs(&mut self.needs);
                self.flow(engine, campaign);
            }
        }
    }

    /// Asks the steps of one flow.
    fn flow(&mut self, engine: &Engine<'_>, campaign: &Campaign) {
        for step in &campaign.flow {
            self.open.extend(engine.index.of_type(step.activity()));
            for choice in &step.choices {
                choice.when.needs(&mut self.needs);
            }
            for action in step.actions() {
                add_action(engine, campaign, action, &mut self.needs);
                if let Some(StartedCampaign::Executed(campaign)) = action.effects().starts {
                    self.open.push(campaign);
                }
            }
        }
    }
}

impl Engine<'_> {
    /// Asks the active trigger campaigns, and those that people wait in, older versions included.
    fn ask_active(&self, waited_in: impl IntoIterator<Item = CampaignId>) -> NeedsCollector {
        let types =
            (0..self.workspace.activities.len()).filter_map(|index| u16::try_from(index).ok());
        let active =
            types.flat_map(|index| self.index.of_type(ActivityTypeId(index)).iter().copied());
        let mut asked = NeedsCollector::default();
        asked.open.extend(active.chain(waited_in));
        for old in &self.workspace.retired {
            asked.flow(self, old);
        }
        asked.all(self);
        asked
    }

    /// Returns the campaigns that may be walked: the active trigger campaigns, those that people wait in, older versions
    /// included, and all that follow from them.
    pub(super) fn reachable(
        &self,
        waited_in: impl IntoIterator<Item = CampaignId>,
    ) -> Vec<&Campaign> {
        let asked = self.ask_active(waited_in);
        let present = asked.seen.iter().map(|id| self.workspace.campaign(*id));
        present.chain(&self.workspace.retired).collect()
    }

    /// Returns what the active trigger campaigns, and those that people wait in, need; older versions included.
    pub(crate) fn needs(&self, waited_in: impl IntoIterator<Item = CampaignId>) -> Needs {
        let mut needs = self.ask_active(waited_in).needs;
        // People are found by these, so their changes must be seen.
        needs.fields.extend([EMAIL, ID]);
        needs
    }

    /// Returns what a person list taken as activities needs, given its fields and whether it fills a static list.
    pub(crate) fn import_needs(
        &self,
        fields: impl IntoIterator<Item = FieldId>,
        lists: bool,
    ) -> Needs {
        let mut needs = self.needs([]);
        needs.fields.extend(fields);
        needs.fields.extend(self.workspace.fields.find(LEAD_SOURCE));
        needs.lists |= lists;
        needs
    }

    /// Adds what applying an event needs.
    pub(crate) fn event_needs(&self, event: &Event, needs: &mut Needs) {
        apply::fields_of(self, event, &mut |field| {
            needs.fields.insert(field);
        });
        needs.lists |= [
            BuiltinActivity::AddToList.id(),
            BuiltinActivity::RemoveFromList.id(),
        ]
        .contains(&event.activity);
        needs.programs |= event.activity == BuiltinActivity::ChangeProgramStatus.id()
            || apply::changes_membership(event)
            || apply::is_of_program(self, event);
    }
}

fn add_action(engine: &Engine<'_>, campaign: &Campaign, action: &Action, needs: &mut Needs) {
    action.needs(engine.workspace, needs);
    if action.effects().email.is_some() {
        needs.fields.extend(engine.mail.all());
        if campaign.obeys_limits {
            needs.history.insert(BuiltinActivity::SendEmail.id());
        }
    }
}
