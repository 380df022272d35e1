//! Where a search begins: scenes made of the filters themselves, for each answer that is to be seen.

use crate::campaign::coverage::Point;
use crate::domain::instant::{DAY, HOUR};
use crate::domain::{Instant, Mode};
use crate::filter::Filter;
use crate::filter::survey::people_with;
use crate::world::Person;

use super::super::scene::{Scene, SceneEvent};
use super::bench::Bench;
use super::pool::{Pool, starts, template};

/// A filter, the answer that it should have, and when.
type Wish<'f> = (&'f Filter, bool, Instant);

/// How far time goes on in scenes, until they are made smaller.
pub(super) const FAR: i64 = 400 * DAY;

/// Returns scenes in which the campaign is evaluated: for each way to start it, once and twice.
pub(super) fn openings(bench: &Bench<'_>) -> Vec<Scene> {
    let mut scenes = Vec::new();
    let mut blank = Scene::new(bench.now);
    blank.until = Some(bench.now.plus_micros(FAR));
    if bench.target.id != bench.host.id {
        blank.with.insert(bench.target.id);
    }
    if bench.host.mode == Mode::Batch {
        let mut once = blank.clone();
        once.runs = vec![bench.now];
        let mut twice = once.clone();
        twice.runs.push(bench.now.plus_micros(DAY));
        scenes.extend([once, twice]);
    }
    for (activity, members) in starts(bench, bench.host) {
        let event = |at| SceneEvent {
            at,
            activity,
            members: members.clone(),
        };
        let first = bench.now.plus_micros(HOUR);
        let mut once = blank.clone();
        once.events = vec![event(first)];
        let mut twice = once.clone();
        twice.events.push(event(first.plus_micros(HOUR / 60)));
        let absent = Scene {
            present: false,
            ..once.clone()
        };
        scenes.extend([once, twice, absent]);
    }
    scenes
}

/// Returns scenes in which someone who meets the filters has entered another campaign shortly before, for each of those that
/// the campaign names.
pub(super) fn after_others(bench: &Bench<'_>, pool: &Pool, opening: &Scene) -> Vec<Scene> {
    let start = start_of(bench, opening);
    let mut scenes = Vec::new();
    for id in &pool.with {
        let other = bench.workspace.campaign(*id);
        for (activity, members) in starts(bench, other) {
            for gap in [HOUR, 2 * DAY] {
                let at = start.plus_micros(-gap);
                let wishes = [
                    (&bench.host.filter, true, start),
                    (&bench.target.filter, true, start),
                    (&other.filter, true, at),
                ];
                let person = person_for(bench, &wishes);
                let mut scene = with_person(bench, opening, &person);
                scene.with.insert(*id);
                let (activity, members) = (activity, members.clone());
                scene.events.push(SceneEvent {
                    at,
                    activity,
                    members,
                });
                scenes.push(scene);
            }
        }
    }
    scenes
}

/// Returns when something first happens in an opening.
fn start_of(bench: &Bench<'_>, opening: &Scene) -> Instant {
    let events = opening.events.iter().map(|event| event.at);
    let starts = events.chain(opening.runs.iter().copied());
    starts.min().unwrap_or(bench.now)
}

/// Returns an opening with someone for whom filters have the answers that a point asks for, as far as such a person is found.
pub(super) fn scene_for(
    bench: &Bench<'_>,
    opening: &Scene,
    point: Point,
    reached: &dyn Fn(usize) -> Option<Instant>,
) -> Scene {
    let start = start_of(bench, opening);
    let mut wishes: Vec<Wish<'_>> = Vec::new();
    if bench.host.id != bench.target.id {
        wishes.push((&bench.host.filter, true, start));
    }
    let leaves = bench.target.smart_list_leaves();
    match point {
        Point::Trigger(_) => {}
        Point::Filter { leaf, holds } => {
            wishes.extend(leaves.get(leaf).map(|leaf| (leaf.filter, holds, start)));
        }
        Point::Rule { .. }
        | Point::ChoiceFilter { .. }
        | Point::Choice { .. }
        | Point::Default { .. }
        | Point::Step(_)
        | Point::WaitEnded(_) => {
            wishes.push((&bench.target.filter, true, start));
            choices(bench, point, start, reached, &mut wishes);
        }
    }
    let person = person_for(bench, &wishes);
    with_person(bench, opening, &person)
}

/// Adds what the choices of a step must answer.
fn choices<'b>(
    bench: &Bench<'b>,
    point: Point,
    start: Instant,
    reached: &dyn Fn(usize) -> Option<Instant>,
    wishes: &mut Vec<Wish<'b>>,
) {
    let (step, choice, last) = match point {
        Point::ChoiceFilter {
            step,
            choice,
            leaf,
            holds,
        } => (step, choice, Some((Some(leaf), holds))),
        Point::Choice { step, choice } => (step, choice, Some((None, true))),
        Point::Default { step } => (step, usize::MAX, None),
        Point::Trigger(_)
        | Point::Filter { .. }
        | Point::Rule { .. }
        | Point::Step(_)
        | Point::WaitEnded(_) => return,
    };
    let at = reached(step).unwrap_or(start);
    let written = &bench.target.flow[step].choices;
    let earlier = written.iter().take(choice);
    wishes.extend(earlier.map(|choice| (&choice.when, false, at)));
    let Some(choice) = written.get(choice) else {
        return;
    };
    match last {
        Some((Some(leaf), holds)) => {
            let leaves = choice.leaves();
            wishes.extend(leaves.get(leaf).map(|leaf| (leaf.filter, holds, at)));
        }
        Some((None, holds)) => wishes.push((&choice.when, holds, at)),
        None => {}
    }
}

/// Looks for someone for whom all wishes hold; the best that was found, where there is none.
fn person_for(bench: &Bench<'_>, wishes: &[Wish<'_>]) -> Person {
    let mut person = bench.somebody();
    for _ in 0..ROUNDS {
        let unmet = wishes
            .iter()
            .find(|(filter, to, at)| filter.holds(&bench.facts(&person, *at)) != *to);
        let Some((filter, to, at)) = unmet else {
            break;
        };
        let changed = people_with(filter, *to, &bench.facts(&person, *at), &bench.wording());
        let met = |person: &Person| {
            let held = wishes
                .iter()
                .filter(|(filter, to, at)| filter.holds(&bench.facts(person, *at)) == *to);
            held.count()
        };
        let mut best: Option<(usize, Person)> = None;
        for person in changed {
            let count = met(&person);
            if best.as_ref().is_none_or(|(most, _)| count > *most) {
                best = Some((count, person));
            }
        }
        let Some((_, better)) = best else { break };
        person = better;
    }
    person
}

/// How often an unmet wish is looked at.
const ROUNDS: usize = 8;

/// Puts what is known about a person into a scene: fields and lists from the beginning, activities as events.
fn with_person(bench: &Bench<'_>, opening: &Scene, person: &Person) -> Scene {
    let mut scene = opening.clone();
    for (field, _) in bench.workspace.fields.iter() {
        match person.field(bench.layout(), field) {
            Some(value) => {
                scene.fields.insert(field, value.clone());
            }
            None => {
                scene.fields.remove(&field);
            }
        }
    }
    scene.lists.extend(person.lists.iter().copied());
    for (place, made) in person.history.iter().enumerate() {
        let (activity, members) = template(made, bench.workspace);
        // Before the instant at which filters ask for it, and one after another.
        let before = i64::try_from(place + 1).unwrap_or(1) * (HOUR / 60);
        scene.events.push(SceneEvent {
            at: made.at.plus_micros(-before),
            activity,
            members,
        });
    }
    scene
}
