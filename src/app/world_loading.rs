//! Loads people of the database into a world.

use crate::domain::PersonId;
use crate::store::{Bindings, LoadRequest, Result, Store};
use crate::world::{Person, World};

/// Loads those of some people who are not in a world yet, with what it needs of them; the world learns the names of lists
/// and programs that it has not met.
pub(super) fn fetch(
    world: &mut World,
    store: &Store,
    bindings: &mut Bindings,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<Person>> {
    let mut missing: Vec<PersonId> = people
        .into_iter()
        .filter(|person| !world.has(*person))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    let (mut lists, mut programs) = (world.lists.clone(), world.programs.clone());
    let loaded = store.people(
        &missing,
        &mut LoadRequest {
            layout: world.layout(),
            needs: world.needs(),
            bindings,
            lists: &mut lists,
            programs: &mut programs,
        },
    )?;
    world.lists = lists;
    world.programs = programs;
    Ok(loaded)
}

/// Brings those of some people into a world who are not in it yet.
pub(super) fn load_missing(
    world: &mut World,
    store: &Store,
    bindings: &mut Bindings,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<()> {
    for person in fetch(world, store, bindings, people)? {
        world.insert(person);
    }
    Ok(())
}
