//! Use cases, one a file: each does what one command asks, from the database and files to finished results.
//!
//! A use case takes the instant taken as now, the seed and its options as arguments; it prints nothing, reads no
//! clock and knows no command line. `cli` calls it and hands its results to `render`.

mod abandon;
pub mod abort;
pub mod activate;
pub mod advance;
pub mod bounds;
pub mod delete_person;
pub mod demo;
pub mod error;
pub mod explain;
pub mod export_outbox;
mod fetch;
pub mod given;
pub mod list_campaigns;
pub mod list_people;
pub mod load_campaigns;
pub mod load_people;
pub mod log;
mod missing;
pub mod opened;
pub mod outbox;
pub mod outputs;
pub mod past;
pub mod people;
pub mod replay;
pub mod run_batch;
pub mod schedule;
pub mod scheduled;
pub mod schema;
mod served;
pub mod settings;
pub mod show;
pub mod show_person;
pub mod stop;
mod taken_before;
pub mod test;
mod timeline;
pub mod validate;
pub mod verdict;
mod writer;

pub use bounds::Bounds;
pub use error::{Error, Kind, Problem};
pub use opened::Opened;
pub use stop::Stop;

use crate::campaign::Workspace;
use crate::domain::{Instant, PersonId};
use crate::engine::Cut;
use crate::store::{Run, Store};

/// An entry that the cascade limit cut, told with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cutting {
    /// Whose.
    pub person: PersonId,
    /// When.
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

/// Tells that a run stands unfinished in the way, and the two ways on.
fn unfinished(run: &Run) -> Problem {
    let campaign = &run.begun.campaign;
    let finishes = match &run.begun.occurrence {
        None => format!("`bugle campaign run \"{campaign}\"`"),
        Some(_) => "the same `bugle campaign advance` or `replay-events --scheduled`".to_owned(),
    };
    Problem::new(
        Kind::State,
        format!("run {} of `{campaign}` is unfinished", run.id),
    )
    .help(format!(
        "{finishes} finishes it, `bugle campaign abort {}` ends it",
        run.id
    ))
}
