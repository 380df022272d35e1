//! Use cases, one a file: each does what one command asks, from the database and files to finished results.
//!
//! A use case takes the instant taken as now, the seed and its options as arguments; it prints nothing, reads no
//! clock and knows no command line. `cli` calls it and hands its results to `render`.

mod abandon;
pub(crate) mod abort;
pub(crate) mod activate;
mod address_dedup;
pub(crate) mod advance;
pub(crate) mod bounds;
mod campaign_counts;
pub(crate) mod check;
pub(crate) mod completion;
mod control;
pub(crate) mod delete_person;
pub(crate) mod demo;
#[cfg(test)]
mod document_tests;
pub(crate) mod editor;
pub(crate) mod error;
pub(crate) mod explain;
pub(crate) mod export_outbox;
pub(crate) mod export_views;
pub(crate) mod fmt;
pub(crate) mod init;
pub(crate) mod list_campaigns;
pub(crate) mod list_changes;
pub(crate) mod list_people;
pub(crate) mod load_campaigns;
pub(crate) mod load_people;
pub(crate) mod log;
pub(crate) mod outbox;
pub(crate) mod outputs;
pub(crate) mod past;
pub(crate) mod people;
pub(crate) mod plan;
pub(crate) mod reexports;
pub(crate) mod rehearse_run;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod run_batch;
pub(crate) mod schedule;
pub(crate) mod scheduled;
pub(crate) mod schema;
mod seen_events;
pub(crate) mod sending_load;
mod session;
pub(crate) mod settings;
pub(crate) mod shard;
pub(crate) mod shard_sum;
pub(crate) mod show;
pub(crate) mod show_person;
pub(crate) mod shrink;
pub(crate) mod stop;
pub(crate) mod stored_workspace;
mod stretch;
pub(crate) mod test;
pub(crate) mod then;
mod threads;
mod timeline;
pub(crate) mod type_map;
mod unreadable_path;
pub(crate) mod validate;
pub(crate) mod verdict;
pub(crate) mod watch;
pub(crate) mod where_used;
mod writer;

pub(crate) use bounds::ChunkBounds;
pub(crate) use control::{Control, Passed};
pub(crate) use error::{Error, ErrorKind, UserError};
pub(crate) use session::Session;
pub(crate) use stop::Stop;
pub(crate) use stored_workspace::StoredWorkspace;

use crate::campaign::Workspace;
use crate::domain::Instant;
use crate::engine::Cut;
use crate::store::{Store, StoredRun};

/// An entry that the cascade limit cut, with names instead of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cutting {
    /// The best key of the person that is known.
    pub(crate) person: String,
    /// The instant at which it happened.
    pub(crate) at: Instant,
    /// The campaigns that started each other: once round the circle, where there is one.
    pub(crate) cycle: Vec<String>,
}

impl Cutting {
    fn all(workspace: &Workspace, cuts: &[Cut]) -> Vec<Self> {
        let named = |cut: &Cut| {
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
                person: cut.key.clone(),
                at: cut.place.at,
                cycle,
            }
        };
        cuts.iter().map(named).collect()
    }
}

/// Refuses to write beside an unfinished run.
fn refuse_unfinished(store: &Store) -> Result<(), Error> {
    match store.unfinished_run()? {
        Some(run) => Err(unfinished(store, &run)),
        None => Ok(()),
    }
}

/// Reports that a run stands unfinished in the way, and the two ways on.
fn unfinished(store: &Store, run: &StoredRun) -> Error {
    let finishes = match run.begun.command.map(|at| store.command(at.command)) {
        Some(Ok(command)) => format!(
            "`{}`",
            run_batch::command::as_written(&command.given, store)
        ),
        Some(Err(error)) => return error.into(),
        None => "the same `bugle campaign advance` or `replay-events --scheduled`".to_owned(),
    };
    let (campaign, database) = (
        &run.begun.campaign,
        run_batch::command::database_option(store),
    );
    UserError::new(
        ErrorKind::State,
        format!("run {} of `{campaign}` is unfinished", run.id),
    )
    .help(format!(
        "{finishes} finishes it, `bugle campaign abort {}{database}` ends it",
        run.id
    ))
    .into()
}
