//! `campaign abort`: ends a batch run that stands unfinished, or the waits that one still holds people in.

use crate::domain::{Instant, RunId};
use crate::results::RunRow;
use crate::store::{JournalNames, Progress, RunProgress, RunState, Store};
use crate::world::{Journal, Names, WaitChange};

use super::list_campaigns;
use super::opened::Opened;
use super::{Error, Kind, Problem};

/// Waits looked at together.
const AT_ONCE: usize = 50_000;

/// Ends a run; people who wait in it leave the flow, what it has done stands.
pub fn abort(store: &mut Store, id: RunId) -> Result<RunRow, Error> {
    let run = store.run(id)?.ok_or_else(|| {
        Problem::new(Kind::State, format!("there is no run {id}"))
            .help("`bugle campaign runs` lists them")
    })?;
    if run.state == RunState::Aborted {
        return Err(Problem::new(Kind::State, format!("run {id} is aborted already")).into());
    }
    if run.state == RunState::Finished && run.waiting == 0 {
        let message = format!("run {id} is finished, and nobody waits in it");
        return Err(Problem::new(Kind::State, message).into());
    }
    let opened = Opened::of(store)?;
    let progress = RunProgress {
        run: id,
        last_person: run.last_person,
        state: RunState::Aborted,
        counts: run.counts,
    };
    let journal = Journal {
        waits: waits_of(store, &opened, id)?,
        ..Journal::default()
    };
    let none = Names::default();
    let names = JournalNames {
        lists: &none,
        programs: &none,
    };
    let progress = Progress {
        watermark: None,
        run: Some(&progress),
    };
    store.write(&journal, &mut opened.bindings.clone(), names, progress)?;
    let rows = list_campaigns::runs(store, Some(&run.begun.campaign))?;
    rows.into_iter()
        .find(|row| row.run_id == id.0)
        .ok_or_else(|| Problem::new(Kind::Program, format!("run {id} is gone")).into())
}

/// Returns the ends of all waits that a run holds people in.
fn waits_of(store: &Store, opened: &Opened, run: RunId) -> Result<Vec<WaitChange>, Error> {
    let never = Instant::from_micros(i64::MAX);
    let mut ends = Vec::new();
    let mut after = None;
    loop {
        let waits = store.due_waits(after, never, AT_ONCE, &opened.bindings)?;
        let Some(last) = waits.last() else {
            return Ok(ends);
        };
        after = Some((last.until, last.id));
        ends.extend(
            waits
                .iter()
                .filter(|wait| wait.run == Some(run))
                .map(|wait| WaitChange::Ended {
                    wait: wait.id,
                    person: wait.person,
                }),
        );
    }
}
