//! Happenings: an event, a wake-up or a batch entry, and everything that follows from it, first in, first out.

use std::collections::{BTreeSet, VecDeque};

use super::calendar::Micros;
use super::catalogue::Act;
use super::definition::{Mode, Priority, Qualification, StepKind, Workspace};
use super::filters::Asking;
use super::world::{Entry, Origin, Outcome, Row, World};

/// The model: a workspace, and the world under it.
pub(crate) struct Model<'a> {
    pub(crate) workspace: &'a Workspace,
    /// All that was loaded, in order; the last is the workspace.
    pub(crate) loads: Vec<Load<'a>>,
    pub(crate) world: World,
}

/// A workspace that was loaded, and the version that each of its campaigns then had.
pub(crate) struct Load<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) versions: Vec<u32>,
}

/// What follows from one event, wake-up or batch entry of one person.
pub(crate) struct Happening {
    pub(crate) person: usize,
    pub(crate) at: Micros,
    /// Activities whose triggers are still to be asked.
    pub(crate) queue: VecDeque<Caused>,
    /// Campaigns entered whose walk has not begun.
    pub(crate) pending: VecDeque<Walk>,
    /// Walks in progress: the campaign, and in front of it those that execute it.
    pub(crate) frames: Vec<Frame>,
    /// Entries that followed so far.
    pub(crate) entries: u32,
}

/// An activity that may start campaigns.
pub(crate) struct Caused {
    pub(crate) row: Row,
    /// Its place in the person's log.
    pub(crate) place: usize,
    /// How many entries deep it happened.
    pub(crate) depth: u32,
    /// An event and the changes it made are one: no campaign enters twice by them.
    pub(crate) from_event: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Walk {
    pub(crate) campaign: usize,
    /// The load whose flow is walked, where that is not the last.
    pub(crate) finishes: Option<usize>,
    /// Index of the step to begin with.
    pub(crate) step: usize,
    pub(crate) run: Option<u32>,
    pub(crate) cause: Option<Row>,
    pub(crate) depth: u32,
    /// The campaign whose tokens count.
    pub(crate) tokens_of: usize,
}

pub(crate) struct Frame {
    pub(crate) campaign: usize,
    pub(crate) ended: bool,
}

impl Happening {
    pub(crate) fn new(person: usize, at: Micros) -> Self {
        Self {
            person,
            at,
            queue: VecDeque::new(),
            pending: VecDeque::new(),
            frames: Vec::new(),
            entries: 0,
        }
    }
}

impl<'a> Model<'a> {
    pub(crate) fn new(workspace: &'a Workspace) -> Self {
        Self {
            workspace,
            loads: vec![Load {
                workspace,
                versions: vec![1; workspace.campaigns.len()],
            }],
            world: World::default(),
        }
    }

    /// Whether so much has happened that the scenario is of no use: flows that start each other without end.
    pub(crate) fn is_too_long(&self) -> bool {
        self.world.walks > 1200
    }

    pub(crate) fn asking(&self, person: usize, campaign: usize, at: Micros) -> Asking<'_> {
        Asking {
            workspace: self.workspace,
            world: &self.world,
            person,
            campaign,
            at,
        }
    }

    /// Asks triggers until nothing is left to ask.
    pub(crate) fn settle(&mut self, happening: &mut Happening) {
        let mut entered_by_event = BTreeSet::new();
        while let Some(caused) = happening.queue.pop_front() {
            if self.is_too_long() {
                return;
            }
            if self.world.people[happening.person].gone {
                return;
            }
            let mut entering = self.who_enters(happening, &caused.row);
            if caused.from_event {
                entering.retain(|campaign| entered_by_event.insert(*campaign));
            }
            for campaign in entering {
                self.enter_by(happening, &caused, campaign);
            }
            while let Some(walk) = happening.pending.pop_front() {
                self.walk(happening, &walk);
            }
        }
    }

    /// The campaigns that one activity starts, in the order in which they walk; all are asked on one state.
    fn who_enters(&self, happening: &Happening, row: &Row) -> Vec<usize> {
        let campaigns = &self.workspace.campaigns;
        let mut entering: Vec<usize> = (0..campaigns.len())
            .filter(|c| campaigns[*c].mode == Mode::Triggered && self.world.active.contains(c))
            .filter(|c| {
                let asking = self.asking(happening.person, *c, happening.at);
                let meant = row.kind != Act::RequestCampaign.name()
                    || row.primary.as_deref() == Some(&self.workspace.full_name(*c));
                meant
                    && campaigns[*c]
                        .triggers
                        .iter()
                        .any(|trigger| asking.triggers(trigger, row))
                    && asking.matches()
                    && self.admits(happening.person, *c, happening.at)
            })
            .collect();
        entering.sort_by_key(|c| (self.priority(*c), self.workspace.full_name(*c)));
        entering
    }

    fn enter_by(&mut self, happening: &mut Happening, caused: &Caused, campaign: usize) {
        let depth = caused.depth + 1;
        if !self.may_enter(happening, campaign, depth, None) {
            return;
        }
        self.enter(happening, campaign, None, Some(caused.place));
        happening.pending.push_back(Walk {
            campaign,
            finishes: None,
            step: 0,
            run: None,
            cause: Some(caused.row.clone()),
            depth,
            tokens_of: campaign,
        });
    }

    /// The qualification rule.
    pub(crate) fn admits(&self, person: usize, campaign: usize, at: Micros) -> bool {
        let last = self.world.passed(person, campaign);
        match (self.workspace.campaigns[campaign].qualification, last) {
            (Qualification::EveryTime, _) | (_, None) => true,
            (Qualification::OnlyOnce, Some(_)) => false,
            (Qualification::OnceEvery(window), Some(last)) => at - last >= window.elapsed(),
        }
    }

    pub(crate) fn enter(
        &mut self,
        happening: &Happening,
        campaign: usize,
        run: Option<u32>,
        cause: Option<usize>,
    ) {
        self.world.entries.push(Entry {
            person: happening.person,
            campaign,
            at: happening.at,
            run,
            place: self.world.people[happening.person].log.len(),
            cause,
        });
    }

    /// The written priority, or the one that the steps give.
    fn priority(&self, campaign: usize) -> Priority {
        let campaign = &self.workspace.campaigns[campaign];
        let low = |kind| {
            matches!(
                kind,
                StepKind::ChangeDataValue | StepKind::ChangeScore | StepKind::Wait
            )
        };
        let steps = || campaign.flow.iter().map(|step| step.kind);
        campaign.priority.unwrap_or_else(|| {
            if steps().any(|kind| matches!(kind, StepKind::SendEmail | StepKind::SendAlert)) {
                Priority::High
            } else if steps().all(low) {
                Priority::Low
            } else {
                Priority::Medium
            }
        })
    }

    /// Counts an entry that follows from this happening. One beyond the cascade limit is not made: its first step is
    /// logged as failed, and nothing else of it happens.
    pub(crate) fn may_enter(
        &mut self,
        happening: &mut Happening,
        campaign: usize,
        depth: u32,
        run: Option<u32>,
    ) -> bool {
        let (deepest, most) = self.workspace.cascade;
        if depth <= deepest && happening.entries < most {
            happening.entries += 1;
            return true;
        }
        let row = Row {
            at: happening.at,
            kind: self.workspace.campaigns[campaign].flow[0].kind.row_type(),
            primary: None,
            attributes: Vec::new(),
            origin: Some(Origin {
                campaign,
                run,
                step: 1,
                choice: None,
            }),
            outcome: Some(Outcome::Failed),
            reason: Some("cascade limit".to_owned()),
            event: None,
        };
        self.world.people[happening.person].log.push(row);
        false
    }

    /// Lets every wait end that is due at or before an instant, each at its own.
    pub(crate) fn wake_until(&mut self, until: Micros) {
        while let Some(index) = self.next_due(until).filter(|_| !self.is_too_long()) {
            self.wake(index);
        }
    }

    /// The wait that ends first; of several, the one that began first.
    pub(crate) fn next_due(&self, until: Micros) -> Option<usize> {
        let waits = self.world.waits.iter().enumerate();
        waits
            .filter(|(_, w)| w.until <= until)
            .min_by_key(|(index, w)| (w.until, *index))
            .map(|(index, _)| index)
    }

    pub(crate) fn wake(&mut self, index: usize) {
        let wait = self.world.waits.remove(index);
        self.world.begin(wait.person);
        let mut happening = Happening::new(wait.person, wait.until);
        let changed = self.version(wait.campaign, None) != wait.begun;
        let walked = self.version(wait.campaign, wait.finishes);
        let row = wait.ended(wait.until, changed.then_some(walked), None);
        self.world.people[wait.person].log.push(row);
        self.walk(
            &mut happening,
            &Walk {
                campaign: wait.campaign,
                finishes: wait.finishes,
                step: wait.step + 1,
                run: wait.run,
                cause: wait.cause,
                depth: 0,
                tokens_of: wait.campaign,
            },
        );
        self.settle(&mut happening);
    }

    /// A batch run: everyone is judged first, then each walks, in order of person.
    pub(crate) fn run(&mut self, campaign: usize, at: Micros) {
        self.world.runs += 1;
        let run = Some(self.world.runs);
        let qualified: Vec<usize> = (0..self.world.people.len())
            .filter(|person| !self.world.people[*person].gone)
            .filter(|person| {
                self.asking(*person, campaign, at).matches() && self.admits(*person, campaign, at)
            })
            .collect();
        for person in qualified {
            self.world.begin(person);
            let mut happening = Happening::new(person, at);
            self.enter(&happening, campaign, run, None);
            let walk = Walk {
                campaign,
                finishes: None,
                step: 0,
                run,
                cause: None,
                depth: 0,
                tokens_of: campaign,
            };
            self.walk(&mut happening, &walk);
            self.settle(&mut happening);
        }
    }
}
