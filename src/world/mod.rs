//! The world: the people a piece of work is about, as they are now, and what has happened to them in it.
//!
//! The store fills a [`World`] with the people, fields and history that the work needs; the engine reads
//! and changes it through its methods, which write every change into the [`Journal`]; the store takes
//! the journal and writes it in one transaction. The world does no I/O and knows no clock.

pub mod activity;
pub mod directory;
pub mod event;
pub mod journal;
pub mod layout;
pub mod names;
pub mod needs;
pub mod past;
pub mod person;
pub mod person_rows;
pub mod person_set;
pub mod subject;
#[expect(
    clippy::module_inception,
    reason = "the file is named for its type, `World`"
)]
pub mod world;

pub use activity::{Activity, Attributes, LogRow, Origin, PastActivity};
pub use directory::Directory;
pub use event::{Event, EventStanding};
pub use journal::{
    Cause, EntryRow, EventIdentity, Journal, ListChange, Message, PersonChange, WaitChange, WaitRow,
};
pub use layout::Layout;
pub use names::Names;
pub use needs::Needs;
pub use person::{EntryStats, Membership, NOT_IN_PROGRAM, Person};
pub use person_set::PersonSet;
pub use subject::{Subject, Unchanged};
pub use world::{NextNumbers, World};
