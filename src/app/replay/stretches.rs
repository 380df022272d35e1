//! Replaying by stretches of time and ranges of people.
//!
//! A stretch ends at a scheduled occurrence, at `--until`, at the end of the events, or after so many of them; it is one
//! transaction. See `stretch` for what is done in it, and why the results are those of processing in order of time.

use crate::app::control::Pass;
use crate::app::seen_events::scratch_failed;
use crate::app::stretch::{Meant, Ranges, Resolver, StretchWriter, Task};
use crate::app::timeline::End;
use crate::app::writer::{Keep, WriterError};
use crate::app::{Control, Error, Passed};
use crate::domain::Instant;
use crate::store::Store;

use super::Replay;

/// What comes after a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stretched {
    /// Another one.
    More,
    /// What is scheduled at an instant.
    Occurrence(Instant),
    /// Nothing.
    All,
}

impl Replay<'_> {
    /// Takes the events of the next stretch, and says what comes after it.
    pub(super) fn stretch(
        &mut self,
        store: &mut Store,
        ranges: &mut Ranges,
        next: Option<Instant>,
        control: &mut Control<'_>,
    ) -> Result<Stretched, Error> {
        let first_new = store.next_person()?;
        let (session, keep) = (self.session, self.timeline.keep());
        let before = self.done;
        let after = crate::app::stretch::with_stretch(store, session, keep, |writer| {
            let (clock, needs) = (self.timeline.watermark, self.timeline.needs().clone());
            let mut resolver = Resolver::new(session, &ranges.finder, clock, needs, first_new);
            let after = self.resolve(&mut resolver, next, keep, writer, control)?;
            let Resolver {
                needs,
                clock,
                moved,
                resolved,
                ..
            } = resolver;
            let (after, end) = self.end(after, next, clock.filter(|_| moved));
            self.timeline.watermark = clock;
            if let Some(end) = end {
                let from = self.began.or(clock).unwrap_or(end.at());
                let pass = Pass {
                    counts: [halfway(before, self.done), self.done],
                    bar: [midway(from, clock.unwrap_or(from)), end.at()],
                };
                let task = Task {
                    needs,
                    began: self.began,
                    ends: end.at(),
                    reaction: self.options.reaction,
                    list_due: false,
                    watch: self.options.watch,
                };
                let due = ranges.finder.due_people(task.ends)?;
                let mut source = resolved
                    .finish(due)
                    .map_err(|cause| scratch_failed(&cause))?;
                let reader = || self.events.resolved_reader();
                let timeline = &mut self.timeline;
                ranges.apply(
                    session,
                    timeline,
                    &task,
                    &mut source,
                    &reader,
                    writer,
                    &pass,
                    control,
                )?;
                timeline.reach_end(end);
            }
            self.began = self.timeline.watermark;
            Ok((after, self.timeline.watermark))
        })?;
        if let Some(watermark) = self.timeline.watermark {
            control.passed(watermark);
        }
        Ok(after)
    }

    /// Finds out whom the events of the stretch mean; returns what comes after them.
    fn resolve(
        &mut self,
        resolver: &mut Resolver<'_>,
        next: Option<Instant>,
        keep: Keep,
        writer: &StretchWriter,
        control: &mut Control<'_>,
    ) -> Result<Stretched, WriterError> {
        // Nothing of a dry run is ever in the database, so all of it is one stretch.
        let most = match keep {
            Keep::Written => self.session.bounds.stretch,
            Keep::Dropped => u64::MAX,
        };
        self.began = resolver.clock;
        let before = self.done;
        let mut count = 0;
        loop {
            control.check_in_stretch()?;
            if !self.fill(self.session.bounds.events)? {
                return Ok(Stretched::All);
            }
            if count >= most {
                return Ok(Stretched::More);
            }
            let part = self.ahead.before(next, most - count);
            let taken = part.events.len() as u64;
            if taken > 0 {
                let (summary, set_aside) = (&mut self.summary, &mut self.set_aside);
                let noted = resolver.take(part, |event, meant| {
                    match meant {
                        Meant::Person { late } => {
                            summary.taken += 1;
                            summary.late += u64::from(late);
                        }
                        Meant::Nobody => {
                            summary.unknown_person += 1;
                            set_aside.add_unknown(event.line.as_deref().unwrap_or_default())?;
                        }
                    }
                    Ok(())
                })?;
                writer.note(noted)?;
                count += taken;
                self.done += taken;
                self.resolved(resolver.clock, before, control);
            }
            if let (Some(next), false) = (next, self.ahead.is_empty())
                && count < most
            {
                return Ok(Stretched::Occurrence(next));
            }
        }
    }

    /// Shows how far the first pass has come. It is half of the way: the people of these events are still to be taken there.
    fn resolved(&self, clock: Option<Instant>, before: u64, control: &mut Control<'_>) {
        if let Some(clock) = clock {
            control.on_the_way(Passed {
                at: clock,
                bar: midway(self.began.unwrap_or(clock), clock),
            });
        }
        control.reached(halfway(before, self.done));
    }

    /// Returns what comes after the stretch, and where it ends; nowhere where nothing lets the clock pass. `clock` is where
    /// events have brought it.
    fn end(
        &self,
        after: Stretched,
        next: Option<Instant>,
        clock: Option<Instant>,
    ) -> (Stretched, Option<End>) {
        match (after, self.options.until) {
            (Stretched::Occurrence(at), _) => (after, Some(End::Before(at))),
            (Stretched::All, Some(until)) => match next.filter(|next| *next <= until) {
                Some(next) => (Stretched::Occurrence(next), Some(End::Before(next))),
                None => (
                    after,
                    Some(End::With(clock.map_or(until, |clock| clock.max(until)))),
                ),
            },
            (Stretched::All, None) | (Stretched::More, _) => (after, clock.map(End::With)),
        }
    }
}

/// Returns the count in the middle between two.
fn halfway(from: u64, until: u64) -> u64 {
    from + until.saturating_sub(from) / 2
}

/// Returns the instant in the middle between two.
fn midway(from: Instant, until: Instant) -> Instant {
    from.plus_micros(until.micros().saturating_sub(from.micros()) / 2)
}
