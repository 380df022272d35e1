//! Why a person would enter a campaign or would not, and which of its emails would be held back.
//!
//! Every rule is evaluated, also after one has failed, by the same functions that judge entries and emails: nothing is
//! judged anew here. Nothing changes either. `app::explain` puts the answer into words.

use std::collections::BTreeSet;

use crate::campaign::{Action, Campaign, Trigger};
use crate::domain::{Instant, PersonId, Reason, Text};
use crate::filter::explain::{Rule, Wording, explain, explain_constraints};
use crate::filter::survey::{Change, Survey, smallest_changes};
use crate::filter::{Draw, Filter, Occasion};
use crate::world::{LogRow, Needs, PastActivity, Person, World};

use super::blockers::OutgoingEmail;
use super::cascade::{facts, fires};
use super::{BatchVerdict, Engine, needs_of, qualifies};

/// Everything that decides about one person and one campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reasons {
    /// Each trigger, in the order written; any of them is enough.
    pub(crate) triggers: Vec<TriggerReason>,
    /// Whether any trigger fires, or the campaign has none.
    pub(crate) fires: bool,
    /// Each filter, groups and named smart lists opened.
    pub(crate) filters: Vec<Rule>,
    /// Whether the filters hold, as their logic joins them.
    pub(crate) matches: bool,
    /// Whether the qualification rule lets the person in.
    pub(crate) admitted: bool,
    /// Emails of the flow that would be held back if they were due now.
    pub(crate) held_back: Vec<HeldBack>,
    /// The smallest changes by which the filters would hold, fewest first; each is enough.
    pub(crate) changes: Vec<Vec<Change>>,
}

impl Reasons {
    /// Returns whether the person qualifies.
    pub(crate) fn qualifies(&self) -> bool {
        self.fires && self.matches && self.admitted
    }
}

/// What an explanation is about besides the campaign and the person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExplainedMoment {
    /// The instant of everything.
    pub(crate) at: Instant,
    /// The row of the person's log that triggers are asked about; without one, every row.
    pub(crate) row: Option<u32>,
    /// What happened, for samples that are drawn each time.
    pub(crate) occasion: Occasion,
}

impl ExplainedMoment {
    /// Asks about things as they are at an instant.
    pub(crate) fn now(at: Instant) -> Self {
        Self {
            at,
            row: None,
            occasion: Occasion::at(at),
        }
    }
}

/// One trigger and the activity that comes nearest to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TriggerReason {
    /// What was written.
    pub(crate) written: String,
    /// Whether an activity of the log fires it: any, or the one that is asked about.
    pub(crate) holds: bool,
    /// The newest activity that fires it, else the newest of its type: the place in the log, and when. Of
    /// one that is asked about, that one if it is of the type.
    pub(crate) activity: Option<(u32, Instant)>,
    /// Its constraints against that activity.
    pub(crate) constraints: Vec<Rule>,
}

/// An email that would be held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldBack {
    /// The step that sends it, from 1.
    pub(crate) step: u32,
    /// The email's name.
    pub(crate) email: Text,
    /// Every reason.
    pub(crate) reasons: Vec<Reason>,
}

impl Engine<'_> {
    /// Returns what must be loaded of a person to explain a campaign.
    pub(crate) fn explain_needs(&self, campaign: &Campaign) -> Needs {
        let mut needs = needs_of(self, [campaign.id]);
        let types = campaign.triggers.iter().map(|trigger| trigger.activity);
        needs.history.extend(types);
        needs
    }

    /// Explains a campaign for a person as they are now; nothing where the world has no such person.
    pub(crate) fn explain(
        &self,
        campaign: &Campaign,
        world: &mut World,
        person: PersonId,
        moment: ExplainedMoment,
    ) -> Option<Reasons> {
        let ExplainedMoment { at, row, occasion } = moment;
        let held_back = self.held_back(campaign, world, person, at)?;
        let known = world.person(person)?;
        let wording = self.wording(world);
        let when = self.when(at);
        let draw = Draw {
            occasion,
            ..self.draw(at)
        };
        let facts = facts(known, world.layout(), when, draw);
        let triggers: Vec<TriggerReason> = campaign
            .triggers
            .iter()
            .map(|trigger| self.trigger(campaign, trigger, known, (at, row), &wording))
            .collect();
        Some(Reasons {
            fires: triggers.is_empty() || triggers.iter().any(|trigger| trigger.holds),
            triggers,
            filters: explain(&campaign.filter, &facts, &wording),
            matches: campaign.filter.holds(&facts),
            admitted: qualifies(campaign, known, at),
            held_back,
            changes: smallest_changes(&campaign.numbered, &facts, &wording),
        })
    }

    /// Returns whether a filter holds for a person at a moment of the past.
    pub(crate) fn holds_at(
        &self,
        filter: &Filter,
        world: &World,
        person: &Person,
        moment: ExplainedMoment,
    ) -> bool {
        let draw = Draw {
            occasion: moment.occasion,
            ..self.draw(moment.at)
        };
        filter.holds(&facts(person, world.layout(), self.when(moment.at), draw))
    }

    /// Returns the names of what filters know by number.
    pub(crate) fn wording<'a>(&'a self, world: &'a World) -> Wording<'a> {
        Wording {
            fields: &self.workspace.fields,
            activities: &self.workspace.activities,
            lists: &world.lists,
            programs: &world.programs,
        }
    }

    /// Returns whether a row of a log fires one of a campaign's triggers.
    pub(crate) fn is_fired(&self, campaign: &Campaign, row: &LogRow, at: Instant) -> bool {
        self.fired_trigger(campaign, row, at).is_some()
    }

    /// Returns the first of a campaign's triggers that a row of a log fires, by its place.
    pub(crate) fn fired_trigger(
        &self,
        campaign: &Campaign,
        row: &LogRow,
        at: Instant,
    ) -> Option<usize> {
        let (activity, when) = (&row.activity, self.when(at));
        campaign.triggers.iter().position(|trigger| {
            trigger.activity == activity.activity
                && fires(
                    campaign,
                    trigger,
                    activity.primary.as_ref(),
                    &activity.attributes,
                    &when,
                )
        })
    }

    /// Asks the filters of a campaign about one person more, counts the answers, and judges.
    pub(crate) fn survey(
        &self,
        survey: &mut Survey<'_>,
        campaign: &Campaign,
        world: &World,
        person: &Person,
        moment: ExplainedMoment,
    ) -> BatchVerdict {
        let draw = Draw {
            occasion: moment.occasion,
            ..self.draw(moment.at)
        };
        let facts = facts(person, world.layout(), self.when(moment.at), draw);
        match (
            survey.ask(&facts, &self.wording(world)),
            qualifies(campaign, person, moment.at),
        ) {
            (false, _) => BatchVerdict::NotMatched,
            (true, false) => BatchVerdict::Excluded,
            (true, true) => BatchVerdict::Qualified,
        }
    }

    /// Returns why emails of a flow would be held back from a person, each reason once.
    pub(crate) fn blocks(
        &self,
        campaign: &Campaign,
        world: &mut World,
        person: PersonId,
        at: Instant,
    ) -> BTreeSet<Reason> {
        let held_back = self.held_back(campaign, world, person, at);
        let held_back = held_back.into_iter().flatten();
        held_back.flat_map(|email| email.reasons).collect()
    }

    fn trigger(
        &self,
        campaign: &Campaign,
        trigger: &Trigger,
        person: &Person,
        (at, row): (Instant, Option<u32>),
        wording: &Wording<'_>,
    ) -> TriggerReason {
        let when = self.when(at);
        let asked = |record: &&PastActivity| row.is_none_or(|row| record.ordinal == row);
        let newest_first = || person.history_of(trigger.activity).rev().filter(asked);
        let fires = |record: &&PastActivity| {
            fires(
                campaign,
                trigger,
                record.primary.as_ref(),
                &record.attributes,
                &when,
            )
        };
        let firing = newest_first().find(fires);
        let nearest = firing.or_else(|| newest_first().next());
        let constraints = nearest.map(|record| {
            explain_constraints(
                trigger.activity,
                &trigger.constraints,
                record.primary.as_ref(),
                &record.attributes,
                &when,
                wording,
            )
        });
        TriggerReason {
            written: trigger.written.clone(),
            holds: firing.is_some(),
            activity: nearest.map(|record| (record.ordinal, record.at)),
            constraints: constraints.unwrap_or_default(),
        }
    }

    /// Finds the emails of a flow that would be held back, each once a step.
    fn held_back(
        &self,
        campaign: &Campaign,
        world: &mut World,
        person: PersonId,
        at: Instant,
    ) -> Option<Vec<HeldBack>> {
        let subject = world.subject(person)?;
        let mut held_back: Vec<HeldBack> = Vec::new();
        for (step, written) in (1..).zip(&campaign.flow) {
            for action in written.actions() {
                let Action::SendEmail { email } = action else {
                    continue;
                };
                let letter = OutgoingEmail {
                    workspace: self.workspace,
                    fields: &self.mail,
                    campaign,
                    subject: &subject,
                    email,
                    step,
                    served: None,
                    at,
                };
                let blocked = HeldBack {
                    step,
                    email: Text::clone(email),
                    reasons: letter.blocks().collect(),
                };
                if !blocked.reasons.is_empty() && !held_back.contains(&blocked) {
                    held_back.push(blocked);
                }
            }
        }
        Some(held_back)
    }
}
