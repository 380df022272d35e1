//! Starting threads: where the system has none left, the command fails and says so.

use std::thread::{Builder, Scope, ScopedJoinHandle};

use super::{ErrorKind, UserError};

/// Starts a thread that ends with its scope.
pub(super) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>, UserError> {
    Builder::new().spawn_scoped(scope, work).map_err(|cause| {
        UserError::new(
            ErrorKind::Storage,
            format!("the system starts no thread: {cause}"),
        )
        .help("end other programs, or raise the limits of processes and memory (`ulimit -u`, `ulimit -v`)")
    })
}
