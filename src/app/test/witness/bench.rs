//! Where scenes are played: one campaign whose points are looked for, in tests of one that starts it, or of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::coverage::Point;
use crate::campaign::{Campaign, Workspace};
use crate::diagnostic::Span;
use crate::domain::field::EMAIL;
use crate::domain::{Instant, PersonId, Value};
use crate::filter::explain::Wording;
use crate::filter::operator::EvaluationTime;
use crate::filter::{Draw, Facts};
use crate::world::{Layout, Person, World};

use super::super::events;
use super::super::play::{empty_world, play};
use super::super::scene::Scene;

/// The campaigns of a search, and all that it asks about them.
pub(super) struct Bench<'w> {
    pub(super) workspace: &'w Workspace,
    /// The campaign that the tests belong to.
    pub(super) host: &'w Campaign,
    /// The campaign whose points are looked for.
    pub(super) target: &'w Campaign,
    /// When scenes begin.
    pub(super) now: Instant,
    /// A place in a file, which nobody sees.
    place: Span,
    seed: u64,
    layout: Layout,
    /// Nobody is in it; it has the names of lists and programs.
    empty: World,
}

/// What a scene has shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The points of the target that were reached.
    pub(super) points: BTreeSet<Point>,
    /// When each of the target's steps was first reached.
    pub(super) steps: BTreeMap<usize, Instant>,
    /// When waits ended, of any campaign.
    pub(super) wakes: BTreeSet<Instant>,
}

/// A Monday morning, where no test says when it begins.
const MONDAY: Instant = Instant::from_micros(1_767_603_600_000_000);

impl<'w> Bench<'w> {
    pub(super) fn new(
        workspace: &'w Workspace,
        host: &'w Campaign,
        target: &'w Campaign,
        place: Span,
        seed: u64,
    ) -> Self {
        let tests = target.tests.iter().chain(&host.tests);
        Self {
            workspace,
            host,
            target,
            now: tests.map(|test| test.now).next().unwrap_or(MONDAY),
            place,
            seed,
            layout: Layout::all(&workspace.fields),
            empty: empty_world(workspace),
        }
    }

    pub(super) fn when(&self, now: Instant) -> EvaluationTime<'_> {
        EvaluationTime {
            now,
            zone: &self.workspace.zone,
            week_start: self.workspace.week_start,
        }
    }

    pub(super) fn wording(&self) -> Wording<'_> {
        Wording {
            fields: &self.workspace.fields,
            activities: &self.workspace.activities,
            lists: &self.empty.lists,
            programs: &self.empty.programs,
        }
    }

    /// Returns someone of whom only the address is known.
    pub(super) fn somebody(&self) -> Person {
        let mut person = Person::new(PersonId(1), &self.layout);
        if let Some(slot) = self.layout.slot(EMAIL) {
            person.fields[slot] = Some(Value::text("ann@example.com"));
        }
        person
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(super) fn facts<'a>(&'a self, person: &'a Person, at: Instant) -> Facts<'a> {
        Facts {
            person,
            layout: &self.layout,
            when: self.when(at),
            draw: Draw {
                seed: self.seed,
                ..Draw::default()
            },
        }
    }

    /// Asks something of somebody when scenes begin.
    pub(super) fn with_facts<R>(&self, ask: impl FnOnce(&Facts<'_>) -> R) -> R {
        let person = self.somebody();
        ask(&self.facts(&person, self.now))
    }

    /// Plays a scene; nothing where its events cannot be.
    pub(super) fn play(&self, scene: &Scene) -> Option<Shown> {
        let case = scene.case(self.workspace, self.place);
        let events = events::read(&case, self.workspace).ok()?;
        let mut played = play(self.workspace, self.host, &case, events, self.seed);
        let mut all = std::mem::take(&mut played.reached).into_points();
        let mut shown = Shown {
            points: all.remove(&self.target.id).unwrap_or_default(),
            ..Shown::default()
        };
        for row in &played.journal.activities {
            let Some(origin) = row.activity.origin else {
                continue;
            };
            if origin.campaign == self.target.id {
                let step = origin.step.saturating_sub(1) as usize;
                shown.steps.entry(step).or_insert(row.activity.at);
            }
            if row.activity.activity
                == crate::domain::activity_type::BuiltinActivity::WaitEnded.id()
            {
                shown.wakes.insert(row.activity.at);
            }
        }
        Some(shown)
    }
}
