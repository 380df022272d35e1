//! What `bugle init` wrote.

use serde::Serialize;

/// A workspace that was written, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct InitSummary {
    /// The folder as it was named.
    pub(crate) folder: String,
    /// Every file, by its path in the folder, in order.
    pub(crate) files: Vec<String>,
    /// The next commands, each as a shell takes it.
    pub(crate) next: Vec<String>,
}
