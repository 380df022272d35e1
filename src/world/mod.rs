//! The world: the people a piece of work is about, as they are now, and what has happened to them in it.
//!
//! The store fills a [`World`] with the people, fields and history that the work needs; the engine reads
//! and changes it through its methods, which write every change into the [`Journal`]; the store takes
//! the journal and writes it in one transaction. The world does no I/O and knows no clock.

pub(crate) mod activity;
pub(crate) mod directory;
pub(crate) mod event;
pub(crate) mod journal;
pub(crate) mod layout;
pub(crate) mod matches;
pub(crate) mod members;
pub(crate) mod names;
pub(crate) mod needs;
pub(crate) mod past;
pub(crate) mod person;
pub(crate) mod person_rows;
pub(crate) mod person_set;
pub(crate) mod subject;
pub(crate) mod wait;
#[expect(
    clippy::module_inception,
    reason = "the file is named for its type, `World`"
)]
pub(crate) mod world;

pub(crate) use activity::{Activity, Attributes, LogRow, Origin, PastActivity};
pub(crate) use event::{Event, EventStanding};
pub(crate) use journal::{
    EntryRow, EventIdentity, Journal, ListChange, Message, PersonChange, WaitChange,
};
pub(crate) use layout::Layout;
pub(crate) use matches::{Match, MatchStep, MatchVerdict, StepOutcome};
pub(crate) use names::{Names, Numbering, SharedNames};
pub(crate) use needs::Needs;
pub(crate) use person::{EntryStats, Membership, NOT_IN_PROGRAM, Person};
pub(crate) use person_set::PersonSet;
pub(crate) use subject::Subject;
pub(crate) use wait::{Cause, WaitRow};
pub(crate) use world::World;
