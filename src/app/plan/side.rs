//! The two sides of a comparison: copies of one database on which the same things happen, by the one engine.

use std::path::PathBuf;

use rustc_hash::FxHashSet;

use crate::app::advance::elapse;
use crate::app::load_campaigns::{LoadedCampaigns, LostWaits, Moved, load_moved};
use crate::app::replay::{Options, replay};
use crate::app::run_batch::{self, Judged, run_judged};
use crate::app::{Control, Error, Session};
use crate::campaign::Campaign;
use crate::domain::Instant;
use crate::domain::text::counted;
use crate::intake::events::{self, Events};
use crate::intake::input::Input;
use crate::store::{MissingPolicy, Store};

/// One side.
pub(super) struct Side<'a> {
    /// The copy.
    pub(super) store: Store,
    /// Its campaigns.
    pub(super) session: &'a Session<'a>,
    /// The events that happen there.
    pub(super) events: EventFiles<'a>,
}

/// The event files of a comparison, which each side reads by its own catalogues.
#[derive(Clone, Copy)]
pub(super) struct EventFiles<'a> {
    files: &'a [Input],
    /// No event may be later.
    latest: Instant,
    /// All before this have happened.
    taken: Option<Instant>,
    /// The instant of the last event, once that is known.
    last: Option<Instant>,
    /// What came of the events that happened first.
    first: Option<FirstEvents>,
}

/// Events that lead to nothing here.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstEvents {
    /// Those that were taken before the plan was made.
    pub(super) already_taken: u64,
    /// Those of people whom nobody knows.
    pub(super) unknown_person: u64,
    /// Those of types that nobody knows.
    pub(super) unknown_type: u64,
}

impl<'a> EventFiles<'a> {
    pub(super) fn new(files: &'a [Input], latest: Instant) -> Self {
        Self {
            files,
            latest,
            taken: None,
            last: None,
            first: None,
        }
    }

    /// Says which events lead to nothing, a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        let Some(first) = self.first else {
            return Vec::new();
        };
        let notes = [
            (
                first.already_taken,
                "was taken before, and does not happen again",
                "were taken before, and do not happen again",
            ),
            (
                first.unknown_person,
                "is of a person whom nobody knows",
                "are of people whom nobody knows",
            ),
            (
                first.unknown_type,
                "is of an unknown type",
                "are of unknown types",
            ),
        ];
        let notes = notes.into_iter().filter(|(count, ..)| *count > 0);
        notes
            .map(|(count, one, many)| {
                let words = if count == 1 { one } else { many };
                format!("{} {words}", counted(count, "event", "events"))
            })
            .collect()
    }

    /// Returns the events before an instant; nothing where all of them have happened.
    fn before(&mut self, at: Instant, session: &Session<'_>) -> Result<Option<Events>, Error> {
        let are_taken = self.taken.zip(self.last);
        if self.files.is_empty() || are_taken.is_some_and(|(taken, last)| last < taken) {
            return Ok(None);
        }
        let workspace = session.workspace();
        let ignored = |_| {};
        let options = events::Options {
            latest: Some(self.latest),
            ..events::Options::default()
        };
        let mut events = events::open(
            self.files,
            &options,
            &workspace.activities,
            &workspace.fields,
            &workspace.zone,
            &events::Watch::new(&ignored),
        )?;
        self.taken = Some(at);
        self.last = Some(events.extent().span.map_or(Instant::MIN, |[_, last]| last));
        events.end_before(at);
        Ok(Some(events))
    }
}

/// What is loaded into a copy.
pub(super) struct Loading<'a> {
    pub(super) paths: &'a [PathBuf],
    pub(super) gone: MissingPolicy,
    pub(super) lost: LostWaits,
    pub(super) now: Instant,
    pub(super) moved: Option<Moved<'a>>,
}

impl Loading<'_> {
    pub(super) fn load(&self, store: &mut Store) -> Result<LoadedCampaigns, Error> {
        load_moved(
            store, self.paths, self.moved, self.gone, self.lost, self.now,
        )
    }
}

impl Side<'_> {
    /// Lets the events before an instant happen, and time pass up to another.
    pub(super) fn reach(
        &mut self,
        events_before: Instant,
        at: Instant,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        if let Some(events) = self.events.before(events_before, self.session)? {
            let options = Options::plain();
            let replayed = replay(
                &mut self.store,
                self.session,
                events,
                &options,
                &mut |_| Ok(()),
                control,
            )?;
            let counts = replayed.summary;
            self.events.first.get_or_insert(FirstEvents {
                already_taken: counts.already_taken,
                unknown_person: counts.unknown_person,
                unknown_type: counts.unknown_type,
            });
        }
        elapse(
            &mut self.store,
            self.session,
            at,
            FxHashSet::default(),
            control,
        )?;
        Ok(())
    }

    /// Judges everyone for a batch campaign.
    pub(super) fn judge(
        &self,
        campaign: &Campaign,
        at: Instant,
        control: &Control<'_>,
    ) -> Result<Judged, Error> {
        Judged::of(
            &self.store,
            self.session,
            campaign,
            at,
            None,
            control.stop(),
        )
    }

    /// Takes in those who qualify.
    pub(super) fn run(
        &mut self,
        campaign: &Campaign,
        at: Instant,
        occurrence: Option<String>,
        judged: Judged,
        control: &mut Control<'_>,
    ) -> Result<(), Error> {
        let options = run_batch::Options {
            now: at,
            purpose: run_batch::Purpose::Rehearsal,
            only: None,
            allow: Vec::new(),
            approved: None,
            watch: false,
            occurrence,
            command: None,
            verdicts: None,
        };
        run_judged(
            &mut self.store,
            self.session,
            campaign,
            options,
            judged,
            control,
        )?;
        Ok(())
    }
}
