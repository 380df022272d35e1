//! What campaigns do: one happening at a time, to quiescence.
//!
//! A happening is an event, a row of a list, a wake-up, or one person's entry into a batch run. The engine changes the one
//! person it is about through `world::Subject`, walks the flows that the happening starts, and goes on,
//! first in first out, with what their activities start in turn. It does no I/O, reads no clock and draws
//! no random numbers; drivers in `app` decide what happens when, and the store writes the journal.

mod apply;
mod blockers;
mod cascade;
mod explain;
mod keys;
mod list_import;
mod matches;
mod needs;
mod reached;
mod run_tally;
mod step;
mod step_position;
mod tally;
mod trigger_index;
mod wait;
mod walk;
mod words;

use crate::campaign::{Campaign, Qualification, Workspace};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{CampaignId, Instant, Outcome, PersonId, PersonKey, Reason, RunId, Text};
use crate::filter::operator::EvaluationTime;
use crate::filter::{Draw, Facts, Filter, Occasion};
use crate::world::{Event, Person, WaitRow, World};

pub(crate) use blockers::ServedAddresses;
pub(crate) use explain::{ExplainedMoment, Reasons, TriggerReason};
pub(crate) use list_import::{Imported, ListRow};
pub(crate) use needs::needs_of;
pub(crate) use reached::Reached;
pub(crate) use run_tally::RunTally;
pub(crate) use tally::{CampaignTally, Cut, JudgedPerson, Tally};

use blockers::MailFields;
use cascade::Cascade;
use trigger_index::TriggerIndex;
use walk::WaitEnd;
use words::LogTexts;

/// The campaigns of a workspace, ready to work.
#[derive(Debug)]
pub(crate) struct Engine<'w> {
    workspace: &'w Workspace,
    index: TriggerIndex,
    /// Those that are not active, for those who want to see what would have started them.
    inactive: TriggerIndex,
    words: LogTexts,
    mail: MailFields,
    seed: u64,
}

/// Why a wait ends and nothing follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Abandoned {
    /// Its batch run was aborted.
    RunAborted,
    /// A new version of its campaign was loaded that has no such wait, and was to drop who waits there.
    Dropped {
        /// That version.
        by: u32,
    },
}

/// The outcome of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventOutcome {
    /// Logged, and campaigns were asked.
    Done,
    /// Nobody answers to its key, and its type makes nobody.
    UnknownPerson,
}

/// What a batch run brings to each entry.
#[derive(Debug)]
pub(crate) struct BatchEntry<'a> {
    /// The run.
    pub(crate) run: RunId,
    /// The instant of the run.
    pub(crate) at: Instant,
    /// The addresses it has served.
    pub(crate) served: &'a mut ServedAddresses,
}

/// The outcome of one person in a batch run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BatchVerdict {
    /// The filters do not hold.
    NotMatched,
    /// They hold, but the qualification rule says no.
    Excluded,
    /// The person may enter.
    Qualified,
}

/// Whether events start campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Campaigns are evaluated.
    Ask,
    /// The event is logged and applied only, as history: it did happen, so its row stands as it is, also where all is as it
    /// says already.
    Quiet,
}

impl<'w> Engine<'w> {
    /// Makes an engine; `active` says which trigger campaigns may be started.
    pub(crate) fn new(
        workspace: &'w Workspace,
        active: impl Fn(CampaignId) -> bool,
        seed: u64,
    ) -> Self {
        Self {
            workspace,
            index: TriggerIndex::of(workspace, &active),
            inactive: TriggerIndex::of(workspace, |id| !active(id)),
            words: LogTexts::of(workspace),
            mail: MailFields::of(workspace),
            seed,
        }
    }

    /// Returns the workspace.
    pub(crate) fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// Returns whether an event makes the person it names, if nobody answers to the key.
    ///
    /// Our numbers are given, never taken: an unknown one names nobody.
    pub(crate) fn makes_person(event: &Event) -> bool {
        let by_form = event.activity == BuiltinActivity::FillOutForm.id();
        let by_itself = event.activity == BuiltinActivity::NewPerson.id();
        (by_form || by_itself)
            && event.outcome.is_none()
            && !matches!(event.person, PersonKey::Number(_))
    }

    /// Takes one event: logs it, applies what it describes, asks campaigns, walks.
    ///
    /// `known` is who now answers to the event's key.
    pub(crate) fn event(
        &self,
        world: &mut World,
        event: &Event,
        known: Option<PersonId>,
        reaction: Reaction,
        tally: &mut Tally,
    ) -> EventOutcome {
        let (person, created) = match known {
            Some(person) if world.has(person) => (person, false),
            _ if Self::makes_person(event) => (world.create(&event.person, event.at), true),
            _ => return EventOutcome::UnknownPerson,
        };
        let application = apply::ResolvedEvent::resolve(self, world, event, created);
        let deleted = match world.subject(person) {
            Some(mut subject) => {
                let mut cascade = Cascade::new(self, &mut subject, event.at, tally, None);
                cascade.draw.occasion = Occasion::of_event(&event.identity);
                if reaction == Reaction::Quiet {
                    // People are loaded as they are today; their history does not change when they last changed.
                    cascade.subject.updates_at(None);
                }
                application.run(&mut cascade, reaction);
                cascade.subject.is_made();
                match reaction {
                    Reaction::Ask => cascade.run_to_quiescence(),
                    Reaction::Quiet => {}
                }
                subject.is_deleted()
            }
            None => false,
        };
        world.journal().events.push(event.identity);
        if deleted {
            world.remove(person);
        }
        EventOutcome::Done
    }

    /// Ends a wait at its instant and walks on; `served` are the addresses that the wait's batch run has served.
    pub(crate) fn wake(
        &self,
        world: &mut World,
        wait: &WaitRow,
        tally: &mut Tally,
        served: Option<&mut ServedAddresses>,
    ) {
        let Some(mut subject) = world.subject(wait.person) else {
            return;
        };
        // The wait may have been ended by an earlier happening of the same instant.
        let Some(wait) = subject.end_wait(wait.id) else {
            return;
        };
        tally.waits += 1;
        if tally.ended(wait.id) {
            tally.campaign(wait.campaign).waiting -= 1;
        }
        let mut cascade = Cascade::new(self, &mut subject, wait.until, tally, served);
        cascade.resume(&wait);
        cascade.run_to_quiescence();
        if subject.is_deleted() {
            world.remove(wait.person);
        }
    }

    /// Ends a wait without continuing the walk; the log says why.
    pub(crate) fn abandon(&self, world: &mut World, wait: &WaitRow, at: Instant, why: Abandoned) {
        let Some(mut subject) = world.subject(wait.person) else {
            return;
        };
        let Some(wait) = subject.end_wait(wait.id) else {
            return;
        };
        let (version, reason) = match why {
            Abandoned::RunAborted => (None, Reason::Aborted),
            Abandoned::Dropped { by } => (Some(by), Reason::Dropped),
        };
        let ended = WaitEnd {
            step: wait.step,
            version,
            unfinished: Some((Outcome::Skipped, reason)),
        };
        subject.log(ended.row(&wait, at, &self.words));
    }

    /// Returns the communication limit that holds emails back at an instant, given those that were sent, oldest first.
    pub(crate) fn used_limit(
        &self,
        sent: &[(Instant, Text)],
        at: Instant,
    ) -> Option<blockers::UsedLimit> {
        blockers::used_limit(self.workspace, sent, at)
    }

    /// Judges one person for a batch run.
    pub(crate) fn judge(
        &self,
        campaign: &Campaign,
        world: &World,
        person: &Person,
        at: Instant,
    ) -> BatchVerdict {
        let when = self.when(at);
        if !campaign
            .filter
            .holds(&cascade::facts(person, world.layout(), when, self.draw(at)))
        {
            return BatchVerdict::NotMatched;
        }
        if qualifies(campaign, person, at) {
            BatchVerdict::Qualified
        } else {
            BatchVerdict::Excluded
        }
    }

    /// Notes what the judgement of one person for a batch run has reached, where somebody wants to know.
    pub(crate) fn note_judged(
        &self,
        campaign: &Campaign,
        world: &World,
        person: &Person,
        at: Instant,
        tally: &mut Tally,
    ) {
        if let Some(reached) = tally.reached() {
            let facts = cascade::facts(person, world.layout(), self.when(at), self.draw(at));
            let holds = campaign.filter.holds(&facts);
            let rule = holds.then(|| qualifies(campaign, person, at));
            reached.judged(campaign, &facts, rule);
        }
    }

    /// Returns whether a filter holds for a person at an instant.
    pub(crate) fn holds(
        &self,
        filter: &Filter,
        world: &World,
        person: &Person,
        at: Instant,
    ) -> bool {
        let facts = cascade::facts(person, world.layout(), self.when(at), self.draw(at));
        filter.holds(&facts)
    }

    /// Returns the first filter of a campaign that does not hold for a person, as it was written.
    pub(crate) fn first_failing(
        &self,
        campaign: &Campaign,
        world: &World,
        person: &Person,
        at: Instant,
    ) -> Option<String> {
        let facts = cascade::facts(person, world.layout(), self.when(at), self.draw(at));
        first_failing(&campaign.filter, &facts)
    }

    /// Enters one person of a batch run and walks.
    pub(crate) fn enter(
        &self,
        world: &mut World,
        campaign: &Campaign,
        person: PersonId,
        entry: &mut BatchEntry<'_>,
        tally: &mut Tally,
    ) {
        let Some(mut subject) = world.subject(person) else {
            return;
        };
        let mut cascade = Cascade::new(
            self,
            &mut subject,
            entry.at,
            tally,
            Some(&mut *entry.served),
        );
        cascade.enter_batch(campaign, entry.run);
        cascade.run_to_quiescence();
        if subject.is_deleted() {
            world.remove(person);
        }
    }

    /// Returns from what random samples are drawn at an instant, where it is not an event that happens.
    fn draw(&self, at: Instant) -> Draw {
        Draw {
            seed: self.seed,
            occasion: Occasion::at(at),
        }
    }

    fn when(&self, now: Instant) -> EvaluationTime<'w> {
        EvaluationTime {
            now,
            zone: &self.workspace.zone,
            week_start: self.workspace.week_start,
        }
    }
}

/// Returns the first part of a filter that does not hold, as it was written.
fn first_failing(filter: &Filter, facts: &Facts<'_>) -> Option<String> {
    let mut failing = None;
    filter.each_leaf(&mut |leaf| {
        if failing.is_none() && !leaf.holds(facts) {
            failing = Some(leaf.words());
        }
    });
    failing
}

/// Returns whether the qualification rule lets a person enter a campaign at an instant.
///
/// `once_every` counts elapsed hours since the last entry; exactly the window is enough.
pub(crate) fn qualifies(campaign: &Campaign, person: &Person, at: Instant) -> bool {
    match (campaign.qualification, person.entry_stats(campaign.id)) {
        (Qualification::EveryTime, _) | (_, None) => true,
        (Qualification::OnlyOnce, Some(_)) => false,
        (Qualification::OnceEvery(window), Some(passed)) => {
            at.micros() - passed.last_at.micros() >= window.elapsed_micros()
        }
    }
}
