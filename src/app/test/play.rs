//! Plays a test: loads its people, then processes its run, events and waits in the engine's order of time.

use std::collections::BTreeMap;

use crate::campaign::case::Case;
use crate::campaign::{Campaign, Workspace};
use crate::domain::field::EMAIL;
use crate::domain::text::email_key;
use crate::domain::{ActivityTypeId, CampaignId, Instant, Mode, PersonId, PersonKey, RunId};
use crate::engine::{
    BatchEntry, BatchVerdict, Engine, EventOutcome, Reached, Reaction, ServedAddresses, Tally,
};
use crate::results::Explanation;
use crate::world::directory::lookup_key;
use crate::world::{Event, Journal, Layout, Needs, Numbering, WaitRow, World};

use super::moments::Moments;
use crate::app::explain::{Question, explanation};

/// What a test has left behind.
pub(super) struct Played<'w> {
    pub(super) engine: Engine<'w>,
    pub(super) world: World,
    /// All that was done since it began.
    pub(super) journal: Journal,
    /// How far the clock came.
    pub(super) ended: Instant,
    /// The points of campaigns that were reached.
    pub(super) reached: Reached,
    /// Events that were about nobody.
    pub(super) unknown: Vec<PersonKey>,
    /// Who answered to which key, those who have been deleted included.
    people: BTreeMap<PersonKey, PersonId>,
    /// People as they were when the campaign was evaluated for them.
    moments: Moments,
}

impl Played<'_> {
    /// Returns everyone, in order.
    pub(super) fn everyone(&self) -> impl Iterator<Item = PersonId> {
        let all = (1..self.world.next_person().0).map(PersonId);
        all.filter(|person| self.world.has(*person))
    }

    /// Returns the keys by which people were named, those who have been deleted included.
    pub(super) fn given_keys(&self) -> impl Iterator<Item = (&PersonKey, PersonId)> {
        self.people.iter().map(|(key, person)| (key, *person))
    }

    /// Finds who a key means.
    pub(super) fn find(&self, key: &PersonKey) -> Option<PersonId> {
        match key {
            PersonKey::Number(number) => Some(*number).filter(|number| self.world.has(*number)),
            PersonKey::Email(_) | PersonKey::Id(_) => {
                let now = self.world.directory.find(key);
                now.or_else(|| self.people.get(&*lookup_key(key)).copied())
            }
        }
    }

    /// Explains the entry or step that a row of the person's log came from, or, without a row, why there is none: at the
    /// instant at which the campaign was evaluated, else as things are at the end.
    pub(super) fn explain(
        &mut self,
        campaign: &Campaign,
        person: PersonId,
        row: Option<u32>,
    ) -> Option<Explanation> {
        let (engine, world) = (&self.engine, &mut self.world);
        let then = self.moments.explain(engine, campaign, world, person, row);
        then.or_else(|| {
            let question = Question::now(self.ended);
            explanation(engine, campaign, world, person, &question)
        })
    }
}

/// Something that happens, in the order in which things of one instant happen.
#[derive(Debug, Clone, PartialEq)]
enum Happening {
    Run(CampaignId),
    Event(Box<Event>),
}

/// Plays a test to its end.
pub(super) fn play<'w>(
    workspace: &'w Workspace,
    campaign: &Campaign,
    case: &Case,
    events: Vec<Event>,
    seed: u64,
) -> Played<'w> {
    let takes_part = |id: CampaignId| id == campaign.id || case.with.contains(&id);
    let mut stage = Stage {
        played: Played {
            engine: Engine::new(workspace, takes_part, seed),
            world: empty_world(workspace),
            journal: Journal::default(),
            ended: case.now,
            reached: Reached::default(),
            unknown: Vec::new(),
            people: BTreeMap::new(),
            moments: Moments::default(),
        },
        tested: campaign.id,
        tally: Tally::observing(campaign.id),
        runs: 0,
        served: BTreeMap::new(),
    };
    stage.tally.cover();
    stage.load_missing(case);
    for (at, happening) in agenda(workspace, campaign, case, events) {
        stage.elapse(at);
        match happening {
            Happening::Run(id) => stage.run(workspace.campaign(id), at),
            Happening::Event(event) => stage.event(&event),
        }
    }
    if let Some(until) = case.advance_to {
        stage.elapse(until);
    }
    let mut played = stage.played;
    played.journal = played.world.take_journal();
    played.reached = stage.tally.take_reached();
    played
}

/// Makes a world without people that keeps everything.
pub(super) fn empty_world(workspace: &Workspace) -> World {
    let types = (0..workspace.activities.len()).filter_map(|place| u16::try_from(place).ok());
    let needs = Needs {
        fields: workspace.fields.iter().map(|(field, _)| field).collect(),
        history: types.map(ActivityTypeId).collect(),
        lists: true,
        programs: true,
        waits: true,
        first_key: true,
    };
    World::new(
        Layout::all(&workspace.fields),
        needs,
        Numbering::of(&workspace.lists, &workspace.program_names),
        PersonId(1),
    )
}

/// Puts what happens in order: at one instant runs by the campaign's name, then events as they were written.
fn agenda(
    workspace: &Workspace,
    campaign: &Campaign,
    case: &Case,
    events: Vec<Event>,
) -> Vec<(Instant, Happening)> {
    let runs = case.run.iter().map(|at| (*at, campaign.id));
    let mut runs: Vec<(Instant, CampaignId)> = runs.collect();
    let with = case.with.iter().map(|id| workspace.campaign(*id));
    for scheduled in with.chain([campaign]).filter(|c| c.mode == Mode::Batch) {
        let (Some(schedule), Some(until)) = (&scheduled.schedule, case.advance_to) else {
            continue;
        };
        let occurrences = schedule.after(case.now, workspace.week_start);
        let occurrences = occurrences.take_while(|occurrence| occurrence.at <= until);
        runs.extend(occurrences.map(|occurrence| (occurrence.at, scheduled.id)));
    }
    runs.sort_by_key(|(at, id)| (*at, &workspace.campaign(*id).full_name));
    let runs = runs.into_iter().map(|(at, id)| (at, Happening::Run(id)));
    let events = events.into_iter();
    let events = events.map(|event| (event.at, Happening::Event(Box::new(event))));
    let mut all: Vec<(Instant, Happening)> = runs.chain(events).collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

/// A test on its way.
struct Stage<'w> {
    played: Played<'w>,
    tested: CampaignId,
    tally: Tally,
    runs: i64,
    /// The addresses that each run has served.
    served: BTreeMap<RunId, ServedAddresses>,
}

impl Stage<'_> {
    /// Brings in the people who are there when the test begins; that is not a part of what happens in it.
    fn load_missing(&mut self, case: &Case) {
        let Played { world, people, .. } = &mut self.played;
        for written in &case.people {
            let person = world.create(&written.key, case.now);
            people.insert(lookup_key(&written.key).into_owned(), person);
            let Some(mut subject) = world.subject(person) else {
                continue;
            };
            for (field, value) in &written.fields {
                // A value that is there already needs no change.
                let _ = subject.set_field(*field, value.clone());
            }
            for list in &written.lists {
                let _ = subject.join(*list, case.now);
            }
            subject.is_made();
        }
        world.take_journal();
    }

    /// Ends every wait up to an instant, each at its own, those that begin meanwhile included.
    fn elapse(&mut self, until: Instant) {
        while let Some(wait) = self.next_due(until) {
            let Played {
                engine,
                world,
                moments,
                ..
            } = &mut self.played;
            let entries = world.journal().entries.clone();
            if wait.campaign == self.tested
                && let Some(person) = world.person(wait.person)
            {
                moments.wake(person, &wait, &entries);
            }
            let served = wait.run.and_then(|run| self.served.get_mut(&run));
            engine.wake(world, &wait, &mut self.tally, served);
            moments.judged(self.tally.take_judged());
        }
        self.played.ended = self.played.ended.max(until);
    }

    fn next_due(&self, until: Instant) -> Option<WaitRow> {
        let people = self.played.everyone().collect::<Vec<_>>().into_iter();
        people
            .filter_map(|person| self.played.world.person(person))
            .flat_map(|person| &person.waits)
            .filter(|wait| wait.until <= until)
            .min_by_key(|wait| (wait.until, wait.id))
            .cloned()
    }

    fn event(&mut self, event: &Event) {
        let Played { engine, world, .. } = &mut self.played;
        let known = world.directory.find(&event.person);
        let taken = engine.event(world, event, known, Reaction::Ask, &mut self.tally);
        match (taken, self.played.world.directory.find(&event.person)) {
            (EventOutcome::UnknownPerson, _) => self.played.unknown.push(event.person.clone()),
            (EventOutcome::Done, Some(person)) => {
                let key = lookup_key(&event.person).into_owned();
                self.played.people.insert(key, person);
                let Played { world, moments, .. } = &mut self.played;
                if let Some(person) = world.person(person) {
                    moments.event(person, event.at);
                }
            }
            (EventOutcome::Done, None) => {}
        }
        self.played.moments.judged(self.tally.take_judged());
    }

    /// Runs a batch campaign: everyone is judged, and those who qualify enter in their order.
    fn run(&mut self, campaign: &Campaign, at: Instant) {
        self.runs += 1;
        let everyone = self.played.everyone().collect::<Vec<_>>();
        let run = RunId(self.runs);
        let mut served = ServedAddresses::new(self.shared_addresses(&everyone));
        for id in everyone {
            let Played {
                engine,
                world,
                moments,
                ..
            } = &mut self.played;
            let Some(person) = world.person(id) else {
                continue;
            };
            engine.note_judged(campaign, world, person, at, &mut self.tally);
            let qualified = engine.judge(campaign, world, person, at) == BatchVerdict::Qualified;
            if campaign.id == self.tested {
                moments.run(person, at, qualified);
            }
            if !qualified {
                continue;
            }
            let mut entry = BatchEntry {
                run,
                at,
                served: &mut served,
            };
            engine.enter(world, campaign, id, &mut entry, &mut self.tally);
            moments.judged(self.tally.take_judged());
        }
        self.served.insert(run, served);
    }

    /// Finds the people who share an address with others.
    fn shared_addresses(&self, everyone: &[PersonId]) -> BTreeMap<PersonId, String> {
        let world = &self.played.world;
        let mut by_address: BTreeMap<String, Vec<PersonId>> = BTreeMap::new();
        for person in everyone.iter().filter_map(|id| world.person(*id)) {
            if let Some(email) = person.field(world.layout(), EMAIL) {
                let key = email_key(&email.to_text());
                by_address.entry(key).or_default().push(person.id);
            }
        }
        by_address
            .into_iter()
            .filter(|(_, people)| people.len() > 1)
            .flat_map(|(key, people)| people.into_iter().map(move |id| (id, key.clone())))
            .collect()
    }
}
