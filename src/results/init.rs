//! What `bugle init` wrote.

use serde::Serialize;

/// A workspace that was written, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InitSummary {
    /// The folder as it was named.
    pub folder: String,
    /// Every file, by its path in the folder, in order.
    pub files: Vec<String>,
    /// The next commands, each as a shell takes it.
    pub next: Vec<String>,
}
