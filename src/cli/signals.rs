//! Signals: the first asks a writing command to stop at the next safe point, the second ends it at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::app::Stop;

/// Lets interrupts, termination and the end of the terminal raise the flag. Reading commands do without: they end at
/// once.
pub(crate) fn listen(stop: &Stop) -> io::Result<()> {
    let again = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM].into_iter().chain(hang_up()) {
        // In this order: the first signal finds the condition false, the second true.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again))?;
        flag::register(signal, Arc::clone(&again))?;
        let number = usize::try_from(signal).unwrap_or_default();
        flag::register_usize(signal, Arc::clone(stop.raw()), number)?;
    }
    Ok(())
}

/// Returns the signal that comes when the terminal is closed, unless the program was started to outlive that.
#[cfg(unix)]
fn hang_up() -> Option<i32> {
    let signal = signal_hook::consts::SIGHUP;
    // `nohup` asks for that.
    (!is_ignored(signal)).then_some(signal)
}

#[cfg(not(unix))]
fn hang_up() -> Option<i32> {
    None
}

/// Returns whether the program was started with a signal ignored. Only Linux has this in a file; on other systems a
/// command under `nohup` stops when its terminal is closed, and goes on when it is given again.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| (mask >> (signal - 1)) & 1 == 1)
}

/// Lets a write beyond the largest size of files fail as a write, instead of ending the program.
pub(crate) fn take_size_limits_as_errors() -> io::Result<()> {
    #[cfg(unix)]
    {
        // The flag is of no use: what counts is that the signal has a handler.
        flag::register(signal_hook::consts::SIGXFSZ, Arc::default())?;
    }
    Ok(())
}

/// Lets an interrupt end another program of the terminal, such as a pager that takes it as a key, and not this one.
pub(crate) fn leave_interrupts_to_others() {
    // The flag is of no use: what counts is that the signal has a handler. Without one the pager may be left alone.
    let _ = flag::register(SIGINT, Arc::default());
}
