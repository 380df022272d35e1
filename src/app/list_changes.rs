//! `person list --changed-since`: who came into a smart list and who left it, when, and because of what.
//!
//! Each person is asked about at both ends of the time between. Where the answers differ, the changes between are followed
//! to the last one that made the difference; where none did, it was the passing of time, and the instant is sought.

use crate::domain::{Instant, PersonId};
use crate::results::{ListChange, ListChangeRow};
use crate::store::Store;
use crate::world::past::{Moment, Past, Then};
use crate::world::{LogRow, Person};

use super::list_people::{AT_ONCE, AskedPeople, PeopleCursor};
use super::then::{Known, existed};
use super::{Control, Error};

/// The time between two instants: what happened at the first one is past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Between {
    /// The first instant.
    pub(crate) since: Instant,
    /// The last one.
    pub(crate) until: Instant,
}

/// Returns who came and who went, in order of person.
pub(crate) fn list_changes(
    store: &Store,
    people: &PeopleCursor,
    between: Between,
    seed: u64,
    control: &mut Control<'_>,
) -> Result<Vec<ListChangeRow>, Error> {
    let asked = people.asked(store)?;
    let known = Known {
        workspace: people.workspace(),
        bindings: &asked.bindings,
    };
    let (mut rows, mut after, mut done) = (Vec::new(), None::<PersonId>, 0);
    loop {
        control.check()?;
        let chunk = store.people_after(after, AT_ONCE, asked.request())?;
        let Some(last) = chunk.last() else {
            return Ok(rows);
        };
        after = Some(last.id);
        done += chunk.len() as u64;
        for person in chunk {
            let past = known.past(store, person.id)?;
            let history = History {
                people,
                asked: &asked,
                known,
                past: &past,
                person: &person,
                seed,
            };
            rows.extend(history.change(between));
        }
        control.reached(done);
    }
}

/// One person and all that has changed them.
struct History<'a> {
    people: &'a PeopleCursor,
    asked: &'a AskedPeople,
    known: Known<'a>,
    past: &'a Past,
    person: &'a Person,
    seed: u64,
}

/// A point in time, and whether a change of the person is at it.
#[derive(Clone, Copy)]
struct Point {
    at: Instant,
    is_change: bool,
}

impl History<'_> {
    /// Returns whether the person came or went between two instants.
    fn change(&self, between: Between) -> Option<ListChangeRow> {
        let Between { since, until } = between;
        let is_in = self.is_in(until);
        if self.is_in(since) == is_in {
            return None;
        }
        let points = self.points(between);
        let last = points
            .iter()
            .rposition(|point| self.is_in(point.at) != is_in);
        // The first point is such a one.
        let before = points.get(last?)?;
        let after = points.get(last? + 1)?;
        let (at, cause) = if after.is_change {
            (after.at, self.cause(after.at, is_in))
        } else {
            let at = self.turn(before.at, after.at, is_in);
            (at, "the passing of time".to_owned())
        };
        let names = self.person.names(&self.asked.layout);
        Some(ListChangeRow {
            person_id: self.person.id.0,
            email: names.email.map(|email| email.to_string()),
            id: names.id.map(|id| id.to_string()),
            change: if is_in {
                ListChange::Came
            } else {
                ListChange::Went
            },
            at,
            cause,
        })
    }

    /// Returns the ends, and the instants right before and at each change between them.
    fn points(&self, between: Between) -> Vec<Point> {
        let Between { since, until } = between;
        let rows = self.past.log.iter().map(|row| row.activity.at);
        let loads = self.past.loads.iter().map(|load| load.at);
        let mut changes: Vec<Instant> = rows
            .chain(loads)
            .filter(|at| since < *at && *at <= until)
            .collect();
        changes.sort_unstable();
        changes.dedup();
        let point = |at, is_change| Point { at, is_change };
        let mut points = vec![point(since, false)];
        for at in changes {
            points.push(point(at.plus_micros(-1), false));
            points.push(point(at, true));
        }
        points.push(point(until, false));
        points
    }

    /// Returns whether the smart list has the person at an instant.
    fn is_in(&self, at: Instant) -> bool {
        existed(self.past, at) && self.holds(Then::At(at), at)
    }

    fn holds(&self, then: Then, now: Instant) -> bool {
        let layout = &self.asked.layout;
        let was = self
            .known
            .as_of(self.past, self.person.clone(), layout, then);
        self.people.holds(&was.person, layout, now, self.seed)
    }

    /// Finds the instant at which the passing of time made a difference, between one before it and one after.
    fn turn(&self, before: Instant, after: Instant, is_in: bool) -> Instant {
        let (mut before, mut after) = (before, after);
        while after.micros() - before.micros() > 1 {
            let middle = before.plus_micros((after.micros() - before.micros()) / 2);
            if self.is_in(middle) == is_in {
                after = middle;
            } else {
                before = middle;
            }
        }
        after
    }

    /// Says which of the changes of an instant made the difference.
    fn cause(&self, at: Instant, is_in: bool) -> String {
        let rows = || self.past.log.iter().filter(|row| row.activity.at == at);
        let decides =
            |row: &&LogRow| self.holds(Then::Moment(Moment::after(row.ordinal)), at) == is_in;
        let loaded = self.past.loads.iter().any(|load| load.at == at);
        let row = rows()
            .find(decides)
            .or_else(|| rows().next_back().filter(|_| !loaded));
        match row {
            None => "a load".to_owned(),
            Some(row) => self.written(row),
        }
    }

    /// Says what a row of the log is, and which step wrote it.
    fn written(&self, row: &LogRow) -> String {
        let workspace = self.known.workspace;
        let activity = &workspace.activities.get(row.activity.activity).name;
        match row.activity.origin {
            None => activity.to_string(),
            Some(origin) => {
                let campaign = &workspace.campaign(origin.campaign).full_name;
                format!("{activity} by {campaign}, step {}", origin.step)
            }
        }
    }
}
