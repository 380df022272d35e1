//! Whether a person takes the same path through a campaign on both sides, and where the two first differ.
//!
//! A path is what the rows of the campaign's steps say: what was done, with what, and how it ended. Numbers that only count
//! (of steps, versions and runs) and instants do not belong to it.

use crate::app::Session;
use crate::app::show::{inline, step_in_words};
use crate::campaign::{Action, Step};
use crate::domain::activity_type::BuiltinActivity;
use crate::domain::{Key, Outcome, Reason, Value};
use crate::store::NewRow;
use crate::world::{Activity, Origin};

use super::align::Pair;
use super::cause::Cause;

/// Attributes that only count, or say what was there before or who asked for it.
const COUNTING: [&str; 6] = [
    "campaign_run_id",
    "step_id",
    "choice_number",
    "version",
    "previous_value",
    "reason",
];

/// Returns the rows by which a campaign's steps have shown what they did, in order.
pub(super) fn rows_of<'r>(rows: &'r [NewRow], pair: &Pair<'_>, side: usize) -> Vec<&'r NewRow> {
    let Some(campaign) = pair.sides[side] else {
        return Vec::new();
    };
    let own = |row: &&NewRow| {
        let activity = &row.row.activity;
        let ends = activity.activity == BuiltinActivity::WaitEnded.id()
            && matches!(activity.reason, Some(Reason::Dropped | Reason::Aborted));
        activity
            .origin
            .is_some_and(|origin| origin.campaign == campaign.id)
            && !ends
    };
    rows.iter().filter(own).collect()
}

/// Finds where two paths first differ; nothing where they do not.
pub(super) fn cause_of_path(
    number: u16,
    pair: &Pair<'_>,
    sessions: [&Session<'_>; 2],
    paths: [&[&NewRow]; 2],
) -> Option<Cause> {
    let paired = paths[0].iter().zip(paths[1]);
    let same = paired.take_while(|(one, two)| are_same(pair, sessions, [*one, *two]));
    let place = same.count();
    let rows = paths.map(|path| path.get(place).copied());
    match rows {
        [None, None] => None,
        [Some(before), Some(after)] => Some(of_rows(number, pair, sessions, [before, after])),
        [Some(row), None] => Some(of_one(number, pair, row, 0)),
        [None, Some(row)] => Some(of_one(number, pair, row, 1)),
    }
}

fn are_same(pair: &Pair<'_>, sessions: [&Session<'_>; 2], rows: [&NewRow; 2]) -> bool {
    let places = rows.map(step_place);
    let is_aligned = places[0] == places[1] || slot(pair, places) == places.map(Some);
    is_aligned
        && says_the_same(rows)
        && does(pair, sessions, rows, 0) == does(pair, sessions, rows, 1)
}

fn says_the_same([before, after]: [&NewRow; 2]) -> bool {
    let (one, two) = (&before.row.activity, &after.row.activity);
    one.activity == two.activity
        && one.primary == two.primary
        && one.outcome == two.outcome
        && one.reason == two.reason
        && before.message == after.message
        && attributes(one).eq(attributes(two))
}

/// Returns what a row says of what was done. The score that comes of a change depends on what it was before.
fn attributes(activity: &Activity) -> impl Iterator<Item = &(Key, Value)> {
    let is_score = activity.activity == BuiltinActivity::ChangeScore.id();
    let all = activity.attributes.iter();
    all.filter(move |(key, _)| {
        let key = key.as_ref();
        let depends = is_score && key == "new_value";
        !depends && !COUNTING.contains(&key)
    })
}

/// Returns the place of the step that wrote a row, from 0.
fn step_place(row: &NewRow) -> usize {
    let step = row.row.activity.origin.map_or(1, |origin| origin.step);
    step.saturating_sub(1) as usize
}

fn slot(pair: &Pair<'_>, places: [usize; 2]) -> [Option<usize>; 2] {
    let by_after = pair.steps.slot_of(1, places[1]);
    by_after.unwrap_or([None, Some(places[1])])
}

/// Returns what the step of a row does by the choice that was taken, in words.
fn does(
    pair: &Pair<'_>,
    sessions: [&Session<'_>; 2],
    rows: [&NewRow; 2],
    side: usize,
) -> Option<String> {
    let campaign = pair.sides[side]?;
    let step = campaign.flow.get(step_place(rows[side]))?;
    let origin = rows[side].row.activity.origin?;
    let taken = Step {
        id: None,
        kind: step.kind,
        choices: Vec::new(),
        default: action(step, origin).clone(),
    };
    Some(step_in_words(0, &taken, sessions[side].workspace()))
}

fn action(step: &Step, origin: Origin) -> &Action {
    let choice = origin.choice.and_then(|choice| choice.checked_sub(1));
    let choice = choice.and_then(|choice| step.choices.get(choice as usize));
    choice.map_or(&step.default, |choice| &choice.action)
}

/// The path goes on on one side alone.
fn of_one(number: u16, pair: &Pair<'_>, row: &NewRow, side: usize) -> Cause {
    let place = step_place(row);
    let slot = pair.steps.slot_of(side, place).unwrap_or_else(|| {
        let mut slot = [None, None];
        slot[side] = Some(place);
        slot
    });
    let mut words = [None, None];
    words[side] = pair.steps.words(side, Some(place));
    if slot[1 - side].is_some() {
        let ended = "not reached".to_owned();
        words[1 - side] = Some(ended);
    }
    of_step(number, "step", slot[1].or(slot[0]).unwrap_or(place), words)
}

fn of_step(pair: u16, part: &'static str, place: usize, [was, now]: [Option<String>; 2]) -> Cause {
    Cause {
        pair,
        order: (3, place),
        part,
        number: Some((place + 1).to_string()),
        was,
        now,
        subject: None,
    }
}

fn of_rows(number: u16, pair: &Pair<'_>, sessions: [&Session<'_>; 2], rows: [&NewRow; 2]) -> Cause {
    let places = rows.map(step_place);
    let mut slot = slot(pair, places);
    if slot != places.map(Some) {
        // The step of one side has none that corresponds to it there.
        let before = pair.steps.slot_of(0, places[0]);
        let removed = before.is_some_and(|slot| slot[1].is_none());
        if slot[0].is_none() {
            return of_step(
                number,
                "step",
                places[1],
                [None, pair.steps.words(1, Some(places[1]))],
            );
        }
        if removed {
            return of_step(
                number,
                "step",
                places[0],
                [pair.steps.words(0, Some(places[0])), None],
            );
        }
        slot = places.map(Some);
    }
    let place = places[1];
    let step_words = [0, 1].map(|side| pair.steps.words(side, slot[side]));
    let origins = rows.map(|row| row.row.activity.origin);
    let choices = origins.map(|origin| origin.and_then(|origin| origin.choice));
    let taken = [0, 1].map(|side| does(pair, sessions, rows, side));
    if choices.iter().any(Option::is_some) && (choices[0] != choices[1] || taken[0] != taken[1]) {
        let words = [0, 1].map(|side| choice_words(pair, sessions, rows[side], side));
        return of_step(number, "choice", place, words);
    }
    if step_words[0] != step_words[1] {
        return of_step(number, "step", place, step_words);
    }
    let [one, two] = rows.map(|row| &row.row.activity);
    if one.outcome != two.outcome || one.reason != two.reason {
        return of_step(
            number,
            "step",
            place,
            [one, two].map(|row| Some(outcome(row))),
        );
    }
    if rows[0].message != rows[1].message && one.activity == BuiltinActivity::SendEmail.id() {
        let name = |row: &Activity| row.primary.as_ref().map(ToString::to_string);
        return of_step(number, "email", place, [name(one), name(two)]);
    }
    of_step(
        number,
        "step",
        place,
        [one, two].map(|row| Some(values(row))),
    )
}

/// Says which choice was taken.
fn choice_words(
    pair: &Pair<'_>,
    sessions: [&Session<'_>; 2],
    row: &NewRow,
    side: usize,
) -> Option<String> {
    let campaign = pair.sides[side]?;
    let step = campaign.flow.get(step_place(row))?;
    let choice = row.row.activity.origin?.choice?;
    let taken = choice
        .checked_sub(1)
        .and_then(|place| step.choices.get(place as usize));
    let does = does(pair, sessions, [row, row], side)?;
    Some(match taken {
        Some(taken) => format!("if {}: {does}", inline(&taken.when)),
        None if step.choices.is_empty() => does,
        None => format!("else {does}"),
    })
}

fn outcome(activity: &Activity) -> String {
    let outcome = activity.outcome.map_or("succeeded", Outcome::name);
    match activity.reason {
        Some(reason) => format!("{outcome}: {}", reason.text()),
        None => outcome.to_owned(),
    }
}

/// Says what a row did, where its step reads the same: the kind of values, and not theirs, which are personal.
fn values(activity: &Activity) -> String {
    let keys: Vec<&str> = attributes(activity).map(|(key, _)| key.as_ref()).collect();
    let primary = activity.primary.as_deref().unwrap_or_default();
    format!("{primary} {}", keys.join(", ")).trim().to_owned()
}
