//! Work on several threads, with results in the order of the work: nobody can see how many there were.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::app::UserError;
use crate::app::threads::spawn;

/// Does one thing for each of many, on so many threads.
pub(super) fn side_by_side<T: Sync, R: Send>(
    all: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Result<Vec<R>, UserError> {
    let threads = threads.min(all.len());
    if threads < 2 {
        return Ok(all.iter().map(work).collect());
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = all.get(place) else {
                return done;
            };
            done.push((place, work(one)));
        }
    };
    std::thread::scope(|scope| {
        let helpers = (1..threads).map(|_| spawn(scope, take));
        let helpers = helpers.collect::<Result<Vec<_>, _>>()?;
        let mut done = take();
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done.sort_by_key(|(place, _)| *place);
        Ok(done.into_iter().map(|(_, result)| result).collect())
    })
}
