//! Use cases, one a file: each does what one command asks, from the database and files to finished results.
//!
//! A use case takes the instant taken as now, the seed and its options as arguments; it prints nothing, reads no
//! clock and knows no command line. `cli` calls it and hands its results to `render`.

mod abandon;
pub mod abort;
pub mod activate;
mod address_dedup;
pub mod advance;
pub mod bounds;
mod campaign_counts;
pub mod delete_person;
pub mod demo;
#[cfg(test)]
mod document_tests;
pub mod error;
pub mod explain;
pub mod export_outbox;
pub mod fmt;
pub mod init;
pub mod list_campaigns;
pub mod list_people;
pub mod load_campaigns;
pub mod load_people;
pub mod log;
pub mod outbox;
pub mod outputs;
pub mod past;
pub mod people;
pub mod reexports;
mod replace_file;
pub mod replay;
pub mod run_batch;
pub mod schedule;
pub mod scheduled;
pub mod schema;
mod seen_events;
pub mod settings;
pub mod show;
pub mod show_person;
pub mod stop;
pub mod stored_workspace;
pub mod test;
mod threads;
mod timeline;
pub mod type_map;
mod unreadable_path;
pub mod validate;
pub mod verdict;
pub mod where_used;
mod world_loading;
mod writer;

pub use bounds::ChunkBounds;
pub use error::{Error, ErrorKind, UserError};
pub use stop::Stop;
pub use stored_workspace::StoredWorkspace;

use crate::campaign::Workspace;
use crate::domain::{Instant, PersonId};
use crate::engine::Cut;
use crate::store::{Store, StoredRun};

/// An entry that the cascade limit cut, told with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cutting {
    /// The person.
    pub person: PersonId,
    /// The instant at which it happened.
    pub at: Instant,
    /// The campaigns that started each other: once round the circle, where there is one.
    pub cycle: Vec<String>,
}

impl Cutting {
    fn all(workspace: &Workspace, cuts: &[Cut]) -> Vec<Self> {
        let told = |cut: &Cut| {
            // The cut campaign comes last; its occurrence before that closes the circle.
            let last = cut.chain.last();
            let before = cut.chain[..cut.chain.len().saturating_sub(1)]
                .iter()
                .rposition(|id| Some(id) == last);
            let cycle = &cut.chain[before.unwrap_or(0)..];
            let cycle = cycle
                .iter()
                .map(|id| workspace.campaign(*id).full_name.to_string())
                .collect();
            Self {
                person: cut.person,
                at: cut.at,
                cycle,
            }
        };
        cuts.iter().map(told).collect()
    }
}

/// Refuses to write beside an unfinished run.
fn refuse_unfinished(store: &Store) -> Result<(), Error> {
    match store.unfinished_run()? {
        Some(run) => Err(unfinished(&run).into()),
        None => Ok(()),
    }
}

/// Reports that a run stands unfinished in the way, and the two ways on.
fn unfinished(run: &StoredRun) -> UserError {
    let campaign = &run.begun.campaign;
    let finishes = match &run.begun.occurrence {
        None => format!("`bugle campaign run \"{campaign}\"`"),
        Some(_) => "the same `bugle campaign advance` or `replay-events --scheduled`".to_owned(),
    };
    UserError::new(
        ErrorKind::State,
        format!("run {} of `{campaign}` is unfinished", run.id),
    )
    .help(format!(
        "{finishes} finishes it, `bugle campaign abort {}` ends it",
        run.id
    ))
}
