//! `campaign abort`: ends an unfinished batch run, or the waits in which the people of a run still are.
//!
//! What the run has done stands; verdicts that wait beside the file of `--people` go. Each wait that it ends is a row in that person's log. Waits are ended in portions,
//! each one transaction; the run counts as aborted with the last of them, so a killed command can be given again.

use std::path::Path;

use crate::domain::{Instant, RunId};
use crate::engine::Abandoned;
use crate::files;
use crate::results::RunRow;
use crate::store::{CommitProgress, RunProgress, RunState, Store, StoredRun};
use crate::world::WaitRow;

use super::abandon::abandon;
use super::list_campaigns;
use super::stored_workspace::StoredWorkspace;
use super::{ChunkBounds, Error, ErrorKind, Session, UserError};

/// Waits looked at together.
const AT_ONCE: usize = 50_000;

/// Ends a run; people who wait in it leave the flow at an instant, or at the watermark where that is later.
pub(crate) fn abort(store: &mut Store, id: RunId, now: Instant) -> Result<RunRow, Error> {
    let run = store.run(id)?.ok_or_else(|| {
        UserError::new(ErrorKind::State, format!("there is no run {id}"))
            .help("`bugle campaign runs` lists them")
    })?;
    check(&run)?;
    let opened = StoredWorkspace::of(store)?;
    let session = Session::new(&opened, run.begun.seed, ChunkBounds::default());
    let at = store
        .watermark()?
        .map_or(now, |watermark| watermark.max(now));
    let mut after = None;
    loop {
        let never = Instant::from_micros(i64::MAX);
        let waits = store.due_waits(after, never, AT_ONCE, &opened.bindings)?;
        after = waits.last().map(|last| (last.until, last.id));
        let last = waits.len() < AT_ONCE;
        let of_run: Vec<WaitRow> = waits
            .into_iter()
            .filter(|wait| wait.run == Some(id))
            .collect();
        end(store, &session, &of_run, at, last.then_some(&run))?;
        if last {
            break;
        }
    }
    if run.state == RunState::Running
        && let Some(at) = run.begun.command
        && let Some(path) = store.command(at.command)?.given.people_file
    {
        files::discard(Path::new(&path))?;
    }
    let rows = list_campaigns::runs(store, Some(&run.begun.campaign))?;
    rows.into_iter()
        .find(|row| row.run_id == id.0)
        .ok_or_else(|| UserError::new(ErrorKind::Program, format!("run {id} is gone")).into())
}

/// Refuses what has nothing left to end.
fn check(run: &StoredRun) -> Result<(), UserError> {
    let id = run.id;
    let message = match run.state {
        RunState::Running => return Ok(()),
        RunState::Finished | RunState::Aborted if run.waiting > 0 => return Ok(()),
        RunState::Finished => format!("run {id} is finished, and nobody waits in it"),
        RunState::Aborted => format!("run {id} is aborted already"),
        RunState::Refused => format!("run {id} was refused, so there is nothing to end"),
    };
    Err(UserError::new(ErrorKind::State, message))
}

/// Ends some waits in one transaction, and the run with them where they are the last.
fn end(
    store: &mut Store,
    session: &Session<'_>,
    waits: &[WaitRow],
    at: Instant,
    run: Option<&StoredRun>,
) -> Result<(), Error> {
    let waits: Vec<(WaitRow, Abandoned)> = waits
        .iter()
        .map(|wait| (wait.clone(), Abandoned::RunAborted))
        .collect();
    let journal = abandon(store, session, &waits, at)?;
    let progress = run.map(|run| RunProgress {
        run: run.id,
        last_person: run.last_person,
        state: RunState::Aborted,
        counts: run.counts.clone(),
        written: None,
        next: None,
    });
    let progress = CommitProgress {
        watermark: None,
        run: progress.as_ref(),
    };
    Ok(store.write(&journal, session.bindings(), progress)?)
}
