//! Faults that tests plant to see whether their sweep of kills finds them: what belongs to one transaction is committed
//! in two. Only programs with debug assertions have them, and only where `BUGLE_PLANTED` names one.

use rusqlite::Connection;

use super::error::Result;

/// Ends the transaction before something of it is written, if that is the planted fault, and begins another one.
#[cfg(debug_assertions)]
pub(super) fn commit_before(what: &str, connection: &Connection) -> Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "no option of the program: it is planted by a test"
    )]
    let planted = std::env::var("BUGLE_PLANTED");
    if planted.is_ok_and(|planted| planted == what) {
        connection.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
    }
    Ok(())
}

/// Does nothing: programs that people use have no planted faults.
#[cfg(not(debug_assertions))]
#[expect(clippy::unnecessary_wraps, reason = "the other one may fail")]
pub(super) fn commit_before(_: &str, _: &Connection) -> Result<()> {
    Ok(())
}
