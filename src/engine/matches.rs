//! Notes each match of a trigger in the journal, where somebody wants to see them.

use crate::campaign::Campaign;
use crate::world::{Match, MatchVerdict};

use super::cascade::{Cascade, Pending, facts};
use super::first_failing;

impl Cascade<'_, '_, '_> {
    /// Keeps a match of a trigger, where somebody wants to see them.
    pub(super) fn watch(
        &mut self,
        campaign: &Campaign,
        pending: &Pending,
        trigger: usize,
        verdict: MatchVerdict,
    ) {
        if !self.tally.is_watched() {
            return;
        }
        let (person, layout) = (self.subject.person(), self.subject.layout());
        let failing = match verdict {
            MatchVerdict::Filters => first_failing(
                &campaign.filter,
                &facts(person, layout, self.engine.when(self.at), self.draw),
            ),
            MatchVerdict::Entered
            | MatchVerdict::Excluded
            | MatchVerdict::Inactive
            | MatchVerdict::Cut => None,
        };
        let matched = Match {
            at: self.at,
            person: person.names(layout),
            place: pending.place,
            event: pending.event.clone(),
            trigger: campaign.triggers[trigger].written.clone(),
            campaign: campaign.id,
            verdict,
            failing,
            parent: pending.from.map(|flow| self.flows[flow].campaign),
            nth: None,
        };
        self.subject.note_match(matched);
    }

    /// Notes what entry a match has made; none where the cascade limit cut it.
    pub(super) fn settle(&mut self, campaign: &Campaign, pending: &Pending, nth: Option<u32>) {
        if self.tally.is_watched() {
            self.subject.settle_match(campaign.id, pending.place, nth);
        }
    }

    /// Keeps the matches of triggers whose campaigns are not active.
    pub(super) fn watch_inactive(&mut self, pending: &Pending) {
        let engine = self.engine;
        for id in engine.inactive.of_type(pending.activity) {
            let campaign = engine.workspace.campaign(*id);
            if let Some(trigger) = self.fired_by(campaign, pending) {
                self.watch(campaign, pending, trigger, MatchVerdict::Inactive);
            }
        }
    }
}
