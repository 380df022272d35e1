//! One happening, from its first activity until nothing more follows from it.
//!
//! Activities wait in a queue, first in first out. For each, every active campaign with a matching trigger
//! is asked on the same state; those that enter then walk, in order of priority and name.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::campaign::coverage::Point;
use crate::campaign::{Campaign, Trigger};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::text::same;
use crate::domain::{ActivityTypeId, CampaignId, Instant, Outcome, Reason, RunId, Text};
use crate::filter::operator::EvaluationTime;
use crate::filter::{Draw, Facts, constraints_hold};
use crate::world::{Activity, Attributes, Cause, Layout, MatchVerdict, Origin, Person, Subject};

use super::blockers::ServedAddresses;
use super::tally::{Cut, CutPlace, JudgedPerson, Tally};
use super::{Engine, qualifies};

/// An activity whose triggers are still to be asked.
pub(super) struct Pending {
    /// Its place in the log.
    pub(super) place: u32,
    /// The id of the event that it came from.
    pub(super) event: Option<Text>,
    pub(super) activity: ActivityTypeId,
    primary: Option<Text>,
    attributes: Attributes,
    /// The flow that wrote it; none for what the event itself wrote.
    pub(super) from: Option<usize>,
}

/// What an entry comes from.
pub(super) struct Entry {
    /// The batch run.
    pub(super) run: Option<RunId>,
    /// The place in the log of the row that began it.
    pub(super) place: Option<u32>,
    /// The activity that `{{trigger.*}}` refers to.
    pub(super) cause: Option<Arc<Cause>>,
    /// The flow whose activity or step began it.
    pub(super) parent: Option<usize>,
    pub(super) depth: u32,
}

/// One flow that the person is in during this happening.
pub(super) struct Flow {
    pub(super) campaign: CampaignId,
    pub(super) nth: u32,
    pub(super) run: Option<RunId>,
    /// The version whose steps it has, where that is not the newest.
    pub(super) finishes: Option<u32>,
    pub(super) cause: Option<Arc<Cause>>,
    /// The flow whose activity started this one.
    pub(super) parent: Option<usize>,
    /// Whether the parent executes it in series.
    pub(super) executed: bool,
    /// The flow whose campaign, program, member, my and trigger tokens count.
    pub(super) tokens_of: usize,
    pub(super) depth: u32,
    pub(super) state: FlowState,
}

/// Where a flow stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlowState {
    /// Entered, not yet walked to its end.
    Running,
    /// Ended by `remove_from_flow`.
    Removed,
    /// Held by a wait.
    Waiting,
    /// Walked to its end.
    Finished,
}

/// One happening in progress.
pub(super) struct Cascade<'c, 's, 'w> {
    pub(super) engine: &'c Engine<'w>,
    pub(super) subject: &'c mut Subject<'s>,
    pub(super) at: Instant,
    /// From what random samples are drawn.
    pub(super) draw: Draw,
    pub(super) flows: Vec<Flow>,
    pub(super) served: Option<&'c mut ServedAddresses>,
    pub(super) tally: &'c mut Tally,
    queue: VecDeque<Pending>,
    /// Campaigns that the event itself has entered: one entry an event.
    entered_by_event: Vec<CampaignId>,
    entries: u32,
}

/// Returns what a campaign's filters are asked of before an entry.
pub(super) fn facts<'a>(
    person: &'a Person,
    layout: &'a Layout,
    when: EvaluationTime<'a>,
    draw: Draw,
) -> Facts<'a> {
    Facts {
        person,
        layout,
        when,
        draw,
    }
}

impl<'c, 's, 'w> Cascade<'c, 's, 'w> {
    pub(super) fn new(
        engine: &'c Engine<'w>,
        subject: &'c mut Subject<'s>,
        at: Instant,
        tally: &'c mut Tally,
        served: Option<&'c mut ServedAddresses>,
    ) -> Self {
        subject.updates_at(Some(at));
        Self {
            engine,
            subject,
            at,
            draw: engine.draw(at),
            flows: Vec::new(),
            served,
            tally,
            queue: VecDeque::new(),
            entered_by_event: Vec::new(),
            entries: 0,
        }
    }

    /// Returns the version of the campaign that a flow walks.
    pub(super) fn walked(&self, flow: usize) -> &'w Campaign {
        let Flow {
            campaign, finishes, ..
        } = self.flows[flow];
        let workspace = self.engine.workspace;
        // Nobody wakes in a version that is not there: drivers leave such a wait alone.
        workspace
            .version(campaign, finishes)
            .unwrap_or_else(|| workspace.campaign(campaign))
    }

    /// Writes a row into the log, and queues it if a campaign may react.
    pub(super) fn log(&mut self, activity: Activity, from: Option<usize>) {
        self.tally.step(&activity);
        if activity.counts() && self.is_asked_about(activity.activity) {
            self.queue.push_back(Pending {
                place: self.subject.next_ordinal(),
                event: activity.event.clone(),
                activity: activity.activity,
                primary: activity.primary.clone(),
                attributes: Arc::clone(&activity.attributes),
                from,
            });
        }
        self.subject.log(activity);
    }

    /// Returns whether an activity may start a campaign, or might start one that is not active and somebody wants to see that.
    fn is_asked_about(&self, activity: ActivityTypeId) -> bool {
        let engine = self.engine;
        !engine.index.of_type(activity).is_empty()
            || self.tally.is_watched() && !engine.inactive.of_type(activity).is_empty()
    }

    /// Runs until nothing more follows.
    pub(super) fn run_to_quiescence(&mut self) {
        while let Some(pending) = self.queue.pop_front() {
            if self.subject.is_deleted() {
                break;
            }
            self.react(&pending);
        }
        self.count_flows();
    }

    /// Counts how the flows of this happening ended.
    fn count_flows(&mut self) {
        let deleted = self.subject.is_deleted();
        for flow in &self.flows {
            let counts = self.tally.campaign(flow.campaign);
            match flow.state {
                FlowState::Removed => counts.removed += 1,
                FlowState::Waiting if !deleted => counts.waiting += 1,
                FlowState::Running | FlowState::Waiting | FlowState::Finished => {
                    counts.finished += 1;
                }
            }
        }
    }

    /// Asks every campaign that may react to an activity, then walks those that enter.
    fn react(&mut self, pending: &Pending) {
        let engine = self.engine;
        let entering: Vec<&'w Campaign> = engine
            .index
            .of_type(pending.activity)
            .iter()
            .map(|id| engine.workspace.campaign(*id))
            .filter(|campaign| self.enters(campaign, pending))
            .collect();
        if self.tally.is_watched() {
            self.watch_inactive(pending);
        }
        if entering.is_empty() {
            return;
        }
        let cause = Arc::new(Cause {
            activity: pending.activity,
            primary: pending.primary.clone(),
            attributes: Arc::clone(&pending.attributes),
        });
        let depth = pending.from.map_or(1, |flow| self.flows[flow].depth + 1);
        let first = self.flows.len();
        for campaign in entering {
            if pending.from.is_none() {
                self.entered_by_event.push(campaign.id);
            }
            self.start(campaign, pending, depth, &cause);
        }
        for flow in first..self.flows.len() {
            self.walk(flow, 0);
        }
    }

    /// Evaluates a campaign for an activity, and counts the verdict.
    fn enters(&mut self, campaign: &Campaign, pending: &Pending) -> bool {
        if pending.from.is_none() && self.entered_by_event.contains(&campaign.id) {
            return false;
        }
        self.note_triggers(campaign, pending);
        let trigger = self.fired_by(campaign, pending);
        let verdict = trigger.map(|trigger| (trigger, self.judge(campaign)));
        if let Some((trigger, verdict)) = verdict {
            self.watch(campaign, pending, trigger, verdict);
        }
        let entered = verdict.is_some_and(|(_, verdict)| verdict == MatchVerdict::Entered);
        self.keep_judged(campaign, Some(pending.place), entered);
        entered
    }

    /// Returns the first trigger of a campaign that an activity starts, by its place.
    pub(super) fn fired_by(&self, campaign: &Campaign, pending: &Pending) -> Option<usize> {
        let mut triggers = campaign.triggers.iter();
        triggers.position(|trigger| self.is_fired(campaign, trigger, pending))
    }

    fn is_fired(&self, campaign: &Campaign, trigger: &Trigger, pending: &Pending) -> bool {
        let when = self.engine.when(self.at);
        let (primary, attributes) = (pending.primary.as_ref(), &pending.attributes);
        trigger.activity == pending.activity && fires(campaign, trigger, primary, attributes, &when)
    }

    /// Notes every trigger that an activity fires, also those after the first, where somebody wants to know.
    fn note_triggers(&mut self, campaign: &Campaign, pending: &Pending) {
        if self.tally.reached().is_none() {
            return;
        }
        for (place, trigger) in campaign.triggers.iter().enumerate() {
            if self.is_fired(campaign, trigger, pending) {
                self.note(campaign.id, Point::Trigger(place));
            }
        }
    }

    /// Notes a point of a campaign that was reached, where somebody wants to know.
    pub(super) fn note(&mut self, campaign: CampaignId, point: Point) {
        if let Some(reached) = self.tally.reached() {
            reached.note(campaign, point);
        }
    }

    /// Keeps the person as they are now, if the campaign is observed.
    pub(super) fn keep_judged(&mut self, campaign: &Campaign, row: Option<u32>, entered: bool) {
        let (person, at) = (self.subject.person(), self.at);
        self.tally.judged(campaign.id, || JudgedPerson {
            person: person.clone(),
            at,
            row,
            entered,
        });
    }

    /// Returns whether a campaign takes the person now: its filters hold and its qualification rule admits them.
    pub(super) fn admits(&mut self, campaign: &Campaign) -> bool {
        self.judge(campaign) == MatchVerdict::Entered
    }

    /// Judges the person as they are now, and counts the verdict.
    fn judge(&mut self, campaign: &Campaign) -> MatchVerdict {
        let person = self.subject.person();
        let when = self.engine.when(self.at);
        let facts = facts(person, self.subject.layout(), when, self.draw);
        let holds = campaign.filter.holds(&facts);
        let qualified = holds && qualifies(campaign, person, self.at);
        if let Some(reached) = self.tally.reached() {
            reached.judged(campaign, &facts, holds.then_some(qualified));
        }
        let counts = self.tally.campaign(campaign.id);
        counts.triggered += 1;
        counts.filters += u64::from(!holds);
        counts.excluded += u64::from(holds && !qualified);
        match (holds, qualified) {
            (false, _) => MatchVerdict::Filters,
            (true, false) => MatchVerdict::Excluded,
            (true, true) => MatchVerdict::Entered,
        }
    }

    /// Ends the waits of the person in a campaign, and returns how many there were.
    pub(super) fn end_waits_in(&mut self, campaign: CampaignId) -> usize {
        let ended = self.subject.end_waits_in(campaign);
        let known = ended.iter().filter(|wait| self.tally.ended(**wait));
        let mut counted = known.count();
        let mut earlier = ended.len();
        for flow in &mut self.flows {
            if flow.campaign == campaign && flow.state == FlowState::Waiting {
                flow.state = FlowState::Removed;
                earlier = earlier.saturating_sub(1);
                counted = counted.saturating_sub(1);
            }
        }
        let counts = self.tally.campaign(campaign);
        counts.removed += earlier as u64;
        counts.waiting -= i64::try_from(counted).unwrap_or(i64::MAX);
        ended.len()
    }

    /// Enters a campaign that a trigger started, unless that goes too far.
    fn start(&mut self, campaign: &Campaign, pending: &Pending, depth: u32, cause: &Arc<Cause>) {
        if !self.may_go_on(campaign, pending.from, depth) {
            self.settle(campaign, pending, None);
            return;
        }
        let entry = Entry {
            run: None,
            place: Some(pending.place),
            cause: Some(Arc::clone(cause)),
            parent: pending.from,
            depth,
        };
        let flow = self.flows.len();
        self.open(campaign, entry);
        self.settle(campaign, pending, Some(self.flows[flow].nth));
        debug_assert_eq!(self.flows.len(), flow + 1, "entering opens one flow");
    }

    /// Counts one more entry, or cuts it where the cascade limit is reached.
    pub(super) fn may_go_on(
        &mut self,
        campaign: &Campaign,
        parent: Option<usize>,
        depth: u32,
    ) -> bool {
        let limit = self.engine.workspace.cascade;
        self.entries += 1;
        if depth <= limit.depth && self.entries <= limit.total {
            return true;
        }
        self.tally.campaign(campaign.id).cut += 1;
        let place = CutPlace {
            at: self.at,
            person: self.subject.id(),
            row: self.subject.next_ordinal(),
        };
        if let Some(first) = campaign.flow.first() {
            let activity = Activity {
                at: self.at,
                activity: first.activity(),
                primary: None,
                attributes: Arc::clone(&self.engine.words.no_attributes),
                origin: Some(Origin {
                    campaign: campaign.id,
                    run: None,
                    step: 1,
                    choice: None,
                }),
                outcome: Some(Outcome::Failed),
                reason: Some(Reason::CascadeLimit),
                event: None,
                marketo_campaign: None,
            };
            self.log(activity, None);
        }
        let flows = &self.flows;
        let subject = &self.subject;
        self.tally.cut(place, || {
            let mut chain = vec![campaign.id];
            let mut above = parent;
            while let Some(flow) = above {
                chain.push(flows[flow].campaign);
                above = flows[flow].parent;
            }
            chain.reverse();
            Cut {
                place,
                key: subject.person().names(subject.layout()).best(),
                chain,
            }
        });
        false
    }

    /// Records an entry and opens its flow.
    pub(super) fn open(&mut self, campaign: &Campaign, entry: Entry) -> usize {
        let Entry {
            run,
            place,
            cause,
            parent,
            depth,
        } = entry;
        let nth = self
            .subject
            .enter(campaign.id, campaign.version, run, place, self.at);
        self.tally.entries += 1;
        self.tally.campaign(campaign.id).entered += 1;
        let flow = self.flows.len();
        self.flows.push(Flow {
            campaign: campaign.id,
            nth,
            run,
            finishes: None,
            cause,
            parent,
            executed: false,
            tokens_of: flow,
            depth,
            state: FlowState::Running,
        });
        flow
    }

    /// Enters a person of a batch run and walks.
    pub(super) fn enter_batch(&mut self, campaign: &Campaign, run: RunId) {
        let entry = Entry {
            run: Some(run),
            place: None,
            cause: None,
            parent: None,
            depth: 0,
        };
        let flow = self.open(campaign, entry);
        self.walk(flow, 0);
        match self.flows[flow].state {
            FlowState::Waiting => self.tally.waiting += 1,
            FlowState::Running | FlowState::Removed | FlowState::Finished => {
                self.tally.finished += 1;
            }
        }
    }
}

/// Returns whether an activity of a trigger's type starts it.
pub(super) fn fires(
    campaign: &Campaign,
    trigger: &Trigger,
    primary: Option<&Text>,
    attributes: &Attributes,
    when: &EvaluationTime<'_>,
) -> bool {
    let asked = trigger.activity != BuiltinActivity::RequestCampaign.id()
        || asks_for(primary.map(AsRef::as_ref), campaign);
    asked && constraints_hold(&trigger.constraints, primary, attributes, when)
}

/// Returns whether a request names a campaign: by its full name, or by its bare one.
fn asks_for(requested: Option<&str>, campaign: &Campaign) -> bool {
    requested.is_some_and(|name| same(name, &campaign.full_name) || same(name, &campaign.name))
}
