//! Counts of what happenings did, for summaries.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{CampaignId, Instant, PersonId, RunId, WaitId};
use crate::world::{Activity, Person};

use super::reached::Reached;
use super::run_tally::RunTally;

/// An entry that the cascade limit cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Where it stands among others.
    pub(crate) place: CutPlace,
    /// The best key of the person that was loaded.
    pub(crate) key: String,
    /// The campaigns that led to it, the one that was cut last.
    pub(crate) chain: Vec<CampaignId>,
}

/// The order in which cut entries are reported: by instant, person and place in the person's log, whatever the order in
/// which people are processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CutPlace {
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The person.
    pub(crate) person: PersonId,
    /// How many rows the person's log had.
    pub(crate) row: u32,
}

/// One person as they were when a campaign was evaluated for them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JudgedPerson {
    /// The person then.
    pub(crate) person: Person,
    /// The instant.
    pub(crate) at: Instant,
    /// The place in the person's log of the activity that a trigger was asked about; none of an executed campaign.
    pub(crate) row: Option<u32>,
    /// Whether the person was let in.
    pub(crate) entered: bool,
}

/// The people for whom one campaign was evaluated, for explanations of failed tests.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Observed {
    campaign: CampaignId,
    /// The people, in the order in which they were judged.
    pub(crate) judged: Vec<JudgedPerson>,
}

/// Counts of what happenings did.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tally {
    /// Entries into campaigns.
    pub(crate) entries: u64,
    /// Waits that ended.
    pub(crate) waits: u64,
    /// Batch walks that stopped at a wait.
    pub(crate) waiting: u64,
    /// Batch walks that came to their end.
    pub(crate) finished: u64,
    /// Entries cut by the cascade limit.
    pub(crate) cut: u64,
    /// The first few of them, in order of their places.
    pub(crate) cuts: Vec<Cut>,
    /// What the flows of batch runs did.
    pub(crate) runs: BTreeMap<RunId, RunTally>,
    /// What happened in each campaign that was evaluated.
    pub(crate) campaigns: BTreeMap<CampaignId, CampaignTally>,
    /// The waits that were counted as waiting and have not ended; nothing where none is ended by what is counted.
    begun: Option<FxHashSet<WaitId>>,
    /// Those that were counted before this part of the work, and which of them have ended in it.
    earlier: Arc<FxHashSet<WaitId>>,
    ended_earlier: Vec<WaitId>,
    /// The campaign whose evaluations are kept, and these.
    observed: Option<Observed>,
    /// Whether somebody wants to see every match of a trigger: they are noted in the journal.
    watched: bool,
    /// The points of campaigns that were reached, where somebody wants to know.
    reached: Option<Box<Reached>>,
}

/// What happened in one campaign: `triggered = filters + excluded + entered + cut + refused`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CampaignTally {
    /// How often a trigger matched; of a batch or an executable campaign, how many people were judged.
    pub(crate) triggered: u64,
    /// How many of these the filters rejected.
    pub(crate) filters: u64,
    /// How many the qualification rule rejected.
    pub(crate) excluded: u64,
    /// How many entered.
    pub(crate) entered: u64,
    /// How many of those who entered are in a wait now.
    pub(crate) waiting: i64,
    /// How many flows came to their end, those that continued after an older wait included.
    pub(crate) finished: u64,
    /// How many flows `remove_from_flow` ended.
    pub(crate) removed: u64,
    /// How many entries the cascade limit cut.
    pub(crate) cut: u64,
    /// How many entries a guard refused.
    pub(crate) refused: u64,
}

impl CampaignTally {
    /// Adds the counts of another piece of work.
    pub(crate) fn add(&mut self, other: &Self) {
        self.triggered += other.triggered;
        self.filters += other.filters;
        self.excluded += other.excluded;
        self.entered += other.entered;
        self.waiting += other.waiting;
        self.finished += other.finished;
        self.removed += other.removed;
        self.cut += other.cut;
        self.refused += other.refused;
    }
}

/// How many cuts are kept to be reported.
const MAX_REPORTED_CUTS: usize = 20;

impl Tally {
    /// Makes one that knows which of the waits that end were counted when they began.
    pub(crate) fn with_waits() -> Self {
        Self {
            begun: Some(FxHashSet::default()),
            ..Self::default()
        }
    }

    /// Notes that a wait begins, of which the end may be counted as well.
    pub(super) fn began(&mut self, wait: WaitId) {
        if let Some(begun) = &mut self.begun {
            begun.insert(wait);
        }
    }

    /// Makes one that keeps everyone for whom a campaign is evaluated by a trigger or a step.
    pub(crate) fn observing(campaign: CampaignId) -> Self {
        Self {
            observed: Some(Observed {
                campaign,
                judged: Vec::new(),
            }),
            ..Self::default()
        }
    }

    /// Keeps the points of campaigns that are reached from now on.
    pub(crate) fn cover(&mut self) {
        self.reached.get_or_insert_default();
    }

    /// Returns the points that were reached, where they are kept.
    pub(super) fn reached(&mut self) -> Option<&mut Reached> {
        self.reached.as_deref_mut()
    }

    /// Takes the points that were reached.
    pub(crate) fn take_reached(&mut self) -> Reached {
        self.reached
            .take()
            .map_or_else(Reached::default, |all| *all)
    }

    /// Has every match of a trigger noted from now on.
    pub(crate) fn watch(&mut self) {
        self.watched = true;
    }

    /// Returns whether matches are noted.
    pub(crate) fn is_watched(&self) -> bool {
        self.watched
    }

    /// Returns the people who were judged since this was last asked.
    pub(crate) fn take_judged(&mut self) -> Vec<JudgedPerson> {
        let observed = self.observed.as_mut();
        observed.map_or_else(Vec::new, |observed| std::mem::take(&mut observed.judged))
    }

    /// Keeps a person who was judged, if the campaign is observed.
    pub(super) fn judged(&mut self, campaign: CampaignId, judged: impl FnOnce() -> JudgedPerson) {
        if let Some(observed) = &mut self.observed
            && observed.campaign == campaign
        {
            observed.judged.push(judged());
        }
    }

    /// Returns the counts of a batch run.
    pub(crate) fn run(&mut self, run: RunId) -> &mut RunTally {
        self.runs.entry(run).or_default()
    }

    /// Returns the counts of a campaign.
    pub(crate) fn campaign(&mut self, campaign: CampaignId) -> &mut CampaignTally {
        self.campaigns.entry(campaign).or_default()
    }

    /// Notes that a wait has ended, and returns whether it was counted as waiting when it began.
    pub(super) fn ended(&mut self, wait: WaitId) -> bool {
        let Some(begun) = &mut self.begun else {
            return false;
        };
        if begun.remove(&wait) {
            return true;
        }
        let earlier = self.earlier.contains(&wait);
        if earlier {
            self.ended_earlier.push(wait);
        }
        earlier
    }

    /// Takes the waits that were counted as waiting and have not ended.
    pub(crate) fn take_begun(&mut self) -> FxHashSet<WaitId> {
        self.begun.take().unwrap_or_default()
    }

    /// Adds waits that something else has counted, and of which the end is counted here.
    pub(crate) fn add_begun(&mut self, waits: FxHashSet<WaitId>) {
        self.begun.get_or_insert_default().extend(waits);
    }

    /// Lends the waits that were counted so far to tallies of parts of the work, which are added to this one later.
    pub(crate) fn lend_waits(&mut self) -> Arc<FxHashSet<WaitId>> {
        Arc::new(self.begun.take().unwrap_or_default())
    }

    /// Makes the tally of a part of the work, which knows the waits that were counted before.
    pub(crate) fn of_part(earlier: Arc<FxHashSet<WaitId>>) -> Self {
        Self {
            earlier,
            ..Self::with_waits()
        }
    }

    /// Takes back the waits that were lent, and adds what the parts of the work have counted.
    pub(crate) fn add_parts(&mut self, lent: Arc<FxHashSet<WaitId>>, mut parts: Vec<Self>) {
        for part in &mut parts {
            part.earlier = Arc::default();
        }
        let mut begun = Arc::try_unwrap(lent).unwrap_or_else(|lent| (*lent).clone());
        for part in parts {
            for wait in &part.ended_earlier {
                begun.remove(wait);
            }
            begun.extend(part.begun.iter().flatten().copied());
            self.add(part);
        }
        self.begun = Some(begun);
    }

    /// Adds the counts of another tally.
    fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.waits += other.waits;
        self.waiting += other.waiting;
        self.finished += other.finished;
        self.cut += other.cut;
        for cut in other.cuts {
            self.keep_cut(cut.place, || cut);
        }
        for (run, counts) in other.runs {
            self.run(run).add(counts);
        }
        for (campaign, counts) in other.campaigns {
            self.campaigns.entry(campaign).or_default().add(&counts);
        }
    }

    /// Counts a row that a step wrote. A wait is counted once, when it begins.
    pub(super) fn step(&mut self, activity: &Activity) {
        if let (Some(origin), Some(outcome)) = (activity.origin, activity.outcome)
            && let Some(run) = origin.run
            && activity.activity != BuiltinActivity::WaitEnded.id()
        {
            let run = self.run(run);
            run.step(origin.campaign, origin.step, outcome);
        }
    }

    /// Counts an entry that was cut.
    pub(super) fn cut(&mut self, place: CutPlace, cut: impl FnOnce() -> Cut) {
        self.cut += 1;
        self.keep_cut(place, cut);
    }

    /// Keeps a cut entry if it is one of the first few.
    fn keep_cut(&mut self, place: CutPlace, cut: impl FnOnce() -> Cut) {
        let after = self.cuts.partition_point(|known| known.place <= place);
        if after < MAX_REPORTED_CUTS {
            self.cuts.insert(after, cut());
            self.cuts.truncate(MAX_REPORTED_CUTS);
        }
    }
}
