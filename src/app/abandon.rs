//! Ends waits without continuing the flow: those of an aborted run, and those that a new version drops. Each end is logged.

use std::collections::BTreeSet;

use crate::domain::{Instant, PersonId, WaitId};
use crate::engine::{Abandoned, Engine};
use crate::store::{Error, Store};
use crate::world::{Layout, Needs, NextNumbers, WaitRow, World};

use super::stored_workspace::StoredWorkspace;
use super::world_loading::load_missing;

/// Ends some waits at an instant, or when they began where that is later; the journal of the world returned has it all.
///
/// All waits of one person that are to end must be given together: the rows of a log are numbered in it.
pub(super) fn abandon(
    store: &Store,
    opened: &StoredWorkspace,
    waits: &[(WaitRow, Abandoned)],
    at: Instant,
) -> Result<World, Error> {
    let engine = Engine::new(&opened.workspace, |_| false, 0);
    let people: BTreeSet<PersonId> = waits.iter().map(|(wait, _)| wait.person).collect();
    let mut world = world_of(store, opened, &people)?;
    for (wait, why) in waits {
        engine.abandon(&mut world, wait, at.max(wait.since), *why);
    }
    Ok(world)
}

/// Loads who waits, with nothing of them but that.
fn world_of(
    store: &Store,
    opened: &StoredWorkspace,
    people: &BTreeSet<PersonId>,
) -> Result<World, Error> {
    let needs = Needs {
        waits: true,
        ..Needs::default()
    };
    let workspace = &opened.workspace;
    let layout = Layout::of([], &workspace.fields);
    // Nobody is made here and no wait begins, so no number is given.
    let next = NextNumbers {
        person: PersonId(1),
        wait: WaitId(1),
    };
    let (lists, programs) = (workspace.lists.clone(), workspace.program_names.clone());
    let mut world = World::new(layout, needs, lists, programs, next);
    let people = people.iter().copied();
    load_missing(&mut world, store, &mut opened.bindings.clone(), people)?;
    Ok(world)
}
