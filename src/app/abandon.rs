//! Ends waits without continuing the flow: those of an aborted run, and those that a new version drops. Each end is logged.

use crate::domain::Instant;
use crate::engine::Abandoned;
use crate::store::{Error, Store};
use crate::world::{Journal, Needs, WaitRow};

use super::Session;

/// Ends some waits at an instant, or when they began where that is later; returns the journal of it.
///
/// All waits of one person that are to end must be given together: the rows of a log are numbered in it.
pub(super) fn abandon(
    store: &Store,
    session: &Session<'_>,
    waits: &[(WaitRow, Abandoned)],
    at: Instant,
) -> Result<Journal, Error> {
    // Nothing of the people matters but their waits.
    let needs = Needs {
        waits: true,
        ..Needs::default()
    };
    let mut world = session.world(store, needs)?;
    session.load_missing(&mut world, store, waits.iter().map(|(wait, _)| wait.person))?;
    for (wait, why) in waits {
        let engine = &session.engine;
        engine.abandon(&mut world, wait, at.max(wait.since), *why);
    }
    Ok(world.take_journal())
}
