//! Why one side lets a person into a trigger campaign, or one that others execute, and the other side does not.
//!
//! The log of each side says what happened there. The row by which the person entered is looked for on the other side, and
//! there everything is asked that decides, on the person as they were then.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::app::Error;
use crate::campaign::Campaign;
use crate::domain::text::same;
use crate::domain::{Mode, PersonId};
use crate::engine::ExplainedMoment;
use crate::filter::Occasion;
use crate::store::NewEntry;
use crate::world::LogRow;
use crate::world::past::{Moment, Past, Then};

use super::align::Pair;
use super::cause::{Answer, Asker, Cause};
use super::side::Side;

/// What asks each side about people, by pair and side; made where it is first needed.
#[derive(Default)]
pub(super) struct Askers<'w>(BTreeMap<(u16, usize), Asker<'w>>);

impl<'w> Askers<'w> {
    fn of(
        &mut self,
        number: u16,
        place: usize,
        side: &Side<'w>,
        campaign: &'w Campaign,
    ) -> Result<&Asker<'w>, Error> {
        Ok(match self.0.entry((number, place)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Asker::of(&side.store, side.session, campaign)?),
        })
    }
}

/// Finds the cause by which a person enters on one side alone.
pub(super) fn cause_of_entry<'w>(
    sides: &[Side<'w>; 2],
    askers: &mut Askers<'w>,
    (number, pair): (u16, &Pair<'w>),
    person: PersonId,
    entry: NewEntry,
    admits: usize,
) -> Result<Cause, Error> {
    let on = |text: Option<String>| {
        let mut words = [None, None];
        words[admits] = text;
        words
    };
    let other = 1 - admits;
    let (Some(entered), Some(refused)) = (pair.sides[admits], pair.sides[other]) else {
        let text = if admits == 1 { "added" } else { "there" };
        return Ok(Cause::of_whole(
            number,
            "definition",
            on(Some(text.to_owned())),
        ));
    };
    if entered.mode != refused.mode {
        let words = pair
            .sides
            .map(|side| side.map(|side| side.mode.name().to_owned()));
        return Ok(Cause::of_whole(number, "mode", words));
    }
    if entered.mode == Mode::Triggered && !sides[other].session.opened.is_active(refused.id) {
        let words = [0, 1].map(|side| {
            let active = if side == admits { "active" } else { "inactive" };
            Some(active.to_owned())
        });
        return Ok(Cause::of_whole(number, "active", words));
    }
    let pasts = [0, 1].map(|side| {
        let Side { store, session, .. } = &sides[side];
        store.past(person, session.bindings())
    });
    let [before, after] = pasts;
    let pasts = [before?, after?];
    let Some(row) = entry.cause.and_then(|place| pasts[admits].row(place)) else {
        return Ok(Cause::of_whole(number, "campaign", [None, None]));
    };
    let Some(there) = same_row(sides, &pasts, row, admits) else {
        let by = written_by(&sides[admits], row);
        let part = if row.activity.origin.is_some() {
            "campaign"
        } else {
            "event"
        };
        return Ok(Cause::of_whole(number, part, on(Some(by))));
    };
    let rows = if admits == 0 {
        [row, there]
    } else {
        [there, row]
    };
    if entered.mode == Mode::Triggered
        && let Some(cause) = of_trigger(sides, (number, pair), rows, admits)
    {
        return Ok(cause);
    }
    let mut answers = Vec::new();
    for side in 0..2 {
        let campaign = if side == admits { entered } else { refused };
        let asker = askers.of(number, side, &sides[side], campaign)?;
        answers.extend(answer(&sides[side], asker, &pasts[side], rows[side])?);
    }
    let cause = match answers.as_slice() {
        [before, after] => pair.of_decision(number, [before, after]),
        _ => None,
    };
    Ok(cause.unwrap_or_else(|| Cause::of_whole(number, "cascade_limit", [None, None])))
}

/// Finds a row of one side on the other.
fn same_row<'p>(
    sides: &[Side<'_>; 2],
    pasts: &'p [Past; 2],
    row: &LogRow,
    admits: usize,
) -> Option<&'p LogRow> {
    let wanted = &row.activity;
    let author = written_by(&sides[admits], row);
    let other = 1 - admits;
    pasts[other].log.iter().find(|there| {
        let activity = &there.activity;
        activity.at == wanted.at
            && activity.activity == wanted.activity
            && activity.counts()
            && activity.primary == wanted.primary
            && activity.event == wanted.event
            && written_by(&sides[other], there) == author
    })
}

/// Says what wrote a row: a campaign, or an event.
fn written_by(side: &Side<'_>, row: &LogRow) -> String {
    let workspace = side.session.workspace();
    match row.activity.origin {
        Some(origin) => workspace.campaign(origin.campaign).full_name.to_string(),
        None => workspace
            .activities
            .get(row.activity.activity)
            .name
            .to_string(),
    }
}

/// Finds the trigger that fires on one side alone.
fn of_trigger(
    sides: &[Side<'_>; 2],
    (number, pair): (u16, &Pair<'_>),
    rows: [&LogRow; 2],
    admits: usize,
) -> Option<Cause> {
    let fired = [0, 1].map(|side| {
        let session = sides[side].session;
        session
            .engine
            .fired_trigger(pair.sides[side]?, rows[side], rows[side].activity.at)
    });
    if fired[1 - admits].is_some() {
        return None;
    }
    let slot = pair.triggers.slot_of(admits, fired[admits]?)?;
    let place = slot[1].or(slot[0])?;
    Some(Cause {
        pair: number,
        order: (0, place),
        part: "trigger",
        number: Some((place + 1).to_string()),
        was: pair.triggers.words(0, slot[0]),
        now: pair.triggers.words(1, slot[1]),
        subject: None,
    })
}

/// Asks one side about the person as they were when campaigns were asked about a row.
fn answer(
    side: &Side<'_>,
    asker: &Asker<'_>,
    past: &Past,
    row: &LogRow,
) -> Result<Option<Answer>, Error> {
    let people = side
        .session
        .fetch(&asker.world, &side.store, [row.person])?;
    let moment = row.happening.map_or_else(
        || Moment::after(row.ordinal),
        |happening| past.evaluated(row.ordinal, happening),
    );
    let known = side.session.known();
    Ok(people.into_iter().next().map(|person| {
        let layout = asker.world.layout();
        let was = known.as_of(past, person, layout, Then::Moment(moment));
        let at = row.activity.at;
        asker.ask(
            &was.person,
            ExplainedMoment {
                at,
                row: None,
                occasion: Occasion::at(at),
            },
        )
    }))
}

/// Returns the entry of a person into a campaign of a side.
pub(super) fn first_entry(
    side: &Side<'_>,
    entries: &[NewEntry],
    pair: &Pair<'_>,
) -> Option<NewEntry> {
    let workspace = side.session.workspace();
    let into = |entry: &&NewEntry| same(&workspace.campaign(entry.campaign).full_name, &pair.name);
    entries.iter().find(into).copied()
}
