//! What differs, counted and named: the rows of the result.

use std::collections::BTreeMap;

use crate::app::{Error, StoredWorkspace};
use crate::domain::field::{EMAIL, ID};
use crate::domain::text::same;
use crate::domain::{Mode, PersonId, PersonNames};
use crate::results::{
    CampaignChange, CampaignLoadRow, PlannedCampaign, PlannedCause, PlannedWait, WaitBecomes,
    WaitFate,
};
use crate::world::Needs;

use super::align::Pair;
use super::cause::Causes;
use super::compare::{Compared, Difference, Moves};
use super::side::Side;
use super::{Differing, DifferingPerson};

/// Returns the trigger campaigns of which nothing is known without events.
pub(super) fn not_evaluated(pairs: &[Pair<'_>], has_events: bool) -> Vec<String> {
    if has_events {
        return Vec::new();
    }
    let is_triggered = |pair: &&Pair<'_>| {
        let mut versions = pair.sides.iter().flatten();
        versions.any(|campaign| campaign.mode == Mode::Triggered)
    };
    let triggered = pairs.iter().filter(is_triggered);
    triggered.map(|pair| pair.name.to_string()).collect()
}

/// Returns what becomes of the people in waits of campaigns that change.
pub(super) fn waiting(
    loaded: &[CampaignLoadRow],
    before: &StoredWorkspace,
    is_refused: bool,
) -> Vec<PlannedWait> {
    let changes = |row: &&CampaignLoadRow| match row.change {
        CampaignChange::Changed | CampaignChange::Pruned => true,
        CampaignChange::Added | CampaignChange::Unchanged | CampaignChange::Missing => false,
    };
    let rows = loaded.iter().filter(changes);
    rows.flat_map(|row| {
        let stored = before.stored.iter();
        let mut stored = stored.filter(|stored| same(&stored.full_name, &row.campaign));
        let newest = stored.next().map(|stored| stored.version);
        row.waits.iter().map(move |wait| PlannedWait {
            campaign: row.campaign.clone(),
            people: wait.waiting.people,
            step: wait.waiting.step,
            becomes: match wait.then {
                WaitFate::GoesOn => WaitBecomes::GoesOn,
                WaitFate::Finishes if is_refused && wait.version == newest => WaitBecomes::Lost,
                WaitFate::Finishes => WaitBecomes::Finishes,
                WaitFate::Dropped => WaitBecomes::Dropped,
            },
            to: wait.next_step,
        })
    })
    .collect()
}

/// Finds the names of people who differ, for those who want to see them.
pub(super) struct Names<'a, 'w, 'p> {
    pub(super) sides: &'a [Side<'w>; 2],
    /// How many of each group are named.
    pub(super) show: usize,
    pub(super) people: Option<&'p mut dyn Differing>,
}

impl Names<'_, '_, '_> {
    /// Names the people of a group, all who are differing in one way for one cause.
    fn group(
        &mut self,
        campaign: &str,
        cause: &PlannedCause,
        group: &[Difference],
    ) -> Result<Vec<String>, Error> {
        let mut shown = Vec::new();
        let wanted = if self.people.is_some() {
            group
        } else {
            &group[..self.show.min(group.len())]
        };
        for chunk in wanted.chunks(AT_ONCE) {
            let people: Vec<PersonId> = chunk.iter().map(|one| one.person).collect();
            let mut names = self.named(1, &people)?;
            let gone: Vec<PersonId> = people
                .iter()
                .filter(|person| !names.contains_key(person))
                .copied()
                .collect();
            names.extend(self.named(0, &gone)?);
            for one in chunk {
                let Some(who) = names.get(&one.person) else {
                    continue;
                };
                if shown.len() < self.show {
                    shown.push(who.best());
                }
                if let Some(people) = &mut self.people {
                    people.put(&DifferingPerson {
                        campaign,
                        who,
                        change: one.moves.name(),
                        cause,
                    })?;
                }
            }
        }
        Ok(shown)
    }

    fn named(
        &self,
        side: usize,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, PersonNames>, Error> {
        let Side { store, session, .. } = &self.sides[side];
        let mut needs = Needs::default();
        needs.fields.extend([EMAIL, ID]);
        let world = session.world(store, needs)?;
        let people = store.people(people, session.request(&world))?;
        let named = people.into_iter();
        Ok(named
            .map(|person| (person.id, person.names(world.layout())))
            .collect())
    }
}

/// People whose names are read at a time.
const AT_ONCE: usize = 1_000;

/// Counts those who differ by campaign and cause.
pub(super) fn campaigns(
    compared: &Compared,
    pairs: &[Pair<'_>],
    causes: &Causes,
    changed: &[String],
    names: &mut Names<'_, '_, '_>,
) -> Result<Vec<PlannedCampaign>, Error> {
    let mut rows = Vec::new();
    for (number, pair) in (0..).zip(pairs) {
        let differences = &compared.differences;
        let start = differences.partition_point(|one| one.pair < number);
        let end = differences.partition_point(|one| one.pair <= number);
        let own = &differences[start..end];
        let is_changed = changed.iter().any(|name| same(name, &pair.name));
        if own.is_empty() && !is_changed {
            continue;
        }
        let mut groups: Vec<&[Difference]> =
            own.chunk_by(|one, two| one.cause == two.cause).collect();
        groups.sort_by_key(|group| (causes.get(group[0].cause).order, group[0].cause));
        let count = |group: &[Difference], moves: Moves| {
            group.iter().filter(|one| one.moves == moves).count() as u64
        };
        let mut found = Vec::new();
        for group in groups {
            let cause = causes.get(group[0].cause);
            let mut row = PlannedCause {
                part: cause.part,
                number: cause.number.clone(),
                was: cause.was.clone(),
                now: cause.now.clone(),
                subject: cause.subject.clone(),
                entering: count(group, Moves::In),
                leaving: count(group, Moves::Out),
                path: count(group, Moves::Path),
                people: Vec::new(),
            };
            row.people = names.group(&pair.name, &row, group)?;
            found.push(row);
        }
        let [before, after] = compared.entered[usize::from(number)];
        rows.push(PlannedCampaign {
            campaign: pair.name.to_string(),
            before,
            after,
            entering: count(own, Moves::In),
            leaving: count(own, Moves::Out),
            path: count(own, Moves::Path),
            causes: found,
        });
    }
    Ok(rows)
}
