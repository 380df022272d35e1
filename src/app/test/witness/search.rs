//! A search for scenes that reach points: from the seeds on, scenes that have reached something new are changed at random.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::coverage::Point;
use crate::domain::Instant;
use crate::domain::instant::{DAY, HOUR};

use super::super::scene::{Scene, SceneEvent, smaller};
use super::bench::{Bench, Shown};
use super::dice::Dice;
use super::pool::Pool;
use super::seeds::{FAR, after_others, openings, scene_for};

/// A search on its way.
pub(super) struct Search<'b, 'w> {
    bench: &'b Bench<'w>,
    pool: Pool,
    dice: Dice,
    /// The first scene that has reached each point.
    pub(super) found: BTreeMap<Point, Scene>,
    /// Scenes that have reached something new, with instants at which something happened in them.
    kept: Vec<(Scene, Vec<Instant>)>,
    /// When each step was first reached.
    steps: BTreeMap<usize, Instant>,
}

impl<'b, 'w> Search<'b, 'w> {
    pub(super) fn new(bench: &'b Bench<'w>, seed: u64) -> Self {
        let mut campaigns = vec![bench.host];
        if bench.host.id != bench.target.id {
            campaigns.insert(0, bench.target);
        }
        Self {
            bench,
            pool: Pool::of(bench, &campaigns),
            dice: Dice::new(seed),
            found: BTreeMap::new(),
            kept: Vec::new(),
            steps: BTreeMap::new(),
        }
    }

    /// Looks for points, until all are found or so many scenes were played.
    pub(super) fn run(&mut self, wanted: &BTreeSet<Point>, tries: usize) {
        let openings = openings(self.bench);
        for scene in &openings {
            self.look_at(scene.clone());
        }
        // Twice, since it is known only then when steps are reached.
        for _ in 0..2 {
            for point in self.bench.target.points() {
                for opening in &openings {
                    let steps = &self.steps;
                    let reached = |step: usize| steps.get(&step).copied();
                    let scene = scene_for(self.bench, opening, point, &reached);
                    self.look_at(scene);
                    if self.has(wanted) {
                        return;
                    }
                }
            }
        }
        for opening in &openings {
            for scene in after_others(self.bench, &self.pool, opening) {
                self.look_at(scene);
            }
        }
        for _ in 0..tries {
            if self.has(wanted) || self.kept.is_empty() {
                return;
            }
            let scene = self.changed();
            self.look_at(scene);
        }
    }

    fn has(&self, wanted: &BTreeSet<Point>) -> bool {
        wanted.iter().all(|point| self.found.contains_key(point))
    }

    /// Plays a scene, and keeps it where it has reached something new.
    fn look_at(&mut self, scene: Scene) {
        let Some(Shown {
            points,
            steps,
            wakes,
        }) = self.bench.play(&scene)
        else {
            return;
        };
        for (step, at) in steps {
            self.steps.entry(step).or_insert(at);
        }
        let mut new = false;
        for point in points {
            self.found.entry(point).or_insert_with(|| {
                new = true;
                scene.clone()
            });
        }
        if new || self.kept.is_empty() {
            self.kept
                .push((scene, wakes.into_iter().take(MOST_WAKES).collect()));
        }
    }

    /// Returns a kept scene with some changes.
    fn changed(&mut self) -> Scene {
        let place = if self.dice.below(2) == 0 {
            self.kept.len() - 1
        } else {
            self.dice.below(self.kept.len())
        };
        let (mut scene, wakes) = self.kept[place].clone();
        for _ in 0..=self.dice.below(4) {
            self.change(&mut scene, &wakes);
        }
        scene
    }

    /// Changes one thing.
    fn change(&mut self, scene: &mut Scene, wakes: &[Instant]) {
        match self.dice.below(10) {
            0..=2 => {
                if let Some((field, value)) = self.dice.one_of(&self.pool.fields) {
                    match value {
                        Some(value) => scene.fields.insert(*field, value.clone()),
                        None => scene.fields.remove(field),
                    };
                }
            }
            3 => {
                if let Some(list) = self.dice.one_of(&self.pool.lists)
                    && !scene.lists.remove(list)
                {
                    scene.lists.insert(*list);
                }
            }
            4 | 5 => {
                let all = [&self.pool.events, &self.pool.starts];
                let from = all[self.dice.below(2)];
                if let Some((activity, members)) = self.dice.one_of(from).cloned() {
                    let at = self.instant(scene, wakes);
                    scene.events.push(SceneEvent {
                        at,
                        activity,
                        members,
                    });
                }
            }
            6 => {
                let place = self.dice.below(scene.events.len());
                let at = self.instant(scene, wakes);
                if self.dice.below(3) == 0 && scene.events.len() > 1 {
                    scene.events.remove(place);
                } else if let Some(event) = scene.events.get_mut(place) {
                    event.at = at;
                }
            }
            7 => {
                if let Some(campaign) = self.dice.one_of(&self.pool.with)
                    && *campaign != self.bench.host.id
                    && !scene.with.remove(campaign)
                {
                    scene.with.insert(*campaign);
                }
            }
            8 if self.bench.host.mode == crate::domain::Mode::Batch => {
                let at = self.instant(scene, wakes);
                scene.runs.push(at.max(scene.now));
            }
            _ => {
                if let Some(now) = self.dice.one_of(&self.pool.clocks) {
                    shift(scene, *now);
                }
            }
        }
        scene.events.truncate(MOST_EVENTS);
        scene.runs.truncate(MOST_RUNS);
    }

    /// Returns an instant near those at which something happens.
    fn instant(&mut self, scene: &Scene, wakes: &[Instant]) -> Instant {
        let starts = scene.events.iter().map(|event| event.at);
        let starts: Vec<Instant> = starts.chain(scene.runs.iter().copied()).collect();
        let near = if wakes.is_empty() || self.dice.below(2) == 0 {
            self.dice.one_of(&starts).copied().unwrap_or(scene.now)
        } else {
            self.dice.one_of(wakes).copied().unwrap_or(scene.now)
        };
        let minute = HOUR / 60;
        let gaps = [
            -minute,
            minute,
            -HOUR,
            HOUR,
            -DAY,
            DAY,
            -8 * DAY,
            8 * DAY,
            -40 * DAY,
        ];
        let gap = self.dice.one_of(&gaps).copied().unwrap_or_default();
        near.plus_micros(gap)
    }

    /// Returns a scene with no more in it than it needs to reach a point.
    pub(super) fn smallest(&self, point: Point, scene: Scene) -> Scene {
        let bench = self.bench;
        let mut keeps = |scene: &Scene| {
            bench
                .play(scene)
                .is_some_and(|shown| shown.points.contains(&point))
        };
        let mut scene = smaller(scene, &mut keeps);
        if let Some(until) = scene.until {
            let wakes = bench
                .play(&scene)
                .map_or_else(BTreeSet::new, |shown| shown.wakes);
            for wake in wakes.into_iter().filter(|wake| *wake < until) {
                let sooner = Scene {
                    until: Some(wake),
                    ..scene.clone()
                };
                if keeps(&sooner) {
                    scene = sooner;
                    break;
                }
            }
        }
        if !scene.present {
            let there = Scene {
                present: true,
                ..scene.clone()
            };
            if keeps(&there) {
                scene = smaller(there, &mut keeps);
            }
        }
        scene
    }
}

const MOST_EVENTS: usize = 12;
const MOST_RUNS: usize = 4;
/// Of waits that ended, so many are remembered.
const MOST_WAKES: usize = 20;

/// Moves a scene to another beginning.
fn shift(scene: &mut Scene, now: Instant) {
    let by = now.micros() - scene.now.micros();
    scene.now = now;
    for event in &mut scene.events {
        event.at = event.at.plus_micros(by);
    }
    for run in &mut scene.runs {
        *run = run.plus_micros(by);
    }
    scene.until = scene.until.map(|_| now.plus_micros(FAR));
}
